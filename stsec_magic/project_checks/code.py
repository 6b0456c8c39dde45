"""The notebooks and scripts of a tree, as far as they ask for keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from stsec_magic.keys_read.asked import KeysRead, Need
from stsec_magic.keys_read.read import keys_of
from stsec_magic.project_checks.named import Named
from stsec_magic.project_checks.tree import File
from stsec_magic.regular import bytes_of
from stsec_magic.rules.secret_names import NameKind, kind_of

_LARGEST = 1 << 26
_ASKS = (b"environ", b"getenv")
_NAME = re.compile(
    rb"\w{6,7}(?P<method>\.[a-z]{3,10})?[ \t]{0,4}[\[(][ \t]{0,4}\\?[\"'](?P<name>[A-Za-z_]\w{0,80})"
    rb"(?P<put>\\?[\"']\][ \t]{0,4}=(?!=))?"
)
_MAGIC = re.compile(rb"%(?:set_)?env[ \t]{1,20}([A-Za-z_]\w{0,80})[ \t=]")
_DOTENV = re.compile(rb"(?:load_dotenv[ \t]{0,4}\(|%dotenv)([^)\n]{0,200})")

# What a platform sets by itself, or a library finds in files of its own.
_WELL_KNOWN = frozenset(
    "GITHUB_TOKEN CI_JOB_TOKEN JUPYTERHUB_API_TOKEN JUPYTER_TOKEN AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN "
    "KAGGLE_KEY KAGGLE_USER_SECRETS_TOKEN HF_TOKEN HUGGING_FACE_HUB_TOKEN HUGGINGFACE_HUB_TOKEN DATABRICKS_TOKEN "
    "WANDB_API_KEY SSH_AUTH_SOCK".split()
)


def is_wanted(name: str) -> bool:
    """Whether an environment variable's name says that the project has to set it, as a secret.

    Args:
        name: The name.
    """
    kind = kind_of(name)
    if name in _WELL_KNOWN or kind is None:
        return False
    return kind is not NameKind.KEY or name.upper().endswith("KEY")


@dataclass(slots=True)
class Code:
    """What the code of a project asks for.

    Attributes:
        reads: The files that ask for keys, with what they ask for.
        put: Variables that the code itself sets.
        dotenv: What it loads .env files from, where it says so.
        puts_any: Whether it sets variables that nobody can tell.
    """

    reads: list[tuple[File, KeysRead]] = field(default_factory=list)
    put: set[str] = field(default_factory=set)
    dotenv: set[str] = field(default_factory=set)
    puts_any: bool = False


def read_code(files: Sequence[File], named: Named) -> Code:
    """Read the code that asks for keys.

    No file is parsed for a variable that is named or set anyway, or is known to be missing from another file.

    Args:
        files: Notebooks and scripts.
        named: What the project names.
    """
    found = Code()
    with_environment = named.has_env or named.has_toml
    rows: list[tuple[File, bool, set[str]]] = []
    for file in files:
        data = _content(file)
        asked = _environment(data, named, found) if with_environment else set()
        is_streamlit = b"secrets" in data and b"streamlit" in data
        if asked or is_streamlit:
            rows.append((file, is_streamlit, asked))
    missing: set[str] = set()
    for file, is_streamlit, asked in rows:
        if is_streamlit or (not found.puts_any and asked - found.put - missing):
            keys = keys_of(file.shown)
            if keys is not None:
                found.reads.append((file, keys))
                found.put |= keys.put
                found.puts_any |= keys.puts_any
                missing |= {read.key[0] for read in keys.reads if read.need is Need.ERROR}
    return found


def _environment(data: bytes, named: Named, found: Code) -> set[str]:
    """The secret-like variables that are read and that no file names, told by the text; notes those that are set."""
    asked: set[str] = set()
    for word in _ASKS:
        at = data.find(word)
        while at >= 0:
            match = _NAME.match(data, at)
            name = match["name"].decode("ascii", "replace") if match else ""
            if match and (match["put"] is not None or match["method"] == b".setdefault"):
                found.put.add(name)
            elif name and not named.has((name,)) and is_wanted(name):
                asked.add(name)
            at = data.find(word, at + len(word))
    found.puts_any |= b"environ.update(" in data
    if b"%" in data and b"env" in data:
        found.put |= {name.decode("ascii", "replace") for name in _MAGIC.findall(data)}
    if b"dotenv" in data:
        found.dotenv |= {match[1].decode("utf-8", "replace") for match in _DOTENV.finditer(data)}
    return asked


def _content(file: File) -> bytes:
    try:
        return bytes_of(str(file.path), _LARGEST) or b""
    except (OSError, ValueError):
        return b""  # it has its problem already, or is no code


def texts_of(files: Iterable[File]) -> Iterator[bytes]:
    """What files hold, in lower case.

    Args:
        files: Files; of those that can't be read, nothing.
    """
    for file in files:
        yield _content(file).lower()
