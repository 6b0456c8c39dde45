"""Where a notebook says what to be silent about: comments, cell tags, and ``metadata.stsec``.

Only what is written down: who is silenced by it is decided in ``triage``, whether it was in vain is a rule's question.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.notebook.read import RawNotebook

UNUSED = "unused-suppression"
"""The rule about those that silence nothing; only what names it can silence it."""

COMMENT, TAG, METADATA = "comment", "tag", "metadata"

KEYWORD = "stsec:"
"""Stands in every comment of ours."""

_MARK = r"(?:#|//|--|<!--|%)\s{0,4}stsec:"
_COMMENT = re.compile(
    rf"{_MARK}\s{{0,4}}ignore(?![\w-])(?:[ \t\u00a0]{{0,4}}\[(?P<rules>[^\]\n]{{0,400}})\]"
    rf"|(?P<odd>[ \t\u00a0]{{0,4}}(?:[(:=\[]|[{{{{<;|./\uff3b](?=\w))))?"
    rf"(?P<reason>(?:(?!{_MARK})[^\n]){{0,300}})"
)
# Three backticks and more of them on the line are code in a sentence.
_FENCE = re.compile(r"^[ ]{0,3}(?:`{3,40}[^`\n]{0,400}$|~~~)", re.MULTILINE)
_KEY = "stsec"
_TAG_ALL = "stsec-ignore"
_TAG_RULE = "stsec-allow-"


class Silencer(NamedTuple):
    """One thing that a user wrote to silence findings.

    Attributes:
        how: ``comment``, ``tag`` or ``metadata``.
        names: Rule ids and groups; None for all.
        reason: The words that were given, "" where none were.
        path: JSON path of the text that it stands in.
        start: Offset of its first character there.
        end: Offset just past its last.
        text: The text, where it is no cell's: a tag, an entry of the metadata or its reason.
    """

    how: str
    names: frozenset[str] | None
    reason: str
    path: JsonPath
    start: int
    end: int
    text: str = ""

    @property
    def place(self) -> tuple[JsonPath, int]:
        """What tells it from all others of its notebook."""
        return self.path, self.start


def comments(fragment: Fragment, start: int, end: int) -> Iterator[Silencer]:
    """The comments of ours in a stretch of a text.

    Args:
        fragment: The text.
        start: Where the stretch begins, at the start of a line or of the text.
        end: Where it ends.
    """
    for match in _COMMENT.finditer(fragment.text, start, end):
        words = match["reason"].partition("-->") if match[0].startswith("<!--") else (match["reason"], "", "")
        last = match.start("reason") + len(words[0].rstrip() if not words[1] else words[0] + words[1])
        # Whoever writes "ignore: jwt" means one rule, not all of them: it names none, and is told of.
        names = frozenset[str]() if match["odd"] else None if match["rules"] is None else _split(match["rules"])
        yield Silencer(COMMENT, names, words[0].strip(), fragment.path, match.start(), last)


def fences(text: str) -> list[int]:
    """Where the fences of a Markdown text begin: of each pair the first one opens a block of code."""
    return [match.start() for match in _FENCE.finditer(text)]


def fence_around(found: Sequence[int], offset: int) -> int | None:
    """The fence that opens the block of code in which a place stands; None where it stands in none.

    Args:
        found: The fences of its text.
        offset: The place.
    """
    i = bisect_left(found, offset)
    return found[i - 1] if i % 2 else None


def standing_orders(raw: RawNotebook) -> tuple[dict[int, list[Silencer]], list[tuple[int, str]]]:
    """What tags and metadata silence.

    Args:
        raw: The notebook.

    Returns:
        By cell number, 0 for the whole notebook, what is silenced there; and what can't be understood, by cell number.
    """
    found: dict[int, list[Silencer]] = {}
    odd: list[tuple[int, str]] = []
    if raw.data is None:
        return found, odd
    for number, owner in enumerate([raw.data, *raw.data["cells"]]):
        metadata = owner.get("metadata") if isinstance(owner, Mapping) else None
        if not metadata or not isinstance(metadata, Mapping):
            continue
        path = ("cells", number - 1, "metadata") if number else ("metadata",)
        if _KEY in metadata:
            try:
                found[number] = list(_ignored(metadata[_KEY], path))
            except _OddError as error:
                odd.append((number, str(error)))
        if number and "tags" in metadata:
            found[number] = [*_tags(metadata["tags"], path), *found.get(number, [])]
    return found, odd


class _OddError(Exception):
    """A value that isn't what it should be."""


def _tags(tags: object, path: JsonPath) -> Iterator[Silencer]:
    for i, tag in enumerate(tags) if isinstance(tags, list) else ():
        if isinstance(tag, str) and (tag == _TAG_ALL or tag.startswith(_TAG_RULE)):
            names = None if tag == _TAG_ALL else frozenset((tag.removeprefix(_TAG_RULE),))
            yield Silencer(TAG, names, tag, (*path, "tags", i), 0, len(tag), tag)


def _ignored(value: object, path: JsonPath) -> Iterator[Silencer]:
    if not isinstance(value, Mapping):
        raise _OddError(f"metadata.{_KEY} is {_kind(value)}, not an object; it silences nothing")
    names = value.get("ignore", [])
    at = (*path, _KEY, "ignore")
    what = f"metadata.{_KEY}.ignore"
    if isinstance(names, list):
        if not all(isinstance(name, str) for name in names):
            raise _OddError(f"{what} holds something that is not text; it silences nothing")
        for i, name in enumerate(names):
            yield Silencer(METADATA, frozenset((name.strip(),)), "", (*at, i), 0, len(name), name)
    elif isinstance(names, Mapping):
        if not all(isinstance(each, str) for row in names.items() for each in row):
            raise _OddError(f"{what} gives a reason that is not text; it silences nothing")
        for name, reason in names.items():
            yield Silencer(METADATA, frozenset((name.strip(),)), reason.strip(), (*at, name), 0, len(reason), reason)
    else:
        raise _OddError(
            f"{what} is {_kind(names)}, neither a list of rules nor an object of rule: reason; it silences nothing"
        )


def _kind(value: object) -> str:
    names = {str: "a text", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return "null" if value is None else names.get(type(value), "something else")


def _split(names: str) -> frozenset[str]:
    return frozenset(name.strip() for name in names.split(",") if name.strip())
