"""Which files keep secrets, told by their names, and whether they do, told by what they hold."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from stsec_magic.project.secret_files import shown
from stsec_magic.project_checks.holding import Holds, SecretFile
from stsec_magic.project_checks.kept_values import is_nothing, is_secret, is_surely_secret, pairs_of
from stsec_magic.project_checks.key_files import key_in_json, key_store, private_key
from stsec_magic.project_checks.tree import STREAMLIT, File, Tree, resolved
from stsec_magic.rules import plausible

_TESTS = frozenset("test tests testing testdata test_data fixtures fixture".split())
_EXAMPLES = frozenset("example examples sample template tmpl tpl dist defaults schema".split())
_NO_TEXT = frozenset("vault enc encrypted gpg asc age sops zip gz tgz tar 7z ts js py json yml yaml md j2 png".split())
"""Endings of what is encrypted, packed, or something else altogether."""

_TOML = re.compile(r"(?:[\w\-]{1,60}[._-])?secrets(?:[._-][\w\-]{1,60})?\.toml")
_TOML_EXAMPLE = re.compile(r"[\w.\-]{0,60}secrets[\w.\-]{0,60}\.toml[\w.\-]{0,60}")
_GIT_CRYPT = b"\0GITCRYPT\0"
_LARGEST = 1 << 20
_LOST = "whether it holds secrets is not known"
_LOST_VALUES = "its values were not looked for in the notebooks"

_OLD = re.compile(r"(?:\.(?:bak|backup|old|orig|save|copy|tmp|\d{1,4})|~)\Z")
"""Endings of copies that people and editors leave behind."""

_AGAIN = re.compile(r"(?: \(\d{1,3}\)| copy(?: \d{1,3})?)(?=(?:\.\w{1,12})?\Z)")
"""What browsers and file managers put before the ending of a name that is there already."""

_NETRC = re.compile(r"\bpassword\s{1,20}(\S{1,400})")
_PGPASS = re.compile(r"^[^#:\n]{1,200}:[^:\n]{1,20}:[^:\n]{1,100}:[^:\n]{1,100}:([^\n]{1,400})$", re.MULTILINE)
_AWS = re.compile(r"^[ \t]{0,20}aws_secret_access_key[ \t]{0,20}=[ \t]{0,20}(\S{1,400})", re.MULTILINE)
_BY_PATTERN = {".netrc": _NETRC, "_netrc": _NETRC, ".pgpass": _PGPASS, "pgpass.conf": _PGPASS}
_KEY = re.compile(
    r".{0,200}\.(?:pem|key|ppk|p8)|(?:.{0,200}[_-])?(?:id_)?(?:rsa|dsa|ecdsa|ed25519)|.{0,200}[_-]key(?:\.txt)?"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)[_.-](?!pub\Z).{1,60}"
)
_ENV = re.compile(r"\.env(?:[._-][\w.\-]{1,60})?|\.envrc|[\w\-]{1,60}\.env")


def is_streamlit(file: File) -> bool:
    """Whether a file is Streamlit's ``secrets.toml``."""
    return file.path.name == "secrets.toml" and file.path.parent.name == STREAMLIT


def is_env(file: File) -> bool:
    """Whether a file is a ``.env`` file, neither an example of one nor encrypted."""
    name = _plain(file)
    return _is_env_name(name) and not is_example(name) and _parts(name)[-1] not in _NO_TEXT


def is_example(name: str) -> bool:
    """Whether a file's name says that it shows which values are wanted, and holds none."""
    return not _EXAMPLES.isdisjoint(_parts(name))


def is_for_tests(file: File) -> bool:
    """Whether a file lies among tests, or is one."""
    path = Path(file.shown)
    is_test = path.name.startswith("test_") or path.name == "conftest.py"
    return is_test or not _TESTS.isdisjoint(part.lower() for part in path.parent.parts)


def _is_env_name(name: str) -> bool:
    return _ENV.fullmatch(name) is not None or (is_example(name) and "env" in _parts(name))


def _parts(name: str) -> list[str]:
    return re.split(r"[._-]", name.lower())


def _plain(file: File) -> str:
    """A file's name, in lower case, without what makes it somebody's copy."""
    return _AGAIN.sub("", _OLD.sub("", file.path.name.lower()))


def secret_file(file: File, tree: Tree) -> SecretFile | None:
    """Look at a file.

    Args:
        file: The file.
        tree: Gets a problem where it can't be read.

    Returns:
        None where neither its name nor what it holds is that of a file of secrets.
    """
    name = _plain(file)
    if is_example(name):
        is_toml = _TOML_EXAMPLE.fullmatch(name) is not None
        return _example(file, tree, is_toml=is_toml) if is_toml or _is_env_name(name) else None
    if _TOML.fullmatch(name):
        return _settings(file, tree, "Streamlit's secrets" if is_streamlit(file) else "a file of secrets", is_toml=True)
    if is_env(file):
        return _settings(file, tree, "an .env file", is_toml=False)
    if _KEY.fullmatch(name):
        return private_key(file, tree)
    if name.endswith((".p12", ".pfx", ".jks", ".keystore")):
        return key_store(file, tree)
    if name.endswith(".json"):
        return key_in_json(file, tree)
    pattern = _AWS if name == "credentials" and file.path.parent.name == ".aws" else _BY_PATTERN.get(name)
    return None if pattern is None else _by_pattern(file, tree, pattern)


def _settings(file: File, tree: Tree, kind: str, *, is_toml: bool) -> SecretFile:
    # As the notebooks beside it name the same problem: then it is one line of the report.
    alike = replace(file, shown=shown(str(resolved(str(file.path.parent)) / file.path.name)))
    data = tree.content(alike, _LARGEST, _LOST_VALUES)
    if data is None:
        return SecretFile(file, kind, Holds.UNKNOWN)
    if data.startswith(_GIT_CRYPT):
        return SecretFile(file, kind, Holds.NOTHING)
    try:
        rows = [*pairs_of(data.decode("utf-8-sig"), is_toml=is_toml)]
    except (ValueError, RecursionError) as error:
        # A parser's message may quote the file: its kind is all that leaves.
        tree.unread(alike, type(error).__name__, _LOST_VALUES)
        return SecretFile(file, kind, Holds.UNKNOWN)
    secrets = [value for name, value in rows if is_secret(name, value)]
    plain = any(not is_nothing(value) for _, value in rows)
    holds = Holds.SECRETS if secrets else Holds.PLAIN if plain else Holds.NOTHING
    # Of the mask nobody needs to be so sure.
    return SecretFile(file, kind, holds, (*secrets, *(value for _, value in rows if plausible.is_token(value))))


def _example(file: File, tree: Tree, *, is_toml: bool) -> SecretFile | None:
    """An example into which somebody put the real values; it needn't be TOML, and may hold anything."""
    text = (tree.content(file, _LARGEST, _LOST) or b"").decode("utf-8", "replace")
    try:
        rows = [*pairs_of(text, is_toml=is_toml)]
    except (ValueError, RecursionError):
        rows = []
    values = tuple(value for name, value in rows if is_surely_secret(name, value))
    if not values:
        return None
    return SecretFile(file, "an example with a real secret in it", Holds.SECRETS, values, is_example=True)


def _by_pattern(file: File, tree: Tree, pattern: re.Pattern[str]) -> SecretFile | None:
    text = (tree.content(file, _LARGEST, _LOST) or b"").decode("utf-8", "replace")
    values = tuple(value for value in pattern.findall(text) if not plausible.is_template(value))
    return SecretFile(file, "a file of passwords", Holds.SECRETS, values) if values else None
