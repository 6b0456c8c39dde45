"""What the extension hangs on a shell when it is loaded: light, and nothing of it checks anything by itself.

The guard, and with it all that checks, is made when a word or a ``%%stsec`` first asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stsec_magic.live.directive import NAME, Transformer
from stsec_magic.live.inputs import Hidden, Inputs

if TYPE_CHECKING:
    from stsec_magic.live.guard import Guard


class Attachment:
    """One shell's."""

    def __init__(self, shell: Any) -> None:  # noqa: ANN401
        """Hang it on.

        Args:
            shell: IPython's.
        """
        self._shell = shell
        self._guard: Guard | None = None
        self._inputs = Inputs(shell, self)
        self._transformer = Transformer(self._hook)
        shell.input_transformers_cleanup.append(self._transformer)

    def _hook(self) -> None:
        self.guard.hook()

    @property
    def guard(self) -> Guard:
        """This shell's guard, off at first."""
        if self._guard is None:
            from stsec_magic.live.guard import Guard

            self._guard = Guard(self._shell)
        return self._guard

    def kept(self, source: str, number: int | None) -> Hidden | None:
        """As ``inputs.Cells`` wants it."""
        return None if self._guard is None else self._guard.kept(source, number)

    def shown(self) -> Hidden | None:
        """As ``inputs.Cells`` wants it."""
        return None if self._guard is None else self._guard.shown()

    def echoed(self, source: str) -> Hidden | None:
        """As ``inputs.Cells`` wants it."""
        if self._guard is None and NAME not in source:
            return None
        return self.guard.echoed(source)

    def close(self) -> bool:
        """Leave nothing behind.

        Returns:
            Whether the guard was on.
        """
        was_on = self._guard is not None and self._guard.mode is not None
        if self._guard is not None:
            self._guard.off()  # what it has put above our own goes first
            self._guard = None
        self._inputs.close()
        if self._transformer in self._shell.input_transformers_cleanup:
            self._shell.input_transformers_cleanup.remove(self._transformer)
        return was_on
