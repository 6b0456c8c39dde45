"""Whether two paths with unknown parts may name one file. Texts only; nothing is looked up on a disk."""

from __future__ import annotations

import re
from functools import lru_cache

from stsec_magic.source.paths import ANY, HOLE

_HOLE = re.compile(f"{HOLE}[^{HOLE}]*{HOLE}")
_ENDINGS = re.compile(r"(?:\.[A-Za-z0-9]{1,10}){1,4}\Z")
_ABSOLUTE = re.compile(r"[/~]|[A-Za-z]:")
_LEAST = 3
"""Letters that two names with unknown parts must share beside their ending."""


def is_spelled(path: str) -> bool:
    """Whether a path says enough to be one: more than unknown parts and signs."""
    return any(c.isalnum() for c in _HOLE.sub("", path))


def same_file(one: str, other: str) -> bool:
    """Whether two paths may name one file.

    Args:
        one: A path as ``Paths`` spells it.
        other: Another one.

    Returns:
        Whether their names agree, unknown parts standing for anything where enough is known beside
        them, and their folders don't contradict each other.
    """
    if one == other and ANY not in one:
        return True
    return _same_name(name_of(one), name_of(other)) and _same_folder(_folder(one), _folder(other))


def is_inside(path: str, folder: str) -> bool:
    """Whether a file stands in a folder, as far as both are spelt out.

    Args:
        path: The file.
        folder: The folder; empty for the working directory, in which every relative path is.
    """
    folder = _plain(folder)
    if not folder:
        return _ABSOLUTE.match(path) is None and not path.startswith(HOLE)
    path = _plain(path)
    return path == folder or path.startswith(f"{folder}/") or (HOLE not in folder and f"/{folder}/" in path)


def name_of(path: str) -> str:
    """The last part of a path.

    Args:
        path: A path as ``Paths`` spells it.
    """
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def shape_of(name: str) -> str:
    """A name with holes, all of them alike.

    Args:
        name: The last part of a path.
    """
    return _HOLE.sub(HOLE, name)


def _folder(path: str) -> str:
    return _plain(path.replace("\\", "/").rstrip("/").rpartition("/")[0])


@lru_cache(maxsize=1024)
def _plain(path: str) -> str:
    """A folder without what says nothing: ``./``, ``../``, a closing slash."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in (".", "..")]
    return "/".join(parts).rstrip("/")


def _same_name(one: str, other: str) -> bool:
    if HOLE not in one and HOLE not in other:
        return one == other != ""
    if one == other and ANY not in one:
        return True
    if HOLE in one and HOLE in other:
        fits = shape_of(one) == shape_of(other)
    else:
        fits = _fits(one, other) if HOLE in one else _fits(other, one)
    return fits and min(_letters(each) for each in (one, other) if HOLE in each) >= _LEAST


def _fits(pattern: str, text: str) -> bool:
    """Whether a name with holes may be another one; in one pass, however many holes there are."""
    first, *middle, last = _HOLE.split(pattern) if _HOLE.search(pattern) else (pattern, pattern)
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _letters(name: str) -> int:
    """How much of a name is known, its ending aside."""
    return sum(c.isalnum() for c in _HOLE.sub("", _ENDINGS.sub("", name)))


def _same_folder(one: str, other: str) -> bool:
    if not one or not other or HOLE in one or HOLE in other:
        return True
    short, long = sorted((one, other), key=len)
    return short == long or long.endswith(f"/{short.lstrip('/~')}")
