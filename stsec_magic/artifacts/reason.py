"""The verdict in one sentence that goes on from "it"."""

from __future__ import annotations

from collections.abc import Sequence

from stsec_magic.model.inspection import Closed, Remark, Verdict

_FEW = 3


def reason(
    verdict: Verdict, found: Sequence[Remark], closed: Sequence[Closed], pickles: int, data: str | None = None
) -> str:
    """Say why.

    Args:
        verdict: The verdict on a file.
        found: What it asks for and does, the worst first.
        closed: What in it couldn't be looked into.
        pickles: How many pickles stand in it.
        data: What kind of data it is, where it is known to be nothing else.
    """
    worst = [each for each in found if each.verdict is verdict]
    match verdict:
        case Verdict.MALICIOUS | Verdict.SUSPICIOUS:
            return said(worst[0])
        case Verdict.UNREADABLE:
            return " and ".join(closed_words(each) for each in closed[:1]) + _more(len(closed) - 1)
        case Verdict.UNKNOWN:
            return f"asks for {_listed([each.name for each in worst])}, which no list of ours has"
        case Verdict.CLEAN:
            return f"is {data}, which holds no code" if data else _clean(worst, pickles)


def said(remark: Remark) -> str:
    """A remark as the rest of a sentence: "calls os.system('id'), which starts a process".

    Args:
        remark: The remark.
    """
    if remark.call is not None:
        return f"calls {remark.call}, which {remark.says}"
    return f"asks for {remark.name}, which {remark.says}" if remark.name else remark.says


def closed_words(closed: Closed) -> str:
    """What couldn't be looked into, and why."""
    return f"{closed.path}: {closed.why}" if closed.path else closed.why


def _more(number: int) -> str:
    return f", and {number} more" if number > 0 else ""


def _clean(found: Sequence[Remark], pickles: int) -> str:
    if not pickles:
        return "holds no pickle"
    libraries = sorted({each.says for each in found})
    return f"only builds objects of {_listed(libraries)}" if libraries else "only holds plain data"


def _listed(names: Sequence[str]) -> str:
    if len(names) > _FEW:
        return ", ".join(names[:_FEW]) + _more(len(names) - _FEW)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
