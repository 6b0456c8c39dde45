"""The verdict on one pickle, by what it asks for and what its calls really are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from stsec_magic.model.inspection import Remark, Verdict
from stsec_magic.pickles.denied import denied, doubtful
from stsec_magic.pickles.known import known
from stsec_magic.pickles.meaning import Effect, effects, today
from stsec_magic.pickles.notes import Walk
from stsec_magic.pickles.shown import shown
from stsec_magic.pickles.symbols import How, Name

_MOST_EFFECTS = 50_000
_MOST = 200
"""Remarks on one pickle."""


def remarks(walk: Walk) -> list[Remark]:
    """What is to be said of a pickle.

    Args:
        walk: Its walk.

    Returns:
        Each name once, calls first, in order.
    """
    found: dict[str, Remark] = {}
    for remark in islice(_of_walk(walk), _MOST_EFFECTS):
        key = remark.name or remark.call or remark.says
        before = found.get(key)
        if before is None or before.verdict.rank < remark.verdict.rank:
            found[key] = remark
        if len(found) >= _MOST:
            break
    return [*found.values()]


def judged(name: str) -> tuple[Verdict, str]:
    """The verdict on a name by itself.

    Args:
        name: A dotted name, as ``meaning.today`` spells it.

    Returns:
        The verdict and a few words.
    """
    library = known(name)
    if library is not None:
        return Verdict.CLEAN, library
    says = denied(name)
    if says is not None:
        return Verdict.MALICIOUS, says
    says = doubtful(name)
    if says is not None:
        return Verdict.SUSPICIOUS, says
    return Verdict.UNKNOWN, "is in no list of ours: is it code of your own?"


def _of_walk(walk: Walk) -> Iterator[Remark]:
    # What is cut off has frames that are, too: that alone is nobody's trick.
    if walk.disputed is not None and walk.fault is None:
        yield Remark(
            Verdict.SUSPICIOUS, "", f"{walk.disputed}, so that Python's unpicklers differ on what it does", None
        )
    for effect in effects(walk.calls):
        remark = _of_effect(effect)
        if remark is not None:
            yield remark
    for asked in walk.names:
        if "?" in (asked.module, asked.name):
            yield Remark(Verdict.MALICIOUS, asked.dotted, "makes up a name while it is loaded", None)
        else:
            name = today(asked.module, asked.name)
            yield Remark(*_named(name), None)


def _named(name: str) -> tuple[Verdict, str, str]:
    verdict, says = judged(name)
    return verdict, name, says


def _of_effect(effect: Effect) -> Remark | None:
    how, function = effect.call.how, effect.call.function
    if how in (How.STATE, How.FILL):
        if not isinstance(function, Name):
            return None
        says = "changes an object that isn't its own"
        return Remark(Verdict.MALICIOUS, today(function.module, function.name), says, shown(effect.call))
    if effect.name is None:
        says = "calls what another call gives"
        return Remark(Verdict.SUSPICIOUS, "", says, shown(effect.call))
    return Remark(*_named(effect.name), shown(effect.call))
