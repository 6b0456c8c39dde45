"""Pygments' tokens of a cell in any language, within bounds of time and size."""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

_LONGEST = 200_000
"""A longer cell is data: it is left to those who read characters."""
_LONGEST_RUN = 256
# Many lexers take quadratic time on some text. A common one needs about a microsecond a character.
_SECONDS = 0.1
_SECONDS_A_CHARACTER = 12e-6
_CHECKED_EVERY = 8

# Inside of so long a word, gap or rule nothing is learned, and some patterns backtrack through all of it.
_RUN = re.compile(
    rf"(?<!\w)\w{{{_LONGEST_RUN},}}|(?<!\s)\s{{{_LONGEST_RUN},}}|([^\w\s])\1{{{_LONGEST_RUN},}}"
)

# What kernels call their languages, where Pygments calls them otherwise.
_KERNELS = {
    "ir": "r", "xr": "r", "ark": "r", "rmarkdown": "r", "ijulia": "julia", "spylon": "scala", "spylon-kernel": "scala",
    "almond": "scala", "toree": "scala", "spark": "scala", "sparkkernel": "scala", "xcpp": "cpp", "cling": "cpp",
    "cuda": "cpp", "ijavascript": "javascript", "node": "javascript", "nodejs": "javascript", "deno": "typescript",
    "tslab": "typescript", "xtypescript": "typescript", "gophernotes": "go", "gonb": "go", "golang": "go",
    "evcxr": "rust", "sos": "python", "pyspark": "python", "sagemath": "python", "xpython": "python",
    "ipython": "python", "ipython2": "python2", "xsql": "sql", "xsqlite": "sql", "sparksql": "sql", "spark-sql": "sql",
    "bigquery": "sql", "snowflake": "sql", "duckdb": "sql", "tsql": "tsql", "mssql": "tsql", "pgsql": "postgresql",
    "redshift": "postgresql", "ioctave": "octave", "imatlab": "matlab", "xeus-octave": "octave", "iruby": "ruby",
    "iperl": "perl", "ihaskell": "haskell", "ijava": "java", "jjava": "java", "rapaio": "java", "igroovy": "groovy",
    ".net": "csharp", "dotnet": "csharp", ".net-csharp": "csharp", "polyglot-notebook": "csharp",
    ".net-fsharp": "fsharp", ".net-powershell": "powershell", "pwsh": "powershell", "dockerfile": "docker",
    "env": "dotenv", "sh": "bash", "cmd": "batch", "calysto_bash": "bash", "ilua": "lua", "xlua": "lua", "wolfram": "mathematica",
    "wolfram language": "mathematica", "ocaml-jupyter": "ocaml", "iocaml": "ocaml", "clojupyter": "clojure",
    "saspy": "sas", "pystata": "stata", "nushell": "bash", "elisp": "emacs-lisp", "yml": "yaml", "jsonc": "json",
    "jsonl": "json", "ndjson": "json", "cfg": "ini", "conf": "ini", "terraform": "terraform", "hcl": "terraform",
}  # fmt: skip
# In prose and markup a value is named by the words around it, not by tokens.
_PROSE = frozenset(
    "text plain plaintext raw output markdown md rst restructuredtext html xhtml xml svg latex tex css console "
    "shell-session pycon ipython-console none".split()
)
_VERSION = re.compile(r"[\s\-_]{0,3}v?\d[\d.\-]{0,12}\Z")


class Lexeme(NamedTuple):
    """A token of a lexer and where it stands.

    Attributes:
        type: Pygments' type of it.
        text: Its characters, without the middle of very long runs.
        start: Offset of its first character.
        end: Offset just past its last.
    """

    type: _TokenType
    text: str
    start: int
    end: int

    def __repr__(self) -> str:
        """The type and the place alone: the text may be a secret."""
        return f"Lexeme({self.type}, {self.start}, {self.end})"


@lru_cache(maxsize=256)
def alias_of(language: str) -> str | None:
    """What Pygments calls a language.

    Args:
        language: As a kernel, a magic or a file's ending calls it: ``ir``, ``julia-1.10``, ``c++17``.

    Returns:
        A lexer's alias, or ``dotenv``, for which there is none; None for prose and for what nobody knows.
    """
    name = language.strip().lower()[:60]
    short = _VERSION.sub("", name)
    for one in (name, short, re.split(r"[\s\-_(]", short.removeprefix("xeus-"))[0], short.rpartition(" ")[2]):
        if one in _PROSE:
            return None
        alias = _KERNELS.get(one, one)
        if alias == "dotenv" or alias in _lexers():
            return alias
    return None


@lru_cache(maxsize=1)
def _lexers() -> dict[str, tuple[str, str]]:
    """Module and class by alias: without loading lexers and without looking for installed plugins."""
    from pygments.lexers._mapping import LEXERS

    return {alias: (row[0], name) for name, row in LEXERS.items() for alias in row[2]}


@lru_cache(maxsize=64)
def lexer_for(language: str) -> Lexer | None:
    """The lexer of a language; only its own module is loaded.

    Args:
        language: As a kernel, a magic or a file's ending calls it.

    Returns:
        The lexer; None for prose and for languages that Pygments doesn't know.
    """
    alias = alias_of(language)
    if alias is None or alias == "dotenv":
        return None
    module, name = _lexers()[alias]
    try:
        lexer: Lexer = getattr(import_module(module), name)()
    except Exception:  # Another version's mapping, a lexer that needs what isn't there.
        return None
    return lexer


def lexemes(text: str, language: str) -> list[Lexeme] | None:
    """Split a text into its language's tokens.

    Args:
        text: Source of one cell.
        language: What it is written in.

    Returns:
        The tokens in order; None where no lexer exists, the text is too long, or the lexer fails
        or takes far longer than any honest text does.
    """
    if len(text) > _LONGEST:
        return None
    lexer = lexer_for(language)
    if lexer is None:
        return None
    cut = _Cut(text)
    found: list[Lexeme] = []
    deadline = time.thread_time() + _SECONDS + _SECONDS_A_CHARACTER * len(text)
    try:
        for lexeme in _mapped(lexer, cut):
            found.append(lexeme)
            if len(found) % _CHECKED_EVERY == 0 and time.thread_time() > deadline:
                return None
    except Exception:  # A lexer's error on text it wasn't made for says nothing about the text.
        return None
    return found


def _mapped(lexer: Lexer, cut: _Cut) -> Iterator[Lexeme]:
    # get_tokens would strip the text and change its line ends.
    for offset, kind, value in lexer.get_tokens_unprocessed(cut.text):
        yield Lexeme(kind, value, cut.original(offset), cut.original(offset + len(value)))


class _Cut:
    """A text whose very long runs of a kind are shortened, with the way back."""

    def __init__(self, text: str) -> None:
        parts: list[str] = []
        self._places: list[int] = []
        self._taken: list[int] = [0]
        done = length = 0
        for run in _RUN.finditer(text):
            half = _LONGEST_RUN // 2
            kept = text[done : run.start() + half]
            parts.append(kept)
            length += len(kept)
            done = run.end() - half
            self._places.append(length)
            self._taken.append(done - length)
        parts.append(text[done:])
        self.text = "".join(parts)

    def original(self, offset: int) -> int:
        return offset + self._taken[bisect_right(self._places, offset)] if self._places else offset
