"""One pass over all text of a notebook for every keyword of every rule."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

import ahocorasick_rs

_BREAK = b"\x00"
"""Stands between texts in what is scanned; no keyword holds it."""

_REACH = 1400

_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_")


class KeywordScanner:
    """A multi-pattern matcher (Aho-Corasick) over many texts at once."""

    def __init__(
        self,
        keywords: Iterable[str],
        code_words: Iterable[str] = (),
        followed_by: Mapping[str, re.Pattern[bytes]] | None = None,
    ) -> None:
        """Build the automaton.

        Args:
            keywords: ASCII literals in lower case, looked for in every text.
            code_words: Identifiers in lower case, looked for in code alone, as whole words.
            followed_by: For some keywords, what must come right after one that counts, in lower-case UTF-8.
        """
        anywhere = set(keywords)
        identifiers = set(code_words)
        self.keywords = sorted(anywhere | identifiers)
        self._anywhere = [keyword in anywhere for keyword in self.keywords]
        self._identifier = [keyword in identifiers for keyword in self.keywords]
        conditions = followed_by or {}
        self._conditions = [conditions.get(keyword) for keyword in self.keywords]
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [keyword.encode() for keyword in self.keywords], implementation=ahocorasick_rs.Implementation.DFA
        )

    def scan(self, texts: Sequence[bytes], code: frozenset[int] | set[int]) -> Iterator[tuple[int, str, int, bool]]:
        """Find every occurrence of every keyword, overlapping ones too.

        Args:
            texts: Texts in UTF-8.
            code: Which of them are code.

        Yields:
            Number of the text, keyword, offset in bytes, and whether it stands there as an
            identifier in code.
        """
        joined = _BREAK.join(texts).lower()
        starts: list[int] = []
        at = 0
        for text in texts:
            starts.append(at)
            at += len(text) + 1
        keywords, anywhere, identifier = self.keywords, self._anywhere, self._identifier
        conditions = self._conditions
        i, begin, following = -1, 0, 0
        for index, start, end in self._automaton.find_matches_as_indexes(joined, overlapping=True):
            condition = conditions[index]
            if condition is not None and condition.match(joined, end, end + _REACH) is None:
                continue
            # Matches come in order of their ends, and none spans two texts.
            if start >= following or start < begin:
                i = bisect_right(starts, start) - 1
                begin = starts[i]
                following = starts[i + 1] if i + 1 < len(starts) else at
            if anywhere[index]:
                yield (
                    i,
                    keywords[index],
                    start - begin,
                    identifier[index] and i in code and _is_whole(joined, start, end),
                )
            elif i in code and _is_whole(joined, start, end):
                yield i, keywords[index], start - begin, True


def _is_whole(text: bytes, start: int, end: int) -> bool:
    return (start == 0 or text[start - 1] not in _WORD) and (end == len(text) or text[end] not in _WORD)


def encoded(text: str) -> bytes:
    """A text in UTF-8, lone surrogates too."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def characters(data: bytes, offsets: Sequence[int], length: int) -> Sequence[int]:
    """Offsets in bytes as offsets in code points.

    Args:
        data: The text in UTF-8.
        offsets: Offsets in it, in order.
        length: The text's length in code points.
    """
    if len(data) == length:
        return offsets
    found, at, count = [], 0, 0
    for offset in offsets:
        count += len(data[at:offset].decode("utf-8", "surrogatepass"))
        at = offset
        found.append(count)
    return found
