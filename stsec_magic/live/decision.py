"""Whether a cell may run: the check's outcome, and what the user chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from stsec_magic.live import notice
from stsec_magic.live.cell_check import Outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """On one cell.

    Attributes:
        source: The cell, as the user wrote it.
        outcome: What was found; None where there was nothing to look for, or nobody looked.
        stop: What to show instead of running it; empty where it runs.
        say: What to say before it runs.
        hides: Whether what IPython keeps of it is masked.
        masked: Its text without its secrets.
        spell: Takes them out of another spelling of it.
    """

    source: str = field(repr=False)
    outcome: Outcome | None = None
    stop: tuple[str, ...] = ()
    say: tuple[str, ...] = ()
    hides: bool = False
    masked: str = ""
    spell: Callable[[str], str] = str

    def mask(self, text: str) -> str:
        """The cell's text, or another spelling of it, without its secrets.

        Args:
            text: The text.
        """
        return self.masked if text == self.source else self.spell(text)

    @property
    def has_findings(self) -> bool:
        """Whether anything was found, whoever silenced it."""
        return self.outcome is not None and bool(self.outcome.report.findings or self.outcome.faults)


def decided(source: str, outcome: Outcome, *, stops: bool, masks: bool) -> Decision:
    """What is to be done with a cell.

    Args:
        source: The cell.
        outcome: What was found in it.
        stops: Whether findings stop it.
        masks: Whether what is kept of a cell that runs is masked, too.
    """
    stop: list[str] = []
    say: list[str] = []
    if outcome.failing:
        stop, say = (notice.stopped(outcome), []) if stops else ([], notice.warned(outcome))
    elif outcome.faults:
        lines = notice.at_fault(outcome.faults[0].message, stops=stops)
        stop, say = (lines, []) if stops else ([], lines)
    return Decision(
        source,
        outcome,
        tuple(stop),
        tuple(say),
        (bool(stop) or masks) and outcome.masked != source,
        outcome.masked,
        outcome.mask,
    )


def refused(source: str, why: str, *, stops: bool) -> Decision:
    """What is to be done with a cell that couldn't be checked, for a fault of our own.

    Args:
        source: The cell.
        why: Which fault, without anything of the cell.
        stops: Whether that stops it: nobody knows what is in it.
    """
    lines = tuple(notice.at_fault(why, stops=stops))
    # Nothing of it is kept either: it may be all secret.
    hidden = "# a cell that could not be checked"
    return Decision(source, None, lines if stops else (), () if stops else lines, stops, hidden, lambda _: hidden)
