"""Hits to findings: masked, placed, fingerprinted, suppressed where a user said so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding, Related, Suppression
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.location import Location
from stsec_magic.notebook.lines import Lines
from stsec_magic.notebook.position import FileMap
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.notebook.silencers import Silencer
from stsec_magic.notebook.walk import document_order
from stsec_magic.triage.excerpt import excerpt
from stsec_magic.triage.fingerprint import Fingerprints
from stsec_magic.triage.masking import Masker
from stsec_magic.triage.overlap import grounded, resolve, unsaid
from stsec_magic.triage.suppression import Silencers, suppression
from stsec_magic.triage.unused import unused


def settle(
    raw: RawNotebook,
    hits: Iterable[Hit],
    config: Config,
    key: bytes,
    is_made: Callable[[str], bool],
    told: Iterable[Hit] = (),
    written: Iterable[Hit] = (),
    silencers: Silencers | None = None,
) -> tuple[list[tuple[Finding, Hit]], Masker]:
    """Turn one notebook's hits into findings.

    Args:
        raw: The notebook.
        hits: Everything that the rules found.
        config: The user's choices; applied last, so that what is not selected is masked too.
        key: Secret of this run, for tags that make equal values known to each other.
        is_made: Whether a string looks made by a machine (see ``Masker``).
        told: Secrets that stand in what the hits tell of other files: masked, and no findings.
        written: A hit for each suppression that the user wrote; those that silence something are no findings.
        silencers: Who silences what; by default by lines alone.

    Returns:
        The findings in document order, each with its hit, and the masker for whatever else leaves.
    """
    grounds = [grounded(hit) for hit in hits]
    masker = Masker([*grounds, *told], is_made)
    silencers = silencers or Silencers(raw)
    silenced = _silenced(silencers, resolve(grounds), written)
    if not silenced:
        return [], masker
    kept = sorted(silenced, key=lambda hit: (*document_order(hit.fragment), hit.start, hit.end))
    places = _Places(raw, kept, masker)
    tags = _Tags(key)
    fingerprints = Fingerprints(masker)
    # Rules are selected whole, so what is left out takes no part in the count of equal ones.
    selected = [hit for hit in kept if config.selects(hit.rule, raw.path)]
    findings = []
    for hit in unsaid(selected):
        finding = _finding(hit, places, masker, fingerprints.of(hit), tags)
        by = suppression(hit, silencers, silenced[hit])
        findings.append((finding if by is None else _suppressed(finding, by, masker), hit))
    return findings, masker


def _silenced(silencers: Silencers, hits: Iterable[Hit], written: Iterable[Hit]) -> dict[Hit, list[Silencer]]:
    """Hits, those about suppressions in vain too, each with what silences it."""
    found = {hit: silencers.of(hit) for hit in hits}
    in_vain = unused(written, [each for several in found.values() for each in several])
    return {**found, **{hit: silencers.of(hit) for hit in in_vain}}


class _Places:
    """Locations of hits, with each text indexed once."""

    def __init__(self, raw: RawNotebook, hits: Iterable[Hit], masker: Masker) -> None:
        self._path = masker.mask_path(raw.path)
        self._masker = masker
        self._lines: dict[Fragment, Lines] = {}
        texts = [hit.fragment for hit in hits]
        self._file = None if raw.text is None else FileMap(raw.text, texts, raw.original, repeats=bool(raw.hidden))

    def line(self, fragment: Fragment, offset: int) -> tuple[int, int]:
        if fragment not in self._lines:
            self._lines[fragment] = Lines(fragment.text)
        return self._lines[fragment].place(offset)

    def location(self, hit: Hit) -> Location:
        fragment = hit.fragment
        line, column = self.line(fragment, hit.start)
        end_line, end_column = self.line(fragment, hit.end)
        in_file = self._file.place(fragment, hit.start) if self._file is not None else None
        return Location(
            path=self._path,
            cell=fragment.cell,
            cell_id=None if fragment.cell_id is None else self._masker.mask(fragment.cell_id),
            execution_count=fragment.execution_count,
            part=fragment.part,
            output=fragment.output,
            mime=None if fragment.mime is None else self._masker.mask(fragment.mime),
            pointer=None if fragment.pointer is None else self._masker.mask(fragment.pointer),
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            file_line=None if in_file is None else in_file[0],
            file_column=None if in_file is None else in_file[1],
        )

    def related(self, hit: Hit) -> tuple[Related, ...]:
        mask, line = self._masker.mask, self.line
        clues = [
            Related(self._path, clue.fragment.cell, line(clue.fragment, clue.start)[0], mask(clue.message))
            for clue in hit.clues
        ]
        notes = [
            Related(
                self._path, hit.fragment.cell, line(hit.fragment, hit.start)[0], self._masker.mask_made(note.message)
            )
            if note.path is None
            else Related(self._masker.mask_path(note.path), None, 1, self._masker.mask_made(note.message))
            for note in hit.notes
        ]
        return (*clues, *notes)


def tag_of(text: str, key: bytes) -> str:
    """What makes equal values known to each other within one run, and tells nothing of them after it.

    Args:
        text: A value or a text.
        key: Secret of this run.
    """
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=16).hexdigest()


class _Tags:
    """Digests that make equal values and texts known to each other within one run."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._texts: dict[Fragment, str] = {}

    def of(self, text: str) -> str:
        return tag_of(text, self._key)

    def of_text(self, fragment: Fragment) -> str:
        if fragment not in self._texts:
            self._texts[fragment] = self.of(fragment.text)
        return self._texts[fragment]


def _finding(hit: Hit, places: _Places, masker: Masker, fingerprint: str, tags: _Tags) -> Finding:
    location = places.location(hit)
    return Finding(
        rule=hit.rule.id,
        severity=hit.severity,
        confidence=hit.confidence,
        location=location,
        message=masker.mask_made(hit.message) if "verdict" in hit.properties else masker.mask(hit.message),
        masked=None if hit.secret is None else hit.secret.masked,
        fingerprint=fingerprint,
        properties=_masked(hit.properties, masker),
        related=places.related(hit),
        excerpt=excerpt(hit, masker, location.line),
        tag=None if hit.secret is None else tags.of(hit.secret.value),
        cell_tag=tags.of_text(hit.fragment),
        artifact=hit.artifact if hit.artifact is not None and masker.mask(hit.artifact) == hit.artifact else None,
    )


def _suppressed(finding: Finding, by: Suppression, masker: Masker) -> Finding:
    return replace(finding, suppressed=replace(by, reason=masker.mask(by.reason)))


def _masked(properties: Mapping[str, str], masker: Masker) -> dict[str, str | int]:
    return {name: masker.mask(value) for name, value in properties.items()}
