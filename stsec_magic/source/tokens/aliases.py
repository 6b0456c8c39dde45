"""What Pygments calls the language that a kernel, a magic or a file's ending names."""

from __future__ import annotations

import re
from functools import lru_cache

from stsec_magic.source.languages import LANGUAGES

# What kernels call their languages, where Pygments calls them otherwise.
_KERNELS = {
    "ir": "r", "xr": "r", "ark": "r", "rmarkdown": "r", "ijulia": "julia", "spylon": "scala", "spylon-kernel": "scala",
    "almond": "scala", "toree": "scala", "spark": "scala", "sparkkernel": "scala", "xcpp": "cpp", "cling": "cpp",
    "cuda": "cpp", "ijavascript": "javascript", "nodejs": "javascript", "deno": "typescript",
    "tslab": "typescript", "xtypescript": "typescript", "gophernotes": "go", "gonb": "go", "golang": "go",
    "evcxr": "rust", "sos": "python", "pyspark": "python", "sagemath": "python", "xpython": "python",
    "ipython": "python", "ipython2": "python2", "xsql": "sql", "xsqlite": "sql", "spark-sql": "sql",
    "snowflake": "sql", "tsql": "tsql", "mssql": "tsql", "pgsql": "postgresql",
    "redshift": "postgresql", "ioctave": "octave", "imatlab": "matlab", "xeus-octave": "octave", "iruby": "ruby",
    "iperl": "perl", "ihaskell": "haskell", "ijava": "java", "jjava": "java", "rapaio": "java", "igroovy": "groovy",
    ".net": "csharp", "dotnet": "csharp", ".net-csharp": "csharp", "polyglot-notebook": "csharp",
    ".net-fsharp": "fsharp", ".net-powershell": "powershell", "dockerfile": "docker",
    "env": "dotenv", "sh": "bash", "cmd": "batch", "calysto_bash": "bash", "ilua": "lua", "xlua": "lua",
    "wolfram": "mathematica", "wolfram language": "mathematica", "ocaml-jupyter": "ocaml", "iocaml": "ocaml",
    "clojupyter": "clojure",
    "saspy": "sas", "pystata": "stata", "nushell": "bash", "elisp": "emacs-lisp", "yml": "yaml", "jsonc": "json",
    "jsonl": "json", "ndjson": "json", "cfg": "ini", "conf": "ini", "splus": "r",
}  # fmt: skip
# In prose and markup a value is named by the words around it, not by tokens.
_PROSE = frozenset(
    "text plain plaintext raw output markdown md rst restructuredtext html xhtml xml svg latex tex css console "
    "shell-session pycon ipython-console none".split()
)
_VERSION = re.compile(r"[\s\-_]{0,3}v?\d[\d.\-]{0,12}\Z")


@lru_cache(maxsize=256)
def alias_of(language: str) -> str | None:
    """What Pygments calls a language.

    Args:
        language: As a kernel, a magic or a file's ending calls it: ``ir``, ``julia-1.10``, ``c++17``.

    Returns:
        The first of the lexer's aliases, or ``dotenv``, for which there is no lexer; None for prose
        and for what nobody knows.
    """
    name = language.strip().lower()[:60]
    short = _VERSION.sub("", name)
    for one in (name, short, short.rpartition(" ")[2], re.split(r"[\s\-_(]", short.removeprefix("xeus-"))[0]):
        if one in _PROSE:
            return None
        alias = _KERNELS.get(one) or LANGUAGES.get(one, one)
        if alias == "dotenv":
            return alias
        if alias in lexers():
            first = lexers()[alias][2]
            return _KERNELS.get(first, first)
    return None


@lru_cache(maxsize=1)
def lexers() -> dict[str, tuple[str, str, str]]:
    """Module, class and first alias by alias: without loading lexers and without looking for installed plugins."""
    from pygments.lexers._mapping import LEXERS

    return {alias: (row[0], name, row[2][0]) for name, row in LEXERS.items() for alias in row[2]}
