"""What a line of IPython's own syntax says: a statement, a text in another language, where other code is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stsec_magic.source.languages import LANGUAGES, word


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a cell that is in another language than the cell.

    Attributes:
        start: Code point offset of its first character.
        end: Offset just past its last.
        language: What it is written in.
    """

    start: int
    end: int
    language: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a cell that names a file with code.

    Attributes:
        kind: "run" for code that is run, "load" for code that is shown, "write" for a file that the cell writes.
        path: The path as written, without quotes.
        start: Code point offset of the path.
    """

    kind: str
    # Not shown by repr: an address may hold a password.
    path: str = field(repr=False)
    start: int


# Magics whose argument is a Python statement, with the options that take a value.
_STATEMENTS = {
    "time": "", "timeit": "nrp", "prun": "lsTD", "memit": "rt", "lprun": "fmTDsuz", "mprun": "fT", "debug": "b",
    "snakeviz": "f", "pyinstrument": "", "scalene": "", "heat": "o", "px": "tg",
}  # fmt: skip
_REFERENCES = {"run": ("run", "N"), "load": ("load", "rs"), "loadpy": ("load", "rs"), "loadcode": ("load", "rs"),
               "pycat": ("load", "")}  # fmt: skip
_SHELL = frozenset("sx system sh bash cmd pip conda mamba micromamba uv".split())
_ENVIRONMENT = frozenset(("env", "set_env"))

_NAME = re.compile(r"%{1,2}[ \t]*+([^\s?]++)[ \t]*+")
_OPTION = re.compile(r"-{1,2}([A-Za-z][\w-]*+)(?:=\S*+)?+[ \t]*+")
_VALUE = re.compile(r"\S++[ \t]*+")
_PAIR = re.compile(r"\w++(?:[ \t]*+=|[ \t]++)[ \t]*+\S")


def statement(text: str, mark: int, end: int) -> int | None:
    """Where the Python statement in a line magic begins.

    Args:
        text: A cell's text.
        mark: Where the magic begins.
        end: Where its line ends.

    Returns:
        The statement's offset; None where the magic takes none or has none.
    """
    name = _NAME.match(text, mark, end)
    if name is None or name[1] not in _STATEMENTS:
        return None
    at = _behind_options(text, name.end(), end, _STATEMENTS[name[1]])
    return at if at < end else None


def parts(text: str, mark: int, end: int) -> Iterator[Stretch | Reference]:
    """What else stands in a line that begins with ``%`` or ``!``.

    Args:
        text: A cell's text.
        mark: Where the magic or the command begins.
        end: Where its line ends.

    Yields:
        The parts that aren't Python, and the files that are named.
    """
    inner: int | None = mark
    while inner is not None:
        # "%time !ls" and "%time %run x.py" are what they run.
        mark, inner = inner, statement(text, inner, end)
    if text.startswith("!", mark):
        begin = mark + 2 if text.startswith("!", mark + 1) else mark + 1
        yield from _stretch(text, begin, end, "shell")
        return
    name = _NAME.match(text, mark, end)
    if name is None or text.startswith("?", name.end()):
        return
    magic = name[1]
    if magic in _REFERENCES:
        yield from _reference(text, name.end(), end, *_REFERENCES[magic])
    elif magic in _ENVIRONMENT:
        if _PAIR.match(text, name.end(), end):
            yield from _stretch(text, name.end(), end, "dotenv")
    elif magic in _SHELL:
        yield from _stretch(text, name.end(), end, "shell")
    elif magic.lower() in LANGUAGES:
        yield from _stretch(text, name.end(), end, LANGUAGES[magic.lower()])


def _stretch(text: str, begin: int, end: int, language: str) -> Iterator[Stretch]:
    written = text[begin:end]
    begin += len(written) - len(written.lstrip())
    end -= len(written) - len(written.rstrip())
    if begin < end:
        yield Stretch(begin, end, language)


def _reference(text: str, begin: int, end: int, kind: str, valued: str) -> Iterator[Reference]:
    at = _behind_options(text, begin, end, valued)
    # "%run -m package.module" names no file.
    path = None if " -m " in text[begin - 1 : at] else word(text, at, end)
    if path:
        yield Reference(kind, *path)


def _behind_options(text: str, at: int, end: int, valued: str) -> int:
    while option := _OPTION.match(text, at, end):
        at = option.end()
        if len(option[1]) == 1 and option[1] in valued and (value := _VALUE.match(text, at, end)):
            at = value.end()
    return at
