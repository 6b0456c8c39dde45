"""A cell's IPython syntax made Python: what only a notebook can do becomes a comment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stsec_magic.app import requirements
from stsec_magic.app.commented import commented, standing_in
from stsec_magic.app.magics import IDLE, INSTALLERS, LOOKS, SAME_PROGRAM, SHOWN
from stsec_magic.source.ipython import resolve
from stsec_magic.source.linemagic import statement
from stsec_magic.source.lines import Kind, Line, logical_lines
from stsec_magic.source.prompts import unprompted
from stsec_magic.source.syntax import parse

_CELL_MAGIC = re.compile(r"\s{0,200}+%%(?!\w{1,80}\?)(\S{1,80}+)[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_LINE_MAGIC = re.compile(r"%{1,2}[ \t]{0,40}([^\s?]{1,80})[ \t]{0,40}")
_PAIR = re.compile(r"([A-Za-z_]\w{0,100})(?:[ \t]{0,40}=[ \t]{0,40}|[ \t]{1,40})(\S[^\r\n]{0,4000})")
_EXPANDED = re.compile(r"\{[^{}]{1,200}\}|\$\w")
_DEEPEST = 8


@dataclass(slots=True)
class Plain:
    """A cell as plain Python.

    Attributes:
        text: The Python, which may still not parse.
        is_silent: Whether what it displays was captured, and is shown nowhere.
        notes: What could not be translated.
        installs: Requirements of its ``pip install`` lines.
        modules: Modules that must be imported for it.
    """

    text: str = field(repr=False)
    is_silent: bool = False
    notes: list[str] = field(default_factory=list)
    installs: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)


def plain(source: str) -> Plain:
    """Make a cell plain Python.

    Args:
        source: The cell's source, of a Python notebook.
    """
    made = Plain(source)
    if parse(source) is not None:
        return made  # as it stands, it is Python
    for _ in range(_DEEPEST):
        magic = _CELL_MAGIC.match(made.text)
        if magic is None:
            break
        if not _without_magic(made, magic):
            return made
    if not made.text.lstrip().startswith("%%"):
        _lines(made)
    return made


def _without_magic(made: Plain, magic: re.Match[str]) -> bool:
    """Take a ``%%`` line away; False where nothing is left to be looked at."""
    name, body = magic[1], made.text[magic.end() :]
    if name in SAME_PROGRAM:
        made.is_silent = made.is_silent or name == "capture"
        at = statement(made.text, magic.start(1) - 2, len(magic[0].rstrip()))
        head = made.text[at : magic.end()] if at is not None and name != "timeit" else ""
        made.text = f"{commented(magic[0].lstrip())}{head}{body}"
        return True
    if name in SHOWN and name != "svg":
        made.text = f"{SHOWN[name]}({quoted(body.strip())})\n"
        return False
    packages = requirements.installs(body.replace("\n", ";")) if resolve(made.text).language == "shell" else None
    if packages is not None:
        made.installs += packages
    elif body.strip():
        made.notes.append(_why_dropped(name))
    made.text = commented(made.text)
    return False


def _why_dropped(name: str) -> str:
    if name in ("writefile", "file"):
        return f"%%{name} writes a file that the app doesn't make; put it beside the app if it is needed"
    return f"%%{name} was left out: an app can't run it"


def quoted(text: str) -> str:
    """A text as Python's literal, over several lines where it has them.

    Args:
        text: Any text.
    """
    if "\n" not in text and len(text) < 100:
        return repr(text) if '"' in text or "\\" in text or not text.isprintable() else f'"{text}"'
    if any(not (each.isprintable() or each in "\n\t") for each in text):
        return repr(text)
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped = escaped[:-1] + '\\"'
    return f'"""{escaped}"""'


def _lines(made: Plain) -> None:
    text, cuts = unprompted(made.text)
    if cuts:
        # What stands before the code in a line is no code.
        text = "".join(text[start + cuts.get(start, 0) : end] for start, end in _line_spans(text))
    out: list[str] = []
    last = 0
    for line in logical_lines(text, {}):
        if line.kind is not Kind.PYTHON:
            out += [text[last : line.code], _translated(text, line, made)]
            last = line.end
    made.text = "".join((*out, text[last:]))


def _line_spans(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
    starts = [0, *ends]
    return list(zip(starts, [*ends, len(text)], strict=True))


def _translated(text: str, line: Line, made: Plain) -> str:
    written = text[line.code : line.end]
    indent = text[line.start : line.code]
    if line.kind is Kind.HELP:
        return standing_in(written, indent)
    at = statement(text, line.mark, line.end)
    name = _LINE_MAGIC.match(text, line.mark, line.end)
    repeats = name is not None and name[1] in ("timeit", "memit", "prun", "lprun", "mprun")
    if at is not None and not (repeats and line.kind is Kind.ESCAPE):
        inner = text[at : line.end]
        if parse(inner) is not None:
            return text[line.code : line.mark] + inner
    if line.kind is Kind.ASSIGNED:
        return _assigned(text, line, indent, made)
    return _escaped(text[line.mark : line.end], indent, made)


def _assigned(text: str, line: Line, indent: str, made: Plain) -> str:
    is_command = text[line.mark] == "!"
    target = text[line.code : line.mark].rstrip().removesuffix("=").rstrip()
    what = "a shell command" if is_command else "a magic"
    made.notes.append(f"what {what} gives was left out: {_shown(target)} is empty in the app")
    return standing_in(text[line.code : line.end], indent, f"{target} = {'[]' if is_command else 'None'}")


def _shown(target: str) -> str:
    return target if target.isidentifier() else "its result"


def _escaped(written: str, indent: str, made: Plain) -> str:
    if written.startswith("!"):
        return _command(written, written.lstrip("!"), indent, made)
    name = _LINE_MAGIC.match(written)
    if name is None:
        if written[0] in ",;/":
            made.notes.append("a line with IPython's automatic call was left out")
        return standing_in(written, indent)
    rest = written[name.end() :]
    magic = name[1]
    if magic in INSTALLERS or magic in ("system", "sx", "sh", "bash"):
        return _command(written, f"{magic} {rest}" if magic in INSTALLERS else rest, indent, made)
    if magic in ("env", "set_env") and (pair := _PAIR.fullmatch(rest.strip())) and not _EXPANDED.search(pair[2]):
        made.modules.append("os")
        return f'os.environ["{pair[1]}"] = {quoted(pair[2])}'
    if magic == "pylab":
        return standing_in(written, indent, "from pylab import *")
    if magic not in IDLE | SAME_PROGRAM | {"env"}:
        made.notes.append(f"%{magic} was left out: an app can't run it")
    return standing_in(written, indent)


def _command(written: str, command: str, indent: str, made: Plain) -> str:
    packages = requirements.installs(command)
    if packages is not None:
        made.installs += packages
    elif command.split()[:1] and command.split(maxsplit=1)[0] not in LOOKS:
        made.notes.append("a shell command was left out: an app can't run it")
    return standing_in(written, indent)
