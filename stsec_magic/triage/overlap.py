"""One span gives one finding: of several rules that see the same secret the surest stays."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit


def grounded(hit: Hit) -> Hit:
    """A hit in another reading of a text (HTML as seen), led back to the text itself."""
    fragment = hit.fragment
    if fragment.base is None or fragment.origins is None:
        return hit
    start, end = fragment.origins.start(hit.start), fragment.origins.end(hit.end)
    return replace(hit, fragment=fragment.base, start=start, end=max(start, end))


def resolve(hits: Iterable[Hit]) -> list[Hit]:
    """Choose among hits on overlapping spans.

    Args:
        hits: All hits, grounded.

    Returns:
        Those that stay: for each place the strongest hit with a secret; of hits without one, one
        for each rule and span.
    """
    kept: list[Hit] = []
    secrets: dict[Fragment, list[tuple[int, int]]] = {}
    seen: set[tuple[Fragment, str, int]] = set()
    for hit in sorted(hits, key=lambda h: (-h.strength, h.start, h.start - h.end)):
        if hit.secret is None:
            key = (hit.fragment, hit.rule.id, hit.start)
            if key not in seen:
                seen.add(key)
                kept.append(hit)
            continue
        spans = secrets.setdefault(hit.fragment, [])
        # Kept spans don't overlap: only the neighbours in order can be met.
        i = bisect_left(spans, (hit.start, hit.end))
        before, after = spans[i - 1 : i], spans[i : i + 1]
        if not (before and before[0][1] > hit.start) and not (after and after[0][0] < hit.end):
            spans.insert(i, (hit.start, hit.end))
            kept.append(hit)
    return kept


def unsaid(hits: Iterable[Hit]) -> list[Hit]:
    """Leave out what a hit on the same span says better: a load, where the file that it loads is malicious.

    Args:
        hits: Those that the user selected.
    """
    rows = [*hits]
    said = {(hit.fragment, hit.start, hit.end) for hit in rows if hit.notes}
    return [hit for hit in rows if hit.notes or hit.secret or (hit.fragment, hit.start, hit.end) not in said]
