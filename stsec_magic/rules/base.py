"""What a rule is given and what it may implement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ahocorasick_rs import BytesAhoCorasick

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.problem import Problem
from stsec_magic.model.rule import Rule
from stsec_magic.project.secret_files import Kept
from stsec_magic.rules.artifacts import Artifacts
from stsec_magic.source.names import Names
from stsec_magic.source.origin import Origins
from stsec_magic.source.program import CodeCell, Program

Places = dict[Fragment, list[int]]
"""Offsets in order, by fragment in document order."""


@dataclass(slots=True, eq=False)
class Subject:
    """One notebook as rules see it.

    Attributes:
        path: Its path.
        language: The kernel's language.
        words: For each keyword that stands anywhere, where.
        code_words: For each identifier wanted in code that stands there as a whole word, where.
        leaves: Texts of metadata and of JSON outputs, each the value of a key, where a keyword stands among them.
        sources: Gives the source of every code cell.
        artifacts: Finds and inspects the files that loads read.
        literals: Gives every place in any text where a pattern of an automaton stands: fragment, start,
            end and the pattern's number.
        problems: What a rule could not do.
        known: Secrets that are known from elsewhere than the project's files.
    """

    path: str
    language: str = "python"
    words: dict[str, Places] = field(default_factory=dict)
    code_words: dict[str, Places] = field(default_factory=dict)
    leaves: list[Fragment] = field(default_factory=list)
    sources: Callable[[], Sequence[Fragment]] = tuple
    artifacts: Artifacts = field(default_factory=lambda: Artifacts(None))
    literals: Callable[[BytesAhoCorasick], Iterator[tuple[Fragment, int, int, int]]] = lambda _: iter(())
    problems: list[Problem] = field(default_factory=list)
    known: tuple[Kept, ...] = ()
    _program: Program | None = None
    _names: Names | None = None
    _origins: Origins | None = None

    def places(self, keywords: Iterable[str]) -> Places:
        """Where any of some keywords stands.

        Args:
            keywords: In lower case, as the rule declared them.
        """
        return _together(self.words.get(keyword, _NOWHERE) for keyword in keywords)

    def code_places(self, code_words: Iterable[str]) -> Places:
        """Where any of some identifiers stands in code.

        Args:
            code_words: In lower case, as the rule declared them.
        """
        return _together(self.code_words.get(word, _NOWHERE) for word in code_words)

    @property
    def program(self) -> Program:
        """All code cells; a cell is parsed when its tree is first asked for."""
        if self._program is None:
            self._program = Program(_lazily(self.sources))
        return self._program

    @property
    def names(self) -> Names:
        """What the program's names name; cells are walked as names are asked for."""
        if self._names is None:
            self._names = Names(self.program)
        return self._names

    @names.setter
    def names(self, names: Names) -> None:
        """Take those of somebody who knows better."""
        self._names = names

    @property
    def origins(self) -> Origins:
        """Where the values of the program's expressions come from; followed as they are asked for."""
        if self._origins is None:
            self._origins = Origins(self.names)
        return self._origins

    @property
    def asked_for(self) -> Sequence[CodeCell]:
        """The code cells that a rule has asked for."""
        return () if self._program is None else self._program.asked_for


_NOWHERE: Places = {}


def _lazily(sources: Callable[[], Sequence[Fragment]]) -> Iterator[Fragment]:
    yield from sources()


def _together(several: Iterable[Places]) -> Places:
    found: Places = {}
    for places in several:
        for fragment, offsets in places.items():
            found.setdefault(fragment, []).extend(offsets)
    for offsets in found.values():
        offsets.sort()
    return found


class Check(Protocol):
    """A rule's code. It finds; it does not judge, draw or mend."""

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules whose hits it yields."""

    @property
    def keywords(self) -> Sequence[str]:
        """Lower-case literals, one of which stands wherever there can be a hit."""

    @property
    def code_words(self) -> Sequence[str]:
        """Identifiers in lower case that it wants to know of in code alone."""

    @property
    def followed_by(self) -> Mapping[str, re.Pattern[bytes]]:
        """For keywords that are too common to count alone: what must come right after, in lower-case UTF-8."""

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find.

        Args:
            subject: The notebook.

        Yields:
            Every place, in any order.
        """
