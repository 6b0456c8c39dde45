"""The guard: checks every cell before it runs, and stops it where that was asked for.

What IPython offers, and what of it is used: ``pre_run_cell`` is told of the cell but can't stop it, so there it is
checked, before the history keeps it; an AST transformer that raises ``InputRejected`` stops it, so there it is stopped.
Code that no cell holds (silent requests, what a magic compiles) is met by the transformer alone.
"""

from __future__ import annotations

import ast
import os
from dataclasses import replace
from typing import Any

from stsec_magic.live import notice, unpickling
from stsec_magic.live.cell_check import CellCheck
from stsec_magic.live.decision import Decision, decided, refused
from stsec_magic.live.directive import DirectiveError, directive
from stsec_magic.live.displays import Displays
from stsec_magic.live.known import KnownSecrets
from stsec_magic.live.mode import Mode
from stsec_magic.live.namespace import Namespace
from stsec_magic.live.running import Stack
from stsec_magic.live.said import say
from stsec_magic.live.session import History, Ran, own_path, saved_metadata
from stsec_magic.live.stopped import CellStoppedError
from stsec_magic.model.config import Config
from stsec_magic.model.problem import fault
from stsec_magic.model.report import Report

_MOST_REPORTS = 200
_PASS = Decision("")


class Guard:
    """One shell's guard.

    Attributes:
        mode: Whether findings stop cells; None while it is off.
        masks: Whether secrets are masked in what cells display and IPython keeps.
        config: The project's choices.
        history: The cells that ran.
        known: The session's secrets.
        checked: How many cells were checked since it is on.
        stopped: How many it stopped.
        last: The last decision that stopped a cell.
        reports: What stopped cells, by the numbers of their prompts, the last ones.
    """

    def __init__(self, shell: Any) -> None:  # noqa: ANN401
        """Be there, and off: a cell with ``%%stsec`` is checked all the same.

        Args:
            shell: IPython's.
        """
        self.mode: Mode | None = None
        self.masks = False
        self.config = Config()
        self.checked = self.stopped = 0
        self.last: Decision | None = None
        self.reports: dict[int, Report] = {}
        self.known = KnownSecrets()
        self.namespace = Namespace(shell.user_ns)
        self.history = History(lambda: list(shell.history_manager.input_hist_raw))
        self.check = CellCheck(self.namespace, self.known)
        self._shell = shell
        self._allowed: Decision | None = None
        self._echoed: Decision | None = None
        self._stack = Stack()
        self._displays: Displays | None = None
        shell.ast_transformers.insert(0, self)
        shell.events.register("pre_run_cell", self._before)
        shell.events.register("post_run_cell", self._after)

    def close(self) -> None:
        """Leave nothing active behind."""
        self.off()
        shell = self._shell
        shell.events.unregister("pre_run_cell", self._before)
        shell.events.unregister("post_run_cell", self._after)
        if self in shell.ast_transformers:
            shell.ast_transformers.remove(self)

    def on(self, mode: Mode, config: Config, *, masks: bool) -> None:
        """Check every cell from the next one on.

        Args:
            mode: Whether findings stop it.
            config: The project's choices.
            masks: Whether secrets are masked in what is displayed and kept.
        """
        self.mode, self.config, self.masks = mode, config, masks
        self.check.is_worth_it("")  # what is read once is read now
        if self._displays is None:
            self._displays = Displays(self._shell, self.known)
        unpickling.switch(mode, say)

    def off(self) -> None:
        """Check nothing any more but what ``%%stsec`` asks for."""
        self.mode, self.masks = None, False
        unpickling.switch(None, say)
        if self._displays is not None:
            self._displays.close()
            self._displays = None

    def allow_once(self) -> bool:
        """Let the cell that was stopped last run, once.

        Returns:
            Whether there is one.
        """
        self._allowed = self.last
        return self._allowed is not None

    def learn(self) -> None:
        """Look for secrets that came into the session."""
        self.known.refresh(self._shell.user_ns, os.environ)

    @property
    def running(self) -> str | None:
        """The text of the cell that runs, as IPython knows it: it may have begun before this guard was made."""
        result = getattr(self._shell.displayhook, "exec_result", None)
        found: str | None = getattr(getattr(result, "info", None), "raw_cell", None)
        return found

    # What IPython calls; nothing may escape from here but what stops a cell.

    def _before(self, info: Any) -> None:  # noqa: ANN401
        """For ``pre_run_cell``."""
        stops = self.mode is Mode.BLOCK
        decision = refused(info.raw_cell, "it was interrupted", stops=stops)
        try:
            decision = self._ready(info)
        except Exception as error:
            decision = refused(info.raw_cell, fault(error), stops=stops)
        finally:  # an interruption, too, must not let it through
            self._stack.begin(info, decision)
        if decision.stop:
            self.stopped += 1
            self._remember(decision)
        if decision.say:
            say("\n".join(decision.say))

    def _remember(self, decision: Decision) -> None:
        self.last = decision
        if decision.outcome is not None:
            self.reports[self._next_number()] = decision.outcome.report
            while len(self.reports) > _MOST_REPORTS:
                del self.reports[min(self.reports)]

    def _ready(self, info: Any) -> Decision:  # noqa: ANN401
        if self.mode is not None and self not in self._shell.ast_transformers:
            self._shell.ast_transformers.insert(0, self)  # somebody cleared the list
        if self._displays is not None:
            self._displays.begin(self.masks)
        metadata = getattr(info, "cell_meta", None)  # IPython 9.1 and newer
        decision = self._decide(info.raw_cell, metadata if isinstance(metadata, dict) else {})
        if decision.stop and self._allowed is not None and self._allowed.source == info.raw_cell:
            self._allowed = None
            decision = replace(decision, stop=())
        return decision

    def _after(self, result: Any) -> None:  # noqa: ANN401
        """For ``post_run_cell``."""
        self._stack.end(getattr(result, "info", None))
        seen = () if self._displays is None else self._displays.end()
        if seen:
            say(notice.displayed(seen, masked=self.masks))

    def visit(self, node: ast.Module) -> ast.Module:
        """For IPython's list of AST transformers.

        Args:
            node: A cell, or anything else that is about to be compiled.

        Returns:
            The same.

        Raises:
            CellStoppedError: It must not run.
        """
        try:
            decision = self._met(node)
        except Exception as error:
            decision = refused("", fault(error), stops=self.mode is Mode.BLOCK)
        if decision.stop:
            raise CellStoppedError(decision.stop)
        return node

    def _met(self, node: ast.Module) -> Decision:
        cell = self._stack.top
        if cell is not None and not cell.is_compiled:
            cell.is_compiled = True
            return cell.decision
        # Below a cell in which something was found and let through, all of it was.
        if self.mode is None or (cell is not None and cell.decision.has_findings):
            return _PASS
        return self._decide(_unparsed(node), {})

    def kept(self, source: str, number: int | None) -> Decision | None:
        """How a cell's text is to be kept; None for as it is.

        Args:
            source: The text.
            number: The number of its prompt; None where it isn't known.
        """
        cell = self._stack.top
        if cell is None or cell.decision.source != source:
            return None
        decision = cell.decision
        if decision.stop and number is not None:
            self.history.left_out.add(number)
        return decision if decision.hides else None

    def shown(self) -> Decision | None:
        """How the running cell's text is to be shown in a traceback; None for as it is."""
        cell = self._stack.top
        return cell.decision if cell is not None and (cell.decision.stop or cell.decision.hides) else None

    def echoed(self, source: str) -> Decision | None:
        """How a cell's text is to be told to other clients, before it runs; None for as it is.

        Args:
            source: The text.
        """
        self._echoed = self._decide(source, {})
        return self._echoed if self._echoed.outcome is not None or self._echoed.hides else None

    def _decide(self, source: str, metadata: dict[str, Any]) -> Decision:
        """Check a cell; whatever goes wrong becomes a decision."""
        echoed, self._echoed = self._echoed, None
        if echoed is not None and echoed.source == source and not metadata.get("tags") and "stsec" not in metadata:
            return echoed
        stops = self.mode is Mode.BLOCK
        try:
            asked = directive(source)
            if asked is None and self.mode is None:
                return Decision(source)
            config = self.config if asked is None else asked.applied(self.config)
            stops = stops if asked is None else not asked.warns
            return self._checked(source, metadata, config, stops=stops)
        except DirectiveError as error:
            return Decision(source, stop=(f"%%stsec: {error}",))
        except Exception as error:
            return refused(source, fault(error), stops=stops)

    def _next_number(self) -> int:
        return len(self._shell.history_manager.input_hist_raw)

    def _checked(self, source: str, metadata: dict[str, Any], config: Config, *, stops: bool) -> Decision:
        self.checked += 1
        if not self.check.is_worth_it(source):
            return Decision(source)
        number = self._next_number()
        before = self.history.cells()
        outcome = self.check.of(Ran(number, source, metadata), before, config)
        if outcome.failing and not metadata.get("tags"):
            # Not every front end sends the cell's metadata along.
            metadata = saved_metadata(own_path(self._shell.user_ns), source)
            outcome = self.check.of(Ran(number, source, metadata), before, config) if metadata else outcome
        return decided(source, outcome, stops=stops, masks=self.masks)


def _unparsed(node: ast.Module) -> str:
    try:
        return ast.unparse(node)
    except (ValueError, RecursionError):
        return ""  # nobody wrote such code
