"""One pass over all text of a notebook for every keyword of every rule."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

import ahocorasick_rs

from stsec_magic.model.fragment import Fragment

_BREAK = "\x00"
"""Stands between fragments in the joined text; no keyword holds it."""


class KeywordScanner:
    """A multi-pattern matcher (Aho-Corasick) over the joined fragments."""

    def __init__(self, keywords: Iterable[str]) -> None:
        """Build the automaton.

        Args:
            keywords: Literals in lower case.
        """
        self.keywords = sorted(set(keywords))
        self._automaton = ahocorasick_rs.AhoCorasick(self.keywords, implementation=ahocorasick_rs.Implementation.DFA)

    def scan(self, fragments: Sequence[Fragment]) -> dict[str, dict[Fragment, list[int]]]:
        """Find every occurrence of every keyword, overlapping ones too.

        Args:
            fragments: The notebook's texts.

        Returns:
            For each keyword that occurs: fragments and the offsets in them, in order.
        """
        starts: list[int] = []
        texts: list[str] = []
        at = 0
        for fragment in fragments:
            starts.append(at)
            texts.append(fragment.text)
            at += len(fragment.text) + len(_BREAK)
        joined = _lower(_BREAK.join(texts))
        found: dict[str, dict[Fragment, list[int]]] = {}
        for index, start, _ in self._automaton.find_matches_as_indexes(joined, overlapping=True):
            i = bisect_right(starts, start) - 1
            rows = found.setdefault(self.keywords[index], {})
            rows.setdefault(fragments[i], []).append(start - starts[i])
        return found


_SURROGATE = re.compile("[\ud800-\udfff]")


def _lower(text: str) -> str:
    """Lower case of the same length, without the lone surrogates that UTF-8 can't write."""
    text = _SURROGATE.sub("\ufffd", text)
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # Few characters (the Turkish dotted I) grow when lowered, and offsets would be off.
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
