"""The globals of pickles that make.py has written, by our own walk."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from stsec_magic.containers.members import Member, members
from stsec_magic.pickles.meaning import effects, today
from stsec_magic.pickles.notes import Walk
from stsec_magic.pickles.opcodes import walk
from stsec_magic.pickles.operands import Buffer
from stsec_magic.pickles.symbols import How, Name

_HEAD = struct.Struct("<HI")
_MOST = 12
"""Pickles, one behind the other; an old file of torch has five."""


@dataclass(slots=True)
class Seen:
    """What one file of objects gave in one environment.

    Attributes:
        names: Module and name as ``meaning.today`` spells them.
        asked: As the pickles spell them.
        versions: By package.
        pickles: How many were walked.
        cut: Labels of those that could not be walked to their end, with the reason.
        failed: How many objects could not be made or pickled.
    """

    names: set[tuple[str, str]] = field(default_factory=set)
    asked: set[tuple[str, str]] = field(default_factory=set)
    versions: dict[str, str] = field(default_factory=dict)
    pickles: int = 0
    cut: dict[str, str] = field(default_factory=dict)
    failed: int = 0

    def keep(self, path: Path) -> None:
        """Write it to a file, for a run that makes the tables anew and not the objects."""
        rows = {each.name: getattr(self, each.name) for each in fields(self)}
        rows.update(names=sorted(self.names), asked=sorted(self.asked))
        path.write_text(json.dumps(rows, indent=1, sort_keys=True))

    @classmethod
    def kept(cls, path: Path) -> Seen | None:
        """What another run has kept."""
        if not path.exists():
            return None
        rows = json.loads(path.read_text())
        rows.update(names={(*each,) for each in rows["names"]}, asked={(*each,) for each in rows["asked"]})
        return cls(**rows)

    def __str__(self) -> str:
        """As it is shown."""
        cut = f", {len(self.cut)} kinds cut: {[*self.cut.items()][:2]}" if self.cut else ""
        return f"{self.pickles} pickles, {len(self.names)} names, {self.failed} not made{cut}"


def collected(path: Path) -> Seen:
    """All names of one output of make.py."""
    seen = Seen()
    for label, data in _records(path):
        seen.pickles += 1
        names, fault = names_of(data)
        if fault is not None:
            seen.cut[label] = fault
        for name in names:
            seen.asked.add((name.module, name.name))
            spelt = today(name.module, name.name)
            module = (
                today(name.module, "").rstrip(".")
                if name.module.partition(".")[0] != spelt.partition(".")[0]
                else name.module
            )
            seen.names.add(_split(spelt, module))
    told = Path(f"{path}.json")
    if told.exists():
        counts = json.loads(told.read_text())
        seen.versions, seen.failed = counts["versions"], len(counts["failed"])
    return seen


def _split(spelt: str, module: str) -> tuple[str, str]:
    """A dotted name in its module and the rest."""
    if spelt.startswith(module + "."):
        return module, spelt[len(module) + 1 :]
    before, _, name = spelt.rpartition(".")
    return before, name


def names_of(data: bytes) -> tuple[list[Name], str | None]:
    """The globals of a file, and why its first pickle could not be walked to its end."""
    found: list[Name] = []
    fault: str | None = None
    for number, member in enumerate(members(data)):
        if not isinstance(member, Member):
            fault = fault or member.why
            continue
        start = 0
        for _ in range(_MOST):
            walked = _walk(member.data, start)
            if walked.fault is not None:
                fault = walked.fault if start == 0 and number == 0 else fault
                # Raw numbers, as in the storages of torch, end at once.
                found += walked.names if walked.names and start == 0 and number == 0 else []
                break
            found += [*walked.names, *_reached(walked)]
            start = walked.end
            if start >= len(member.data):
                break
    return found, fault


def _reached(walked: Walk) -> list[Name]:
    """What is called and is an attribute of a global: ``getattr(zoneinfo.ZoneInfo, "_unpickle")``."""
    asked = {today(name.module, name.name): name for name in walked.names}
    found: list[Name] = []
    for effect in effects(walked.calls):
        if effect.name is None or effect.name in asked or effect.call.how is How.STATE:
            continue
        heads = (asked[head] for head in _heads(effect.name) if head in asked)
        holder = next(heads, None)
        if holder is not None:
            rest = effect.name[len(today(holder.module, holder.name)) :]
            found.append(Name(holder.module, holder.name + rest))
    return found


def _heads(dotted: str) -> Iterator[str]:
    while "." in dotted:
        dotted = dotted.rpartition(".")[0]
        yield dotted


def _walk(data: Buffer, start: int) -> Walk:
    """A walk that steps over joblib's arrays where there are some."""
    walked = walk(data, start)
    return walk(data, start, arrays=True) if walked.has_arrays else walked


def _records(path: Path) -> Iterator[tuple[str, bytes]]:
    if not path.exists():
        return
    with path.open("rb") as stream:
        while len(head := stream.read(_HEAD.size)) == _HEAD.size:
            label, data = _HEAD.unpack(head)
            yield stream.read(label).decode("utf-8", "replace"), stream.read(data)
