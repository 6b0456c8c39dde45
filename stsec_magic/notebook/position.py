"""From a place in a fragment to line and column: in its own text, and in the .ipynb file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stsec_magic.model.fragment import Fragment
from stsec_magic.notebook.json_tokens import Encoded, locate
from stsec_magic.notebook.lines import Lines
from stsec_magic.notebook.oldpaths import OldPlace, old_place


class FileMap:
    """Finds in a notebook's file the place of what was found in its parsed form."""

    def __init__(
        self,
        text: str,
        fragments: Iterable[Fragment],
        original: Mapping[str, Any] | None = None,
        *,
        repeats: bool = True,
    ) -> None:
        """Scan the file once for the values that the fragments stand in.

        Args:
            text: The file's text.
            fragments: The fragments that places will be asked for.
            original: The notebook before it was upgraded, if it was: then paths are led back.
            repeats: Whether the file may repeat keys, so that all of it has to be read.
        """
        self._text = text
        self._lines = Lines(text)
        paths = {fragment.path for fragment in fragments if fragment.path}
        self._places = {path: OldPlace(path, 0) if original is None else old_place(path, original) for path in paths}
        self._encoded: dict[Fragment, Encoded] = {}
        wanted = [place.path for place in self._places.values() if place is not None]
        self._values = locate(text, wanted, repeats=repeats).tokens

    def place(self, fragment: Fragment, offset: int) -> tuple[int, int] | None:
        """Where a fragment's character stands in the file.

        Args:
            fragment: A fragment without a base.
            offset: Offset in its text.

        Returns:
            Line and column from 1; None where the file doesn't show it.
        """
        at = self.offset(fragment, offset)
        return None if at is None else self._lines.place(at)

    def offset(self, fragment: Fragment, offset: int) -> int | None:
        """The same as an offset in the file's text.

        Args:
            fragment: A fragment without a base.
            offset: Offset in its text.
        """
        if fragment.origins is not None:
            offset = fragment.origins.start(offset)
        if not fragment.path:
            return offset
        place = self._places.get(fragment.path)
        spans = self._values.get(place.path) if place is not None else None
        if place is None or not spans:
            return None
        if fragment not in self._encoded:
            self._encoded[fragment] = Encoded(self._text, spans, len(fragment.joint))
        return self._encoded[fragment].offset(max(0, offset - place.shift))
