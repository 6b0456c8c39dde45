"""The verdict on one pickle, by what it asks for and what its calls really are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stsec_magic.model.inspection import Remark, Verdict
from stsec_magic.pickles.denied import denied, doubtful, harms_when_called
from stsec_magic.pickles.known import known
from stsec_magic.pickles.meaning import LOOKING_UP, Effect, effects, meaning, today
from stsec_magic.pickles.notes import Walk
from stsec_magic.pickles.shown import shown
from stsec_magic.pickles.symbols import How, Name, Symbol

_MOST_EFFECTS = 50_000
_MOST = 200
"""Remarks on one pickle, the bad ones besides."""

_PYTHON = "Python"
_EVALUATING = frozenset(("dill._dill._eval_repr", "dill.dill._eval_repr"))
"""dill gives such constants as ``NotImplemented`` by evaluating their names."""

_NAMING = ("__qualname__", "__name__", "__module__", "__doc__")
_LOOKING_UP = LOOKING_UP | {"builtins.getattr"}


def remarks(walk: Walk) -> list[Remark]:
    """What is to be said of a pickle.

    Args:
        walk: Its walk.

    Returns:
        Each name once, calls first, in order; of very many the harmless ones are left out.
    """
    found: dict[str, Remark] = {}
    harmless: set[str] = set()
    for remark in _of_walk(walk, harmless):
        key = remark.name or remark.call or remark.says
        before = found.get(key)
        if before is None:
            if len(found) < _MOST or remark.verdict.rank >= Verdict.SUSPICIOUS.rank:
                found[key] = remark
        elif before.verdict.rank < remark.verdict.rank and not (remark.call is None and key in harmless):
            found[key] = remark
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


def _of_walk(walk: Walk, harmless: set[str]) -> Iterator[Remark]:
    """Remarks in order; what is called in a way that does no harm is noted, so that asking for it does none either."""
    # What is cut off has frames that are, too: that alone is nobody's trick.
    if walk.disputed is not None and walk.fault is None:
        says = f"{walk.disputed}, so that Python's unpicklers differ on what it does"
        yield Remark(Verdict.SUSPICIOUS, "", says, None)
    for count, effect in enumerate(effects(walk.calls)):
        if count == _MOST_EFFECTS:
            yield Remark(Verdict.SUSPICIOUS, "", "makes too many calls to look at", None)
            break
        remark = _of_effect(effect)
        if remark is not None:
            if (remark.name and remark.verdict.rank < judged(remark.name)[0].rank) or remark.verdict is Verdict.CLEAN:
                harmless.add(remark.name)
            yield remark
    for asked in walk.names:
        name = today(asked.module, asked.name)
        if "?" in (asked.module, asked.name):
            yield Remark(Verdict.MALICIOUS, name, "makes up a name while it is loaded", None)
        else:
            verdict, says = judged(name)
            yield Remark(verdict, name, says, None)


def _of_effect(effect: Effect) -> Remark | None:
    call = effect.call
    if call.how in (How.STATE, How.FILL):
        return _of_change(effect) if isinstance(call.function, Name) else None
    if effect.name is None:
        return Remark(Verdict.SUSPICIOUS, "", "calls what another call gives", shown(call))
    verdict, says = judged(effect.name)
    if effect.name in _EVALUATING and _is_name(effect.arguments):
        verdict, says = Verdict.SUSPICIOUS, "brings its own functions along"
    elif call.how is How.CALL and effect.arguments and verdict is not Verdict.MALICIOUS:
        verdict, says = _when_called(effect, verdict, says)
    return Remark(verdict, effect.name, says, shown(call))


def _of_change(effect: Effect) -> Remark:
    """The state of a global is set: no pickler does that to what it didn't make."""
    return Remark(Verdict.MALICIOUS, effect.name or "", "changes an object that isn't its own", shown(effect.call))


def _when_called(effect: Effect, verdict: Verdict, says: str) -> tuple[Verdict, str]:
    """What the arguments make of it."""
    name, arguments = effect.name or "", effect.arguments
    if name == "builtins.setattr" and _is_foreign(arguments):
        return Verdict.MALICIOUS, "changes an object that isn't its own"
    if name == "builtins.type" and len(arguments) == 1:
        return Verdict.CLEAN, _PYTHON
    given = meaning(effect.call) if name in _LOOKING_UP else None
    if given is not None and "." in given and not any(part.startswith("__") for part in given.split(".")):
        found, of_found = judged(given)
        library = known(given.rpartition(".")[0])
        if found is Verdict.UNKNOWN and library is not None:
            found, of_found = Verdict.CLEAN, library  # an attribute of what is harmless: no call of it yet
        # What is known to be harmless, or is nobody's business, isn't made worse by the way to it.
        if found is Verdict.MALICIOUS or found.rank < verdict.rank:
            return found, of_found
    harm = harms_when_called(name)
    return (verdict, says) if harm is None else (Verdict.MALICIOUS, harm)


def _is_foreign(arguments: Sequence[Symbol]) -> bool:
    """Whether an attribute of something is set that the pickle didn't make; dill gives classes their names so."""
    holder, attribute = arguments[0], arguments[1] if len(arguments) > 1 else None
    return isinstance(holder, Name) and holder.module != "__main__" and attribute not in _NAMING


def _is_name(arguments: Sequence[Symbol]) -> bool:
    return len(arguments) == 1 and isinstance(arguments[0], str) and arguments[0].isidentifier()
