"""A notebook's JSON to texts: cheap rows first, a fragment with its address for those that somebody asks for.

Most texts of a notebook hold nothing that any rule looks for. So the walk only collects what has to
be scanned; addresses are made for the texts in which the scan found a word, other readings of a
text (``readings.py``) and the leaves of metadata too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.model.location import Part
from stsec_magic.model.offsets import OffsetMap
from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook import outputs
from stsec_magic.notebook.address import CellAddress, address_of, language_of
from stsec_magic.notebook.leaves import LONG_KEY, Leaf, pointer, string_leaves
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.notebook.readings import readings
from stsec_magic.notebook.text import parts

# Written by Jupyter itself: no place for a secret, and in every notebook.
_DULL_METADATA = frozenset(("kernelspec", "language_info"))
_KINDS = frozenset(("code", "markdown", "raw", "heading"))
_WALKED = frozenset(("source", "outputs"))
_DULL = re.compile(r"[\w .:\[\]()+*/-]{0,40}")
"""A kernel's name, a version, a MIME type."""
_AFTER_TEXTS = 1 << 40
"""Leaves come after a cell's texts."""

Row = tuple[Part, JsonPath, str, int, int | None, str | None, str, OffsetMap | None]
"""Part, path, language, cell, output, MIME type, joint and map of a text: what a Fragment is made of."""


class Walk:
    """The texts of one notebook.

    Attributes:
        raw: The notebook.
        language: The kernel's language.
        texts: The texts of cells and outputs, in document order.
        code: Which of them are the source of a code cell.
        markup: Which of them are HTML or Markdown.
    """

    def __init__(self, raw: RawNotebook) -> None:
        """Walk a notebook; faults met on the way are added to its problems."""
        self.raw = raw
        self.language = "text" if raw.data is None else language_of(raw.data)
        self.texts: list[str] = []
        self.code: set[int] = set()
        self.markup: list[int] = []
        self._rows: list[Row] = []
        self._others: list[tuple[Any, JsonPath, Part, int, int | None, str | None]] = []
        self._fragments: dict[int, Fragment] = {}
        self._addresses: dict[int, CellAddress] = {}
        if raw.data is not None:
            self._notebook(raw.data)
        elif raw.text:
            self.add(raw.text, Part.SOURCE, (), "text", 0)

    def add(
        self,
        text: str,
        part: Part,
        path: JsonPath,
        language: str,
        cell: int,
        output: int | None = None,
        mime: str | None = None,
        joint: str = "",
        origins: OffsetMap | None = None,
    ) -> None:
        """Add a text.

        Args:
            text: The text.
            part: Which kind of text it is.
            path: JSON path of its value.
            language: What it is written in.
            cell: The cell's number; 0 for the notebook itself.
            output: The output's number.
            mime: Its MIME type.
            joint: What joins the parts of its value.
            origins: The way back to its value.
        """
        self._rows.append((part, path, language, cell, output, mime, joint, origins))
        self.texts.append(text)

    def add_json(
        self, value: object, path: JsonPath, part: Part, cell: int, output: int | None = None, mime: str | None = None
    ) -> None:
        """Add any other JSON that may hold text in its leaves."""
        if value is not None and value != "" and value != {} and value != []:
            self._others.append((value, path, part, cell, output, mime))

    def add_key(self, key: object, path: JsonPath, part: Part, cell: int, output: int | None = None) -> None:
        """Add a key of an object, if it is long enough to be a secret itself."""
        if isinstance(key, str) and len(key) >= LONG_KEY:
            self.add_json({key: ""}, path, part, cell, output)

    def fragment(self, i: int) -> Fragment:
        """The text of a number as a fragment; always the same object."""
        made = self._fragments.get(i)
        if made is None:
            part, path, language, cell, output, mime, joint, origins = self._rows[i]
            at = self._address(cell)
            made = self._fragments[i] = Fragment(
                self.texts[i], part, path, language, *at[:3], output, mime, None, None, at.tags, origins, None, joint, i
            )
        return made

    def cell_of(self, i: int) -> int:
        """The number of the cell that the text of a number belongs to; 0 for the notebook itself."""
        return self._rows[i][3]

    def others(self) -> list[bytes | None]:
        """What else there is, each as one text in which a word can be looked for; None for what can't be written."""
        return [_written(path[-1] if path else "", value) for value, path, *_ in self._others]

    def leaves(self, i: int) -> list[Leaf]:
        """The texts in the JSON of a number, each with its path and the key above it."""
        value, path, *_ = self._others[i]
        return list(string_leaves(value, path))

    def leaf(self, i: int, order: int, leaf: Leaf) -> Fragment:
        """A leaf of the JSON of a number as a fragment.

        Args:
            i: The number.
            order: Which of its leaves it is.
            leaf: The leaf.
        """
        _, _, part, cell, output, mime = self._others[i]
        path, name, text = leaf
        at = self._address(cell)
        where = None if part is Part.OUTPUT else pointer(path)
        order += _AFTER_TEXTS + (i << 20)
        return Fragment(text, part, path, "text", *at[:3], output, mime, where, name, at.tags, order=order)

    def _address(self, cell: int) -> CellAddress:
        if cell not in self._addresses:
            cells = [] if self.raw.data is None else self.raw.data["cells"]
            self._addresses[cell] = address_of(cells[cell - 1], cell) if cell else CellAddress()
        return self._addresses[cell]

    def _notebook(self, notebook: Mapping[str, Any]) -> None:
        for number, cell in enumerate(notebook["cells"], 1):
            if cell.__class__ is dict or isinstance(cell, Mapping):
                self._cell(cell, number)
            else:
                self.raw.problem(ProblemKind.INVALID_NOTEBOOK, "the cell is not an object", number)
                self.add_json(cell, ("cells", number - 1), Part.METADATA, number)
        for key, value in notebook.items():
            self.add_key(key, (), Part.METADATA, 0)
            if key == "metadata" and isinstance(value, Mapping):
                kept = {k: v for k, v in value.items() if k not in _DULL_METADATA or not _is_dull(v)}
                self.add_json(kept, ("metadata",), Part.METADATA, 0)
            elif key != "cells" and not isinstance(value, int):
                self.add_json(value, (key,), Part.METADATA, 0)
        for i, value in enumerate(self.raw.hidden):
            self.add_json(value, ("hidden", i), Part.METADATA, 0)

    def _cell(self, cell: Mapping[str, Any], number: int) -> None:
        self._source(cell, number)
        results = cell.get("outputs")
        if results:
            outputs.walk(self, results, number)
        path = ("cells", number - 1)
        for key, value in cell.items():
            if key.__class__ is not str or len(key) >= LONG_KEY:
                self.add_key(key, path, Part.METADATA, number)
            if not value or key in _WALKED or isinstance(value, int):
                continue
            if key != "cell_type" or not isinstance(value, str) or value not in _KINDS:
                part = Part.ATTACHMENT if key == "attachments" else Part.METADATA
                self.add_json(value, (*path, key), part, number)

    def _source(self, cell: Mapping[str, Any], number: int) -> None:
        source, kind = cell.get("source"), cell.get("cell_type")
        path = ("cells", number - 1, "source")
        text, odd = parts(source)
        if text:
            if kind == "code":
                self.code.add(len(self.texts))
                self.add(text, Part.SOURCE, path, self.language, number)
            elif kind == "markdown":
                self.markup.append(len(self.texts))
                self.add(text, Part.MARKDOWN, path, "markdown", number)
            else:
                self.add(text, Part.SOURCE, path, "text", number)
        if text is None or odd is not None:
            self.raw.problem(ProblemKind.INVALID_NOTEBOOK, _no_source(cell), number)
            # Nothing in it is passed over, whatever it should have been.
            self.add_json(odd, path, Part.METADATA, number)


