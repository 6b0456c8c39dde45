"""Which suppressions were in vain."""

from __future__ import annotations

from collections.abc import Iterable

from stsec_magic.model.hit import Hit
from stsec_magic.notebook.silencers import Silencer


def unused(written: Iterable[Hit], used: Iterable[Silencer]) -> list[Hit]:
    """Leave out the suppressions that silence something.

    Args:
        written: A hit for each suppression that a user wrote.
        used: Those that silence a hit, whether or not it was selected.

    Returns:
        The hits about the others.
    """
    places = {each.place for each in used}
    return [hit for hit in written if (hit.fragment.path, hit.start) not in places]
