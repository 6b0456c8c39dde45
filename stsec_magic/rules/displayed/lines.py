"""Lines of a shell and magics that show secrets: ``!env``, ``!cat .env``, ``%env OPENAI_API_KEY``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from stsec_magic.model.levels import Confidence
from stsec_magic.rules.secret_names import NameKind, kind_of
from stsec_magic.source.lines import Kind, logical_lines
from stsec_magic.source.program import CodeCell
from stsec_magic.source.prompts import unprompted
from stsec_magic.source.tokens.shellwords import ShellWords, Word

KEYWORDS = (".env", "secrets.toml", ".netrc", ".pgpass", ".git-credentials", ".aws/credentials", "kaggle.json")
"""Names of files that hold nothing but secrets."""

CODE_WORDS = ("env", "set_env", "printenv", "export", "declare", "echo", "printf", "set")
"""Commands and magics that show variables."""

FOLLOWED_BY = {".env": re.compile(rb"(?![a-z])"), "set": re.compile(rb"[ \t]{0,20}(?:[\r\n\0|;]|\Z)")}
"""What may follow where these are meant and no other word of Python."""

_SECRET_FILE = re.compile(
    r"(?:.{0,400}[\\/])?(?:\.env(?:\.(?!example|sample|template|dist|default|schema)[\w.\-]{1,40})?|secrets\.toml"
    r"|\.netrc|\.pgpass|\.git-credentials|\.aws[\\/]credentials|kaggle\.json)"
)
_MAY_SHOW = re.compile(r"^[ \t]{0,80}[%!]|[=:][ \t]{0,20}[%!]", re.MULTILINE)
_MAGIC = re.compile(r"%[ \t]{0,20}(\w{1,20})(?:[ \t]{1,20}([^\r\n]{0,400}))?")
_SET = re.compile(r"(\w{1,80})[ \t]{0,20}(?:=|[ \t])[ \t]{0,20}(\S.{0,200})")
_GOES_ON = re.compile(r"^[ \t]{0,200}[^\s#]", re.MULTILINE)
_VARIABLE = re.compile(
    r"(?<![\\$])\$(?:([A-Za-z_]\w{0,80})|\{([A-Za-z_]\w{0,80})\})|(?<![\w${])\{([A-Za-z_]\w{0,80})\}(?!\})"
)
_REDIRECTED = re.compile(r"(?<![2&])(?<!2>)[>](?!&)")

_EVERYTHING = {
    "env": frozenset(("-0", "-v")),
    "printenv": frozenset(("-0",)),
    "set": frozenset(),
    "export": frozenset(("-p",)),
    "declare": frozenset(("-p", "-x", "-xp", "-px")),
}
"""Commands that show all variables, and the options that don't change that."""

_READERS = frozenset("cat head tail less more bat type nl strings tac".split())
_PASSING = frozenset("sort less more head tail cat tee column nl uniq tac strings tr".split())
_FILTERS = frozenset("grep egrep fgrep rg ack findstr".split())
_LONGEST_PIPE = 12
_SPEAKING = frozenset("api aws openai azure anthropic key secret token pass password pwd auth cred".split())
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
    """

    start: int
    end: int
    label: str
    name: str = ""
    confidence: Confidence = Confidence.HIGH
    is_file: bool = False
    is_python: bool = False
    is_set: bool = False


def is_secret_file(path: str) -> bool:
    """Whether a path is one of a file that holds nothing but secrets; ``.env.example`` holds none.

    Args:
        path: As written.
    """
    return _SECRET_FILE.fullmatch(path) is not None


def lines(cell: CodeCell) -> Iterator[Line]:
    """Find what the lines of a cell show that no syntax tree speaks for.

    Args:
        cell: The cell.
    """
    text = cell.fragment.text
    if cell.language in ("shell", "bash", "sh"):
        if not any(each.kind == "write" for each in cell.resolved.references) and "--out" not in text[:200]:
            yield from _shell(text, 0, len(text), "")
        return
    if not cell.is_python or not _MAY_SHOW.search(text):
        return
    for stretch in cell.resolved.stretches:
        before = text[text.rfind("\n", 0, stretch.start) + 1 : stretch.start].lstrip()
        # "x = !env" shows nothing.
        if stretch.language == "shell" and before[:1] in ("!", "%"):
            yield from _shell(text, stretch.start, stretch.end, "!")
    yield from _magics(cell.resolved.python or "")


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
    commands = [_called(text, command) for command in ShellWords(text, start, end).commands if command]
    for i, command in enumerate(commands):
        name = _plain(text, command[0])
        where = command[0].start, command[-1].end
        found = next(_command(text, command, mark), None)
        if found is not None and _is_shown(text, commands, i, end):
            yield replace(found, start=where[0], end=where[1], label=f"{mark}{name}")


def _called(text: str, command: list[Word]) -> list[Word]:
    return command[1:] if len(command) > 1 and _plain(text, command[0]) == "sudo" else command


def _command(text: str, command: list[Word], mark: str) -> Iterator[Line]:
    """What a command shows; where it does is for the caller to say."""
    name, *words = [_plain(text, word) for word in command]
    if name in _EVERYTHING and all(word in _EVERYTHING[name] for word in words):
        yield Line(0, 0, name)
    elif name == "printenv":
        yield from (Line(0, 0, name, word, sure) for word in words if (sure := _sure(word)) is not None)
    elif name in _READERS:
        yield from (Line(0, 0, name, word, is_file=True) for word in words if is_secret_file(word))
    elif name in ("echo", "printf"):
        for word in command[1:]:
            yield from _variables(text, word, name, mark)


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


def _is_shown(text: str, commands: list[list[Word]], i: int, end: int) -> bool:
    """Whether what a command prints reaches the output: it goes into no file and through no filter."""
    for _ in range(_LONGEST_PIPE):
        command = commands[i]
        following = commands[i + 1][0].start if i + 1 < len(commands) else end
        gaps = [text[a.end : b.start] for a, b in pairwise(command)]
        behind = text[command[-1].end : following].partition("\n")[0]
        if any(_REDIRECTED.search(gap) for gap in (*gaps, behind)):
            return False
        if "|" not in behind.replace("||", ""):
            return True
        i += 1
        if i == len(commands):
            return True
        name = text[commands[i][0].start : commands[i][0].end]
        if name in _FILTERS:
            return _lets_secrets_through([_plain(text, word) for word in commands[i][1:]])
        if name not in _PASSING:
            return False
    return False


def _lets_secrets_through(words: list[str]) -> bool:
    """Whether a pattern to be filtered by asks for secrets, or only leaves something else out."""
    options = {letter for word in words if word.startswith("-") for letter in word.strip("-")}
    if options & set("cqlL"):
        return False
    patterns = next((word for word in words if not word.startswith("-")), "")
    is_secret = any(part.lower().strip("_^.*") in _SPEAKING or kind_of(part) for part in re.split(r"\\?\|", patterns))
    return is_secret != ("v" in options)


def _plain(text: str, word: Word) -> str:
    if word.quoted is not None:
        return text[word.quoted[0] : word.quoted[1]]
    return text[word.start : word.end]


def _sure(name: str) -> Confidence | None:
    kind = kind_of(name)
    if kind is None:
        return None
    if kind is not NameKind.KEY:
        return Confidence.HIGH
    return Confidence.MEDIUM if name.lower().endswith("key") else None
