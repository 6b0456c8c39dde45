"""Where the bytes in a file come from: what the notebook itself, or a command in it, put there."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from stsec_magic.source.paths import ANY, HOLE
from stsec_magic.source.program import CodeCell
from stsec_magic.source.provenance import Origin, Source, worst
from stsec_magic.source.same_file import is_spelled
from stsec_magic.source.scopes import Order, Use
from stsec_magic.source.writes import Write, Writes

_COPIES = 4
"""Files that are followed from copy to copy."""

_URL = re.compile(r"(?:https?|ftp|s3a?|gs|gcs|abfss?|wasbs?|hf|az|hdfs)://", re.IGNORECASE)
_SHARED = re.compile(
    r"(?:/tmp/|/var/tmp/|/dev/shm/|/mnt/|/media/|/Volumes/|/content/drive/|/content/gdrive/|/gdrive/|/kaggle/input/"
    r"|/dbfs/|\\\\)"
)


class FileOrigins:
    """Asks after files, on behalf of one load."""

    def __init__(self, writes: Writes | None, when: Sequence[Order]) -> None:
        """Take what is known.

        Args:
            writes: The notebook's writes; None where they don't matter.
            when: Where in the program the load happens: its own place, and those of its function's calls.
        """
        self._writes = writes
        self._when = when
        self._followed: set[str] = set()

    def of_same_name(self, texts: Sequence[str], use: Use) -> list[Source]:
        """The origins of files whose paths nobody can spell, written under the same name as they are read.

        Args:
            texts: The paths, as ``Paths`` spells them.
            use: The expression that names them.
        """
        if self._writes is None:
            return []
        found: list[Source] = []
        for text in texts:
            if text != ANY and not is_spelled(text):
                same = (row for row in self._writes.of(text) if row.path == text and row.origin is not None)
                found += [_written(row, use, self._when) for row in same][:1]
        return found

    def of(self, path: str, use: Use, copies: int = _COPIES) -> Source:
        """The origin of a file's bytes.

        Args:
            path: The file, as ``Paths`` spells it.
            use: The expression that names it.
            copies: How many copies may still be followed.
        """
        if copies == _COPIES:
            self._followed.clear()
        here = use.cell.span(use.node)[0]
        if _URL.match(path):
            # Where it is put together tells less than where its beginning is written.
            where = use.cell if isinstance(use.node, ast.Constant) else None
            return Source(Origin.NETWORK, where, here, "fetched from this URL")
        rows = [] if self._writes is None else self._writes.of(path)
        rows = self._not_overwritten(rows)
        sources: list[Source] = []
        for row in rows:
            if row.origin is not None:
                sources.append(_written(row, use, self._when))
            elif row.source is not None and row.source != path and self._is_new(row.source, copies):
                source = self.of(row.source, use, copies - 1)
                if source.origin not in (Origin.FILE, Origin.SHARED):
                    sources.append(Source(source.origin, row.cell, row.offset, f"{row.how}, {source.how}"))
        # A file that the notebook writes itself is its own even in a folder in which others may write.
        known = [source for source in sources if source.origin is not Origin.FILE]
        if known:
            return worst(known)
        if _SHARED.match(path):
            return Source(Origin.SHARED, use.cell, here, "named here")
        return next(iter(sources), Source(Origin.FILE, use.cell, here, "named here"))

    def _not_overwritten(self, rows: list[Write]) -> list[Write]:
        """The writes without those into a folder after which the notebook wrote this very file anew."""
        own = [row.orders[0] for row in rows if _is_sure(row) and self._when and row.orders[0] < max(self._when)]
        if not own:
            return rows
        return [row for row in rows if not row.is_folder or max(row.orders) > max(own)]

    def _is_new(self, source: str, copies: int) -> bool:
        """Whether a copy is to be followed: there may be many ways to the same file."""
        is_new = copies > 0 and source not in self._followed
        self._followed.add(source)
        return is_new


def _written(row: Write, use: Use, when: Sequence[Order]) -> Source:
    """A write as the origin of a load; the notebook's own only if it happens before.

    In one branch or loop the order of the lines tells nothing: load it if it is there, else make it.
    """
    if row.origin is not Origin.OWN:
        return Source(row.origin or Origin.UNKNOWN, row.cell, row.offset, row.how)
    together = row.cell is use.cell and any(row.block[0] <= order[1] <= row.block[1] for order in when[:1])
    ran_before = _ran_before(row.cell, use.cell)
    if not when or min(row.orders) <= max(when) or together:
        # A cell may have run again since: the order on the page counts, and the other one is told.
        late = ", in a cell that last ran later" if ran_before is False and row.cell is not use.cell else ""
        return Source(Origin.OWN, row.cell, row.offset, row.how + late)
    how = "written here, further down, in a cell that ran before" if ran_before else "written here, after the load"
    return Source(Origin.FILE, row.cell, row.offset, how)


def _is_sure(row: Write) -> bool:
    """Whether a write is of one known file, and happens in any case."""
    is_file = row.origin is Origin.OWN and not row.is_folder and HOLE not in row.path
    return is_file and len(row.orders) == 1 and row.block == (0, 0)


def _ran_before(one: CodeCell, other: CodeCell) -> bool | None:
    """Whether a cell ran before another, as their counts tell; None where they don't."""
    first, second = one.fragment.execution_count, other.fragment.execution_count
    return None if first is None or second is None else first < second
