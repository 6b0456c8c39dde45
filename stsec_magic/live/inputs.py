"""Where IPython keeps or shows the text of a cell: there a cell's secrets are masked, if they are to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from stsec_magic.live.display_patch import Patch
from stsec_magic.notebook.ansi import strip


class Hidden(Protocol):
    """A cell whose text is to be masked."""

    @property
    def stop(self) -> Sequence[str]:
        """What is shown instead of running it; empty where it runs."""

    def mask(self, text: str) -> str:
        """Take the secrets out of the cell's text, or of another spelling of it."""


class Cells(Protocol):
    """Knows which cell is running."""

    def kept(self, source: str, number: int | None) -> Hidden | None:
        """How a cell's text is to be kept; None for as it is."""

    def shown(self) -> Hidden | None:
        """How the running cell's text is to be shown in a traceback; None for as it is."""

    def echoed(self, source: str) -> Hidden | None:
        """How a cell's text is to be told to other clients, before it runs; None for as it is."""


class Inputs:
    """The wrappers around the history, the log and the kernel's echo."""

    def __init__(self, shell: Any, cells: Cells) -> None:  # noqa: ANN401
        """Put them in place; what a shell doesn't have is passed over.

        Args:
            shell: IPython's.
            cells: Asked for each cell.
        """
        self._cells = cells
        wanted: list[tuple[Any, str, Callable[[Patch], Callable[..., Any]]]] = [
            (shell.history_manager, "store_inputs", self._storing),
            (getattr(shell, "logger", None), "log", self._logging),
            (shell, "_showtraceback", self._showing),
            (getattr(shell, "kernel", None), "_publish_execute_input", self._publishing),
        ]
        self._patches = [Patch(owner, name, make) for owner, name, make in wanted if hasattr(owner, name)]

    def close(self) -> None:
        """Take them off."""
        for patch in self._patches:
            patch.off()

    def _storing(self, patch: Patch) -> Callable[..., Any]:
        """For ``HistoryManager.store_inputs``: history.sqlite, ``In``, ``_i``."""

        def store_inputs(line_num: int, source: str, source_raw: str | None = None) -> Any:  # noqa: ANN401
            raw = source if source_raw is None else source_raw
            hidden = self._cells.kept(raw, line_num) if patch.live else None
            if hidden is not None:
                source, raw = hidden.mask(source), hidden.mask(raw)
            return patch.inner(line_num, source, raw)

        return store_inputs

    def _logging(self, patch: Patch) -> Callable[..., Any]:
        """For ``Logger.log``: ``%logstart``."""

        def log(line_mod: str, line_ori: str) -> Any:  # noqa: ANN401
            hidden = self._cells.kept(line_ori, None) if patch.live else None
            if hidden is not None:
                line_mod, line_ori = hidden.mask(line_mod), hidden.mask(line_ori)
            return patch.inner(line_mod, line_ori)

        return log

    def _showing(self, patch: Patch) -> Callable[..., Any]:
        """For the shell's ``_showtraceback``: what doesn't parse is shown before anybody can stop it."""

        def _showtraceback(etype: Any, evalue: Any, stb: Sequence[str]) -> Any:  # noqa: ANN401
            hidden = self._cells.shown() if patch.live else None
            if hidden is not None:
                stb = list(hidden.stop) or [_masked(each, hidden) for each in stb]
            return patch.inner(etype, evalue, stb)

        return _showtraceback

    def _publishing(self, patch: Patch) -> Callable[..., Any]:
        """For the kernel's ``_publish_execute_input``, which tells all clients what is going to run."""

        def _publish_execute_input(code: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            hidden = self._cells.echoed(code) if patch.live else None
            return patch.inner(code if hidden is None else hidden.mask(code), *args, **kwargs)

        return _publish_execute_input


def _masked(text: str, hidden: Hidden) -> str:
    plain, _ = strip(text)  # colours may stand in the middle of a secret
    masked = hidden.mask(plain)
    return text if masked == plain else masked
