"""Which files the notebook itself writes, and where what it writes into them comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stsec_magic.source.paths import HOLE
from stsec_magic.source.program import CodeCell
from stsec_magic.source.provenance import Origin
from stsec_magic.source.same_file import is_inside, name_of, same_file, shape_of
from stsec_magic.source.scopes import Order

_ENDS = 3
"""Writes of one file that are kept, of the first and of the last ones."""


@dataclass(frozen=True, slots=True)
class Write:
    """Something that puts bytes into a file or a folder.

    Attributes:
        path: The file, as ``Paths`` spells it.
        is_folder: Whether it is a folder, with anything in it.
        cell: The cell it stands in.
        offset: Where in that cell.
        orders: Where in the program it happens: its own place, or those of its function's calls.
        origin: Where the bytes come from; None where that is ``source``'s business.
        source: The file that they are copied or unpacked from.
        how: A few words for the reader.
        block: First and last line of the branch or loop that it stands in.
    """

    path: str
    is_folder: bool
    cell: CodeCell
    offset: int
    orders: tuple[Order, ...]
    origin: Origin | None
    how: str
    source: str | None = None
    block: tuple[int, int] = (0, 0)


class Writes:
    """Looks up writes by the file that they go to.

    Attributes:
        rows: All of them.
    """

    def __init__(self, rows: Iterable[Write]) -> None:
        """Take all writes of a program."""
        self.rows = _without_repetition(rows)
        self._spelt: dict[str, list[Write]] = {}
        self._holed: dict[str, list[Write]] = {}
        self._ending: dict[str, list[Write]] = {}
        self._folders = [row for row in self.rows if row.is_folder]
        self._found: dict[str, list[Write]] = {}
        for row in self.rows:
            name = name_of(row.path)
            if not row.is_folder and HOLE in name:
                self._holed.setdefault(shape_of(name), []).append(row)
                self._ending.setdefault(name.rpartition(HOLE)[2], []).append(row)
            elif not row.is_folder:
                self._spelt.setdefault(name, []).append(row)

    def of(self, path: str) -> list[Write]:
        """The writes that may have made a file, those of the file itself first.

        Args:
            path: The file, as ``Paths`` spells it.
        """
        if path not in self._found:
            self._found[path] = self._look_for(path)
        return self._found[path]

    def _look_for(self, path: str) -> list[Write]:
        # Most names are spelt out: of those only equal ones can be met.
        name = name_of(path)
        if HOLE in name:
            near = [*self._holed.get(shape_of(name), ()), *(row for rows in self._spelt.values() for row in rows)]
        else:
            # Of those with holes only such can be met as end alike.
            ends = (name[at:] for at in range(len(name) + 1))
            near = [*self._spelt.get(name, ()), *(row for end in ends for row in self._ending.get(end, ()))]
        near += self._folders
        own = [row for row in near if not row.is_folder and same_file(path, row.path)]
        around = [row for row in near if row.is_folder and is_inside(path, row.path)]
        # The innermost folder says most; the working directory is around everything.
        return [*own, *sorted(around, key=lambda row: -len(row.path))]


def _without_repetition(rows: Iterable[Write]) -> list[Write]:
    """A cell that stands a thousand times in a notebook says nothing new: the first and the last ones are enough."""
    alike: dict[tuple[str, bool, Origin | None, str | None], list[Write]] = {}
    for row in rows:
        alike.setdefault((row.path, row.is_folder, row.origin, row.source), []).append(row)
    return [
        row
        for several in alike.values()
        for row in (several if len(several) <= 2 * _ENDS else [*several[:_ENDS], *several[-_ENDS:]])
    ]
