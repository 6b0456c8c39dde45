"""A notebook to an app: the way of its cells through the steps."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stsec_magic.app import caching, calls, figures, imports, shown
from stsec_magic.app.blocks import indented
from stsec_magic.app.code import Code, Wanted
from stsec_magic.app.commented import commented
from stsec_magic.app.helpers import helpers
from stsec_magic.app.markdown import Around, Text, markdown
from stsec_magic.app.note import Note
from stsec_magic.app.outputs import evidence, printed
from stsec_magic.app.plain import Plain, plain
from stsec_magic.app.requirements import versions_shown
from stsec_magic.app.streamlit import ST, named
from stsec_magic.notebook.read import from_mapping
from stsec_magic.notebook.walk import Walk
from stsec_magic.source.names import Names
from stsec_magic.source.program import Program
from stsec_magic.source.syntax import parse

SKIP, SIDEBAR, FAILS = "stsec-skip", "stsec-sidebar", "raises-exception"
"""Tags: a cell that the app doesn't have, one that stands in its sidebar, one that is meant to fail."""

_TITLE = re.compile(r"^[ \t]{0,3}#[ \t]{1,9}([^\n#][^\n]{0,200})$", re.MULTILINE)
_MARKUP = re.compile(r"[*_`]{1,3}|<[^<>\n]{1,200}>|!?\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)")
_INTERRUPTED = "KeyboardInterrupt"
_AWAITS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@dataclass(slots=True)
class Cell:
    """One cell in the app.

    Attributes:
        number: Its number in the notebook, from 1.
        code: The app's code for it.
    """

    number: int
    code: str = field(repr=False)


@dataclass(slots=True)
class App:
    """A notebook as an app.

    Attributes:
        title: What the page is called; empty where the notebook doesn't say.
        cells: Its cells in order; those that are left out have no code.
        imports: The import lines of the top, by group.
        helpers: The functions that it needs.
        streamlit: The name that it knows Streamlit by.
        notes: What could not be translated.
        installs: Requirements of the notebook's ``pip install`` lines.
        modules: The modules that it imports.
        versions: The versions that pip told in the notebook's outputs.
        files: Files that stand beside it, by path.
    """

    title: str
    cells: list[Cell] = field(default_factory=list)
    imports: tuple[list[str], list[str], list[str]] = field(default_factory=lambda: ([], [], []))
    helpers: str = ""
    streamlit: str = "st"
    notes: list[Note] = field(default_factory=list)
    installs: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict, repr=False)


def translate(notebook: Mapping[str, Any], around: Around) -> App:
    """Translate a notebook; nothing of it is run.

    Args:
        notebook: A Python notebook, nbformat 4.
        around: Where files are, and where those of the app go.
    """
    cells = notebook["cells"]
    app = App(_title(cells))
    plains = {i: plain(_source(cell)) for i, cell in enumerate(cells) if cell["cell_type"] == "code"}
    wanted = Wanted()
    names = _names(cells, plains)
    indices = {cell.fragment.cell: i for i, cell in enumerate(names.program.cells)}
    texts: list[str] = []
    for i, cell in enumerate(cells):
        if SKIP in _tags(cell):
            text = ""
        elif i in plains:
            text = _code(plains[i], cell, (i + 1, indices.get(i + 1)), names, wanted, app)
        else:
            text = _text(cell, around, i + 1, app)
        texts.append(_in_sidebar(text, i + 1, app) if SIDEBAR in _tags(cell) else text)
    app.streamlit = "streamlit" if _is_taken(names) else "st"
    wanted.modules.add("import streamlit" if app.streamlit == "streamlit" else "import streamlit as st")
    plt = figures.pyplot(names, wanted) if figures.HELPER in wanted.helpers else ""
    app.helpers = named(helpers(wanted.helpers, plt), app.streamlit)
    gathered = imports.gather([_writable(named(text, app.streamlit)) for text in texts], wanted.modules)
    app.imports, app.modules = gathered.lines, gathered.modules
    app.cells = [Cell(i, text.strip("\n")) for i, text in enumerate(gathered.cells, 1)]
    return app


