"""Finds the logical lines of a cell that are IPython's: the scanner behind the resolver.

It sees what ``IPython.core.inputtransformer2`` sees in Python's tokens, in one pass and on any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

# A string that isn't closed goes to where it would have to be, so that nothing is read twice.
_TOKEN = re.compile(
    r"""
    (?P<string>\"\"\"(?:[^"\\]++|\\.|"(?!""))*+(?:\"\"\")?
      |'''(?:[^'\\]++|\\.|'(?!''))*+(?:''')?
      |"(?:[^"\\\r\n]++|\\(?:\r\n|.))*+"?
      |'(?:[^'\\\r\n]++|\\(?:\r\n|.))*+'?)
    |(?P<comment>\#[^\r\n]*+)
    |(?P<end>\r\n|\r|\n)
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<assign>=(?!=))
    |\\(?:\r\n|\r|\n)
    |(?:\*\*|//|>>|<<|[-+*/%&|^@=!<>:])=
    """,
    re.VERBOSE | re.DOTALL,
)
_BLANK = re.compile(r"(?:[ \t\f]*+[\r\n]++)++")
_INDENT = re.compile(r"(?:[ \t\f]|\\\r?\n)*+")
# Where Python's tokenizer sees one of these characters alone.
_ESCAPE = re.compile(r"!(?!=)|%(?!=)|/(?![/=])|[?,;]")
_ASSIGNED = re.compile(r"(?:[ \t\f]|\\\r?\n)*+(?:%(?=[ \t\f]*+[^\W\d])|!(?!=))")
_LINE_END = re.compile(r"\r\n|\r|\n|\Z")
_INDEX = re.compile(r"\[-?[0-9]{1,20}\]")


class Kind(Enum):
    """What a logical line is."""

    PYTHON = "python"
    ESCAPE = "escape"  # %magic, !command, ?help, /call, ,call, ;call
    ASSIGNED = "assigned"  # x = %magic, x = !command
    HELP = "help"  # name?


class Line(NamedTuple):
    """A logical line, as offsets into the text.

    Attributes:
        kind: What it is.
        start: Where its first physical line begins.
        code: Where its first character that is no white space stands.
        mark: Where IPython's syntax begins in it.
        end: Where the last physical line ends, before its line end.
    """

    kind: Kind
    start: int
    code: int
    mark: int
    end: int


def logical_lines(text: str, cuts: dict[int, int]) -> Iterator[Line]:
    """Split a cell at the line ends that end a statement or a magic.

    Args:
        text: A cell's text without prompts.
        cuts: How many characters at the beginning of a line are no code, by the line's offset.

    Yields:
        In order, each logical line that is IPython's or begins with what is no code.
    """
    at = 0
    while at < len(text):
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        indented = _INDENT.match(text, at + cuts.get(at, 0))
        code = indented.end() if indented else at
        line = _escaped(text, at, code) if _ESCAPE.match(text, code) else _logical_line(text, at, code)
        if at in cuts or line.kind is not Kind.PYTHON:
            yield line
        ended = _LINE_END.match(text, line.end)
        at = ended.end() if ended else len(text)


def _escaped(text: str, start: int, code: int) -> Line:
    end = _continued(text, code)
    # "/name?" asks for help; where "!name?" does, it is read as a command all the same.
    asks = text[code] in ",;/" and _asks_for_help(text, code, end)
    return Line(Kind.HELP if asks else Kind.ESCAPE, start, code, code, end)


def _logical_line(text: str, start: int, code: int) -> Line:
    depth = 0
    may_assign = True
    behind = code
    end = len(text)
    for token in _TOKEN.finditer(text, code):
        kind = token.lastgroup
        if kind == "end" and not depth:
            end = token.start()
            break
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "assign" and may_assign and not depth:
            may_assign = False
            assigned = _ASSIGNED.match(text, token.end())
            if assigned and (text[assigned.end() - 1] == "%" or _has_target(text, start, token.start())):
                mark = assigned.end() - 1
                return Line(Kind.ASSIGNED, start, code, mark, _continued(text, mark))
        elif kind in ("string", "comment") and not _is_cut(token):
            behind = token.end()
    if _asks_for_help(text, behind, end):
        return Line(Kind.HELP, start, code, code, end)
    return Line(Kind.PYTHON, start, code, code, end)


def _is_cut(token: re.Match[str]) -> bool:
    """Whether a string of one line misses its end: its quote is a character like any other then."""
    text = token[0]
    return token.lastgroup == "string" and text[:3] != text[:1] * 3 and (len(text) < 2 or text[-1] != text[0])


def _has_target(text: str, start: int, equals: int) -> bool:
    """Whether something stands before the sign of equality in its own physical line."""
    begin = max(text.rfind("\n", start, equals) + 1, start)
    return bool(text[begin:equals].strip())


def _continued(text: str, at: int) -> int:
    """The end of a line that backslashes continue, as IPython takes them."""
    while True:
        found = _LINE_END.search(text, at)
        end = found.start() if found else len(text)
        if text[end - 1 : end + 1] != "\\\n" or end + 1 >= len(text):
            return end
        at = end + 1


def _asks_for_help(text: str, begin: int, end: int) -> bool:
    """Whether a logical line ends in ``name?`` or ``name??``; a search for that backwards, to stay linear."""
    if end == len(text) and text[begin:end].endswith("\n"):
        end -= 1
    if text[max(begin, end - 1) : end] != "?" or text[end : end + 1] == "\r":
        return False
    end -= 2 if text[end - 2 : end - 1] == "?" else 1
    while end > begin and text[end - 1] == "]":
        opening = text.rfind("[", max(begin, end - 24), end)
        if opening < 0 or not _INDEX.fullmatch(text, opening, end):
            return False
        end = opening
    # A name can't begin with a digit, but may be searched for with asterisks.
    while end > begin and (text[end - 1].isalnum() or text[end - 1] in "_*"):
        end -= 1
        if not text[end].isdecimal():
            return True
    return False
