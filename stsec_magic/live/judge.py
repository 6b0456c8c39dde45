"""From a cell to a decision: what it asks for itself, what is found in it, and what of that the user silenced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stsec_magic.live.cell_check import CellCheck
from stsec_magic.live.decision import Decision, decided, refused
from stsec_magic.live.directive import DirectiveError, directive
from stsec_magic.live.mode import Mode
from stsec_magic.live.session import History, Ran, own_path, saved_metadata
from stsec_magic.model.config import Config
from stsec_magic.model.problem import fault
from stsec_magic.rules import displayed_secret

_REACH = 500
"""So many cells back it is looked for where a value comes from; what names are bound to is known all the same."""


class Judge:
    """Decides on cells.

    Attributes:
        checked: How many.
    """

    def __init__(self, check: CellCheck, history: History, variables: Mapping[str, object]) -> None:
        """Take what there is to know.

        Args:
            check: Checks cells.
            history: The cells that ran.
            variables: The user's namespace.
        """
        self.checked = 0
        self._check = check
        self._history = history
        self._variables = variables

    def of(
        self, source: str, metadata: Mapping[str, Any], mode: Mode | None, config: Config, *, masks: bool
    ) -> Decision:
        """Decide on a cell; whatever goes wrong becomes a decision.

        Args:
            source: Its text.
            metadata: Its metadata, as far as they came along.
            mode: Whether findings stop it; None checks it only if it asks for that.
            config: Choices.
            masks: Whether secrets are masked in what is kept.
        """
        stops = mode is Mode.BLOCK
        try:
            asked = directive(source)
            if asked is None and mode is None:
                return Decision(source)
            config = config if asked is None else asked.applied(config)
            stops = stops if asked is None else not asked.warns
            if masks:  # what a cell would show is masked
                config = replace(config, ignore=config.ignore | {displayed_secret.RULE.id})
            return self._checked(source, metadata, config, stops=stops, masks=masks)
        except DirectiveError as error:
            return Decision(source, stop=(f"%%stsec: {error}",))
        except Exception as error:
            return refused(source, fault(error), stops=stops)

    def _checked(
        self, source: str, metadata: Mapping[str, Any], config: Config, *, stops: bool, masks: bool
    ) -> Decision:
        self.checked += 1
        if not self._check.is_worth_it(source):
            return Decision(source)
        number = self._history.next_number
        before = self._history.cells()[-_REACH:]
        outcome = self._check.of(Ran(number, source, metadata), before, config)
        if outcome.failing and not metadata.get("tags"):
            # Not every front end sends the cell's metadata along.
            saved = saved_metadata(own_path(self._variables), source)
            outcome = self._check.of(Ran(number, source, saved), before, config) if saved else outcome
        return decided(source, outcome, stops=stops, masks=masks)
