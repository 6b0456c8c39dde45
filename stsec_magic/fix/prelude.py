"""The lines that mended code needs before it: imports, and the one that loads what is kept."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from stsec_magic.fix.cell_head import body_start, is_apart, is_local
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Edit, Fix, Need
from stsec_magic.model.fragment import Fragment
from stsec_magic.source.program import CodeCell

_IMPORTS = {Need.OS: "import os", Need.STREAMLIT: "import streamlit as st"}
_EXTENSION = "%load_ext stsec_magic"
_LOADER = "%stsec env"
_FIRST = re.compile(r"(?:[ \t]{0,40}#[ ]?(?:@|\||%%|export|hide)[^\n]{0,2000}(?:\n|\Z))*+")
"""Comments that Colab, Quarto and nbdev want on the first line."""

_TIE = re.compile(r"[ \t]{0,40}+;(?:[ \t]|\\\r?\n){0,200}+")
_INDENT = re.compile(r"(?:[ \t]{0,100}(?:#[^\n]{0,2000})?\n){0,400}+([ \t]{0,100})\S")


def prelude(fixes: Sequence[Fix], context: Context) -> list[Edit]:
    """The lines to put in.

    Args:
        fixes: All that will be mended.
        context: The notebook.
    """
    lines: dict[CodeCell, list[str]] = {}
    imported: dict[Need, int] = {}
    for cell, here in _by_cell(fixes, context):
        for need, line in _IMPORTS.items():
            first = min((cell.line_of(each.hit.start) for each in here if need in each.needs), default=None)
            if first is None or context.modules.is_imported(need, cell, first):
                continue
            here_at = context.numbers[cell.fragment], first
            if need in imported and not context.modules.forgets(need, (imported[need], 0), here_at):
                continue
            place = cell if is_apart(cell) else context.host(cell) or cell
            lines.setdefault(place, []).append(line)
            if not is_apart(cell) and not is_local(place):
                imported[need] = context.numbers[place.fragment]
    for cell, more in _loader(fixes, context):
        lines.setdefault(cell, []).extend(more)
    return [_inserted(cell, rows) for cell, rows in lines.items()]


def _by_cell(fixes: Iterable[Fix], context: Context) -> Iterator[tuple[CodeCell, list[Fix]]]:
    found: dict[Fragment, list[Fix]] = {}
    for each in fixes:
        if each.needs:
            found.setdefault(each.hit.fragment, []).append(each)
    for cell in context.subject.program.cells if found else ():
        if cell.fragment in found:
            yield cell, found[cell.fragment]


def _loader(fixes: Sequence[Fix], context: Context) -> Iterator[tuple[CodeCell, list[str]]]:
    """The line that loads what is kept, in the first cell that needs it, or in one before it that can hold it."""
    wanting = [
        (cell, here)
        for cell, here in _by_cell(fixes, context)
        if any(Need.LOADER in each.needs for each in here) and context.host(cell) is not None
    ]
    if not wanting or context.subject.language != "python":
        return
    cell, here = wanting[0]
    host = context.host(cell)
    first = min((each for each in here if Need.LOADER in each.needs), key=lambda each: each.hit.start)
    if host is None or _stands(_LOADER, cell, first.hit.start, context):
        return
    # A line that was "%env K=v" loads everything itself.
    is_line = host is cell and first.edits[0].text.startswith(_LOADER)
    is_loaded = _stands(_EXTENSION, cell, first.hit.start, context)
    yield host, [*([] if is_loaded else [_EXTENSION]), *([] if is_line else [_LOADER])]


def _stands(line: str, cell: CodeCell, offset: int, context: Context) -> bool:
    """Whether a line of ours has run when a place in a cell runs."""
    pattern = re.compile(rf"^{re.escape(line)}\b", re.MULTILINE)  # one that is indented may not run
    before = context.subject.program.cells[: context.numbers[cell.fragment]]
    rows = [(each, len(each.fragment.text)) for each in before] + [(cell, offset)]
    return any(
        context.literals(each).at(match.start(), match.end()) is None
        for each, end in rows
        if context.host(each) is each
        for match in pattern.finditer(each.fragment.text, 0, end)
    )


def _inserted(cell: CodeCell, lines: Sequence[str]) -> Edit:
    text = cell.fragment.text
    at = body_start(text)
    first = _FIRST.match(text, at)
    at, end = max((at if first is None else first.end(),) * 2, _past_future(cell))
    indent = _INDENT.match(text, at if end == at else text.rfind("\n", 0, at) + 1)
    # IPython takes a cell's common indentation away.
    margin = "" if indent is None else indent[1]
    ending = "\r\n" if "\r\n" in text else "\n"
    if end > at:  # more code follows in that line: it gets a line of its own
        return Edit(cell.fragment, at, end, "".join(f"{ending}{margin}{line}" for line in [*lines, ""]))
    if at and text[at - 1] != "\n":
        return Edit(cell.fragment, at, at, "".join(f"{ending}{margin}{line}" for line in lines))
    return Edit(cell.fragment, at, at, "".join(f"{margin}{line}{ending}" for line in lines))


def _past_future(cell: CodeCell) -> tuple[int, int]:
    """Behind the imports that have to come first; a span where a semicolon ties more code to them."""
    body = [] if cell.tree is None else cell.tree.body
    futures = (i for i, each in enumerate(body) if isinstance(each, ast.ImportFrom) and each.module == "__future__")
    last = max(futures, default=None)
    if last is None:
        return 0, 0
    text = cell.fragment.text
    end = cell.span(body[last])[1]
    if last + 1 < len(body):
        following = cell.span(body[last + 1])[0]
        if _TIE.fullmatch(text, end, following):
            return end, following
    newline = text.find("\n", end)
    return (len(text) if newline < 0 else newline + 1,) * 2
