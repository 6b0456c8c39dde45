"""What a user silenced: by a comment on the line, a tag on the cell, or in the metadata."""

from __future__ import annotations

from collections.abc import Iterator

from stsec_magic.model.finding import Suppression
from stsec_magic.model.hit import Hit
from stsec_magic.model.location import Part
from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook.lines import line_end, line_start
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.notebook.silencers import UNUSED, Silencer, comments, standing_orders
from stsec_magic.triage.foreign import foreign, foreign_above

_REACH = 4000
_MOST_ABOVE = 16
"""So many comments, each alone on its line, may stand above a line of Markdown."""
_WRITTEN = (Part.SOURCE, Part.MARKDOWN)

_Line = tuple[int, int]
"""Where a line begins in its text, and where it ends."""


class Silencers:
    """Who silences what in one notebook."""

    def __init__(self, raw: RawNotebook) -> None:
        """Read a notebook's tags and metadata; what can't be understood is added to its problems."""
        self._orders, odd = standing_orders(raw)
        for number, message in odd:
            raw.problem(ProblemKind.INVALID_NOTEBOOK, message, number or None)

    def of(self, hit: Hit) -> list[Silencer]:
        """Everything of ours that silences a hit.

        Args:
            hit: A grounded hit.

        Returns:
            Comments on the first or last line of its span (``# stsec: ignore[rule] reason``), in Markdown also alone
            on the line above; tags of the cell (``stsec-ignore``, ``stsec-allow-<rule>``); entries of the cell's and
            the notebook's metadata. The first one counts.
        """
        cell = hit.fragment.cell
        orders = [*(self._orders.get(cell, ()) if cell is not None else ()), *self._orders.get(0, ())]
        return [each for each in (*_comments(hit), *orders) if _names(each, hit)]


def suppression(hit: Hit, silencers: list[Silencer]) -> Suppression | None:
    """Who silenced a hit.

    Args:
        hit: A grounded hit.
        silencers: Those of ours that do.

    Returns:
        The first of them, else a comment for another checker on the first or last line of the span, or for what is
        below its line; None where there is none.
    """
    for each in silencers:
        return Suppression(each.how, each.reason)
    if hit.fragment.part not in _WRITTEN:
        return None  # of what was printed nobody says that it is meant
    text, lines = hit.fragment.text, _lines(hit)
    others = [foreign(text[start:end], hit.rule.group) for start, end in lines]
    above = lines[0][0] - 1
    if above >= 0:
        others.append(foreign_above(text[slice(*_line(text, above))], hit.rule.group))
    return next((Suppression("foreign", each) for each in others if each is not None), None)


def _names(silencer: Silencer, hit: Hit) -> bool:
    if silencer.names is None:
        return hit.rule.id != UNUSED  # else what silences everything would silence that it silences nothing
    return not silencer.names.isdisjoint((hit.rule.id, hit.rule.group.value))


def _comments(hit: Hit) -> Iterator[Silencer]:
    # What was printed is no comment of anybody's.
    if hit.fragment.part is Part.OUTPUT:
        return
    lines = _lines(hit)
    for line in lines:
        yield from comments(hit.fragment, *line)
    if hit.fragment.part is Part.MARKDOWN:
        yield from _above(hit, lines[0][0])


def _above(hit: Hit, start: int) -> Iterator[Silencer]:
    """Comments that stand alone on the lines right above one: Markdown shows nothing of them."""
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


def _lines(hit: Hit) -> list[_Line]:
    """The first line of a hit's span, and the last one."""
    text = hit.fragment.text
    lines = [_line(text, hit.start)]
    if text.find("\n", hit.start, hit.end) >= 0:
        lines.append(_line(text, max(hit.start, hit.end - 1)))
    return lines


def _line(text: str, offset: int) -> _Line:
    return line_start(text, offset, _REACH), line_end(text, offset, _REACH)
