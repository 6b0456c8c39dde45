"""stdout and stderr, while a cell runs and in a kernel also between cells.

**In a kernel** ipykernel gathers what is written and sends it a moment later: there it is looked at, once for many
writes. So everything is seen that leaves through the streams: ``print``, logging, warnings, ``!command``, what C
code and threads write. **Elsewhere** the stream's ``write`` is wrapped while a cell runs. Not seen in a terminal: what
a ``!command`` or C code writes, as it writes to the terminal itself; ``sys.stdout.buffer``.

A value may come in pieces. What may be the beginning of one is held back until the next piece shows what it
is, or until the cell ends.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from stsec_magic.live.display_patch import Patch
from stsec_magic.live.display_pieces import Pieces, Watcher
from stsec_magic.live.display_texts import withheld

_REFRESH_EVERY = 0.02
_REFRESH_SHARE = 20
"""A look at the variables takes at most one in so many parts of the time, however many there are."""


class Early:
    """A kernel's stream while a cell runs: a variable may be gone again before its value is sent.

    Attributes:
        stream: The stream.
        was_used: Whether anything was written to it.
    """

    def __init__(self, stream: Any, watcher: Watcher) -> None:  # noqa: ANN401
        """Wrap the stream's ``write``, to look for new secrets now and then.

        Args:
            stream: The stream.
            watcher: The session.

        Raises:
            AttributeError: It can't be wrapped.
        """
        self.stream = stream
        self._watcher = watcher
        self._due = 0.0
        self.was_used = False
        self._write = Patch(stream, "write", self._make_write)

    def open(self) -> None:
        """Put it on again, for another cell.

        Raises:
            AttributeError: It can't be wrapped.
        """
        self.was_used = False
        self._write.on()

    def close(self) -> None:
        """Take the wrapper off."""
        self._write.off()

    def _make_write(self, patch: Patch) -> Callable[..., Any]:
        clock = time.monotonic

        def write(data: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            self.was_used = True
            if clock() >= self._due and patch.live:
                try:
                    self._refresh()
                except Exception:
                    self._due = clock() + _REFRESH_EVERY  # there is another try before it is sent
            return patch.inner(data, *args, **kwargs)

        return write

    def _refresh(self) -> None:
        before = time.monotonic()
        self._watcher.refresh()
        after = time.monotonic()
        self._due = after + max(_REFRESH_EVERY, _REFRESH_SHARE * (after - before))


class Watched(Early):
    """Any other stream while a cell runs: looked at as it is written."""

    def __init__(self, stream: Any, where: str, watcher: Watcher, *, mask: bool) -> None:  # noqa: ANN401
        """Wrap the stream.

        Args:
            stream: ``sys.stdout`` or ``sys.stderr``.
            where: What it is called in reports.
            watcher: The session.
            mask: Whether values are replaced; else they are only seen.

        Raises:
            AttributeError: It is no stream, or one that can't be wrapped.
        """
        self._mask = mask
        self._pieces = Pieces(where, watcher)
        super().__init__(stream, watcher)
        self._flush = Patch(stream, "flush", self._make_flush)

    def open(self) -> None:
        """Put both wrappers on again."""
        super().open()
        self._flush.on()

    def close(self) -> None:
        """Write what was held back, and take the wrappers off."""
        try:
            ready = self._pieces.release()
        except Exception as fault:
            ready = withheld(fault) + "\n"
        try:
            if ready and self._mask:
                self._write.inner(ready)
        finally:
            self._flush.off()
            super().close()

    def _make_write(self, patch: Patch) -> Callable[..., Any]:
        mask = self._mask

        def write(data: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            inner = patch.inner
            if not patch.live or not isinstance(data, str):
                return inner(data, *args, **kwargs)
            self.was_used = True
            if not mask:
                written = inner(data, *args, **kwargs)
                self._take(data)
                return written
            ready = self._take(data)
            if ready:
                inner(ready, *args, **kwargs)
            return len(data)

        return write

    def _take(self, data: str) -> str:
        try:
            if time.monotonic() >= self._due:
                self._refresh()
            # The characters of a subclass, without asking the subclass.
            return self._pieces.take(data if type(data) is str else str.__str__(data), mask=self._mask)
        except Exception as fault:  # a fault of ours must not become the cell's
            self._pieces.forget()
            return withheld(fault) + "\n"

    def _make_flush(self, patch: Patch) -> Callable[..., Any]:
        def flush(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            ready = self._pieces.release_short() if patch.live and self._mask else ""
            if ready:
                self._write.inner(ready)
            return patch.inner(*args, **kwargs)

        return flush


class Published:
    """A kernel's stream where it leaves, in ipykernel's own thread, which asks the hooks registered in it."""

    def __init__(self, stream: Any, where: str, watcher: Watcher, masks: Callable[[], bool]) -> None:  # noqa: ANN401
        """Register a hook.

        Args:
            stream: ipykernel's OutStream.
            where: What it is called in reports.
            watcher: The session.
            masks: Whether values are replaced now.

        Raises:
            AttributeError: It is no such stream.
        """
        self.stream = stream
        self._watcher = watcher
        self._masks = masks
        self._pieces = Pieces(where, watcher)
        self._in_thread(stream.register_hook)
        _PUBLISHED.add(self)

    def drain(self) -> None:
        """Send all that was written, also what was held back."""
        self.stream.flush()
        rest = self._pieces.release()
        if rest and self._masks():
            # Past all wrappers: they have had it.
            type(self.stream).write(self.stream, rest)
            self.stream.flush()
            self._pieces.forget()

    def close(self) -> None:
        """Take the hook off."""
        _PUBLISHED.discard(self)
        self._in_thread(self.stream.unregister_hook)

    def register_here(self) -> None:
        """In a forked process, which has none of the threads."""
        self.stream.register_hook(self._hook)

    def _in_thread(self, call: Callable[..., Any]) -> None:
        thread = self.stream.pub_thread
        if thread is not None:  # the stream is closed
            thread.schedule(lambda: call(self._hook))

    def _hook(self, message: Any) -> Any:  # noqa: ANN401
        mask = self._masks()
        try:
            self._watcher.refresh()
            text = self._pieces.take(message["content"]["text"], mask=mask) + self._pieces.release_short()
        except Exception as fault:
            self._pieces.forget()
            text = withheld(fault) + "\n"
        if mask:
            # An empty text stays a message: with none, ipykernel would drop what other cells wrote.
            message["content"]["text"] = text
        return message


_PUBLISHED: WeakSet[Published] = WeakSet()


def _after_fork() -> None:
    for each in list(_PUBLISHED):
        each.register_here()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
