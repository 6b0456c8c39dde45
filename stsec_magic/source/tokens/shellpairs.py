"""Values that a shell's commands tie to names: assignments, exports, options, headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stsec_magic.source.namedvalue import Form, NamedValue, scheme_length
from stsec_magic.source.tokens.commands import APART, GLUED
from stsec_magic.source.tokens.computed import is_computed
from stsec_magic.source.tokens.shellwords import ShellWords, Word

_ASSIGNMENT = re.compile(r"(?P<option>-{0,2})(?P<name>[A-Za-z_][\w.\-]{0,79})(?:\[[^\]\n]{0,80}\])?\+?=")
_NAME = re.compile(r"[A-Za-z_][\w.\-]{0,79}")
_OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w.\-]{2,79})")
_SLASHED = re.compile(r"(?P<name>/(?:pass|password|pwd)):(?=.)", re.IGNORECASE)
_HEADER = re.compile(r"[\"']?(?P<name>[A-Za-z][\w\-]{1,79})[ \t]{0,8}:[ \t]{0,8}(?P<value>[^\n\"']{1,4096})")
_DEFAULT = re.compile(r"\$\{(?P<name>\w{1,80}):?[-=](?P<value>[^{}$\n]{1,400})\}")

# Words before the command, or before the command's own name.
_PREFIXES = frozenset("sudo then do else ! time exec nohup command builtin RUN CMD if while elif { [ [[".split())
_DECLARING = frozenset(
    "export declare typeset local readonly env setenv set setx ENV ARG LABEL Environment= global".split()
)
_SETTING = frozenset("set setenv setx ENV ARG".split())
_CONFIGURING = frozenset("config configure".split())
_ENVIRONMENT_OPTIONS = frozenset("-e --env --build-arg --env-add --set --set-string --set-env-vars -E -v --var".split())
_HEADER_OPTIONS = frozenset(("-H", "--header", "--proxy-header", "--post-header"))
_DEEPEST = 3


def shell_pairs(text: str, words: ShellWords, depth: int = 0) -> Iterator[NamedValue]:
    """Find the values that commands give to names.

    Args:
        text: The text.
        words: Its words.
        depth: How many substitutions it stands in.

    Yields:
        Each value with its name; those of substitutions come last.
    """
    for command in words.commands:
        yield from _Command(text, command).pairs()
    if depth < _DEEPEST:
        for start, end in words.substitutions:
            yield from shell_pairs(text, ShellWords(text, start, end), depth + 1)
    if depth == 0:
        for match in _DEFAULT.finditer(text):
            start, end = match.span("value")
            if text[start] in "\"'" and text[end - 1] == text[start] and end - start > 2:
                start, end = start + 1, end - 1
            yield NamedValue(match["name"], text[start:end], start, end, Form.LITERAL, match.start("name"))


class _Command:
    def __init__(self, text: str, words: list[Word]) -> None:
        self._text = text
        skipped = next((i for i, word in enumerate(words) if text[word.start : word.end] not in _PREFIXES), len(words))
        self._words = words[skipped:]

    def _said(self, i: int) -> str:
        """A word without the quotes around all of it."""
        if not 0 <= i < len(self._words):
            return ""
        word = self._words[i]
        start, end = word.quoted or (word.start, word.end)
        return self._text[start : min(end, start + 100)]

    def pairs(self) -> Iterator[NamedValue]:
        name, first = "", len(self._words)
        for i, word in enumerate(self._words):
            if word.quoted is not None or _ASSIGNMENT.match(self._text, word.start, word.end) is None:
                name, first = self._said(i).rpartition("/")[2], i
                break
        declares = name in _DECLARING
        for i in range(len(self._words)):
            exact = i < first or declares or self._said(i - 1) in _ENVIRONMENT_OPTIONS
            made = self._assigned(i, exact=exact) or self._option(i, name)
            if made is not None:
                yield made
        yield from self._setting(name, first)

    def _assigned(self, i: int, *, exact: bool) -> NamedValue | None:
        word = self._words[i]
        start, end = word.start, word.end
        if word.quoted is not None:
            if not exact:
                return None  # a text of its own: "a=b&c=d"
            start, end = word.quoted
        match = _ASSIGNMENT.match(self._text, start, end)
        if match is None:
            return None
        if match["option"] == "--" and match["name"] == "header":
            return self._header(match.end(), end)
        exact = exact and (not match["option"] or match["option"] == "-")
        return self._valued(match["name"], match.start("name"), match.end(), end, word, exact=exact)

    def _option(self, i: int, command: str) -> NamedValue | None:
        said, word = self._said(i), self._words[i]
        slashed = _SLASHED.match(said)
        if slashed is not None:  # an option as Windows has them
            start = (word.quoted or (word.start, 0))[0]
            return self._valued(slashed["name"], start, start + slashed.end(), word.end, word, exact=True)
        if word.quoted is not None or said[:1] != "-":
            return None
        nearby = self._words[i + 1] if i + 1 < len(self._words) else None
        if command in GLUED and said[:2] == "-p" and len(said) > 2:
            return self._valued("password", word.start, word.start + 2, word.end, word, exact=True)
        if nearby is None:
            return None
        if said in _ENVIRONMENT_OPTIONS:
            return None
        if said in _HEADER_OPTIONS:
            return self._header(nearby.start, nearby.end)
        if APART.get(command) == said:
            return self._valued("password", word.start, nearby.start, nearby.end, nearby, exact=True)
        option = _OPTION.fullmatch(said)
        if option is None or (nearby.quoted is None and self._text[nearby.start] == "-"):
            return None
        start = word.start + option.start("name")
        return self._valued(option["name"], start, nearby.start, nearby.end, nearby, exact=False)

    def _header(self, start: int, end: int) -> NamedValue | None:
        match = _HEADER.match(self._text, start, end)
        if match is None:
            return None
        start, end = match.span("value")
        start += scheme_length(match["name"], self._text[start:end])
        value = self._text[start:end].rstrip()
        if not value or is_computed(value, interpolated=True):
            return None
        return NamedValue(match["name"], value, start, start + len(value), Form.LITERAL, match.start("name"))

    def _setting(self, command: str, first: int) -> Iterator[NamedValue]:
        """``set -x KEY v``, ``setenv KEY v``, ``ENV KEY v``, ``set key = v``, ``aws configure set key v``."""
        at = first + 1
        sets = command in _SETTING
        if not sets:
            at = next((i for i in range(at, min(len(self._words), at + 6)) if self._said(i) in _CONFIGURING), -1) + 1
            if at == 0:
                return
        while self._said(at)[:1] == "-" or (not sets and self._said(at) == "set"):
            at += 1
        value = at + 2 if self._said(at + 1) == "=" else at + 1
        if value >= len(self._words) or _NAME.fullmatch(self._said(at)) is None:
            return
        word, name = self._words[value], self._words[at]
        if command == "ENV" and word.quoted is None:
            word = word._replace(end=self._words[-1].end, computed=any(each.computed for each in self._words))
        start = (name.quoted or (name.start, 0))[0]
        made = self._valued(self._said(at), start, word.start, word.end, word, exact=sets)
        if made is not None:
            yield made

    def _valued(
        self, name: str, name_start: int, start: int, end: int, word: Word, *, exact: bool
    ) -> NamedValue | None:
        text = self._text
        quoted = end - start >= 2 and text[start] in "\"'" and text[end - 1] == text[start]
        if quoted and text.find(text[start], start + 1, end - 1) < 0:
            start, end = start + 1, end - 1
        elif text[start:end].startswith("$'") and text[end - 1] == "'":
            quoted, start, end = True, start + 2, end - 1
        start += scheme_length(name, text[start:end])
        value = text[start:end]
        single = quoted and text[start - 1] == "'"
        if not value.strip() or is_computed(value, interpolated=word.computed and not single):
            return None
        form = Form.LITERAL if exact or quoted else Form.BARE
        return NamedValue(name, value, start, end, form, name_start)
