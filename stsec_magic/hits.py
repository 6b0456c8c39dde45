"""A notebook to hits: every rule over all of its texts, those of the notebooks inside it too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.location import Part
from stsec_magic.model.problem import ProblemKind, fault
from stsec_magic.notebook import nested
from stsec_magic.notebook.read import RawNotebook, from_mapping
from stsec_magic.notebook.script import as_notebook
from stsec_magic.notebook.walk import Walk
from stsec_magic.rules.base import Subject
from stsec_magic.rules.catalogue import checks
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.scan import KeywordScanner
from stsec_magic.rules.search import search
from stsec_magic.triage.masking import Masker
from stsec_magic.triage.overlap import grounded

IN_MEMORY = "<notebook>"
"""The path in reports about a notebook that did not come from a file."""


@lru_cache(maxsize=1)
def scanner() -> KeywordScanner:
    """The scanner for the words of all rules."""
    anywhere: set[str] = {nested.KEYWORD}
    conditions: dict[str, re.Pattern[bytes]] = {}
    alone: set[str] = {nested.KEYWORD}
    for each in checks():
        anywhere.update(each.keywords)
        conditions.update(each.followed_by)
        # What one rule wants wherever it stands, another's condition must not take from it.
        alone.update(word for word in (*each.keywords, *each.code_words) if word not in each.followed_by)
    return KeywordScanner(
        anywhere,
        (word for each in checks() for word in each.code_words),
        {keyword: pattern for keyword, pattern in conditions.items() if keyword not in alone},
    )


def hits_of(subject: Subject, raw: RawNotebook) -> list[Hit]:
    """What the rules find.

    Args:
        subject: The notebook, searched.
        raw: Gets a problem for each rule that fails; the others still run.
    """
    found: list[Hit] = []
    for each in checks():
        try:
            found.extend(each.hits(subject))
        except Exception as error:
            internal(raw, type(each).__name__, error)
    return found


def nested_hits(subject: Subject, raw: RawNotebook) -> Iterator[Hit]:
    """What stands in the notebooks inside the notebook, as hits in the texts that hold them.

    Args:
        subject: The notebook, searched.
        raw: Gets a problem for each rule that fails.
    """
    for fragment in subject.words.get(nested.KEYWORD, ()):
        for inner in nested.nested_notebooks(fragment, raw.path):
            hits = [grounded(hit) for hit in hits_of(search(Walk(inner.raw), scanner()), raw)]
            if fragment.part is Part.OUTPUT:
                hits = [hit for hit in hits if hit.secret is not None]  # nobody runs what was printed
            place = inner.places(hit.fragment for hit in hits)
            for hit in hits:
                start, last = place(hit.fragment, hit.start), place(hit.fragment, max(hit.start, hit.end - 1))
                if start is not None and last is not None:
                    yield grounded(_hosted(hit, inner.host, start, last + 1))


def _hosted(hit: Hit, host: Fragment, start: int, end: int) -> Hit:
    cell = hit.fragment.cell
    where = "of the notebook inside" if cell is None else f"in cell {cell} of the notebook inside"
    facts = {**hit.properties, **({} if cell is None else {"nested_cell": str(cell)})}
    message = f"{hit.message} ({where})"
    return replace(hit, fragment=host, start=start, end=end, message=message, properties=facts, clues=())


def secrets_in(texts: Sequence[str]) -> list[Hit]:
    """The secrets in texts out of a stranger's file, which no rule has seen yet.

    Args:
        texts: The texts.
    """
    if not texts:
        return []
    raw = from_mapping(as_notebook("\n".join(texts)), IN_MEMORY)
    return [grounded(hit) for hit in hits_of(search(Walk(raw), scanner()), raw)]


def masker_of(texts: Sequence[str]) -> Masker:
    """What masks the secrets that stand in some texts.

    Args:
        texts: All that is to leave.
    """
    return Masker(secrets_in(texts), is_random)


def internal(raw: RawNotebook, where: str, error: Exception) -> None:
    """Make a problem of a fault of our own.

    Args:
        raw: Gets it.
        where: What failed.
        error: The fault; only its kind and its place leave.
    """
    raw.problem(ProblemKind.INTERNAL, fault(error, where))
