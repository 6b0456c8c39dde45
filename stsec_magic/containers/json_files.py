"""JSON texts that say what a model is made of, as files and inside of other bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from stsec_magic.containers import keras_files, skops_files
from stsec_magic.containers.found import Inside, Limits, Opened, Told, View
from stsec_magic.model.inspection import Closed

_LARGEST = 16 << 20
_OPENING = re.compile(rb"\{\s{0,20}\"[^\"\x00-\x1f]{1,100}\"\s{0,20}:")
_END = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_DECODER = json.JSONDecoder(strict=False)
_WINDOWS = (1 << 12, 1 << 16, 1 << 20, _LARGEST)
_FAILURES = 200
"""Texts in one file that begin as JSON does and are none."""

_MARKS = (b"class_name", b"class\\u", b"__class__", b"__loader__", b"\\u00")


def recognises(data: View) -> bool:
    """Whether it is an object in JSON.

    Args:
        data: The bytes.
    """
    return _OPENING.match(bytes(data[:256]).removeprefix(b"\xef\xbb\xbf").lstrip()) is not None


def opened(inside: Inside, limits: Limits) -> Opened:
    """Read a file of JSON.

    Args:
        inside: The file.
        limits: How long it may take.

    Yields:
        The names and the code in it, if it says what a model is made of.
    """
    if len(inside.data) > _LARGEST:
        if any(mark in bytes(inside.data[: 1 << 16]) for mark in _MARKS):
            yield Closed(inside.path, "it is too large to be read")
        return
    text = bytes(inside.data)
    if not any(mark in text for mark in _MARKS):
        return
    try:
        value = json.loads(text.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        # Something may stand behind it that readers don't mind.
        yield from told_in(inside.path, text, limits)
        return
    yield from _told(inside.path, value, limits)


def told_in(path: str, data: View, limits: Limits) -> Iterator[Told | Closed]:
    """Look for JSON inside of other bytes.

    Args:
        path: Of the file.
        data: The bytes.
        limits: How long it may take.

    Yields:
        The names and the code in all of them that say what a model is made of.
    """
    at = failures = 0
    while failures < _FAILURES and (match := _OPENING.search(data, at)) is not None:
        limits.look()
        start, at = match.start(), match.end()
        try:
            value, length = _decoded(data, start)
        except RecursionError:
            yield Closed(path, "a text in it nests too deeply")
            return
        except ValueError:
            failures += 1
            continue
        at = max(at, start + length)
        if value is not None:
            yield from _told(path, value, limits)


def _decoded(data: View, start: int) -> tuple[object, int]:
    """A text that begins somewhere, and its length; nothing where it says nothing of a model."""
    for window in _WINDOWS:
        whole = bytes(data[start : start + window])
        end = _END.search(whole)
        text = whole if end is None else whole[: end.start()]
        try:
            # One character a byte, so that the end is an offset in bytes.
            value, length = _DECODER.raw_decode(text.decode("latin-1"))
        except ValueError:
            if len(text) < window or window == _WINDOWS[-1]:
                if not any(mark in text for mark in _MARKS):
                    return None, len(text)
                raise
            continue
        return value if any(mark in text[:length] for mark in _MARKS) else None, length
    return None, 0


def _told(path: str, value: object, limits: Limits) -> Iterator[Told]:
    yield from keras_files.told(path, value, limits)
    yield from skops_files.told(path, value, limits)
