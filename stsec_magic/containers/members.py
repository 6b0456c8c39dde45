"""What pickles come wrapped in, by content and not by a file's ending: the door, and the way to what opens each kind.

Nothing is written to a disk. What exceeds the limits, or can't be opened, is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stsec_magic.containers import (
    dbm_files,
    hdf5,
    json_files,
    mlmodel,
    numpy_files,
    saved_models,
    seven_zip,
    sqlite_files,
    streams,
    tar_files,
    zip_files,
)
from stsec_magic.containers.dbm_files import shelf_files
from stsec_magic.containers.folders import files_in
from stsec_magic.containers.found import SECONDS, Found, Inside, LimitError, Limits, Member, Opened, Told, View, within
from stsec_magic.containers.glance import looks_like_pickle
from stsec_magic.containers.worth import says_pickle
from stsec_magic.model.inspection import Closed
from stsec_magic.pickles.operands import Buffer
from stsec_magic.regular import mapped

_DEEPEST = 5

_FOLDER_SECONDS = 60.0

__all__ = ["Closed", "Found", "Member", "Told", "folder_members", "members", "shelf_files"]


@dataclass(frozen=True, slots=True)
class _Family:
    """A kind of container.

    Attributes:
        recognises: Whether bytes are one.
        opened: What stands in it.
    """

    recognises: Callable[[View], bool]
    opened: Callable[[Inside, Limits], Opened]


_FAMILIES = tuple(
    _Family(module.recognises, module.opened)
    for module in (
        streams,
        zip_files,
        tar_files,
        numpy_files,
        hdf5,
        json_files,
        saved_models,
        dbm_files,
        sqlite_files,
        seven_zip,
    )
)


def members(data: Buffer, until: float | None = None) -> Iterator[Found]:
    """Unpack a file.

    Args:
        data: Its bytes, or its memory map; to be closed only after the last of what is yielded.
        until: When to end, by the monotonic clock; ten seconds from now if not given.

    Yields:
        Whatever stands in it and may be a pickle, however deep; what runs code without being one; what could not be
        opened. A file that is no container is a member itself.
    """
    yield from _within_limits(Inside("", data), Limits(until))


def folder_members(path: Path, until: float | None = None) -> Iterator[Found]:
    """Unpack all files of a folder in which a model is saved. The bytes of a member are there until the next one.

    Args:
        path: The folder.
        until: When to end, by the monotonic clock; a minute from now if not given.

    Yields:
        As ``members`` does; what is no container is a member only if it may be a pickle.
    """
    end = time.monotonic() + _FOLDER_SECONDS if until is None else until
    for name, file in files_in(path):
        now = time.monotonic()
        if now > end:
            yield Closed("", "it takes too long")
            return
        if isinstance(file, Closed):
            yield file
            continue
        try:
            with mapped(file) as data:
                if file.name == "MLmodel":
                    yield from mlmodel.told(name, bytes(data[: mlmodel.LARGEST]))
                yield from _within_limits(Inside(name, data, loose=True), Limits(min(end, now + SECONDS)))
        except OSError as error:
            yield Closed(name, f"it can't be read: {error.strerror or type(error).__name__}")


def _within_limits(inside: Inside, limits: Limits) -> Iterator[Found]:
    try:
        yield from _opened(inside, 0, limits)
    except LimitError as error:
        yield Closed(limits.path, str(error))


def _opened(inside: Inside, depth: int, limits: Limits) -> Iterator[Found]:
    """What stands in a container, in every way that it can be read: many a file is one thing to one reader."""
    limits.path = inside.path
    families = [family for family in _FAMILIES if family.recognises(inside.data)]
    if families and depth > _DEEPEST:
        yield Closed(inside.path, "too many archives stand one inside the other")
        return
    # A zip archive's first letter is an opcode, at which every unpickler but torch's gives up.
    is_pickle = bytes(inside.data[:2]) != b"PK" and looks_like_pickle(inside.data)
    if is_pickle or not (families or (inside.loose and not says_pickle(inside.path))):
        yield _member(inside, limits)
    if is_pickle and depth == 0:
        for at, value in dbm_files.values_behind(inside.data, limits):
            limits.member()
            limits.take(len(value))
            yield Member(within(inside.path, f"at byte {at}"), value)
    for family in families:
        for each in _safely(family, inside, limits):
            if isinstance(each, Inside):
                yield from _opened(replace(each, loose=each.loose or inside.loose), depth + 1, limits)
            else:
                yield each


def _safely(family: _Family, inside: Inside, limits: Limits) -> Opened:
    try:
        yield from family.opened(inside, limits)
    except LimitError:
        raise
    # Libraries raise whatever lying bytes lead to.
    except Exception as error:
        yield Closed(inside.path, f"it can't be read ({type(error).__name__})")


def _member(inside: Inside, limits: Limits) -> Member:
    limits.member()
    if not isinstance(inside.data, memoryview):
        return Member(inside.path, inside.data)
    limits.take(len(inside.data))
    return Member(inside.path, bytes(inside.data))