def _names(cells: Sequence[Mapping[str, Any]], plains: Mapping[int, Plain]) -> Names:
    """What the names mean in the notebook's plain Python; cells that aren't Python don't take part."""
    sources = [
        {**cell, "metadata": {}, "outputs": [], "source": plains[i].text if _compiles(plains[i].text, _AWAITS) else ""}
        if i in plains
        else {"cell_type": "raw", "metadata": {}, "source": ""}
        for i, cell in enumerate(cells)
    ]
    whole = {"cells": sources, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    walk = Walk(from_mapping(whole, "<app>"))
    return Names(Program(walk.fragment(i) for i in sorted(walk.code)))


def _code(
    made: Plain, cell: Mapping[str, Any], place: tuple[int, int | None], names: Names, wanted: Wanted, app: App
) -> str:
    number, index = place
    app.installs += made.installs
    app.versions |= versions_shown(printed(cell))
    notes = list(made.notes)
    wanted.modules.update(f"import {module}" for module in made.modules)
    text = made.text
    if index is not None and _compiles(made.text, _AWAITS):
        text = _translated(Code(index, number, names, evidence(cell), wanted), made, notes)
    if not _compiles(named(text, "st")):
        notes.append("the cell is no Python that an app can run, and was left out")
        text = commented(_source(cell))
    elif FAILS in _tags(cell) or evidence(cell).failed not in ("", _INTERRUPTED):
        text = _failing(text, notes)
    app.notes += [Note(number, message) for message in dict.fromkeys(notes)]
    return text


def _translated(code: Code, made: Plain, notes: list[str]) -> str:
    try:
        if not made.is_silent:
            caching.translate(code)
            calls.translate(code)
            shown.translate(code)
        text = code.edits.text()
    except (RecursionError, ValueError):
        notes.append("the cell was taken over as it stands: its code is nested too deep to be translated")
        return code.text
    notes += code.notes
    return text


def _failing(text: str, notes: list[str]) -> str:
    """A cell that ended with an exception: the app goes on behind it, as the notebook did."""
    body, tree = indented(text.strip("\n")), parse(text)
    if body is None or tree is None or not tree.body:
        return text
    notes.append("the cell ended with an exception in the notebook; the app shows its name and goes on")
    return f"try:\n{body}\nexcept Exception as error:\n    {ST}.error(type(error).__name__)\n"


def _in_sidebar(text: str, number: int, app: App) -> str:
    tree = parse(named(text, "st"))
    if tree is None or not tree.body:
        return text
    body = indented(text.strip("\n"))
    if body is None or "from __future__" in text:
        app.notes.append(Note(number, "the cell can't be moved into the sidebar"))
        return text
    return f"with {ST}.sidebar:\n{body}\n"


def _text(cell: Mapping[str, Any], around: Around, number: int, app: App) -> str:
    if cell["cell_type"] != "markdown":
        return ""
    attachments = cell.get("attachments")
    source = _source(cell)
    made = markdown(source, attachments if isinstance(attachments, Mapping) else {}, around) if source else Text()
    app.notes += [Note(number, message) for message in made.notes]
    app.files |= made.files
    return made.code


def _writable(text: str) -> str:
    """A text that a Python file can hold: in comments, cells that are no Python may hold anything."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _is_taken(names: Names) -> bool:
    """Whether the notebook calls something else ``st``."""
    return any(row.imported != "streamlit" for row in names.rows(names.module, "st"))


def _title(cells: Sequence[Mapping[str, Any]]) -> str:
    found = (_TITLE.search(_source(cell)) for cell in cells if cell["cell_type"] == "markdown")
    first = next((match[1] for match in found if match), "")
    return _MARKUP.sub(lambda match: match[1] or "", first).strip().rstrip("#").strip()


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _tags(cell: Mapping[str, Any]) -> Iterator[str]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    yield from (tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def _compiles(text: str, flags: int = 0) -> bool:
    """Whether Python compiles a text; nothing of it is run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<cell>", "exec", flags, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
