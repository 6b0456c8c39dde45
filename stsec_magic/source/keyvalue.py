"""Values beside names in any text: assignments, pairs, options and headers of every language.

Reads characters, not syntax: it works alike in a shell cell, a YAML text inside a string, a
printed dict and a cell of Python that doesn't parse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stsec_magic.source.namedvalue import Form, NamedValue, scheme_length

_MAX_NAME = 80
_MAX_VALUE = 4096

_REACH = 60
_NAME = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$.-"
# A line's end, a tab or a quote as a string literal writes them: no part of the name behind it.
_ESCAPE = re.compile(r"\\[nrt]\Z")
_NAME_AFTER = re.compile(r"[A-Za-z0-9_$\-]{0,40}(?:\.[A-Za-z0-9_]{1,30}){0,2}")

# A word that says little alone, and what is said before it: "access key", "the Flickr API key".
_SPOKEN = re.compile(r"(?i:keys?|tokens?|secrets?|password|code)")
_SPOKEN_BEFORE = re.compile(r"(?:(?<![A-Za-z0-9_$.\-])[A-Za-z][A-Za-z0-9]{1,20} ){1,3}\Z")
_SYNTAX = frozenset(
    "and arg as assert auto await bool char class const def del elif else env export final for from function global if "
    "import in is lambda let new nonlocal not or print return set static str string val var while with yield".split()
)

# What may stand between a name and its value.
_TIE = re.compile(
    r"""
    (?P<close>\\?["'`]|\*\*|</?\w{1,8}>)?  \]?  (?:[ ](?:is|was|are)(?=[ :]))?  [ \t]{0,20}
    (?:
        # a declared type
        (?: :?[ \t]{0,8}(?:string|String|str|&str|Optional\[str\]|const[ ]char[ ]?\*|char\*|text)(?=[ \t=]))?
        [ \t]{0,20}
        (?P<assign>=>|:=|\?=|\.=|\+=|===?|!==?|=|:|<-)
      | (?P<comma>,)
      | (?P<tag>>)
      | (?P<space>(?<=[\s"'`]) | (?=[ \t]))
    )
    [ \t]{0,20} (?P<line>\r?\n[ \t]{0,20})?
    """,
    re.VERBOSE,
)
_SCHEME = r"(?:(?:Bearer|bearer|BEARER|Basic|Token|token|Key|ApiKey|apikey|Api-Key|Splunk|SSWS)[ ]{1,3})?"
_QUOTED = re.compile(
    rf"""
    (?P<prefix>[rRbBuUfF@$]{{0,2}}) (?P<escape>\\?) (?P<quote>["'`]) {_SCHEME}
    (?P<value> [^"'`\\\n]{{0,{_MAX_VALUE}}}
        (?: (?: \\[^\n] | (?!(?P=escape)(?P=quote))["'`] ) [^"'`\\\n]{{0,{_MAX_VALUE}}} ){{0,40}}? )
    (?P=escape)(?P=quote)
    """,
    re.VERBOSE,
)
_BARE = re.compile(rf"""{_SCHEME}(?P<value>[^\s"'`,;<>(){{}}\[\]|&\\]{{1,{_MAX_VALUE}}})""")
# {"name": "DB_PASSWORD", "value": "..."}: the environment of a container, a form's field.
_NAMED = re.compile(r"(?:name|Name|key|Key|variable|Variable|field)[\"']?[ ]{0,3}[:=][ ]{0,3}[\"']?\Z")
_ITS_VALUE = re.compile(r"[\"']?\s{0,3},?\s{0,60}[\"']?(?:value|Value)[\"']?[ ]{0,3}[:=][ ]{0,3}")
# if "..." == password
_COMPARED = re.compile(r"([\"'`])(?P<value>[^\"'`\n]{1,200})\1[ ]{0,3}(?:===?|!==?|<>)[ ]{0,3}\Z")
_NEXT_LINE = re.compile(
    r"[ \t]{0,4}:?[ \t]{0,4}\r?\n[ \t]{0,20}(?P<value>[^\s\"'`<>(){}=,;]{16,200})[ \t]{0,20}(?=\r?\n|\Z)"
)
_TAGGED = re.compile(r"\s{0,40}(?P<value>[^\s<>\"'`]{4,400})\s{0,40}</")


class Name(NamedTuple):
    """A name as written, and where it stands.

    Attributes:
        text: The name.
        start: Offset of its first character.
        end: Offset just past it.
    """

    text: str
    start: int
    end: int


def names(text: str, hits: Iterable[int]) -> Iterator[Name]:
    """The names that hold a word.

    Args:
        text: Any text.
        hits: Offsets at which a word stands that a wanted name holds, in order.

    Yields:
        Each name once.
    """
    done = 0
    for hit in hits:
        while text[hit] == " ":
            hit += 1  # noqa: PLW2901  a word that was looked for with what stands before it
        if hit < done:
            continue
        low = max(done, hit - _REACH)
        start = low + len(text[low:hit].rstrip(_NAME))
        if start and text[start - 1] == "\\" and _ESCAPE.search(text, start - 1, start + 1):
            start += 1
        after = _NAME_AFTER.match(text, hit, hit + 2 * _REACH)
        done = after.end() if after else hit
        name = text[start:done].strip(".-$")
        if name == "pass" and text[start - 1 : start] == "/":
            name, start = "/pass", start - 1  # cmdkey /pass:...
        if text[start - 1 : start] == " " and _SPOKEN.fullmatch(name) and text.startswith(name, start):
            name = _spoken_before(text, start) + name
        if name and len(name) <= _MAX_NAME:
            yield Name(name, start, done)


def _spoken_before(text: str, start: int) -> str:
    before = _SPOKEN_BEFORE.search(text, max(0, start - _REACH), start)
    words: list[str] = []
    for word in reversed(before[0].split() if before else ()):
        if word.lower() in _SYNTAX:
            break
        words.insert(0, word)
    return "".join(f"{word} " for word in words)


def named_values(text: str, found: Iterable[Name]) -> Iterator[NamedValue]:
    """Find the values beside names.

    Args:
        text: Any text.
        found: Names in it, in order.

    Yields:
        One value a name, in order; nothing where no value stands beside it.
    """
    for name in found:
        value = _beside(text, name.text, name.start, name.end, len(text))
        if value is not None:
            yield value


def _beside(text: str, name: str, name_start: int, name_end: int, end: int) -> NamedValue | None:
    its_value = _ITS_VALUE.match(text, name_end)
    if its_value is not None and _NAMED.search(text, max(0, name_start - 20), name_start) is not None:
        return _valued(text, its_value.end(), name, name_start)
    tie = _TIE.match(text, name_end, end)
    found = None if tie is None else _tied(text, name, name_start, tie, end)
    return found or _elsewhere(text, name, name_start, name_end)


def _valued(text: str, at: int, name: str, name_start: int) -> NamedValue | None:
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        return _made(quoted, name, name_start, Form.QUOTED)
    return _made(_BARE.match(text, at), name, name_start, Form.BARE)


def _tied(text: str, name: str, name_start: int, tie: re.Match[str], end: int) -> NamedValue | None:
    at = tie.end()
    if tie["tag"]:
        return _made(_TAGGED.match(text, at, end), name, name_start, Form.BARE)
    quoted = _QUOTED.match(text, at, end)
    if quoted is not None:
        if tie["comma"] and not tie["close"]:
            return None
        if tie["assign"]:
            return _made(quoted, name, name_start, Form.QUOTED)
        # "password", "email" may be a list of words as well as a name and its value.
        return _made(quoted, name, name_start, Form.BARE if tie["comma"] else Form.SPACED)
    if tie["comma"] or tie["line"]:
        return None  # YAML and prose put the next key there
    if not tie["assign"] and not any(character.isspace() for character in tie[0]):
        return None  # "$PASSWORD"@host: what follows a quote at once belongs to something else
    form = Form.BARE if tie["assign"] else Form.SPACED
    at += scheme_length(name, text[at : at + _REACH])
    if text.endswith("://", 0, name_start):
        # x-access-token:...@github.com, where a URL has its user
        host = text.find("@", at, at + _MAX_VALUE)
        end = end if host < 0 else host
    return _made(_BARE.match(text, at, end), name, name_start, form)


def _elsewhere(text: str, name: str, name_start: int, name_end: int) -> NamedValue | None:
    """A value that doesn't follow its name at once: before it, or alone on the next line."""
    if text[name_start - 2 : name_start].rstrip().endswith(("=", ">")):
        compared = _COMPARED.search(text, max(0, name_start - 210), name_start)
        if compared is not None:
            return _made(compared, name, name_start, Form.QUOTED)
    return _made(_NEXT_LINE.match(text, name_end), name, name_start, Form.SPACED)


def _made(match: re.Match[str] | None, name: str, name_start: int, form: Form) -> NamedValue | None:
    if match is None:
        return None
    value, start, end = match["value"], match.start("value"), match.end("value")
    skipped = scheme_length(name, value)
    value, start = value[skipped:], start + skipped
    if form in (Form.BARE, Form.SPACED):
        if value.endswith(("..", "…", "***")):
            return None
        trimmed = value.rstrip(".:!?*")
        end -= len(value) - len(trimmed)
        value = trimmed
    return NamedValue(name, value, start, end, form, name_start) if value else None
