"""The catalogue of provider formats: one TOML file per issuer, one rule per format."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.model.secret import Secret
from stsec_magic.rules import plausible, presigned
from stsec_magic.rules.base import Subject
from stsec_magic.rules.randomness import entropy

_STRENGTH = 40
_REQUIRED = frozenset(
    (
        "id",
        "title",
        "pattern",
        "keywords",
        "severity",
        "confidence",
        "env",
        "revoke",
        "source",
        "examples",
        "non_examples",
    )
)
_OPTIONAL = frozenset(("left", "right", "partner"))
_LEFT = r"(?<![A-Za-z0-9])"
_RIGHT = r"(?![A-Za-z0-9])"
_RUN = re.compile(r"[A-Za-z0-9_+/=.\-]*")
_LONGEST_TOKEN = 5000
# A pattern's literal beginning: (?P<prefix>AKIA|ASIA), (?P<prefix>hf_), (?P<prefix>gh[pousr]_) up to the bracket.
_HEAD = re.compile(r"\(\?P<prefix>((?:[A-Za-z0-9_|/:-]|\\[.\-])+)")
# Somebody masked the rest: xoxp-123-456-####, AKIA...
_CUT_OFF = re.compile(r"[-_.]?(?:[#*xX•]{3}|\.{2}|…)")
# How far before a keyword a match may begin, and how far after it may end.
_BEFORE = 300
_AFTER = 2500


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

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern with its boundaries; compiled when a keyword first stands somewhere."""
        return re.compile(f"{self.left}(?:{self.pattern}){self.right}")

    @cached_property
    def begins_with_keyword(self) -> bool:
        """Whether every match begins where a keyword stands, so that no window has to be searched."""
        head = _HEAD.match(self.pattern)
        heads = tuple(re.sub(r"\\(.)", r"\1", each).lower() for each in head[1].split("|")) if head else ()
        return bool(heads) and all(any(keyword.startswith(each) for each in heads) for keyword in self.keywords)


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
            formats += parse(entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text(encoding="utf-8")))
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
    return [_format(slug, str(data.get("issuer", slug)), entry) for entry in data.get("format", ())]


def _format(slug: str, issuer: str, entry: Mapping[str, Any]) -> ProviderFormat:
    missing, unknown = _REQUIRED - entry.keys(), entry.keys() - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise CatalogueError(f"{slug}.toml: {entry.get('id')}: missing {sorted(missing)}, unknown {sorted(unknown)}")
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
        keywords=tuple(keyword.lower() for keyword in entry["keywords"]),
        env=entry["env"],
        revoke=entry["revoke"],
        source=entry["source"],
        examples=tuple(entry["examples"]),
        non_examples=tuple(entry["non_examples"]),
        left=entry.get("left", _LEFT),
        right=entry.get("right", _RIGHT),
        partner=entry.get("partner"),
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


class ProviderFormats:
    """The check behind all provider rules."""

    def __init__(self, formats: Sequence[ProviderFormat] | None = None) -> None:
        """Take formats; by default the catalogue."""
        self.formats = load() if formats is None else tuple(formats)
        self.rules: Sequence[Rule] = [each.rule for each in self.formats]
        self.keywords: Sequence[str] = sorted({keyword for each in self.formats for keyword in each.keywords})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find credentials by their format."""
        found: list[Hit] = []
        for each in self.formats:
            for fragment, offsets in subject.places(each.keywords).items():
                found.extend(_matches(each, fragment, offsets))
        partners = {each.rule.id: each.partner for each in self.formats if each.partner is not None}
        cells = {(hit.rule.id, hit.fragment.cell) for hit in found}
        for hit in found:
            alone = hit.rule.id in partners and (partners[hit.rule.id], hit.fragment.cell) not in cells
            yield replace(hit, severity=Severity.LOW) if alone else hit


def _matches(each: ProviderFormat, fragment: Fragment, offsets: Sequence[int]) -> Iterator[Hit]:
    text = fragment.text
    if each.begins_with_keyword:
        found = (each.regex.match(text, offset) for offset in _outside_long_runs(text, offsets))
    else:
        windows = _windows(offsets, len(text))
        found = (match for start, end in windows for match in each.regex.finditer(text, start, end))
    for match in found:
        hit = None if match is None else _hit(each, fragment, match)
        if hit is not None:
            yield hit


def _outside_long_runs(text: str, offsets: Sequence[int]) -> Iterator[int]:
    """Offsets that don't stand in an unbroken run longer than any token: data, in which no start need be tried."""
    run_end = 0
    run_is_long = False
    for offset in offsets:
        if offset >= run_end:
            run = _RUN.match(text, offset)
            run_end = run.end() if run else offset + 1
            run_is_long = run_end - offset > _LONGEST_TOKEN
        if not run_is_long:
            yield offset


def _windows(offsets: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    """What to search around the keywords, each stretch once: many keywords cost linear time."""
    start, end = 0, -1
    for offset in offsets:
        low, high = max(0, offset - _BEFORE), min(length, offset + _AFTER)
        if low <= end:
            end = high
            continue
        if end >= 0:
            yield start, end
        start, end = low, high
    if end >= 0:
        yield start, end


def _hit(each: ProviderFormat, fragment: Fragment, match: re.Match[str]) -> Hit | None:
    groups = match.re.groupindex
    group: str | int = "secret" if "secret" in groups and match["secret"] is not None else 0
    value = match[group]
    prefix = (match["prefix"] or "") if "prefix" in groups else ""
    rest = value.removeprefix(prefix)
    if plausible.is_placeholder(rest) or plausible.is_placeholder(value) or entropy(rest) < 2.4:
        return None
    if _CUT_OFF.match(fragment.text, match.end()) is not None:
        return None
    expired = presigned.is_expired(fragment.text, match.start(group))
    if expired and not presigned.is_signature(fragment.text, match.start(group)):
        return None
    return Hit(
        rule=each.rule,
        fragment=fragment,
        start=match.start(group),
        end=match.end(group),
        severity=Severity.LOW if expired else each.rule.severity,
        confidence=Confidence.LOW if expired else each.rule.confidence,
        message=f"{_article(each.rule.title)}; revoke it: {each.revoke}",
        secret=Secret(value, prefix),
        strength=_STRENGTH,
        random=len(rest) >= 20,
        properties={"provider": each.rule.provider or ""},
    )


def _article(title: str) -> str:
    if title[:1].lower() in "aeio" or title.startswith(("SAS", "SSH", "npm")):
        return f"an {title}"
    return f"a {title}"
