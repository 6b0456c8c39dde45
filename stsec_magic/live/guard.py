"""The guard: checks every cell before it runs, and stops it where that was asked for.

What IPython offers, and what of it is used: ``pre_run_cell`` is told of the cell but can't stop it, so there it is
checked, before the history keeps it; where the syntax tree is transformed an ``InputRejected`` stops it, so there it is
stopped. Code that no cell holds (silent requests, what a magic compiles) is met there alone.

``transform_ast`` itself is wrapped rather than a transformer put into ``ast_transformers``: with any of those IPython
walks every tree once more, and deep ones, which run without, end in a RecursionError.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from stsec_magic.live import notice, unpickling
from stsec_magic.live.cell_check import CellCheck
from stsec_magic.live.decision import Decision, refused
from stsec_magic.live.display_patch import Patch
from stsec_magic.live.displays import Displays
from stsec_magic.live.judge import Judge
from stsec_magic.live.known import KnownSecrets
from stsec_magic.live.mode import Mode
from stsec_magic.live.namespace import Namespace
from stsec_magic.live.running import Stack
from stsec_magic.live.said import say
from stsec_magic.live.session import History
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
        self.stopped = 0
        self.last: Decision | None = None
        self.reports: dict[int, Report] = {}
        self.known = KnownSecrets()
        self.namespace = Namespace(shell.user_ns)
        # A shell may do without a history.
        self.history = History(lambda: list(getattr(shell.history_manager, "input_hist_raw", [""])))
        self.check = CellCheck(self.namespace, self.known)
        self._judge = Judge(self.check, self.history, shell.user_ns)
        self._shell = shell
        self._allowed: Decision | None = None
        self._echoed: Decision | None = None
        self._stack = Stack()
        self._displays: Displays | None = None
        self._compiling: Patch | None = None

    def hook(self) -> None:
        """Be asked for each cell, until no more is to be checked: what is off costs nothing."""
        if self._compiling is None:
            self._compiling = Patch(self._shell, "transform_ast", self._transforming)
            self._shell.events.register("pre_run_cell", self._before)
            self._shell.events.register("post_run_cell", self._after)

    def _unhook(self) -> None:
        if self._compiling is not None:
            self._compiling.off()
            self._compiling = None
            self._shell.events.unregister("pre_run_cell", self._before)
            self._shell.events.unregister("post_run_cell", self._after)

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
        self.hook()

    def off(self) -> None:
        """Check nothing any more but what ``%%stsec`` asks for."""
        self.mode, self.masks = None, False
        unpickling.switch(None, say)
        if self._displays is not None:
            self._displays.close()
            self._displays = None
        self._unhook()

    @property
    def checked(self) -> int:
        """How many cells were checked."""
        return self._judge.checked

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
        decision = None
        try:
            decision = self._ready(info)
        except Exception as error:
            decision = refused(info.raw_cell, fault(error), stops=self.mode is Mode.BLOCK)
        finally:
            if decision is None:  # an interruption must not let it through
                decision = refused(info.raw_cell, "it was interrupted", stops=self.mode is Mode.BLOCK)
            self._stack.begin(info, decision)
        if decision.stop:
            self.stopped += 1
            self._remember(decision)
        if decision.say:
            say("\n".join(decision.say))

    def _remember(self, decision: Decision) -> None:
        self.last = decision
        if decision.outcome is not None:
            self.reports[self.history.next_number] = decision.outcome.report
            while len(self.reports) > _MOST_REPORTS:
                del self.reports[min(self.reports)]

    def _ready(self, info: Any) -> Decision:  # noqa: ANN401
        if self._displays is not None:
            self._displays.begin(self.masks)  # it looks for new secrets, too
        else:
            self._look_again()
        decision = self._decide(info.raw_cell, _metadata(info, self._shell))
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
        if self.mode is None and self._stack.top is None:
            self._unhook()  # it was for one cell with %%stsec

    def _transforming(self, patch: Patch) -> Callable[..., Any]:
        """For the shell's ``transform_ast``, which is given whatever is about to be compiled."""

        def transform_ast(node: ast.Module) -> Any:  # noqa: ANN401
            try:
                decision = self._met(node) if patch.live else _PASS
            except Exception as error:
                decision = refused("", fault(error), stops=self.mode is Mode.BLOCK)
            if decision.stop:
                raise CellStoppedError(decision.stop)
            return patch.inner(node)

        return transform_ast

    def _met(self, node: ast.Module) -> Decision:
        cell = self._stack.top
        if cell is not None and not cell.is_compiled:
            cell.is_compiled = True
            return cell.decision
        # Below a cell in which something was found and let through, all of it was.
        if self.mode is None or (cell is not None and cell.decision.has_findings):
            return _PASS
        return self._decide(ast.unparse(node), {})

    def kept(self, source: str, number: int | None) -> Decision | None:
        """How a cell's text is to be kept; None for as it is.

        Args:
            source: The text.
            number: The number of its prompt; None where it isn't known.
        """
        decision = None if self._stack.top is None else self._stack.top.decision
        if decision is None or decision.source != source:
            return None
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
        self._look_again()  # this decision is the cell's: what the last one set must be known
        decision = self._echoed = self._decide(source, {})
        return decision if decision.outcome is not None or decision.hides else None

    def _look_again(self) -> None:
        with suppress(Exception):  # a cell is checked by what was known before
            self.learn()

    def _decide(self, source: str, metadata: dict[str, Any]) -> Decision:
        """Check a cell, if it wasn't just before it was told to other clients."""
        echoed, self._echoed = self._echoed, None
        if echoed is not None and echoed.source == source and not metadata.get("tags") and "stsec" not in metadata:
            return echoed
        return self._judge.of(source, metadata, self.mode, self.config, masks=self.masks)


def _metadata(info: Any, shell: Any) -> dict[str, Any]:  # noqa: ANN401
    """The cell's metadata, as the front end sent them along."""
    found = getattr(info, "cell_meta", None)
    if found is None:  # IPython before 9.1: the kernel has the whole request
        request = getattr(shell, "parent_header", None)
        found = request.get("metadata") if isinstance(request, dict) else None
    return found if isinstance(found, dict) else {}
