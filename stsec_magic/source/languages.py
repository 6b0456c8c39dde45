"""Which language something is in, by the name of the magic, the program or the file that it is for."""

from __future__ import annotations

import re

# What is written below %%name, or behind %name. Names are Pygments' where it has one.
LANGUAGES = {
    "html": "html", "svg": "html", "javascript": "javascript", "js": "javascript", "d3": "javascript",
    "node": "javascript", "typescript": "typescript", "ts": "typescript", "css": "css", "latex": "latex",
    "tikz": "latex", "markdown": "markdown", "md": "markdown", "sql": "sql", "bigquery": "sql", "bq": "sql",
    "sqlite": "sql", "duckdb": "sql", "dql": "sql", "sparksql": "sql", "sparql": "sparql", "cypher": "cypher",
    "r": "r", "sparkr": "r", "julia": "julia", "ruby": "ruby", "perl": "perl", "scala": "scala", "octave": "octave",
    "matlab": "matlab", "fortran": "fortran", "python2": "python2", "pypy2": "python2", "configure": "json",
    "configuration": "json", "json": "json", "yaml": "yaml", "toml": "toml", "xml": "xml", "dot": "graphviz",
    "cpp": "cpp", "cu": "cuda", "cuda": "cuda", "rust": "rust", "java": "java", "kotlin": "kotlin",
    "csharp": "csharp", "powershell": "powershell", "pwsh": "powershell", "mermaid": "text", "text": "text",
}  # fmt: skip
_SHELL = frozenset("bash sh zsh ksh fish sx system ! cmd fs".split())
# Python in a process of its own, in whatever kernel.
_PYTHON = frozenset("python python3 pypy pypy3 local pyspark cython".split())
_INTERPRETERS = {
    "python": "python", "pypy": "python", "rscript": "r", "r": "r", "perl": "perl", "ruby": "ruby",
    "node": "javascript", "nodejs": "javascript", "julia": "julia", "pwsh": "powershell", "powershell": "powershell",
    "psql": "sql", "sqlite": "sql", "mysql": "sql", "duckdb": "sql", "lua": "lua", "octave": "octave", "php": "php",
    "bash": "shell", "sh": "shell", "zsh": "shell", "ksh": "shell", "dash": "shell", "fish": "shell",
    "ssh": "shell", "cmd": "batch",
}  # fmt: skip
_ENDINGS = {
    "py": "python", "pyi": "python", "pyw": "python", "pyx": "cython", "pxd": "cython", "sh": "shell", "bash": "shell",
    "zsh": "shell", "env": "dotenv", "sql": "sql", "html": "html", "htm": "html", "svg": "html", "xml": "xml",
    "js": "javascript", "mjs": "javascript", "ts": "typescript", "css": "css", "json": "json", "ipynb": "json",
    "yaml": "yaml", "yml": "yaml", "toml": "toml", "ini": "ini", "cfg": "ini", "conf": "ini",
    "properties": "properties", "r": "r", "scala": "scala", "jl": "julia", "rb": "ruby", "pl": "perl",
    "java": "java", "kt": "kotlin", "go": "go", "rs": "rust", "c": "c", "h": "c", "cc": "cpp", "cpp": "cpp",
    "hpp": "cpp", "cu": "cuda",
    "md": "markdown",
    "tex": "latex", "tf": "terraform", "bat": "batch", "cmd": "batch", "ps1": "powershell", "lua": "lua",
    "dockerfile": "docker", "mk": "make", "php": "php", "proto": "protobuf", "graphql": "graphql",
}  # fmt: skip
_FILE_NAMES = {
    "dockerfile": "docker", "makefile": "make", "pipfile": "toml", ".bashrc": "shell", ".bash_profile": "shell",
    ".profile": "shell", ".zshrc": "shell", ".netrc": "text", ".npmrc": "ini", ".pypirc": "ini", ".gitconfig": "ini",
    ".condarc": "yaml",
}  # fmt: skip
_VALUED = frozenset("--out --err --proc --dir".split())

_WORD = re.compile(r"\s*+(?:\"([^\"\r\n]*+)\"|'([^'\r\n]*+)'|(\S++))")


def word(text: str, start: int, end: int) -> tuple[str, int] | None:
    """The next word of a command line, without its quotes.

    Args:
        text: A cell's text.
        start: Where to look.
        end: Where the line ends.

    Returns:
        The word and its offset; None where there is none.
    """
    match = _WORD.match(text, start, end)
    if match is None or match.lastindex is None:
        return None
    return match[match.lastindex], match.start(match.lastindex)


def magic_language(name: str, arguments: str, kernel: str) -> str:
    """In which language the body of a cell magic is.

    Args:
        name: The magic's name.
        arguments: The rest of its line.
        kernel: The language of the notebook.

    Returns:
        A language; the kernel's for a magic of unknown effect, as most run what stands below them.
    """
    magic = name.lower()
    if magic == "script":
        return _script_language(arguments)
    if magic in _SHELL or magic.startswith("!"):
        return "shell"
    return "python" if magic in _PYTHON else LANGUAGES.get(magic, kernel)


def file_language(path: str) -> str:
    """What a file is written in, by its name.

    Args:
        path: A path as written.

    Returns:
        A language; "text" where the name says nothing.
    """
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    if name.startswith(".env"):
        return "dotenv"
    stem, dot, ending = name.rpartition(".")
    return _FILE_NAMES.get(name) or _FILE_NAMES.get(stem) or _ENDINGS.get(ending if dot else "", "text")


def _script_language(arguments: str) -> str:
    skip = False
    for argument in arguments.split():
        program = argument.rpartition("/")[2].lower()
        if skip or argument.startswith("-") or "=" in argument or program == "env":
            skip = argument in _VALUED
            continue
        if program.startswith("python2"):
            return "python2"
        # "python3.11", "sqlite3"; a program such as "false" or "echo" is a way to switch a cell off.
        return _INTERPRETERS.get(program.rstrip("0123456789."), "text")
    return "text"
