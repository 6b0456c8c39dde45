"""Which files keep secrets, told by their names, and whether they do, told by what they hold."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from stsec_magic.project.secret_files import shown
from stsec_magic.project_checks.tree import STREAMLIT, File, Tree, resolved
from stsec_magic.rules import plausible
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.secret_names import NameKind, kind_of
from stsec_magic.source.tokens.dotenv import DotEnv

_TESTS = frozenset("test tests testing testdata test_data fixtures fixture".split())
_EXAMPLES = frozenset("example examples sample template tmpl tpl dist defaults schema".split())
_LARGEST = 1 << 20
_LARGEST_JSON = 1 << 14
_LARGEST_STORE = 1 << 24
_DEEPEST = 12
_LOST = "whether it holds secrets is not known"
_LOST_VALUES = "its values were not looked for in the notebooks"

_PEM = re.compile(rb"-----BEGIN (?:[A-Z0-9]{1,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----\s{0,4}([^-]{60})")
_ENCRYPTED = (b"ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED")
_JKS, _DER = b"\xfe\xed\xfe\xed", b"\x30\x82"
_URL_PASSWORD = re.compile(r"[A-Za-z][\w+.\-]{1,40}://[^\s/@:]{0,100}:([^\s/@]{1,400})@")
_NETRC = re.compile(r"\bpassword\s{1,20}(\S{1,400})")
_PGPASS = re.compile(r"^[^#:\n]{1,200}:[^:\n]{1,20}:[^:\n]{1,100}:[^:\n]{1,100}:([^\n]{1,400})$", re.MULTILINE)
_AWS = re.compile(r"^[ \t]{0,20}aws_secret_access_key[ \t]{0,20}=[ \t]{0,20}(\S{1,400})", re.MULTILINE)
_BY_PATTERN = {".netrc": _NETRC, "_netrc": _NETRC, ".pgpass": _PGPASS, "pgpass.conf": _PGPASS}
_HEX = re.compile(r"[0-9a-fA-F]{1,400}")
_SHORTEST_UNNAMED = 20
_KEYS = frozenset("id_rsa id_dsa id_ecdsa id_ed25519".split())


class Holds(Enum):
    """What stands in a file of secrets.

    Attributes:
        SECRETS: Values that open something.
        LOCKED: A key that a passphrase locks.
        PLAIN: Values, none of which looks like a secret.
        NOTHING: Placeholders, or nothing.
        UNKNOWN: It can't be read.
    """

    SECRETS = 4
    LOCKED = 3
    UNKNOWN = 2
    PLAIN = 1
    NOTHING = 0


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file that keeps secrets.

    Attributes:
        file: The file.
        kind: What it is, in a few words.
        holds: What stands in it.
        values: The secrets and what looks like one, for the mask.
    """

    file: File
    kind: str
    holds: Holds
    values: tuple[str, ...] = field(default=(), repr=False)


def is_streamlit(file: File) -> bool:
    """Whether a file is Streamlit's ``secrets.toml``."""
    return file.path.name == "secrets.toml" and file.path.parent.name == STREAMLIT


def is_env(file: File) -> bool:
    """Whether a file is a ``.env`` file, and no example of one."""
    name = file.path.name.lower()
    return (name == ".env" or name.startswith(".env.")) and not is_example(name)


def is_example(name: str) -> bool:
    """Whether a file's name says that it shows which values are wanted, and holds none."""
    return not _EXAMPLES.isdisjoint(re.split(r"[._-]", name.lower()))


def is_for_tests(file: File) -> bool:
    """Whether a file lies among tests, or is one."""
    path = Path(file.shown)
    is_test = path.name.startswith("test_") or path.name == "conftest.py"
    return is_test or not _TESTS.isdisjoint(part.lower() for part in path.parent.parts)


def secret_file(file: File, tree: Tree) -> SecretFile | None:
    """Look at a file.

    Args:
        file: The file.
        tree: Gets a problem where it can't be read.

    Returns:
        None where neither its name nor what it holds is that of a file of secrets.
    """
    name = file.path.name.lower()
    if is_streamlit(file):
        return _settings(file, tree, "Streamlit's secrets")
    if is_env(file):
        return _settings(file, tree, "an .env file")
    if name.endswith((".pem", ".key")) or name in _KEYS:
        return _private_key(file, tree)
    if name.endswith((".p12", ".pfx", ".jks", ".keystore")):
        return _key_store(file, tree)
    if name.endswith(".json"):
        return _json(file, tree)
    pattern = _AWS if name == "credentials" and file.path.parent.name == ".aws" else _BY_PATTERN.get(name)
    return None if pattern is None else _by_pattern(file, tree, pattern)


