"""Notebooks that stand as JSON in a text of another notebook: written by a cell, in a string, printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from stsec_magic.model.fragment import Fragment
from stsec_magic.notebook.position import FileMap
from stsec_magic.notebook.read import RawNotebook, from_mapping
from stsec_magic.notebook.unescape import unescape

KEYWORD = '"cell_type'
"""Stands in every notebook's JSON, escaped or not."""

_BEGINNING = re.compile(r"\{\s{0,40}\"(?:cells|metadata|nbformat|nbformat_minor|orig_nbformat|worksheets)\"")
_MOST_TRIED = 32
"""So many beginnings are tried: each may cost the rest of the text."""
_NO_LITERALS = frozenset(("text", "markdown", "html"))

_parse = json.JSONDecoder(strict=False).raw_decode


@dataclass(slots=True, eq=False)
class Nested:
    """A notebook inside a text.

    Attributes:
        raw: The notebook.
        host: The text that it stands in, or a reading of it.
        start: Offset of its first character there.
        end: Offset just past it.
    """

    raw: RawNotebook = field(repr=False)
    host: Fragment
    start: int
    end: int

    def places(self, fragments: Iterable[Fragment]) -> Callable[[Fragment, int], int | None]:
        """Lead offsets in the inner notebook's texts back to the host.

        Args:
            fragments: The texts of which offsets will be asked for.

        Returns:
            What gives for an offset in one of them, itself no reading of another, the offset in the
            host; None where the host doesn't show it.
        """
        inner = FileMap(self.host.text[self.start : self.end], fragments, self.raw.original)

        def place(fragment: Fragment, offset: int) -> int | None:
            at = inner.offset(fragment, offset)
            return None if at is None else self.start + at

        return place


def nested_notebooks(fragment: Fragment, path: str) -> Iterator[Nested]:
    """Find notebooks in a text.

    Args:
        fragment: A text in which the keyword stands.
        path: The path of the notebook that it belongs to.

    Yields:
        Each notebook, in order; of those in a string literal that escapes them, as the string says it.
    """
    # In code a string literal may escape it; other texts come in that reading too.
    if fragment.language in _NO_LITERALS or fragment.base is not None or "\\" not in fragment.text:
        yield from _notebooks(fragment, path)
        return
    text, origins = unescape(fragment.text)
    found = [*_notebooks(replace(fragment, text=text, origins=origins, base=fragment, joint=""), path)]
    yield from found or _notebooks(fragment, path)


def _notebooks(host: Fragment, path: str) -> Iterator[Nested]:
    text, at = host.text, 0
    for _ in range(_MOST_TRIED):
        beginning = _BEGINNING.search(text, at)
        if beginning is None:
            return
        try:
            value, at = _parse(text, beginning.start())
        except json.JSONDecodeError:
            at = beginning.end()
        except (ValueError, RecursionError):
            return
        else:
            if _is_notebook(value):
                yield Nested(from_mapping(value, path), host, beginning.start(), at)


def _is_notebook(value: object) -> bool:
    if not isinstance(value, Mapping):
        return False
    cells = value.get("cells") or value.get("worksheets")
    return isinstance(cells, list) and len(cells) > 0
