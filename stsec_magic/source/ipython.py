"""IPython's own syntax blanked line for line, so that the rest parses and keeps its places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_CELL_MAGIC = re.compile(r"\s*%%(\w[\w.]*|!)([^\n]*)")
# Cell magics whose body is Python that runs in the kernel (IPython's and common extensions').
_PYTHON_BODIED = frozenset(
    "time timeit capture prun px stsec debug memit mprun lprun snakeviz scalene pyinstrument heat cython "
    "cudf.pandas cuml.accel ray wandb no_raise skip ipytest run_pytest mypy python python3 pypy".split()
)
_SHELL = frozenset("bash sh script system sx ! cmd".split())
_LANGUAGES = {"html": "html", "javascript": "javascript", "js": "javascript", "latex": "latex", "svg": "html",
              "markdown": "markdown", "sql": "sql", "bigquery": "sql", "r": "r", "ruby": "ruby", "perl": "perl",
              "julia": "julia", "scala": "scala", "python2": "python2"}  # fmt: skip

# A line magic whose argument is a Python statement.
_STATEMENT = re.compile(r"(\s*)(%(?:time|timeit|prun|memit|lprun|mprun)\b(?:[ \t]+-\w+(?:[ \t]*\d+)?)*[ \t]+)(?=\S)")
_MAGIC_LINE = re.compile(r"(\s*)(?:%|!|\?)[^\n]*")
_ASSIGNED = re.compile(r"(\s*[\w.,\[\]'\" \t]+?=[ \t]*)(?:%(?=\w)|!(?!=))[^\n]*")
_HELP = re.compile(r"(\s*)[%\w.]+(?:\([^()\n]*\))?\?{1,2}\s*")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A cell's source with IPython's syntax resolved.

    Attributes:
        language: What the body is written in.
        python: Python of the same lines and columns; None where the body isn't Python.
    """

    language: str
    # Not shown by repr: it may hold secrets.
    python: str | None = field(repr=False)


def resolve(source: str, language: str = "python") -> Resolved:
    """Resolve one cell.

    Args:
        source: The cell's source.
        language: The notebook's language.

    Returns:
        What the cell is written in and, for Python, text that can be parsed.
    """
    magic = _CELL_MAGIC.match(source)
    if magic is None:
        if language != "python":
            return Resolved(language, None)
        return Resolved("python", source)
    body_start = magic.end()
    spoken = _body_language(magic[1].lower(), magic[2])
    if spoken != "python":
        return Resolved(spoken, None)
    body = _blank(source[:body_start]) + source[body_start:]
    return Resolved("python", body)


def _body_language(magic: str, rest: str) -> str:
    if magic in ("writefile", "file"):
        name = rest.rsplit(maxsplit=1)[-1] if rest.split() else ""
        ending = name.rpartition(".")[2].lower()
        return {"py": "python", "sh": "shell", "env": "shell", "sql": "sql", "html": "html"}.get(ending, "text")
    if magic in _SHELL:
        return "shell"
    # An unknown cell magic mostly runs Python: its body is tried, and read as text if it fails.
    return "python" if magic in _PYTHON_BODIED else _LANGUAGES.get(magic, "python")


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def blank_magics(source: str) -> str | None:
    """The lines that are IPython's alone blanked, for a body that doesn't parse as it is.

    Args:
        source: A cell's Python body.

    Returns:
        Text of the same lines and columns; None where there is nothing to blank.
    """
    if not any(mark in source for mark in "%!?"):
        return None
    lines = source.split("\n")
    out: list[str] = []
    continued = False
    for line in lines:
        if continued:
            continued = line.rstrip().endswith("\\")
            out.append(" " * len(line))
            continue
        plain = _plain(line)
        continued = plain != line and line.rstrip().endswith("\\") and not _STATEMENT.match(line)
        out.append(plain)
    return "\n".join(out)


def _plain(line: str) -> str:
    statement = _STATEMENT.match(line)
    if statement:
        # "if 1:" keeps the statement in its column; five characters fit into any of these magics.
        return statement[1] + "if 1:".ljust(len(statement[2])) + line[statement.end() :]
    assigned = _ASSIGNED.match(line)
    if assigned:
        return assigned[1] + "0".ljust(len(line) - len(assigned[1]))
    for pattern in (_MAGIC_LINE, _HELP):
        magic = pattern.fullmatch(line)
        if magic:
            return magic[1] + "0".ljust(len(line) - len(magic[1]))
    return line