def _settings(file: File, tree: Tree, kind: str) -> SecretFile:
    # As the notebooks beside it name the same problem: then it is one line of the report.
    alike = replace(file, shown=shown(str(resolved(str(file.path.parent)) / file.path.name)))
    data = tree.content(alike, _LARGEST, _LOST_VALUES)
    if data is None:
        return SecretFile(file, kind, Holds.UNKNOWN)
    try:
        rows = [*pairs_of(file, data.decode("utf-8-sig"))]
    except (ValueError, RecursionError) as error:
        # A parser's message may quote the file: its kind is all that leaves.
        tree.unread(alike, type(error).__name__, _LOST_VALUES)
        return SecretFile(file, kind, Holds.UNKNOWN)
    secrets = [value for name, value in rows if is_secret(name, value)]
    plain = any(not plausible.is_placeholder(value) for _, value in rows)
    holds = Holds.SECRETS if secrets else Holds.PLAIN if plain else Holds.NOTHING
    # Of the mask nobody needs to be so sure.
    return SecretFile(file, kind, holds, (*secrets, *(value for _, value in rows if plausible.is_token(value))))


def pairs_of(file: File, text: str) -> Iterator[tuple[str, str]]:
    """The texts in a ``secrets.toml`` or an ``.env`` file, with their names.

    Args:
        file: The file.
        text: What it holds.

    Yields:
        Dotted names and values.

    Raises:
        ValueError: It is no TOML.
        RecursionError: It is nested too deeply.
    """
    if file.path.name.endswith(".toml"):
        yield from _leaves(tomllib.loads(text), "", 0)
    else:
        yield from ((pair.name, pair.value) for pair in DotEnv(text).values)


def _leaves(table: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(table, str):
        yield name, table
    elif isinstance(table, Mapping) and depth < _DEEPEST:
        for key, value in table.items():
            yield from _leaves(value, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(table, list) and depth < _DEEPEST:
        for value in table:
            yield from _leaves(value, name, depth + 1)


def is_secret(name: str, value: str) -> bool:
    """Whether a value in a file of secrets is one.

    Args:
        name: Its name, the tables' names before it.
        value: The value.
    """
    if not value or plausible.is_public(value) or plausible.is_placeholder(value):
        return False
    login = _URL_PASSWORD.match(value)
    if login is not None:
        return not plausible.is_template(login[1]) and plausible.is_password(login[1])
    kinds = {kind_of(name), kind_of(name.rpartition(".")[2])}
    if NameKind.PASSWORD in kinds:
        return plausible.is_password(value)
    if NameKind.SECRET in kinds:
        return len(value) >= 8 and not plausible.is_reference(value)
    # Under any other name only what nobody types: no image's tag, no hash of a commit.
    is_made = is_random(value, _SHORTEST_UNNAMED) and _HEX.fullmatch(value) is None
    return is_made and plausible.is_token(value) and not plausible.is_uuid(value)


def _private_key(file: File, tree: Tree) -> SecretFile | None:
    data = tree.content(file, _LARGEST, _LOST) if _size(file) <= _LARGEST else None
    match = _PEM.search(data or b"")
    if data is None or match is None or len(set(match[1])) < 8:
        return None  # a certificate, a presentation
    holds = Holds.LOCKED if any(mark in data for mark in _ENCRYPTED) else Holds.SECRETS
    return SecretFile(file, "a private key", holds)


def _key_store(file: File, tree: Tree) -> SecretFile | None:
    data = tree.content(file, _LARGEST_STORE, _LOST)
    if data is None or not data.startswith((_JKS, _DER)):
        return None
    return SecretFile(file, "a store of keys", Holds.LOCKED)


def _json(file: File, tree: Tree) -> SecretFile | None:
    """A key of a service account, or of Kaggle; most JSON files are neither."""
    is_kaggle = file.path.name.lower() == "kaggle.json"
    if _size(file) > _LARGEST_JSON:
        return None
    data = tree.content(file, _LARGEST_JSON, _LOST) or b""
    if not is_kaggle and not (b"service_account" in data and b"private_key" in data):
        return None
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    if given.get("type") == "service_account":
        key = str(given.get("private_key", ""))
        match = _PEM.search(key.encode("utf-8", "replace"))
        return SecretFile(file, "a key of a service account", Holds.SECRETS, (key,)) if match else None
    key = str(given.get("key", ""))
    is_real = is_kaggle and "username" in given and len(key) >= 20 and not plausible.is_placeholder(key)
    return SecretFile(file, "a key for Kaggle", Holds.SECRETS, (key,)) if is_real else None


def _by_pattern(file: File, tree: Tree, pattern: re.Pattern[str]) -> SecretFile | None:
    text = (tree.content(file, _LARGEST, _LOST) or b"").decode("utf-8", "replace")
    values = tuple(value for value in pattern.findall(text) if not plausible.is_template(value))
    return SecretFile(file, "a file of passwords", Holds.SECRETS, values) if values else None


def _size(file: File) -> int:
    try:
        return file.path.stat().st_size
    except OSError:
        return 0
