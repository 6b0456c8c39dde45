"""A secret value that cannot show itself by accident."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """A credential's value, handed to masking and fixing and never into a report.

    Its ``repr`` and ``str`` are masked and it refuses to be pickled, so that a log line, a
    traceback with locals or a worker's queue cannot carry the value.

    Attributes:
        value: The value itself.
        masked: What may be shown: the issuer's public prefix and the length.
    """

    __slots__ = ("masked", "value")

    def __init__(self, value: str, prefix: str = "") -> None:
        """Hold a value.

        Args:
            value: The secret, not empty.
            prefix: The part of it that the issuer's format makes public; "" for passwords.
        """
        self.value = value
        # A prefix as long as the value would show all of it.
        shown = prefix if value.startswith(prefix) and 2 * len(prefix) <= len(value) else ""
        self.masked = f"{shown}...({len(value)})"

    def __repr__(self) -> str:
        """The masked form."""
        return f"Secret({self.masked})"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied.

        Raises:
            TypeError: Always.
        """
        raise TypeError("a Secret stays in its process and is never serialised")
