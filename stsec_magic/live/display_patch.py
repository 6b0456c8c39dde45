"""An attribute of somebody else's object, wrapped for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Patch:
    """One wrapped attribute. Whoever wraps it too, before us or after us, stays.

    Attributes:
        owner: The object.
        inner: What stood there before, and is still called.
        live: Whether the wrapper still does anything; once off, it hands everything on.
    """

    def __init__(self, owner: Any, name: str, make: Callable[[Patch], Callable[..., Any]]) -> None:  # noqa: ANN401
        """Put a wrapper in place.

        Args:
            owner: The object.
            name: Its attribute, a method.
            make: Makes the wrapper, given this patch; it asks the patch for ``inner`` at each call.

        Raises:
            AttributeError: The object has no such attribute, or takes no other one.
        """
        self.owner = owner
        self._name = name
        self.inner: Callable[..., Any] = getattr(owner, name)
        self._wrapper = make(self)
        self.on()

    def on(self) -> None:
        """Put it around what stands there now, once more after it was off.

        Raises:
            AttributeError: The object takes no other method.
        """
        self.inner = getattr(self.owner, self._name)
        self._had_own = self._name in _own(self.owner)
        self.live = True
        setattr(self.owner, self._name, self._wrapper)

    @property
    def is_on_top(self) -> bool:
        """Whether nobody has wrapped or replaced it since."""
        own = getattr(self.owner, "__dict__", None)
        return type(own) is dict and own.get(self._name) is self._wrapper

    def off(self) -> None:
        """Take it off; under somebody else's wrapper it stays, and does nothing more."""
        self.live = False
        if not self.is_on_top:
            return
        if self._had_own:
            setattr(self.owner, self._name, self.inner)
        else:
            delattr(self.owner, self._name)


def _own(owner: object) -> dict[str, Any]:
    found = getattr(owner, "__dict__", None)
    return found if type(found) is dict else {}
