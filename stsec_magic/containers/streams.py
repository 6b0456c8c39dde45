"""Compressed streams, unpacked in steps: gzip, bzip2, xz, zlib, lz4, zstandard, and joblib's of old."""

from __future__ import annotations

import lzma
import zlib
from dataclasses import dataclass

from stsec_magic.containers.decompressors import BY_MAGIC, XZ, ZLIB, Kind
from stsec_magic.containers.found import Inside, LimitError, Limits, Opened, View
from stsec_magic.model.inspection import Closed

_STEP = 1 << 18
"""Bytes that go in at once."""

_ROOM = 1 << 20
"""Bytes that come out at once."""

_JOBLIB_HEADER = 21
"""Bytes before the zlib stream of joblib's first format: ``ZF`` and the length as a text."""

_HEAD = 24
_TRIAL = 512
_MOST_SKIPPED = 100


@dataclass(slots=True)
class Unpacked:
    """What came out.

    Attributes:
        data: The bytes.
        why: Why it is not all; None where it is.
    """

    data: bytearray
    why: str | None = None


def recognises(data: View) -> bool:
    """Whether bytes begin as a compressed stream does.

    Args:
        data: The bytes.
    """
    return _kind(data) is not None


def opened(inside: Inside, limits: Limits) -> Opened:
    """Unpack a stream.

    Args:
        inside: The stream.
        limits: How much may be unpacked.

    Yields:
        What came out, and why no more.
    """
    found = _kind(inside.data)
    if found is None:
        return
    start, kind = found
    try:
        unpacked = unpack(inside.data, start, kind, limits)
    except ImportError as error:
        yield Closed(inside.path, f"{error.name or 'a package'} is needed to look inside")
        return
    if unpacked.data:
        yield Inside(inside.path, unpacked.data, inside.loose)
    if unpacked.why is not None:
        yield Closed(inside.path, unpacked.why)


def unpack(data: View, start: int, kind: Kind, limits: Limits, most: int | None = None) -> Unpacked:
    """Unpack streams that stand one behind the other.

    Args:
        data: The bytes.
        start: Offset of the first one.
        kind: Their format.
        limits: How much may be unpacked.
        most: Bytes after which it is enough; they don't count.

    Returns:
        What came out, as far as it goes.
    """
    out = Unpacked(bytearray())
    following: int | None = start
    while following is not None:
        before, at = len(out.data), following
        try:
            following = _one(data, at, kind, limits, most, out)
        # Whatever a library raises on bytes that it doesn't like; what isn't unpacked is told.
        except (ImportError, LimitError):
            raise
        except Exception as error:
            out.data += _rescued(data, at, kind, limits, len(out.data) - before)
            # What follows a whole stream, and is none, is passed over by all who read such files.
            if before == 0 or len(out.data) > before:
                out.why = f"it can't be unpacked ({type(error).__name__})"
            return out
    return out


def _one(data: View, at: int, kind: Kind, limits: Limits, most: int | None, out: Unpacked) -> int | None:
    """Unpack one stream; the offset of the next one."""
    inner = kind.make()
    while not inner.eof:
        fed = bytes(data[at : at + _STEP]) if inner.needs_input else b""
        at += len(fed)
        got = inner.decompress(fed, _ROOM if most is None else min(_ROOM, most))
        out.data += got
        if not got and not fed and not inner.eof:
            out.why = "it is cut off"
            return None
        if most is not None and len(out.data) >= most:
            return None
        limits.look()
        if most is None:
            limits.bytes -= len(got)
            if limits.bytes < 0:
                out.why = "unpacked it is too large"
                return None
    return _next(data, at - len(inner.unused_data or b""), kind)


def _rescued(data: View, at: int, kind: Kind, limits: Limits, good: int) -> bytearray:
    """What a stream gives before it breaks: of a wrong checksum a reader learns when all else was read."""
    rest = bytearray()
    # In steps that grow small, because what a step gives is lost if it breaks.
    for room in (1 << 12, 1):
        rest += _before_it_breaks(data, at, kind, limits, good + len(rest), room)
    limits.bytes -= len(rest)
    return rest


def _before_it_breaks(data: View, at: int, kind: Kind, limits: Limits, good: int, room: int) -> bytearray:
    """What a stream gives in small steps behind its first good bytes."""
    inner = kind.make()
    rest = bytearray()
    count = done = 0
    try:
        while not inner.eof and len(rest) < room << 12 and (at < len(data) or not inner.needs_input):
            fed = bytes(data[at : at + _TRIAL]) if inner.needs_input else b""
            at += len(fed)
            got = inner.decompress(fed, room if done >= good else min(_ROOM, good - done))
            if done >= good:
                rest += got
            done += len(got)
            count += 1
            if count % _TRIAL == 0:
                limits.look()
    except LimitError:
        raise
    except Exception:  # noqa: S110  # it is the one that was met before
        pass
    return rest


def _next(data: View, at: int, kind: Kind) -> int | None:
    """The offset of another stream behind one."""
    while kind.padding and at < len(data) and data[at] == 0:
        at += 1
    head = bytes(data[at : at + 6])
    return at if head and head.startswith(kind.magics) else None


def _kind(data: View) -> tuple[int, Kind] | None:
    """The format of a stream, and where it begins."""
    at = _behind_skipped(data)
    head = bytes(data[at : at + _HEAD])
    if head[:4] == b"ZF0x":
        return at + _JOBLIB_HEADER + (head[_JOBLIB_HEADER : _JOBLIB_HEADER + 1] == b" "), ZLIB
    for kind in BY_MAGIC:
        if head.startswith(kind.magics):
            return at, kind
    is_zlib = len(head) > 2 and head[0] & 0x8F == 8 and (head[0] * 256 + head[1]) % 31 == 0
    weak = ZLIB if is_zlib else XZ if _is_lzma(head) else None
    return (at, weak) if weak is not None and _begins(data, at, weak) else None


def _begins(data: View, at: int, kind: Kind) -> bool:
    """Whether it can be unpacked at all: of some formats only that tells them from anything else."""
    try:
        kind.make().decompress(bytes(data[at : at + _TRIAL]), _TRIAL)
    except (ValueError, EOFError, zlib.error, lzma.LZMAError):
        return False
    return True


def _behind_skipped(data: View) -> int:
    """The offset behind the frames that lz4 and zstandard both pass over."""
    at = 0
    for _ in range(_MOST_SKIPPED):
        head = bytes(data[at : at + 8])
        if head[1:4] != b"\x2a\x4d\x18" or head[0] >> 4 != 5:
            break
        at += 8 + int.from_bytes(head[4:], "little")
    return at


def _is_lzma(head: bytes) -> bool:
    """Whether it is the header of lzma's first format, which has no magic: liblzma asks the same."""
    if len(head) < 14 or head[0] >= 9 * 5 * 5 or head[13] != 0:
        return False
    dictionary, length = int.from_bytes(head[1:5], "little"), int.from_bytes(head[5:13], "little")
    top = 1 << (dictionary.bit_length() - 1) if dictionary else 0
    return dictionary in (top, top | top >> 1) and dictionary > 0 and (length < 1 << 38 or length == (1 << 64) - 1)
