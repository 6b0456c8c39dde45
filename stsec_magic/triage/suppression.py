"""What a user silenced: by a comment on the line, a tag on the cell, or in the metadata."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from stsec_magic.model.finding import Suppression
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.location import Part
from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook.lines import line_end, line_start
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.notebook.silencers import KEYWORD, UNUSED, Silencer, comments, fence_around, fences, standing_orders
from stsec_magic.triage.foreign import foreign, foreign_above, may_be_foreign

_REACH = 4000
_MOST_ABOVE = 16
"""So many comments, each alone on its line, may stand above a line of Markdown."""
_WRITTEN = (Part.SOURCE, Part.MARKDOWN)

_Line = tuple[int, int]
"""Where a line begins in its text, and where it ends."""


class Silencers:
    """Who silences what in one notebook."""

    def __init__(
        self,
        raw: RawNotebook,
        statement: Callable[[Hit], _Line | None] = lambda _: None,
        meant: Callable[[Fragment], Collection[int]] | None = None,
        is_quoted: Callable[[Fragment, int], bool] = lambda *_: False,
    ) -> None:
        """Read a notebook's tags and metadata; what can't be understood is added to its problems.

        Args:
            raw: The notebook.
            statement: Gives the statement of Python that a hit stands in: its first character, and just past its last.
            meant: Gives where in a cell the comments of ours begin, without what stands in its string literals.
            is_quoted: Tells whether a place in a cell stands in a string literal.
        """
        self._orders, odd = standing_orders(raw)
        self._statement, self._is_quoted = statement, is_quoted
        # Asked for each hit; kept no longer than the notebook is.
        self._meant = None if meant is None else lru_cache(maxsize=None)(meant)
        self._may_be_foreign = lru_cache(maxsize=None)(may_be_foreign)
        self._fences = lru_cache(maxsize=None)(fences)
        for number, message in odd:
            raw.problem(ProblemKind.INVALID_NOTEBOOK, message, number or None)

    def of(self, hit: Hit) -> list[Silencer]:
        """Everything of ours that silences a hit.

        Args:
            hit: A grounded hit.

        Returns:
            Comments on the first or last line of its span or of the statement around it
            (``# stsec: ignore[rule] reason``), in Markdown also alone on the line above; tags of the cell
            (``stsec-ignore``, ``stsec-allow-<rule>``); entries of the cell's and the notebook's metadata. The first one
            counts.
        """
        cell = hit.fragment.cell
        orders = [*(self._orders.get(cell, ()) if cell is not None else ()), *self._orders.get(0, ())]
        return [each for each in (*self._comments(hit), *orders) if _names(each, hit)]

    def others(self, hit: Hit) -> str | None:
        """The comment for another checker that silences a hit: on the same lines, or right above for what is below.

        Args:
            hit: A grounded hit.
        """
        text, group = hit.fragment.text, hit.rule.group
        # Of what was printed nobody says that it is meant.
        if hit.fragment.part not in _WRITTEN or not self._may_be_foreign(text):
            return None
        lines = self._lines(hit)
        found = [self._foreign(hit, start, end) for start, end in lines]
        above = lines[0][0] - 1
        if above >= 0:
            found.append(foreign_above(text[slice(*_line(text, above))], group))
        return next((each for each in found if each is not None), None)

    def _foreign(self, hit: Hit, start: int, end: int) -> str | None:
        text, group = hit.fragment.text[start:end], hit.rule.group
        if hit.fragment.part is not Part.SOURCE:
            return foreign(text, group)
        return foreign(text, group, lambda at: not self._is_quoted(hit.fragment, start + at))

    def _comments(self, hit: Hit) -> Iterator[Silencer]:
        # What was printed is no comment of anybody's.
        if hit.fragment.part is Part.OUTPUT or KEYWORD not in hit.fragment.text:
            return
        lines = self._lines(hit)
        found = [each for line in lines for each in comments(hit.fragment, *line)]
        if found and self._meant is not None and hit.fragment.part is Part.SOURCE:
            meant = self._meant(hit.fragment)
            found = [each for each in found if each.start in meant]
        yield from found
        if hit.fragment.part is Part.MARKDOWN:
            yield from _above(hit, lines[0][0], self._fences(hit.fragment.text))

    def _lines(self, hit: Hit) -> list[_Line]:
        """The first line of a hit's span, the last one, and those of the statement around it: once each."""
        text = hit.fragment.text
        ends = [hit.start, max(hit.start, hit.end - 1)]
        around = self._statement(hit) if hit.fragment.part is Part.SOURCE else None
        if around is not None:
            ends += [around[1] - 1, around[0]]
        return [*dict.fromkeys(_line(text, end) for end in ends)]


def suppression(hit: Hit, silencers: Silencers, ours: Sequence[Silencer]) -> Suppression | None:
    """Who silenced a hit.

    Args:
        hit: A grounded hit.
        silencers: The notebook's.
        ours: Those of ours that silence it.

    Returns:
        The first of them, else a comment for another checker; None where there is none.
    """
    for each in ours:
        return Suppression(each.how, each.reason)
    other = silencers.others(hit)
    return None if other is None else Suppression("foreign", other)


def _names(silencer: Silencer, hit: Hit) -> bool:
    if silencer.names is None:
        return hit.rule.id != UNUSED  # else what silences everything would silence that it silences nothing
    return not silencer.names.isdisjoint((hit.rule.id, hit.rule.group.value))


def _above(hit: Hit, start: int, found: Sequence[int]) -> Iterator[Silencer]:
    """Comments that stand alone on the lines right above one, or above the fence around it: Markdown shows none."""
    if (fence := fence_around(found, hit.start)) is not None:
        yield from _right_above(hit, fence)
    yield from _right_above(hit, start)


def _right_above(hit: Hit, start: int) -> Iterator[Silencer]:
    text = hit.fragment.text
    for _ in range(_MOST_ABOVE):
        if start == 0 or text[start - 1] != "\n":
            return
        end = start - 1
        start = line_start(text, end, _REACH)
        found = [*comments(hit.fragment, start, end)]
        if not found or not is_alone(text[start:end]):
            return
        yield from found


def is_alone(line: str) -> bool:
    """Whether a line of Markdown holds nothing but a comment.

    Args:
        line: The line.
    """
    line = line.strip()
    return line.startswith("<!--") and line.find("-->") == len(line) - 3


def _line(text: str, offset: int) -> _Line:
    return line_start(text, offset, _REACH), line_end(text, offset, _REACH)
