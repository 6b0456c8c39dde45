"""What a cell displays, seen before it is: results, ``display()``, stdout and stderr, tracebacks.

IPython's own methods are wrapped, on the objects of this session alone. Between cells the wrappers of results,
displays and tracebacks stay, so that threads and widgets' callbacks are seen, too; those of the streams are put on
for each cell (see ``streams``).

**Not seen**: raster images, the state of widgets, tooltips (``inspect_reply``), messages that code sends by itself
through the kernel's session. What ``%%capture`` and ``capture_output`` catch stays as it is, until it is shown.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from stsec_magic.live import display_wrappers as wrappers
from stsec_magic.live.display_history import mask_streams
from stsec_magic.live.display_patch import Patch
from stsec_magic.live.display_texts import Look
from stsec_magic.live.known import KnownSecrets
from stsec_magic.live.streams import Early, Published, Watched
from stsec_magic.project.secret_files import Kept

_STREAMS = ("stdout", "stderr")


class Shell(Protocol):
    """As much of an IPython shell as is wrapped; in a kernel it has a ``kernel``, too.

    Attributes:
        user_ns: The user's variables.
        displayhook: Displays results.
        display_pub: Publishes what ``display()`` is given.
    """

    user_ns: MutableMapping[str, object]
    displayhook: Any
    display_pub: Any


@dataclass(frozen=True, slots=True)
class Seen:
    """A secret that a cell displayed, or would have.

    Attributes:
        name: The secret's name.
        file: Where it is known from.
        where: "result", "display", "stdout", "stderr" or "traceback".
    """

    name: str
    file: str
    where: str


class Displays:
    """The wrappers, and what they saw.

    Attributes:
        known: The secrets that are looked for.
        mask: Whether they are replaced now: as the running cell, or the last one, was begun.
        showing: What is being shown, where it may be printed in the end; "" for nothing.
    """

    def __init__(self, shell: Shell, known: KnownSecrets) -> None:
        """Wrap the shell's methods; nothing is masked before the first cell that asks for it.

        Args:
            shell: The shell.
            known: The secrets to look for.
        """
        self.known = known
        self.mask = False
        self.showing = ""
        self._shell = shell
        self._cells: list[tuple[bool, list[Early]]] = []
        self._seen: dict[tuple[str, str], Seen] = {}
        self._patches: dict[str, Patch] = {}
        self._published: dict[str, Published] = {}
        self._watched: dict[tuple[str, bool], Early] = {}
        self._owners: tuple[Any, ...] = ()
        self._wrap_all()

    def begin(self, mask: bool) -> None:
        """A cell starts. Cells may be nested: code may run another one.

        Args:
            mask: Whether secrets are replaced before they are displayed or stored; else they are only seen.
        """
        self.mask = mask
        with suppress(Exception):  # there is another try before anything is displayed
            self.refresh()
        outer = [watched.stream for watched in self._cells[0][1]] if self._cells else None
        if outer is None:
            self._wrap_all()
        streams: list[Early] = []
        self._cells.append((mask, streams))
        for where in _STREAMS:
            stream = getattr(sys, where)
            # Under %%capture, which runs a cell inside of a cell, nothing is displayed yet.
            if outer is None or any(stream is each for each in outer):
                with suppress(AttributeError, TypeError):
                    streams.append(
                        self._again(stream, where, mask) if outer is None else self._new(stream, where, mask)
                    )

    def end(self) -> tuple[Seen, ...]:
        """A cell ends.

        Returns:
            What was seen since the last one ended, each name and place once.
        """
        if not self._cells:
            return ()
        mask, streams = self._cells.pop()
        used = [watched.stream for watched in streams if watched.was_used]
        for watched in reversed(streams):
            watched.close()
        if used:
            with suppress(Exception):  # it is tried again as the streams are sent
                self.refresh()
        for published in self._published.values():
            if any(published.stream is each for each in used):
                # What the cell wrote leaves, and is seen, before it is told what was seen.
                with suppress(Exception):
                    published.drain()
        if mask:
            mask_streams(self._shell, self.known)
        if self._cells:
            self.mask = self._cells[-1][0]
        seen = tuple(self._seen.values())
        self._seen.clear()
        return seen

    def close(self) -> None:
        """Take everything off, and let go what was held back."""
        while self._cells:
            self.end()
        for patch in reversed(self._patches.values()):
            patch.off()
        self._patches.clear()
        for published in self._published.values():
            published.close()
        self._published.clear()
        self._watched.clear()

    def refresh(self) -> None:
        """Look for new secrets."""
        self.known.refresh(self._shell.user_ns, os.environ)

    def report(self, kept: Kept, where: str) -> None:
        """Remember that a value was seen.

        Args:
            kept: The value.
            where: In which kind of output.
        """
        if self.showing and where in _STREAMS:
            where = self.showing
        self._seen.setdefault((kept.name, where), Seen(kept.name, kept.file, where))

    def look(self, where: str) -> Look:
        """What reports the secrets of a text, and masks them if they are to be.

        Args:
            where: The kind of output that the text is of.
        """

        def look(text: str) -> str:
            found = self.known.found(text)
            for kept in found:
                self.report(kept, where)
            return self.known.mask(text) if found and self.mask else text

        return look

    def _wrap_all(self) -> None:
        shell: Any = self._shell
        owners = (shell.displayhook, shell.display_pub, sys.stdout, sys.stderr)
        if self._owners == owners and all(patch.is_on_top for patch in self._patches.values()):
            return
        self._owners = owners
        self._wrap(shell.displayhook, "compute_format_data", wrappers.computing)
        self._wrap(shell.displayhook, "write_format_data", wrappers.writing)
        self._wrap(shell.display_pub, "publish", wrappers.publishing)
        self._wrap(shell, "_showtraceback", wrappers.showing_traceback)
        self._wrap(shell, "_format_exception_for_storage", wrappers.storing)
        self._wrap(getattr(shell, "kernel", None), "do_execute", wrappers.executing)
        for where in _STREAMS:
            self._watch_published(getattr(sys, where), where)

    def _wrap(self, owner: object, name: str, make: Callable[[wrappers.Session, Patch], Callable[..., Any]]) -> None:
        """Put a wrapper on top, where it isn't there already."""
        patch = self._patches.get(name)
        if patch is not None:
            if patch.owner is owner and patch.is_on_top:
                return
            patch.off()
        with suppress(AttributeError, TypeError):
            self._patches[name] = Patch(owner, name, partial(make, self))

    def _again(self, stream: object, where: str, mask: bool) -> Early:
        """The wrapper of the cell before, put on again: most cells follow one that is like it."""
        kept = self._watched.get((where, mask))
        if kept is not None and kept.stream is stream:
            kept.open()
            return kept
        made = self._watched[where, mask] = self._new(stream, where, mask)
        return made

    def _new(self, stream: object, where: str, mask: bool) -> Early:
        if any(published.stream is stream for published in self._published.values()):
            return Early(stream, self)
        return Watched(stream, where, self, mask=mask)

    def _watch_published(self, stream: object, where: str) -> None:
        published = self._published.get(where)
        if not hasattr(stream, "register_hook") or (published is not None and published.stream is stream):
            return
        if published is not None:
            published.close()
        with suppress(AttributeError):
            self._published[where] = Published(stream, where, self, lambda: self.mask)