def fragments(raw: RawNotebook) -> Iterator[Fragment]:
    """Every text of a notebook in every reading, whether anything stands in it or not.

    Args:
        raw: The notebook; faults met on the way are added to its problems.
    """
    walk = Walk(raw)
    texts = [walk.fragment(i) for i in range(len(walk.texts))]
    leaves = [walk.leaf(i, n, leaf) for i in range(len(walk.others())) for n, leaf in enumerate(walk.leaves(i))]
    for fragment in sorted([*texts, *leaves], key=document_order):
        yield fragment
        yield from readings(fragment)


def document_order(fragment: Fragment) -> tuple[int, int]:
    """What to sort fragments by: the notebook's own come last."""
    return fragment.cell or 1 << 40, fragment.order


def _is_dull(value: object) -> bool:
    """Whether what names a kernel or a language holds nothing but short words."""
    if isinstance(value, Mapping):
        return all(_is_dull(each) for each in value.values())
    return not isinstance(value, str | list) or (isinstance(value, str) and _DULL.fullmatch(value) is not None)


def _written(key: str | int, value: object) -> bytes | None:
    try:
        return orjson.dumps((key, value))
    except (orjson.JSONEncodeError, RecursionError):
        return None  # lone surrogates, numbers of any length, no plain JSON


def _no_source(cell: Mapping[str, Any]) -> str:
    if "source" not in cell:
        return "the cell has no source"
    if isinstance(cell["source"], list):
        return "the cell's source holds something that is not text; what text it holds was searched"
    return f"the cell's source is a {type(cell['source']).__name__}, not text; what text it holds was searched"


def cells_of(raw: RawNotebook) -> int:
    """How many cells the notebook has."""
    return len(raw.data["cells"]) if raw.data is not None else 0
