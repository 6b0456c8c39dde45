"""Credentials by their issuer's format: the check behind every provider rule."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Rule
from stsec_magic.model.secret import Secret
from stsec_magic.rules import company, plausible, presigned
from stsec_magic.rules.base import Subject
from stsec_magic.rules.checksums import CHECKSUMS
from stsec_magic.rules.formats import ProviderFormat, load
from stsec_magic.rules.heads import any_of
from stsec_magic.rules.randomness import entropy, is_random

_STRENGTH = 40
_RUN = re.compile(r"[A-Za-z0-9_+/=.\-]*")
_LONGEST_TOKEN = 5000
# An hour, an SSH key, an X account; a user, a one.
_SPOKEN_VOWEL = re.compile(r"[AEIOaeio](?!ne)|U[lnp]|(?:SAS|SSH|SMTP|NYT|NCBI|MBTA|HCP|RPC|X|npm)\b")
# Somebody masked the rest: xoxp-123-456-####, AKIA...
_CUT_OFF = re.compile(r"[-_.]?(?:[#*xX•]{3}|\.{2}|…)")
# How far before a keyword a match may begin, and how far after it may end.
_BEFORE = 300
_AFTER = 2500


class ProviderFormats:
    """The check behind all provider rules."""

    def __init__(self, formats: Sequence[ProviderFormat] | None = None) -> None:
        """Take formats; by default the catalogue."""
        self.formats = load() if formats is None else tuple(formats)
        self.rules: Sequence[Rule] = [each.rule for each in self.formats]
        self.keywords: Sequence[str] = sorted({keyword for each in self.formats for keyword in each.keywords})
        self.code_words: Sequence[str] = ()
        self.followed_by: Mapping[str, re.Pattern[bytes]] = _followed_by(self.formats)
        self._partners = {each.rule.id: each.partner for each in self.formats if each.partner is not None}
        self._by_keyword: dict[str, list[ProviderFormat]] = {}
        for each in self.formats:
            for keyword in each.keywords:
                self._by_keyword.setdefault(keyword, []).append(each)

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find credentials by their format."""
        found: list[Hit] = []
        wanted = {each.rule.id: each for word in subject.words for each in self._by_keyword.get(word, ())}
        for each in wanted.values():
            for fragment, offsets in subject.places(each.keywords).items():
                found.extend(_matches(each, fragment, offsets))
        partners = self._partners
        cells = {(hit.rule.id, hit.fragment.cell) for hit in found}
        for hit in found:
            alone = hit.rule.id in partners and (partners[hit.rule.id], hit.fragment.cell) not in cells
            yield replace(hit, severity=Severity.LOW) if alone else hit


def _followed_by(formats: Sequence[ProviderFormat]) -> dict[str, re.Pattern[bytes]]:
    """For each keyword, what must follow it; nothing for one after which some format takes anything."""
    conditions: dict[str, set[str | None]] = {}
    for each in formats:
        for keyword in each.keywords:
            conditions.setdefault(keyword, set()).add(each.following(keyword))
    return {
        keyword: any_of(frozenset(each for each in several if each is not None))
        for keyword, several in conditions.items()
        if None not in several
    }


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
    if (
        plausible.is_placeholder(rest)
        or plausible.is_placeholder(value)
        or entropy(rest) < min(2.4, 0.65 * math.log2(len(rest) + 1))
    ):
        return None
    if _CUT_OFF.match(fragment.text, match.end()) is not None:
        return None
    if each.near and not _is_in_company(match["between"], value):
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
        confidence=Confidence.LOW if expired else _confidence(each, value),
        message=f"{_article(each.rule.title)}; revoke it: {each.revoke}",
        secret=Secret(value, prefix),
        strength=_STRENGTH,
        random=len(rest) >= 20,
        properties={"provider": each.rule.provider or ""},
    )


def _confidence(each: ProviderFormat, value: str) -> Confidence:
    if each.checksum is None:
        return each.rule.confidence
    if CHECKSUMS[each.checksum](value):
        return Confidence.HIGH
    # One level: at low confidence an audit would pass a key with one letter mistyped.
    return Confidence.MEDIUM if each.rule.confidence is Confidence.HIGH else Confidence.LOW


def _is_in_company(between: str, value: str) -> bool:
    return company.is_tied(between) and (is_random(value, 8) or plausible.is_uuid(value))


def _article(title: str) -> str:
    return f"{'an' if _SPOKEN_VOWEL.match(title) else 'a'} {title}"
