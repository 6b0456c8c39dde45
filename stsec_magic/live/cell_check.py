"""One cell, checked before it runs: its text, and what its names are bound to by now."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stsec_magic.checker import Examined, examine
from stsec_magic.hits import scanner
from stsec_magic.live.known import KnownSecrets
from stsec_magic.live.known_worth import SESSION as IN_SESSION
from stsec_magic.live.namespace import Namespace
from stsec_magic.live.session import Ran, as_notebook, renumbered
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.levels import Confidence
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.model.report import Report
from stsec_magic.project.secret_files import Kept
from stsec_magic.rules.live import Live
from stsec_magic.rules.scan import encoded
from stsec_magic.triage.assemble import assemble

# A call, a text, a comment, a magic, a shell's line or a word as long as a secret: without any nothing can be found.
_SPEAKS = re.compile(r"[(\"'`#%!?@$]|\w{8}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the check of a cell gave.

    Attributes:
        report: Its findings.
        failing: Those at or above the threshold.
        faults: Faults of our own: what they kept from being checked nobody knows.
        masked: The cell's text without its secrets.
        mask: Takes them out of another spelling of it: IPython's own.
    """

    report: Report
    failing: tuple[Finding, ...]
    faults: tuple[Problem, ...]
    masked: str
    mask: Callable[[str], str]


class CellCheck:
    """Checks cells of a session."""

    def __init__(self, namespace: Namespace, known: KnownSecrets) -> None:
        """Take what the session knows.

        Args:
            namespace: What its names are bound to.
            known: Its secrets.
        """
        self._namespace = namespace
        self._known = known

    def is_worth_it(self, source: str) -> bool:
        """Whether anything in a cell may be found: a word of any rule, a load by whatever name, a known secret.

        Args:
            source: Its text.
        """
        return _SPEAKS.search(source) is not None and (
            next(scanner().scan([encoded(source)], {0}), None) is not None
            or self._namespace.names_load(source)
            or bool(self._known.found(source))
        )

    def of(self, cell: Ran, before: Sequence[Ran], config: Config) -> Outcome:
        """Check a cell.

        Args:
            cell: The cell.
            before: The cells that ran before it: what they say of its values is followed.
            config: Choices.

        Returns:
            What stands in this cell alone. Never raises for what is in it.
        """
        # What runs is text: an odd object in its metadata must not reach further than that.
        raw = as_notebook([*before, cell])
        live = Live(self._namespace, len(before), self._known.kept)
        examined = examine(raw, config, os.urandom(16), live)
        number = len(before) + 1
        found = [each for each in examined.checked.findings if each.location.cell == number]
        findings = renumbered(found, [*before, cell])
        problems = [each for each in examined.checked.problems if each.cell in (None, number)]
        report = assemble(findings, problems, 1, 1)
        self._known.learn(_secrets(examined))
        mask = examined.masker.mask
        fragments = [] if examined.subject is None else examined.subject.sources()[number - 1 :]
        windows = [examined.masker.window(each, 0, len(each.text), (0, 0)).text for each in fragments]
        return Outcome(
            report,
            report.failing(config.fail_on),
            tuple(each for each in problems if each.kind is ProblemKind.INTERNAL),
            windows[0] if windows else mask(cell.source),
            mask,
        )


def _secrets(examined: Examined) -> Iterator[Kept]:
    """The secrets that were found for sure, and that nobody silenced."""
    for finding, hit in zip(examined.checked.findings, examined.hits, strict=True):
        is_sure = finding.suppressed is None and finding.confidence is not Confidence.LOW
        if is_sure and hit.secret is not None:
            yield Kept(hit.name or finding.rule, hit.secret.value, IN_SESSION)
