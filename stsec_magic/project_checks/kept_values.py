"""Which values in a ``secrets.toml`` or an ``.env`` file are secrets."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

from stsec_magic.hits import secrets_in
from stsec_magic.model.levels import Severity
from stsec_magic.rules import plausible
from stsec_magic.rules.connection_string import DOCUMENTED, is_local
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.secret_names import NameKind, kind_of
from stsec_magic.rules.words import PLACEHOLDER, WEAK_PASSWORDS
from stsec_magic.source.tokens.dotenv import DotEnv

_DEEPEST = 12
_SHORTEST_UNNAMED = 20
_LOGIN = re.compile(
    r"[A-Za-z][\w+.\-]{1,40}://[^\s/@:]{0,100}:([^\s/@]{1,400})@(\[[0-9a-fA-F:.]{2,45}\]|[^\s/:?#]{0,253})"
)
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]{1,400}")
# dotenvx, sops: the values are encrypted, and the file is meant to be committed. A command; what Django made up.
_ENCRYPTED = re.compile(r"encrypted:|ENC\[|`|django-insecure-")
# Passwords of a server on one's own machine, keys that are there because some library wants one.
_FOR_DEVELOPMENT = frozenset(
    "dev devel development local localhost localstack test testing tests ci docker insecure unsafe default example "
    "sample demo dummy fake required needed none minioadmin changeme".split()
)
_AROUND = PLACEHOLDER | WEAK_PASSWORDS | {"django", "change", "me", "sk"}
_WORDS = re.compile(r"[A-Za-z]{1,80}")
# Sheets, buckets, prices, images, contracts: made by machines, and no secrets.
_PUBLIC_NAMES = re.compile(
    r"(?i)(?:^|_)(?:id|ids|uuid|guid|sheet|bucket|project|price|product|plan|image|tag|digest|hash|sha\d{0,3}|commit|version"
    r"|address|contract|url|uri|host|dsn|region|zone|arn|topic|channel|user|username|email|pubkey|public_key|client|sum"
    r"|site_?key|anon_key|fingerprint|integrity|recipients)$"
)


def pairs_of(text: str, *, is_toml: bool) -> Iterator[tuple[str, str]]:
    """The texts in a ``secrets.toml`` or an ``.env`` file, with their names.

    Args:
        text: What the file holds.
        is_toml: Which of them it is.

    Yields:
        Dotted names and values.

    Raises:
        ValueError: It is no TOML.
        RecursionError: It is nested too deeply.
    """
    if is_toml:
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


def is_nothing(value: str) -> bool:
    """Whether a value says nothing: it is empty, a placeholder, or encrypted.

    Args:
        value: The value.
    """
    return plausible.is_placeholder(value) or _ENCRYPTED.match(value) is not None


def is_secret(name: str, value: str) -> bool:
    """Whether a value in a file of secrets is one.

    Args:
        name: Its name, the tables' names before it.
        value: The value.
    """
    if not value or plausible.is_public(value) or is_nothing(value) or _is_for_development(value):
        return False
    if has_format(value):
        return True
    login = _LOGIN.match(value)
    if login is not None:
        is_known = is_local(login[2]) or login[1].lower() in DOCUMENTED
        return not is_known and not plausible.is_template(login[1]) and plausible.is_password(login[1])
    kinds = {kind_of(name), kind_of(name.rpartition(".")[2])}
    if NameKind.PASSWORD in kinds:
        return plausible.is_password(value) and value.lower() not in DOCUMENTED
    if NameKind.SECRET in kinds:
        return len(value) >= 8 and " " not in value and not plausible.is_reference(value)
    return _is_made(value) and _PUBLIC_NAMES.search(name) is None


def is_surely_secret(name: str, value: str) -> bool:
    """Whether a value is a secret even where only an example of one is expected.

    Args:
        name: Its name.
        value: The value.
    """
    is_shown = "example" in value.lower()  # as vendors write it into keys that they made up
    if is_shown or _PUBLIC_NAMES.search(name) or not is_secret(name, value):
        return False
    login = _LOGIN.match(value)
    if login is not None:
        return is_random(login[1], _SHORTEST_UNNAMED)
    return has_format(value) or (is_random(value, _SHORTEST_UNNAMED) and plausible.is_token(value))


def has_format(value: str) -> bool:
    """Whether a value is a secret by a vendor's format.

    Args:
        value: The value.
    """
    hits = secrets_in([value]) if len(value) >= _SHORTEST_UNNAMED else ()
    return any(hit.rule.provider is not None and hit.severity is Severity.HIGH for hit in hits)


def _is_made(value: str) -> bool:
    """What nobody types: no image's tag, no hash of a commit."""
    is_made = is_random(value, _SHORTEST_UNNAMED) and _HEX.fullmatch(value) is None and "@sha256:" not in value
    return is_made and plausible.is_token(value) and not plausible.is_uuid(value)


def _is_for_development(value: str) -> bool:
    """Whether a value says of itself that it opens nothing: made of such words, and hardly anything else."""
    words = [word.lower() for word in _WORDS.findall(value)]
    if _FOR_DEVELOPMENT.isdisjoint(words) or is_random(value, _SHORTEST_UNNAMED):
        return False
    told = sum(len(word) for word in words if word in _FOR_DEVELOPMENT or word in _AROUND)
    return told >= 0.65 * sum(map(str.isalnum, value))
