"""What is said of a name that an unpickler asks for, and how it is shown."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from types import CodeType
from typing import NamedTuple

from stsec_magic.hits import masker_of
from stsec_magic.model.inspection import Verdict
from stsec_magic.pickles.gadgets import libraries
from stsec_magic.pickles.meaning import today
from stsec_magic.pickles.verdict import judged
from stsec_magic.report.visible import visible

EVALUATES = frozenset(("dill._dill._eval_repr", "dill.dill._eval_repr"))
"""By this dill writes ``Ellipsis`` and ``NotImplemented``: judged by what it is about to evaluate."""

_CONSTANTS = {name: compile(name, "", "eval").co_code for name in ("Ellipsis", "NotImplemented")}
_REMEMBERED = 4096
_LONGEST = 120


class Harm(NamedTuple):
    """A name that no data file needs.

    Attributes:
        name: Of today, dotted.
        says: What it leads to.
    """

    name: str
    says: str


@lru_cache(maxsize=_REMEMBERED)
def harm_of(module: str, name: str) -> Harm | None:
    """What a name leads to.

    Args:
        module: As the pickle spells it.
        name: Within it.

    Returns:
        The harm, or what ``EVALUATES``; None for a name that is not known to be for no data file.
    """
    meant = today(module, name)
    verdict, says = judged(meant)
    return Harm(meant, says) if verdict is Verdict.MALICIOUS or meant in EVALUATES else None


def is_constant(code: CodeType) -> bool:
    """Whether code gives a constant that dill writes by name, and does nothing else.

    Args:
        code: What is about to be evaluated.
    """
    return len(code.co_names) == 1 and code.co_code == _CONSTANTS.get(code.co_names[0])


@lru_cache(maxsize=1)
def prepare() -> None:
    """Read every table now, and make the masker: no file is to be read in the middle of somebody's load."""
    known = (files("stsec_magic.pickles") / "tables" / "known").iterdir()
    for library in {*libraries(), *(each.name.removesuffix(".toml") for each in known)}:
        judged(f"{library}.name")
    shown("os.system")


@lru_cache(maxsize=256)
def shown(text: str, longest: int = _LONGEST) -> str:
    """A text out of a stranger's file, or of the user's own: on one line, without secrets, and not too long.

    Args:
        text: The text.
        longest: How many characters of it.
    """
    masked = visible(masker_of([text]).mask_made(text))
    return masked if len(masked) <= longest else f"{masked[: longest - 3]}..."
