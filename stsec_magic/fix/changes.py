"""The changes of a notebook's texts, none of which overlap."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from stsec_magic.fix.edit import Edit, Fix
from stsec_magic.fix.strings import Piece, opening
from stsec_magic.model.fragment import Fragment, JsonPath

_Row = tuple[int, int, str]


class Changes:
    """Takes one fix after the other.

    Texts are known by their paths: a leaf of metadata may have been made a fragment twice.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._fragments: dict[JsonPath, Fragment] = {}
        self._edits: dict[JsonPath, list[_Row]] = {}
        self._opened: dict[JsonPath, dict[Piece, None]] = {}

    def add(self, fix: Fix) -> bool:
        """Take a fix.

        Args:
            fix: The fix; what it changes in just the same way as another one did is changed once.

        Returns:
            Whether it was taken: not if it overlaps with another one.
        """
        new = [edit for edit in fix.edits if (edit.start, edit.end, edit.text) not in self._near(edit)]
        if any(self._meets(edit) for edit in new):
            return False
        for edit in new:
            path = edit.fragment.path
            rows = self._edits.setdefault(path, [])
            row = (edit.start, edit.end, edit.text)
            rows.insert(bisect_left(rows, row), row)
            self._fragments.setdefault(path, edit.fragment)
        if fix.opened is not None:
            self._opened.setdefault(fix.hit.fragment.path, {})[fix.opened] = None
        return True

    def all(self) -> Iterator[Edit]:
        """Every change, with those that make f-strings of string tokens."""
        for path, rows in self._edits.items():
            fragment = self._fragments[path]
            yield from (Edit(fragment, *row) for row in rows)
            for piece in self._opened.get(path, ()):
                first, last = bisect_left(rows, (piece.body,)), bisect_left(rows, (piece.body_end,))
                taken = [(start, end) for start, end, _ in rows[first:last]]
                yield from (Edit(fragment, *each) for each in opening(fragment.text, piece, taken))

    def _near(self, edit: Edit) -> list[_Row]:
        """The changes that an edit could meet: as none overlap, its neighbours in order."""
        rows = self._edits.get(edit.fragment.path, [])
        first, last = bisect_left(rows, (edit.start,)), bisect_left(rows, (edit.end + 1,))
        return rows[max(0, first - 1) : last]

    def _meets(self, edit: Edit) -> bool:
        return any(edit.start < end and start < edit.end for start, end, _ in self._near(edit))
