"""A stream's text as it comes in pieces, over which a secret may be spread."""

from __future__ import annotations

import threading
from typing import Protocol

from stsec_magic.live.known import KnownSecrets
from stsec_magic.live.known_written import Place, masked
from stsec_magic.project.secret_files import Kept

RELEASED = 4
"""Fewer characters are no secret's beginning that anybody would know."""


class Watcher(Protocol):
    """The session.

    Attributes:
        known: The secrets.
    """

    known: KnownSecrets

    def refresh(self) -> None:
        """Look for new secrets."""

    def report(self, kept: Kept, where: str) -> None:
        """Remember that a value was seen."""


class Pieces:
    """What was written of one stream, as far as it may be the beginning of a value.

    With masks that end is held back until more has come, or until it is released. What is released is still
    remembered: who prints letter by letter shows the first few at most.
    """

    def __init__(self, where: str, watcher: Watcher) -> None:
        """Begin with nothing.

        Args:
            where: What the stream is called in reports.
            watcher: The session.
        """
        self._where = where
        self._watcher = watcher
        self._carried = ""
        self._out = 0  # so many of its characters are out already
        self._lock = threading.RLock()

    def take(self, data: str, *, mask: bool) -> str:
        """Look at what comes next.

        Args:
            data: A piece.
            mask: Whether values are replaced, and what may begin one is held back.

        Returns:
            What may be written now; of no meaning without masks.
        """
        known = self._watcher.known
        if not self._carried and known.is_clear(data):
            return data
        with self._lock:
            text, out = self._carried + data, self._out
            places = known.places(text)
            tail = known.tail(text)
            cut = len(text) - tail
            for place in places:
                if place.start < cut < place.end:
                    cut = place.end
            self._carried = text[cut:]
            self._out = max(0, out - cut) if mask else len(self._carried)
            return self._shown(text, [place for place in places if place.start < cut], out, cut)

    def release_short(self) -> str:
        """Let go what is held back, where it is too short to tell anything.

        Returns:
            What may be written.
        """
        with self._lock:
            if len(self._carried) >= RELEASED:
                return ""
            ready, self._out = self._carried[self._out :], len(self._carried)
            return ready

    def release(self) -> str:
        """Let go everything, and forget it: nothing more belongs to it.

        Returns:
            What may be written.
        """
        with self._lock:
            text, out = self._carried, self._out
            self.forget()
            return self._shown(text, self._watcher.known.places(text), out, len(text)) if text else ""

    def forget(self) -> None:
        """Drop what is carried."""
        self._carried, self._out = "", 0

    def _shown(self, text: str, places: list[Place], start: int, end: int) -> str:
        for place in places:
            self._watcher.report(place.kept, self._where)
        return masked(text, places, start, end) if places else text[start:end]
