"""The catalogue of provider formats: providers/*.toml, one file per issuer, one rule per format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import tomli

from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.rules import company, heads
from stsec_magic.rules.checksums import CHECKSUMS

_SHARED = frozenset(("severity", "confidence", "env", "revoke", "source"))
"""What an issuer's file may say once for all its formats."""

_REQUIRED = frozenset(("id", "title", "pattern", "examples", "non_examples")) | _SHARED
_OPTIONAL = frozenset(("keywords", "near", "left", "right", "partner", "checksum"))
_LEFT = r"(?<![A-Za-z0-9])"
_RIGHT = r"(?![A-Za-z0-9])"


class CatalogueError(Exception):
    """A provider file that does not follow its own schema."""


@dataclass(frozen=True)
class ProviderFormat:
    """One credential format of one issuer.

    Attributes:
        rule: Its rule.
        issuer: Who issues it, as people call them.
        pattern: Regular expression of the whole match, without boundaries.
        keywords: Literals in lower case, one of which stands in every match.
        env: The environment variable that the vendor's SDK reads.
        revoke: Where to revoke it.
        source: The vendor's page that states the format.
        examples: Templates of what must be found; they are the format's tests.
        non_examples: Templates of what must not be found.
        left: Look-behind that a match needs.
        right: Look-ahead that a match needs.
        partner: The format without which this one, an id, opens nothing: alone it is of low severity.
        checksum: The name of the check that a value carries in itself (see ``checksums.py``).
        near: The issuer's names, one of which must stand with the value; none where the value speaks for itself.
    """

    rule: Rule
    issuer: str
    pattern: str
    keywords: tuple[str, ...]
    env: str
    revoke: str
    source: str
    examples: tuple[str, ...]
    non_examples: tuple[str, ...]
    left: str = _LEFT
    right: str = _RIGHT
    partner: str | None = None
    checksum: str | None = None
    near: tuple[str, ...] = ()

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern with its boundaries; compiled when a keyword first stands somewhere."""
        if self.near:
            return re.compile(company.pattern(self.near, self.pattern))
        return re.compile(f"{self.left}(?:{self.pattern}){self.right}")

    @cached_property
    def begins_with_keyword(self) -> bool:
        """Whether every match begins where a keyword stands, so that no window has to be searched."""
        return bool(self.near) or heads.begins_with(self.pattern, self.keywords)

    def following(self, keyword: str) -> str | None:
        """What must follow one of the keywords for it to count, as a regular expression; None for anything."""
        if self.near:
            return company.FOLLOWING
        return heads.following(self.pattern, keyword) if self.begins_with_keyword else None


@lru_cache(maxsize=1)
def load() -> tuple[ProviderFormat, ...]:
    """Read the catalogue that ships with the package.

    Returns:
        Every format, by issuer.

    Raises:
        CatalogueError: A file breaks the schema, or a format comes without its proof.
    """
    folder = files("stsec_magic.rules") / "providers"
    formats: list[ProviderFormat] = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            formats += parse(entry.name.removesuffix(".toml"), tomli.loads(entry.read_text(encoding="utf-8")))
    return tuple(formats)


def parse(slug: str, data: Mapping[str, Any]) -> list[ProviderFormat]:
    """Turn one issuer's TOML into formats.

    Args:
        slug: The file's name without its ending.
        data: The parsed file.

    Returns:
        Its formats.

    Raises:
        CatalogueError: A key is missing or unknown, or there are no examples.
    """
    unknown = data.keys() - _SHARED - {"issuer", "format"}
    if unknown:
        raise CatalogueError(f"{slug}.toml: unknown {sorted(unknown)}")
    shared = {name: data[name] for name in _SHARED & data.keys()}
    return [_format(slug, str(data.get("issuer", slug)), {**shared, **entry}) for entry in data.get("format", ())]


def _format(slug: str, issuer: str, entry: Mapping[str, Any]) -> ProviderFormat:
    missing, unknown = _REQUIRED - entry.keys(), entry.keys() - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise CatalogueError(f"{slug}.toml: {entry.get('id')}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    if entry.get("checksum") is not None and entry["checksum"] not in CHECKSUMS:
        raise CatalogueError(f"{slug}.toml: {entry['id']}: unknown checksum {entry['checksum']!r}")
    if bool(entry.get("near")) == bool(entry.get("keywords")):
        raise CatalogueError(f"{slug}.toml: {entry['id']}: needs either keywords or near")
    if not entry["examples"] or not entry["non_examples"]:
        raise CatalogueError(f"{slug}.toml: {entry['id']}: a format without examples and non-examples does not load")
    rule = Rule(
        id=entry["id"],
        title=entry["title"],
        group=Group.CREDENTIALS,
        severity=Severity(entry["severity"]),
        confidence=Confidence(entry["confidence"]),
        help=_help(issuer, entry),
        provider=slug,
    )
    return ProviderFormat(
        rule=rule,
        issuer=issuer,
        pattern=entry["pattern"],
        keywords=tuple(keyword.lower() for keyword in entry.get("keywords") or entry["near"]),
        env=entry["env"],
        revoke=entry["revoke"],
        source=entry["source"],
        examples=tuple(entry["examples"]),
        non_examples=tuple(entry["non_examples"]),
        left=entry.get("left", _LEFT),
        right=entry.get("right", _RIGHT),
        partner=entry.get("partner"),
        checksum=entry.get("checksum"),
        near=tuple(entry.get("near", ())),
    )


def _help(issuer: str, entry: Mapping[str, Any]) -> str:
    instead = f'Put `{entry["env"]} = "..."` into `.streamlit/secrets.toml` and read `st.secrets["{entry["env"]}"]`'
    return "\n\n".join(
        (
            f"{entry['id']}: {entry['title']}, issued by {issuer}.",
            "**Why is this bad**: whoever gets the notebook, its repository or its history gets the credential.",
            f'**Use instead**: {instead} or `os.environ["{entry["env"]}"]`.',
            f"**Revoke it**: {entry['revoke']}",
            f"**Format**: {entry['source']}",
        )
    )
