"""Pickles somewhere in the bytes of a file whose own structure isn't read: HDF5, the hash files of dbm."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from stsec_magic.containers.found import Limits, Member, View, within
from stsec_magic.containers.glance import Glance, glance

_HEAD = re.compile(rb"\x80[\x02-\x05]")
_LINES = re.compile(rb"\n(?<=[\w.]\n)[\w.]{1,200}\n")
_BEFORE_LINES = re.compile(rb"[ci][\w.]{1,100}\Z")
"""Where two lines end that may be a module and a name in it, and what must stand before."""

_MADE = re.compile(
    rb"\x93(?:(?<=[\w.\x94\n]\x93)|(?<=q.\x93)|(?<=r.{4}\x93))(?=[().012FGIJKLMNPQRSTUVXYabcdeghijlopqrstu\]}\x80-\x98])",
    re.DOTALL,
)
_BEHIND = rb"(?:\x94|q.|r.{4}|p\d{1,9}\n)?"
_TEXT = rb"(?:\x8c[\x01-\x7f]|X[\x01-\x7f]\x00{3}|U[\x01-\x7f]|\x8d[\x01-\x7f]\x00{7})[\w.]{1,127}" + _BEHIND
_BEFORE_MADE = re.compile(_TEXT + _TEXT + rb"\Z", re.DOTALL)
"""The opcode that makes a name of two texts, with another opcode behind it, and the texts before."""

_LONGEST_NAME = 300
_OPENING = 1 << 12
"""Bytes before a name in which its pickle may begin."""

_FEW = 32
_SOME = 4
_WHOLE = 20_000
"""Opcodes of a pickle that are looked at to find its end."""

_TRIED = 2_000
"""Opcodes that are looked at from each place where one may begin."""

_LARGEST = 64 << 20
_ZEROS = re.compile(rb"\x00(?=[^\x00])")
_NO_TEXT = re.compile(rb"[^\t\n\r\x20-\x7e]")


def pickles_in(path: str, data: View, limits: Limits) -> Iterator[Member]:
    """Look for pickles that ask for a name; others do nothing.

    Args:
        path: Of the file.
        data: The bytes.
        limits: How many are handed out.

    Yields:
        Each one, from its beginning; ``at byte 1234`` says where.
    """
    spans: list[tuple[int, int]] = []
    known: set[bytes] = set()
    for start, end in _spans(data, spans, limits):
        spans.append((start, end))
        found = bytes(data[start:end])
        # The same object stands in many rows.
        if found not in known:
            limits.take(len(found))
            limits.member()
            if len(found) <= _OPENING:
                known.add(found)
            yield Member(within(path, f"at byte {start}"), found)


def _spans(data: View, spans: list[tuple[int, int]], limits: Limits) -> Iterator[tuple[int, int]]:
    yield from _with_head(data, limits)
    begins = [start for start, _ in spans]
    covered = [*spans]
    for start, end in _names(data, limits):
        at = bisect.bisect_right(begins, start) - 1
        if at >= 0 and start < covered[at][1]:
            continue
        span = _around(data, start, end)
        if span is not None:
            at = bisect.bisect_right(begins, span[0])
            begins.insert(at, span[0])
            covered.insert(at, span)
            yield span


def _names(data: View, limits: Limits) -> Iterator[tuple[int, int]]:
    """Places of what may ask for a name. Each pattern begins with a byte that can be searched for fast."""
    for behind, before in ((_LINES, _BEFORE_LINES), (_MADE, _BEFORE_MADE)):
        for match in behind.finditer(data):
            limits.look()
            begin = max(0, match.start() - _LONGEST_NAME)
            found = before.search(bytes(data[begin : match.start()]))
            if found is not None:
                yield begin + found.start(), match.end()


def _with_head(data: View, limits: Limits) -> Iterator[tuple[int, int]]:
    """Pickles of protocol 2 and later, which say so."""
    behind = count = 0
    for match in _HEAD.finditer(data):
        start = match.start()
        count += 1
        if count % 64 == 0:
            limits.look()
        if start < behind:
            continue
        seen = glance(data, start, _FEW)
        if seen.opcodes >= _FEW:
            seen = glance(data, start, _WHOLE)
        if seen.names or not (seen.stopped or seen.fault):
            behind = seen.end
            yield start, _end(data, seen)


def _around(data: View, start: int, end: int) -> tuple[int, int] | None:
    """The pickle that asks for a name which stands here; None where it is no pickle's name."""
    before = bytes(data[max(0, start - _OPENING) : start])
    offset = start - len(before)
    unlike = [match.end() for match in _NO_TEXT.finditer(before)]
    text = offset + (unlike[-1] if unlike else 0)
    # Whatever the file puts before it, mostly there is a zero in front.
    zeros = [offset + match.end() for match in _ZEROS.finditer(before)][-_FEW:]
    is_text_in_one = False
    for at in dict.fromkeys((text, *zeros)):
        seen = glance(data, at, _TRIED)
        if seen.stopped and seen.end >= end:
            if seen.names:
                return at, seen.end
            is_text_in_one = True
    if is_text_in_one:
        return None
    marks = [offset + at for at in range(len(before)) if before[at] == _MARK][-_FEW:]
    for at in (text, *marks[::-1]):
        seen = glance(data, at, _TRIED)
        if seen.end >= end and _runs(seen):
            return at, _end(data, seen)
    # In the middle of one: behind what it was pushed on.
    first_line = bytes(data[start:end]).partition(b"\n")[0]
    for at in [start + i for i in range(len(first_line)) if first_line[i] == data[start]]:
        seen = glance(data, at, _TRIED, lenient=True)
        if _runs(seen) and (seen.stopped or seen.opcodes >= _SOME):
            return at, _end(data, seen)
    return None


def _end(data: View, seen: Glance) -> int:
    """Where a pickle ends; or where Python would give up, or where it is long enough."""
    if seen.stopped:
        return seen.end
    return min(len(data), seen.end + (_OPENING if seen.fault else _LARGEST))


def _runs(seen: Glance) -> bool:
    return seen.names > 0 and seen.calls > 0


_MARK = ord("(")
