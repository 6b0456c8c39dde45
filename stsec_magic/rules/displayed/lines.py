"""Lines of a shell and magics that show secrets: ``!env``, ``!cat .env``, ``!gh auth token``, ``%env HF_TOKEN``."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from stsec_magic.model.levels import Confidence
from stsec_magic.rules.displayed.pipes import FILTERS, is_shown, lets_secrets_through, plain, shows_few
from stsec_magic.rules.displayed.programs import KEYWORDS as PROGRAMS
from stsec_magic.rules.displayed.programs import printed
from stsec_magic.rules.displayed.secret_files import FOLLOWED_BY as ENDED_BY
from stsec_magic.rules.displayed.secret_files import KEYWORDS as FILES
from stsec_magic.rules.displayed.secret_files import is_secret_file
from stsec_magic.rules.secret_names import NameKind, kind_of
from stsec_magic.source.lines import Kind, logical_lines
from stsec_magic.source.program import CodeCell
from stsec_magic.source.prompts import unprompted
from stsec_magic.source.tokens.shellwords import ShellWords, Word

KEYWORDS = (*FILES, *PROGRAMS)
"""Names of files that hold nothing but secrets, and words of commands that print some."""

CODE_WORDS = ("env", "set_env", "printenv", "export", "declare", "echo", "printf", "set")
"""Commands and magics that show variables."""

FOLLOWED_BY = {**ENDED_BY, "set": re.compile(rb"[ \t]{0,20}(?:[\r\n\0|;]|\Z)")}
"""What may follow where these are meant and no other word of Python."""

_MAY_SHOW = re.compile(r"^[ \t]{0,80}[%!]|[=:][ \t]{0,20}[%!]", re.MULTILINE)
_MAGIC = re.compile(r"%[ \t]{0,20}(\w{1,20})(?:[ \t]{1,20}([^\r\n]{0,400}))?")
_SET = re.compile(r"(\w{1,80})[ \t]{0,20}(?:=|[ \t])[ \t]{0,20}(\S.{0,200})")
_GOES_ON = re.compile(r"^[ \t]{0,200}[^\s#]", re.MULTILINE)
_VARIABLE = re.compile(
    r"(?<![\\$])\$(?:([A-Za-z_]\w{0,80})|\{([A-Za-z_]\w{0,80})\})|(?<![\w${])\{([A-Za-z_]\w{0,80})\}(?!\})"
)
# What the cell prints goes into a variable.
_CAPTURED = re.compile(r"\s{0,200}%%capture\b(?![^\n]{0,200}--no-stdout)")
_KEPT = re.compile(r"--out\b")
_BEFORE = frozenset("sudo time command exec nohup do then else elif if while until { !".split())
_SUDO = re.compile(r"-[a-zA-Z-]{1,20}")
_SETTING = re.compile(r"[A-Za-z_]\w{0,80}\+?=.{0,400}", re.DOTALL)
_REACH = 40
_FROM = re.compile(r"[ \t]{0,20}<[ \t]{0,20}(?![<(])([^\s<>|;&]{1,200})")
_GIVEN = re.compile(r"(\w{1,80})[ \t]{0,20}=[ \t]{0,20}!")
_GIVEN_VARIABLE = re.compile(r"^([A-Za-z_]\w{0,80})[ \t]{0,20}=[ \t]{0,20}%env[ \t]{1,20}(\w{1,80})", re.MULTILINE)
_PRINTED = re.compile(r"[\d$,; ]{0,40}p?")

_EVERYTHING = {
    "env": frozenset(("-0", "-v")),
    "printenv": frozenset(("-0",)),
    "set": frozenset(),
    "export": frozenset(("-p",)),
    "declare": frozenset(("-p", "-x", "-xp", "-px")),
}
"""Commands that show all variables, and the options that don't change that."""

