"""A notebook in memory to a copy in which every secret is masked, and that was checked again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stsec_magic.checker import Examined, examine
from stsec_magic.hits import IN_MEMORY
from stsec_magic.model.config import Config
from stsec_magic.model.hit import Hit
from stsec_magic.model.problem import ProblemKind
from stsec_magic.model.secret import Secret
from stsec_magic.notebook.read import from_mapping
from stsec_magic.project.secret_files import Kept
from stsec_magic.redact.keys import mend_ids, renamed
from stsec_magic.redact.known import Known
from stsec_magic.redact.own_places import mask_own
from stsec_magic.redact.tree import content, copied, is_count
from stsec_magic.rules.known_secret import passwords_of_urls
from stsec_magic.triage.overlap import resolve

_MOST_CHECKS = 3
"""So often the result is checked again and what is still found masked."""
_FEWEST = 4
"""What has fewer letters and digits beside a mask is no secret of its own."""


class NotRedactedError(Exception):
    """A secret could not be masked, or nobody can tell whether all were; the message holds none."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A notebook without its secrets.

    Attributes:
        notebook: A copy of plain objects and lists; the notebook itself is as it was.
        places: How many places were masked.
    """

    notebook: dict[str, Any] = field(repr=False)
    places: int


def redacted(notebook: Mapping[str, Any], examined: Examined, others: Iterable[Kept] = ()) -> Redacted:
    """Mask every secret of a notebook, wherever it stands and however it is written there.

    Args:
        notebook: A NotebookNode or a plain dict of nbformat's JSON; it is not changed.
        examined: What the check of this very notebook gave; of findings that are suppressed or not
            selected the secrets are masked too.
        others: Further values that may stand in it: those of the project's secrets files.

    Returns:
        The copy, and how many places were masked in it.

    Raises:
        NotRedactedError: Something could not be masked, or the notebook not be checked.
    """
    made = copied(notebook)
    kept = [*others]
    masks = {each.value: Secret(each.value).masked for each in (*kept, *passwords_of_urls(kept)) if each.value}
    places, known = 0, Known({})
    learnt: dict[str, str] = {}
    for turn in range(_MOST_CHECKS + 1):
        hits = _hits(examined, set(masks.values()))
        for hit in sorted(hits, key=lambda hit: len(hit.secret.masked) if hit.secret is not None else 0):
            _learn(masks, hit)
        if learnt != masks:
            known, learnt = Known(masks), {**masks}
        found = _masked_once(made, hits, known, whole=turn == _MOST_CHECKS - 1)
        places += found
        if not found and not hits:
            return Redacted(made, places)
        mend_ids(made, notebook)
        path = IN_MEMORY if examined.subject is None else examined.subject.path
        examined = examine(from_mapping(made, path), Config(), os.urandom(16))
    raise NotRedactedError("a secret is still found in the notebook after everything known of it was masked")


def _hits(examined: Examined, masks: set[str]) -> list[Hit]:
    """The strongest hit with a secret of each place, but for those that see a mask."""
    if examined.subject is None or any(each.kind is ProblemKind.INTERNAL for each in examined.checked.problems):
        raise NotRedactedError("the notebook could not be checked, so nobody can tell whether it holds a secret")
    return [hit for hit in resolve(examined.masker.hits) if hit.secret is not None and not _is_mask(hit.secret, masks)]


def _is_mask(secret: Secret, masks: set[str]) -> bool:
    value = secret.value
    if "...(" not in value:
        return False
    for mask in masks:
        value = value.replace(mask, "")
    return sum(map(str.isalnum, value)) < _FEWEST


def _learn(masks: dict[str, str], hit: Hit) -> None:
    if hit.secret is not None:
        masks[hit.secret.value] = hit.secret.masked
        # As it is written may differ from the value: a literal in several pieces.
        masks.setdefault(hit.fragment.text[hit.start : hit.end], hit.secret.masked)


def _masked_once(notebook: dict[str, Any], hits: list[Hit], known: Known, *, whole: bool) -> int:
    original = from_mapping(notebook, IN_MEMORY).original if hits else None
    found = mask_own(notebook, hits, original, whole=whole)
    parts = content(notebook)
    for unit in parts.units:
        found += unit.mask(known.places)
    for holder, at in parts.numbers:
        mask = known.mask_of_number(holder[at])
        if mask is not None:
            holder[at] = None if is_count(at) else mask
            found += 1
    for each in parts.objects:
        found += renamed(each, known.places)
    return found
