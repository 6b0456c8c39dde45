"""What a running session knows of a notebook that is checked in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from stsec_magic.project.secret_files import Kept
from stsec_magic.rules.base import Subject
from stsec_magic.source.live_names import LiveNames, Session


class Spoken(Session, Protocol):
    """A session that also tells which functions a text may call by other names."""

    def words(self, text: str) -> Iterable[tuple[str, int]]:
        """The identifiers that a text's names stand for, in lower case, each with the name's offset."""


@dataclass(frozen=True, slots=True)
class Live:
    """A session, handed to the check of one notebook.

    Attributes:
        session: Its namespace.
        since: How many of its cells ran before those that are to be checked, none of them empty or anything but
            code; 0 for a notebook as it is saved.
        known: The secrets that it holds.
    """

    session: Spoken
    since: int
    known: tuple[Kept, ...] = ()


def enliven(subject: Subject, live: Live) -> None:
    """Let rules see a notebook as the session does.

    Args:
        subject: The notebook; learns what its names stand for, and which secrets are known.
        live: The session.
    """
    subject.known = live.known
    for fragment in subject.sources()[live.since :]:
        for word, offset in live.session.words(fragment.text):
            subject.code_words.setdefault(word, {}).setdefault(fragment, []).append(offset)
    subject.names = LiveNames(subject.program, live.session, live.since)
