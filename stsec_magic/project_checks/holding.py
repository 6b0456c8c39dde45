"""What a file of secrets is, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from stsec_magic.project_checks.tree import File


class Holds(Enum):
    """What stands in a file of secrets.

    Attributes:
        SECRETS: Values that open something.
        LOCKED: A key that a passphrase locks.
        PLAIN: Values, none of which looks like a secret.
        NOTHING: Placeholders, what is encrypted, or nothing.
        UNKNOWN: It can't be read.
    """

    SECRETS = 4
    LOCKED = 3
    UNKNOWN = 2
    PLAIN = 1
    NOTHING = 0


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file that keeps secrets.

    Attributes:
        file: The file.
        kind: What it is, in a few words.
        holds: What stands in it.
        values: The secrets and what looks like one, for the mask.
        is_example: Whether the file is there to show which values are wanted.
    """

    file: File
    kind: str
    holds: Holds
    values: tuple[str, ...] = field(default=(), repr=False)
    is_example: bool = False
