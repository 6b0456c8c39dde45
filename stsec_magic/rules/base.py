"""What a rule is given and what it may implement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.location import Part
from stsec_magic.model.rule import Rule
from stsec_magic.source.names import Names
from stsec_magic.source.program import Program

HitOffsets = Mapping[Fragment, Sequence[int]]


@dataclass(slots=True, eq=False)
class Subject:
    """One notebook as rules see it.

    Attributes:
        path: Its path.
        fragments: All its texts.
        words: For each keyword that stands anywhere, where: fragment and offsets.
        language: The kernel's language.
    """

    path: str
    fragments: Sequence[Fragment]
    words: Mapping[str, HitOffsets]
    language: str = "python"
    _cache: dict[str, object] = field(default_factory=dict)

    @property
    def built(self) -> frozenset[str]:
        """Which of ``program`` and ``names`` a rule has asked for."""
        return frozenset(self._cache)

    def places(self, keywords: Sequence[str]) -> dict[Fragment, list[int]]:
        """Where any of some keywords stands.

        Args:
            keywords: In lower case, as the rule declared them.

        Returns:
            Offsets in order, by fragment in document order.
        """
        found: dict[Fragment, list[int]] = {}
        for keyword in keywords:
            for fragment, offsets in self.words.get(keyword, {}).items():
                found.setdefault(fragment, []).extend(offsets)
        for offsets in found.values():
            offsets.sort()
        return found

    @property
    def program(self) -> Program:
        """All code cells; built when first asked for."""
        program = self._cache.get("program")
        if not isinstance(program, Program):
            program = Program(
                f for f in self.fragments if f.part is Part.SOURCE and f.cell is not None and f.language != "text"
            )
            self._cache["program"] = program
        return program

    @property
    def names(self) -> Names:
        """What the program's names name; built when first asked for."""
        names = self._cache.get("names")
        if not isinstance(names, Names):
            names = Names(self.program)
            self._cache["names"] = names
        return names


class Check(Protocol):
    """A rule's code. It finds; it does not judge, draw or mend."""

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules whose hits it yields."""

    @property
    def keywords(self) -> Sequence[str]:
        """Lower-case literals, one of which stands wherever there can be a hit."""

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find.

        Args:
            subject: The notebook.

        Yields:
            Every place, in any order.
        """
