"""Bytes to a verdict: what would happen if they were loaded? They aren't."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from stsec_magic.artifacts.reason import reason
from stsec_magic.containers.data_formats import data_format
from stsec_magic.containers.found import Found, Member, Told
from stsec_magic.containers.members import members
from stsec_magic.model.inspection import Closed, Inspection, Remark, Verdict
from stsec_magic.pickles.denied import denied
from stsec_magic.pickles.meaning import effects, today
from stsec_magic.pickles.notes import Walk
from stsec_magic.pickles.opcodes import walk
from stsec_magic.pickles.operands import Buffer
from stsec_magic.pickles.symbols import Blob
from stsec_magic.pickles.verdict import judged, remarks

_SECONDS = 8.0
"""For all that stands in one file."""

_DEEPEST = 3
_MOST_BLOBS = 200
_MOST_CLOSED = 20
_BY_CHANCE = 40
"""Opcodes that bytes of any other kind may begin with."""

_MOST_EFFECTS = 50_000
_MOST_HEADS = 20_000
"""Places in trailing bytes at which a pickle may begin."""

_PROTO = b"\x80"
_HEAD = re.compile(rb"\x80[\x02-\x05]")
_SPELT = re.compile(rb"[ci]([A-Za-z_][\w.]{0,200})\n([A-Za-z_][\w.]{0,200})\n")
_STACKED = re.compile(rb"\x8c.([A-Za-z_][\w.]{0,200})\x94?\x8c.([A-Za-z_][\w.]{0,200})\x94?\x93", re.DOTALL)
_ENDINGS = (".pkl", ".pickle", ".joblib", ".p", ".dill")
_INNER = frozenset(("torch.storage._load_from_bytes",))
"""Functions that load a pickle which stands in their argument, and do nothing else."""


def inspect(data: Buffer) -> Inspection:
    """Inspect a file's bytes.

    Args:
        data: The bytes, or the file's memory map.

    Returns:
        The verdict; whatever the bytes are, there is one.
    """
    until = time.monotonic() + _SECONDS
    return inspect_members(members(data, until), until)


def inspect_members(found: Iterable[Found], until: float | None = None) -> Inspection:
    """Inspect what stands in a file or a folder.

    Args:
        found: Its parts.
        until: When to end, by the monotonic clock; soon, if not given.
    """
    inspector = _Inspector(time.monotonic() + _SECONDS if until is None else until)
    for each in found:
        inspector.take(each)
    return inspector.concluded()


class _Inspector:
    """Gathers what is to be said of all the parts."""

    def __init__(self, until: float) -> None:
        self._until = until
        self._remarks: dict[tuple[str, str, str], Remark] = {}
        self._closed: list[Closed] = []
        self._pickles = 0
        self._depth = 0
        self._all_inner_read = True
        self._format: str | None = None

    def take(self, part: Found) -> None:
        """One part."""
        if isinstance(part, Closed):
            self._close(part)
        elif isinstance(part, Told):
            self._keep([_of_told(part)], part.path)
        elif self._left() <= 0:
            self._close(Closed(part.path, "there was no time left for it"))
        else:
            self._member(part)

    def concluded(self) -> Inspection:
        """The verdict on all of them."""
        rows = [each for each in self._remarks.values() if each.name not in _INNER or not self._all_inner_read]
        found = sorted(rows, key=lambda each: (-each.verdict.rank, each.call is None))
        verdict = max((each.verdict for each in found), key=lambda each: each.rank, default=Verdict.CLEAN)
        if self._closed and verdict.rank < Verdict.UNREADABLE.rank:
            verdict = Verdict.UNREADABLE
        why = reason(verdict, found, self._closed, self._pickles, self._format)
        return Inspection(verdict, why, tuple(found), tuple(self._closed), self._pickles)

    def _close(self, part: Closed) -> None:
        """Note what can't be looked into; of very many the last one stands for the rest."""
        if len(self._closed) < _MOST_CLOSED:
            self._closed.append(part)
        else:
            self._closed[-1] = Closed("", "and more parts can't be looked into")

    def _left(self) -> float:
        return self._until - time.monotonic()

    def _member(self, member: Member) -> None:
        """All pickles of one part, one behind the other, and those in what comes behind them."""
        data, at = member.data, 0
        while at < len(data):
            found = self._walk(data, at)
            says_something = bool(found.names or found.calls or found.disputed)
            if found.fault is None or says_something:
                self._note(found, member)
            if found.fault is not None:
                self._format = data_format(data) if not (at or member.path) else None
                is_one = says_something or data[:1] == _PROTO or found.opcodes > _BY_CHANCE
                if self._format is None and at == 0 and (is_one or member.path.endswith(_ENDINGS) or not member.path):
                    self._close(Closed(member.path, found.fault if is_one else "it is no pickle"))
                break
            at = found.end
        if at or not member.path:
            self._search(member, at)

    def _walk(self, data: Buffer, at: int) -> Walk:
        """A walk; where joblib would read arrays, the walk that does so too."""
        found = walk(data, at, self._left())
        if not found.has_arrays:
            return found
        stepping = walk(data, at, self._left(), arrays=True)
        if stepping.fault is not None:
            return found if found.fault is None else stepping
        # Whoever reads the file without joblib takes the arrays for opcodes. Of what chance makes of them only names
        # that no data file has count.
        bad = [each for each in found.names if denied(today(each.module, each.name)) is not None]
        stepping.names += bad
        stepping.calls += [each for each in found.calls if each.function in bad]
        return stepping

    def _note(self, found: Walk, member: Member) -> None:
        self._pickles += 1
        self._keep(remarks(found), member.path)
        if found.disputed is not None:
            self._keep(_spelt(bytes(member.data)), member.path)
        self._inner(found, member)

    def _keep(self, found: Iterable[Remark], path: str) -> None:
        for each in found:
            key = (each.name, each.says, "" if each.name else each.call or "")
            known = self._remarks.get(key)
            if known is None or (known.call is None and each.call is not None):
                self._remarks[key] = replace(each, path=path)

    def _inner(self, found: Walk, member: Member) -> None:
        """Pickles that stand as bytes in a pickle."""
        if self._depth >= _DEEPEST:
            self._all_inner_read = False
            return
        self._depth += 1
        blobs = 0
        for effect in islice(effects(found.calls), _MOST_EFFECTS):
            is_inner = effect.name in _INNER
            for each in effect.arguments:
                if isinstance(each, Blob) and (is_inner or _HEAD.match(each.head)) and blobs < _MOST_BLOBS:
                    blobs += 1
                    self._blob(each, member)
                elif is_inner:
                    self._all_inner_read = False
        self._depth -= 1

    def _blob(self, blob: Blob, member: Member) -> None:
        data = bytes(member.data[blob.start : blob.start + blob.length])
        for part in members(data, self._until):
            path = "/".join(filter(None, (member.path, f"bytes at {blob.start}", part.path)))
            self.take(replace(part, path=path))

    def _search(self, member: Member, at: int) -> None:
        """Pickles in bytes that aren't walked: whoever knows that they are there may load them."""
        heads = 0
        while heads < _MOST_HEADS and self._left() > 0:
            head = _HEAD.search(member.data, at)
            if head is None:
                return
            heads += 1
            found = walk(member.data, head.start(), min(1.0, max(0.0, self._left())))
            is_told = found.fault is None or any(each.verdict is Verdict.MALICIOUS for each in remarks(found))
            if found.names and is_told:
                self._note(found, member)
            at = found.end if found.fault is None else head.end()


def _of_told(told: Told) -> Remark:
    """What a container says of itself; where only a name is known, the name decides."""
    name = told.name or ""
    if told.malicious is None:
        verdict, says = judged(name)
        return Remark(verdict, name, says if verdict is Verdict.MALICIOUS else told.says, told.call)
    return Remark(Verdict.MALICIOUS if told.malicious else Verdict.SUSPICIOUS, name, told.says, told.call)


def _spelt(data: bytes) -> Iterator[Remark]:
    """Denied names that stand anywhere in the bytes of a pickle of which unpicklers differ."""
    for pattern in (_SPELT, _STACKED):
        for match in pattern.finditer(data):
            name = f"{match[1].decode()}.{match[2].decode()}"
            says = denied(name)
            if says is not None:
                yield Remark(Verdict.MALICIOUS, name, says, None)