_READERS = frozenset("cat head tail less more bat type nl strings tac".split())
_FILE_MAGICS = {
    "cat": Confidence.HIGH,
    "load": Confidence.HIGH,
    # Some front ends show these in a pane of their own, which isn't saved.
    **dict.fromkeys(("less", "more", "pycat"), Confidence.MEDIUM),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A place in a line that shows something.

    Attributes:
        start: Offset in the cell.
        end: Offset just past it.
        label: What shows it: ``!env``.
        name: The variable or the file; empty where it is all variables.
        confidence: How sure it is a secret.
        is_file: Whether the name is a file's.
        is_python: Whether the name may be one of the notebook's own.
        is_set: Whether it is shown by a magic that sets it.
        is_printed: Whether the name says what a command prints that asks somebody for a secret.
        given_to: The variable that holds it, where it isn't shown: ``found = !env``.
    """

    start: int
    end: int
    label: str
    name: str = ""
    confidence: Confidence = Confidence.HIGH
    is_file: bool = False
    is_python: bool = False
    is_set: bool = False
    is_printed: bool = False
    given_to: str = ""


def is_captured(text: str) -> bool:
    """Whether what a cell prints goes into a variable: its first line is ``%%capture``.

    Args:
        text: The cell.
    """
    return _CAPTURED.match(text) is not None


def lines(cell: CodeCell) -> Iterator[Line]:
    """Find what the lines of a cell show that no syntax tree speaks for.

    Args:
        cell: The cell.
    """
    text = cell.fragment.text
    if cell.language in ("shell", "bash", "sh"):
        head = text[:400].partition("\n")[0]
        if not any(each.kind == "write" for each in cell.resolved.references) and not _KEPT.search(head):
            yield from _shell(text, 0, len(text), "")
        return
    if not cell.is_python or is_captured(text) or not _MAY_SHOW.search(text):
        return
    for stretch in cell.resolved.stretches:
        before = text[text.rfind("\n", 0, stretch.start) + 1 : stretch.start].lstrip()
        given = _GIVEN.fullmatch(before)
        if stretch.language == "shell" and (before[:1] in ("!", "%") or given is not None):
            for line in _shell(text, stretch.start, stretch.end, "!"):
                yield line if given is None else replace(line, given_to=given[1])
    yield from _magics(cell.resolved.python or "")
    for given in _GIVEN_VARIABLE.finditer(text):
        sure = _sure(given[2])
        if sure is not None:
            yield Line(given.start(1), given.end(), "%env", given[2], sure, given_to=given[1])


def _magics(python: str) -> Iterator[Line]:
    text, cuts = unprompted(python)
    for line in logical_lines(text, cuts):
        magic = _MAGIC.match(text, line.mark, line.end) if line.kind is Kind.ESCAPE else None
        if magic is None:
            continue
        name, rest = magic[1], (magic[2] or "").strip()
        end = line.mark + len(text[line.mark : line.end].rstrip())
        if name in ("env", "set_env"):
            yield from _environment(name, rest, line.mark, end, is_last=not _GOES_ON.search(text, line.end))
        elif name in _FILE_MAGICS:
            files = [word for each in rest.split() if is_secret_file(word := each.strip("\"'"))]
            yield from (Line(line.mark, end, f"%{name}", file, _FILE_MAGICS[name], is_file=True) for file in files[:1])


def _environment(magic: str, rest: str, start: int, end: int, *, is_last: bool) -> Iterator[Line]:
    """``%env`` gives what it is asked for, which is shown like any cell's last value, and prints what it sets."""
    given = _SET.fullmatch(rest)
    if given is not None:
        found = _sure(given[1]) if _VARIABLE.search(given[2]) else None
        if found is not None:
            yield Line(start, end, f"%{magic}", given[1], found, is_set=True)
    elif magic == "env" and is_last:
        # Of all variables it hides those whose names hold "key", "token" or "secret", but no passwords.
        found = _sure(rest) if rest else Confidence.LOW
        if found is not None:
            yield Line(start, end, "%env", rest, found)


def _shell(text: str, start: int, end: int, mark: str) -> Iterator[Line]:
    shell = ShellWords(text, start, end)
    substitutions = sorted(shell.substitutions)
    commands = [_called(text, command) for command in shell.commands if command]
    for i, command in enumerate(commands):
        name, *words = plain(text, command)
        found = next(_command(text, command, mark), None)
        if found is None and name in ("echo", "printf"):
            found = _substituted(text, command, substitutions)
        if found is None:
            found = next((Line(0, 0, name, file, is_file=True) for file in _shown_file(name, words)), None)
        if found is None and name == "cat" and not words:
            found = _given(text, command[0].end, end)
        if found is not None and not _is_read(text, command[0].start) and is_shown(text, commands, i, end):
            yield replace(found, start=command[0].start, end=command[-1].end, label=f"{mark}{name}")


def _is_read(text: str, start: int) -> bool:
    """Whether another command reads what one prints: ``source <(aws configure export-credentials)``."""
    return text[max(0, start - _REACH) : start].rstrip().endswith(("<(", ">("))


def _called(text: str, command: list[Word]) -> list[Word]:
    """A command without what stands before it: ``sudo -E``, ``AWS_PROFILE=x``, ``then``."""
    words = [*plain(text, command)]
    at = 0
    while at < len(words) - 1:
        is_sudos = at and words[at - 1] == "sudo" and _SUDO.fullmatch(words[at])
        is_envs = words[at] == "env" and _SETTING.fullmatch(words[at + 1])
        if not (words[at] in _BEFORE or _SETTING.fullmatch(words[at]) or is_sudos or is_envs):
            break
        at += 1
    return command[at:]


def _command(text: str, command: list[Word], mark: str) -> Iterator[Line]:
    """The variables that a command shows; where it does is for the caller to say."""
    name, *words = plain(text, command)
    if name in _EVERYTHING and all(word in _EVERYTHING[name] for word in words):
        yield Line(0, 0, name)
    elif secret := printed(name, words):
        yield Line(0, 0, name, secret, is_printed=True)
    elif name == "printenv":
        yield from (Line(0, 0, name, word, sure) for word in words if (sure := _sure(word)) is not None)
    elif name in ("echo", "printf"):
        for word in command[1:]:
            yield from _variables(text, word, name, mark)


def _shown_file(name: str, words: list[str]) -> Iterator[str]:
    """The files of secrets that a command shows, or those lines of them in which a secret stands."""
    given = [word for word in words if not word.startswith("-")]
    if name in FILTERS:
        given = given[1:] if lets_secrets_through(words) else []
    elif name == "sed":
        given = given[1:] if given and _PRINTED.fullmatch(given[0]) else []
    elif name not in _READERS or shows_few(words):
        given = []
    yield from (word for word in given if is_secret_file(word))


def _substituted(text: str, command: list[Word], substitutions: list[tuple[int, int]]) -> Line | None:
    """``echo $(gh auth token)``."""
    first, last = (bisect_left(substitutions, (at, 0)) for at in (command[0].start, command[-1].end))
    for start, end in substitutions[first:last]:
        if end <= command[-1].end:
            for inner in ShellWords(text, start, end).commands:
                name, *words = plain(text, inner) if inner else ("",)
                secret = printed(name, words)
                if secret:
                    return Line(0, 0, name, secret, is_printed=True)
    return None


def _given(text: str, start: int, end: int) -> Line | None:
    """``cat < .env``."""
    found = _FROM.match(text, start, end)
    return None if found is None or not is_secret_file(found[1]) else Line(0, 0, "cat", found[1], is_file=True)


def _variables(text: str, word: Word, name: str, mark: str) -> Iterator[Line]:
    """The variables in a word that ``echo`` is given: the shell's, and the notebook's where IPython fills them in."""
    # Between single quotes a shell fills nothing in; IPython does, from the notebook's names alone.
    is_literal = text[word.start] == "'"
    for variable in _VARIABLE.finditer(text, word.start, word.end):
        shown = variable[1] or variable[2] or variable[3]
        sure = _sure(shown) if shown.isupper() and not variable[3] and not is_literal else None
        if sure is not None:
            yield Line(0, 0, name, shown, sure)
        elif mark:
            yield Line(0, 0, name, shown, is_python=True)


def _sure(name: str) -> Confidence | None:
    kind = kind_of(name)
    if kind is None:
        return None
    if kind is not NameKind.KEY:
        return Confidence.HIGH
    return Confidence.MEDIUM if name.lower().endswith("key") else None
