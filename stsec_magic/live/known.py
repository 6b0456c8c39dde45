"""The secrets that this session knows: of its environment, its variables, the project's files.

Values are taken from exact ``str`` objects alone: an object of the user's is never asked for anything,
compared or hashed, so that looking runs none of the user's code.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from stsec_magic.live.known_names import SessionNames
from stsec_magic.live.known_worth import ENVIRONMENT, LONGEST, SESSION, SHORTEST, is_secret
from stsec_magic.live.known_written import Place, Written, masked
from stsec_magic.project.secret_files import Kept, secret_files
from stsec_magic.rules.known_secret import is_wanted, passwords_of_urls

_MOST = 1000
"""So many values are remembered; those that are gone longest are forgotten first."""

_PATIENCE = 0.05
_FILES_EVERY = 0.25
"""Seconds: a look at the files asks the disk."""


class KnownSecrets:
    """The values, and where they stand in texts. What was a secret once stays one for the session.

    Attributes:
        kept: The values; each once, under the first name it was seen with.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self.kept: tuple[Kept, ...] = ()
        self._written: tuple[tuple[Kept, ...], Written] = ((), Written(()))
        self._looking = threading.Lock()
        self._raw_environment: dict[Any, Any] = {}
        self._of_environment: tuple[Kept, ...] = ()
        self._of_files: tuple[Kept, ...] = ()
        self._files_due = 0.0
        self._names = SessionNames()
        self._learned: tuple[Kept, ...] = ()
        self._seen: list[tuple[str, str]] = []
        self._of_session: tuple[Kept, ...] = ()

    def refresh(self, namespace: Mapping[str, object], environment: Mapping[str, str]) -> None:
        """Look again. Cheap where nothing has changed.

        Args:
            namespace: The user's variables.
            environment: ``os.environ``.
        """
        # Another thread may have looked before the newest variable was there. For ever it isn't waited for: a
        # forked process may have inherited the lock from a thread that it hasn't got.
        if not self._looking.acquire(timeout=_PATIENCE):
            return
        try:
            # All three, without a short cut.
            changes = (self._look_at_environment(environment), self._look_at_files(), self._look_at_session(namespace))
            if any(changes):
                self._remember()
        finally:
            self._looking.release()

    def learn(self, kept: Iterable[Kept]) -> None:
        """Add what was found in a cell: it may be shown later on, whatever it is called then.

        Args:
            kept: The values; those that may stand anywhere by chance are passed over.
        """
        known = {each.value for each in self.kept}
        # Whatever it was called there: it was found to be one.
        new = [each for each in kept if each.value not in known and is_wanted(replace(each, name="secret"))]
        if new:
            with self._looking:
                self._learned = (*self._learned, *new)[-_MOST:]
                self._remember()

    def places(self, text: str) -> list[Place]:
        """Where known values stand in a text, from left to right.

        Args:
            text: Any text.
        """
        return self._ready().places(text)

    def found(self, text: str) -> list[Kept]:
        """Which values stand in a text, however they are written; each once.

        Args:
            text: Any text.
        """
        return list(dict.fromkeys(place.kept for place in self.places(text)))

    def mask(self, text: str) -> str:
        """A text with a mask in place of each value.

        Args:
            text: Any text.
        """
        places = self.places(text)
        return masked(text, places) if places else text

    def tail(self, text: str) -> int:
        """How many characters at the end of a text may be a value's beginning.

        Args:
            text: Any text.
        """
        return self._ready().tail(text)

    def is_clear(self, text: str) -> bool:
        """Whether a text is so short that one glance tells: no value in it, and no beginning of one at its end.

        Args:
            text: Any text.
        """
        return self._ready().is_clear(text)

    def _ready(self) -> Written:
        kept = self.kept
        of, written = self._written
        if of is not kept:
            written = Written(kept)
            self._written = kept, written
        return written

    def _look_at_environment(self, environment: Mapping[str, str]) -> bool:
        # What os.environ keeps are bytes: compared at once, and decoded only where they differ.
        raw = getattr(environment, "_data", environment)
        if raw == self._raw_environment:
            return False
        self._raw_environment = dict(raw)
        kept = [
            Kept(name, value.strip(), ENVIRONMENT)
            for name, value in environment.items()
            if SHORTEST <= len(value) <= LONGEST
        ]
        self._of_environment = _worth_keeping(kept)
        return True

    def _look_at_files(self) -> bool:
        now = time.monotonic()
        if now < self._files_due:
            return False
        self._files_due = now + _FILES_EVERY
        try:
            kept = secret_files("-").kept
        except OSError:
            return False  # the working directory is gone
        found = tuple(each for each in (*kept, *passwords_of_urls(kept)) if is_wanted(each))
        changed = found != self._of_files
        self._of_files = found
        return changed

    def _look_at_session(self, namespace: Mapping[str, object]) -> bool:
        texts = self._names.texts(namespace)
        if len(texts) == len(self._seen) and all(map(_is_same, texts, self._seen)):
            return False
        self._seen = texts
        known = {each.value for each in self.kept}
        stripped = [Kept(name, value.strip(), SESSION) for name, value in texts]
        self._of_session = _worth_keeping([each for each in stripped if each.value not in known])
        return bool(self._of_session)

    def _remember(self) -> None:
        """Join what is known now and what was known."""
        now: dict[str, Kept] = {}
        for each in (*self._of_environment, *self._of_files, *self._learned):
            now.setdefault(each.value, each)
        current = {value.strip() for _, value in self._seen}
        gone: dict[str, Kept] = {}
        for each in (*self.kept, *self._of_session):
            if each.value in current:
                now.setdefault(each.value, each)
            elif each.value not in now:
                gone[each.value] = each
        room = max(0, _MOST - len(now))
        last = list(gone.values())[-room:] if room else []
        kept = (*last, *list(now.values())[:_MOST])  # the order in which they are forgotten
        if kept != self.kept:
            self.kept = kept

    def __repr__(self) -> str:
        """How many, and no more."""
        return f"KnownSecrets({len(self.kept)})"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied.

        Raises:
            TypeError: Always.
        """
        raise TypeError("known secrets stay in their process")


def _worth_keeping(kept: list[Kept]) -> tuple[Kept, ...]:
    return tuple(each for each in (*kept, *passwords_of_urls(kept)) if is_secret(each))


def _is_same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[1] is other[1] and one[0] == other[0]
