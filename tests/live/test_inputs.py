"""Where IPython keeps or shows a cell's text."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from stsec_magic.live.inputs import Hidden, Inputs


class Masking:
    """Hides every digit."""

    stop: Sequence[str] = ()

    def mask(self, text: str) -> str:
        return "".join("#" if each.isdigit() else each for each in text)


class Cells:
    """What hides, and what was asked."""

    def __init__(self, hidden: Hidden | None) -> None:
        self.hidden = hidden
        self.asked: list[tuple[str, int | None]] = []

    def kept(self, source: str, number: int | None) -> Hidden | None:
        self.asked.append((source, number))
        return self.hidden

    def shown(self) -> Hidden | None:
        return self.hidden

    def echoed(self, source: str) -> Hidden | None:
        return self.hidden


def shell(seen: list[Any]) -> Any:
    """A shell that notes what it is given."""
    note = lambda *arguments, **more: seen.append((*arguments, *more.items()))  # noqa: E731
    return SimpleNamespace(
        history_manager=SimpleNamespace(store_inputs=note),
        logger=SimpleNamespace(log=note),
        kernel=SimpleNamespace(_publish_execute_input=note),
        _showtraceback=note,
    )


def everything(made: Any) -> None:
    """Let it keep and show a cell."""
    made.history_manager.store_inputs(7, "run(1)", "!1")
    made.history_manager.store_inputs(8, "only 1")
    made.logger.log("run(1)", "!1")
    made.kernel._publish_execute_input("!1", {}, 7)
    made._showtraceback(ValueError, ValueError("x"), ["\x1b[31m1\x1b[0m", "no number"])


def test_a_cell_that_hides_nothing_is_kept_as_it_is() -> None:
    seen: list[Any] = []
    made, cells = shell(seen), Cells(None)
    Inputs(made, cells)
    everything(made)
    assert seen[:4] == [(7, "run(1)", "!1"), (8, "only 1", "only 1"), ("run(1)", "!1"), ("!1", {}, 7)]
    assert seen[4][2] == ["\x1b[31m1\x1b[0m", "no number"]
    assert cells.asked == [("!1", 7), ("only 1", 8), ("!1", None)]


def test_one_that_hides_is_masked_wherever_it_is_kept() -> None:
    seen: list[Any] = []
    made = shell(seen)
    Inputs(made, Cells(Masking()))
    everything(made)
    assert seen[:4] == [(7, "run(#)", "!#"), (8, "only #", "only #"), ("run(#)", "!#"), ("!#", {}, 7)]
    assert seen[4][2] == ["#", "no number"]


def test_what_is_stopped_is_shown_as_that() -> None:
    seen: list[Any] = []
    made, masking = shell(seen), Masking()
    masking.stop = ("stopped", "here")
    Inputs(made, Cells(masking))
    made._showtraceback(SyntaxError, SyntaxError("x"), ["k = 1"])
    assert seen[0][2] == ["stopped", "here"]


def test_it_is_taken_off() -> None:
    seen: list[Any] = []
    made = shell(seen)
    before = made.logger.log
    Inputs(made, Cells(Masking())).close()
    everything(made)
    assert seen[0] == (7, "run(1)", "!1")
    assert made.logger.log is before


def test_a_shell_without_a_kernel() -> None:
    made = shell([])
    del made.kernel, made.logger
    Inputs(made, Cells(None)).close()
