"""The verdict on a pickle, by what it asks for and what its calls really are."""

from __future__ import annotations

from dataclasses import dataclass

from stsec_magic.pickles.denied import denied
from stsec_magic.pickles.meaning import effects, today
from stsec_magic.pickles.notes import Walk
from stsec_magic.pickles.shown import shown


@dataclass(frozen=True, slots=True)
class Harm:
    """Something that no data file asks for.

    Attributes:
        name: The dotted name.
        says: What it leads to: "starts a process".
        call: The call in readable Python; None where it is only asked for, and handed to something else.
    """

    name: str
    says: str
    call: str | None


def harms(walk: Walk) -> list[Harm]:
    """What a pickle would do that no data file does.

    Args:
        walk: Its walk.

    Returns:
        Each harm once, calls first, in order.
    """
    found: dict[str, Harm] = {}
    for effect in effects(walk.calls):
        says = None if effect.name is None else denied(effect.name)
        if effect.name is not None and says is not None:
            found.setdefault(effect.name, Harm(effect.name, says, shown(effect.call)))
    for asked in walk.names:
        name = today(asked.module, asked.name)
        says = denied(name)
        if says is not None:
            found.setdefault(name, Harm(name, says, None))
    return [*found.values()]
