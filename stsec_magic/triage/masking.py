"""Nothing leaks: every text that leaves is masked against every secret of the notebook."""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import ahocorasick_rs

from stsec_magic.model import percent
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit

_SHORTEST = 4
"""Shorter values are masked where they were found, not wherever their letters occur."""

_PLAIN_WORD = 10
"""A longer run of letters is no word that paths are made of."""

_FURTHEST = 4096
"""How far around a stretch a value that reaches into it may begin or end."""

# Characters in a row that a token may be made of.
_UNBROKEN = re.compile(r"[A-Za-z0-9+/=_\-]{20,400}")

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Window:
    """A masked stretch of a text.

    Attributes:
        text: The stretch, secrets masked.
        start: Where the marked span begins in it.
        end: Where the marked span ends in it.
    """

    text: str
    start: int
    end: int


class Masker:
    """Masks texts against all secrets that were found in one notebook."""

    def __init__(self, hits: Iterable[Hit], is_made: Callable[[str], bool] = lambda _: False) -> None:
        """Remember values and spans.

        Args:
            hits: All hits, also those that are suppressed or not selected.
            is_made: Whether a string looks made by a machine: what no rule named, and yet nobody
                needs to see in full to know its line again.
        """
        self._is_made = is_made
        self._hits = tuple(hit for hit in hits if hit.secret is not None)
        self._spans: dict[Fragment, list[tuple[int, int, str]]] = {}
        shown: dict[str, str] = {}
        # Of several rules that see the same secret the one that knows the issuer's prefix shows it.
        for hit in sorted(self._hits, key=lambda hit: -len(hit.secret.masked) if hit.secret is not None else 0):
            if hit.secret is None:
                continue
            masked = hit.secret.masked
            self._spans.setdefault(hit.fragment, []).append((hit.start, hit.end, masked))
            # As it is written may differ from the value: escapes, a literal in several pieces.
            for value in (hit.secret.value, hit.fragment.text[hit.start : hit.end]):
                for variant in _variants(value):
                    shown.setdefault(variant, masked)
        for spans in self._spans.values():
            spans.sort(key=lambda span: (span[0], span[1], -len(span[2])))
        self._furthest = {
            fragment: list(accumulate((right for _, right, _ in spans), max)) for fragment, spans in self._spans.items()
        }
        self._values = sorted(shown)
        self._masks = [shown[value] for value in self._values]
        self._reach = min(max(map(len, shown), default=0), _FURTHEST)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All hits with a secret, also those that are suppressed or not selected: nothing of them may leave."""
        return self._hits

    def mask_path(self, path: str) -> str:
        """A path that may leave.

        A plain word (``data``) that somebody also uses as a password stays: with it masked, nobody
        could find the file, and the path doesn't tell that it is one.

        Args:
            path: A notebook's path.
        """
        return self._masked(path, lambda word: not (word.isalpha() and word.islower() and len(word) <= _PLAIN_WORD))

    def mask(self, text: str) -> str:
        """A text that may leave: a message, a cell id, a pointer.

        Args:
            text: Any text.

        Returns:
            The text without any secret's value, and without lone surrogates.
        """
        return self._masked(text, lambda _: True)

    def mask_made(self, text: str) -> str:
        """A text out of a stranger's file: without what only looks like a secret, too.

        Args:
            text: Any text.
        """
        text = self.mask(text)
        return _UNBROKEN.sub(lambda match: f"...({len(match[0])})" if self._is_made(match[0]) else match[0], text)

    def _masked(self, text: str, counts: Callable[[str], bool]) -> str:
        text = _writable(text)
        out: list[str] = []
        at = 0
        for start, end, masked in self._occurrences(text):
            out += (text[at:start], masked if counts(text[start:end]) else text[start:end])
            at = end
        return "".join([*out, text[at:]])

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        return ahocorasick_rs.AhoCorasick(self._values, matchkind=kind)

    def _occurrences(self, text: str) -> list[tuple[int, int, str]]:
        """Where any value stands in a text, the longest one at each place."""
        if not self._values:
            return []
        found = self._automaton.find_matches_as_indexes(_writable(text))
        return [(start, end, self._masks[i]) for i, start, end in found]

    def window(
        self, fragment: Fragment, start: int, end: int, mark: tuple[int, int], instead: str | None = None
    ) -> Window:
        """A masked stretch of a fragment; where it is shown, without what only looks like a secret, too.

        Args:
            fragment: The text.
            start: Where the stretch begins.
            end: Where it ends.
            mark: A span in it whose place in the masked stretch is wanted.
            instead: What to show for every secret; by default each one's mask.

        Returns:
            The stretch and the mark's place in it.
        """
        out: list[str] = []
        length = at = 0
        marks = [-1, -1]
        text = fragment.text

        def put(piece: str) -> None:
            nonlocal length
            out.append(piece)
            length += len(piece)

        covered = self._covered(fragment, start, end)
        if instead is None:
            covered = sorted([*covered, *self._unnamed(text[start:end], covered)])
        for left, right, masked in [*covered, (end - start, end - start, "")]:
            for i, point in enumerate(mark):
                offset = point - start
                if marks[i] < 0 and at <= offset <= left:
                    marks[i] = length + offset - at
            put(text[start + at : start + left])
            before = length
            put((masked if instead is None else instead) if right > left else "")
            for i, point in enumerate(mark):
                if marks[i] < 0 and left < point - start <= right:
                    marks[i] = length if i else before
            at = right
        first = max(0, marks[0])
        return Window(_writable("".join(out)), first, marks[1] if marks[1] >= first else length)

    def _covered(self, fragment: Fragment, start: int, end: int) -> list[tuple[int, int, str]]:
        rows, furthest = self._spans.get(fragment, []), self._furthest.get(fragment, [])
        first = last = bisect_left(rows, (end,))
        while first and furthest[first - 1] > start:
            first -= 1
        spans = [
            (max(0, left - start), min(right, end) - start, masked)
            for left, right, masked in rows[first:last]
            if right > start
        ]
        # A value may begin before the stretch or end behind it: look a little further.
        low = max(0, start - self._reach)
        for begin, stop, masked in self._occurrences(fragment.text[low : end + self._reach]):
            left, right = begin + low - start, stop + low - start
            if left < end - start and right > 0:
                spans.append((max(0, left), min(right, end - start), masked))
        return _merged(spans)

    def _unnamed(self, text: str, spans: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
        """What looks like a secret beside those that were found."""
        for match in _UNBROKEN.finditer(text):
            start, end = match.span()
            if not any(left < end and start < right for left, right, _ in spans) and self._is_made(match[0]):
                yield start, end, f"...({end - start})"


def _variants(value: str) -> Sequence[str]:
    """A value as it may also be written: escaped in any of the usual ways, line by line."""
    found = {
        value,
        value.strip(),
        value.replace("\\", "\\\\"),
        value.encode("unicode_escape", "backslashreplace").decode("ascii"),
        value.replace("~", "~0").replace("/", "~1"),  # in a JSON pointer
        repr(value)[1:-1],
        ascii(value)[1:-1],
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        html.escape(value),
        html.escape(value, quote=False),
        html.escape(value).replace("&#x27;", "&#39;"),
        percent.encode(value),
        percent.encode(value, "/"),
        percent.encode(value).replace("%20", "+"),
    }
    if "\n" in value or "\\n" in value:
        found |= {line for line in re.split(r"\s+|\\+[nr]", value) if len(line) >= 16 and "KEY-----" not in line}
    return [_writable(variant) for variant in found if len(variant) >= _SHORTEST]


def _writable(text: str) -> str:
    """A text without the lone surrogates that UTF-8 can't write; of the same length."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _merged(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    merged: list[tuple[int, int, str]] = []
    for left, right, masked in sorted(spans, key=lambda span: (span[0], span[1], -len(span[2]))):
        if merged and left < merged[-1][1]:
            first, last, its = merged[-1]
            merged[-1] = (first, max(last, right), its)
        elif right > left:
            merged.append((left, right, masked))
    return merged
