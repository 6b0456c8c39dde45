"""Builders of notebooks, as nbformat 4 JSON in plain dicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def notebook(*cells: Json, metadata: Json | None = None, minor: int = 5) -> Json:
    """A notebook of these cells."""
    return {"cells": list(cells), "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": minor}


def code(
    source: object,
    outputs: list[Any] | None = None,
    tags: list[str] | None = None,
    id: str | None = None,
    count: int | None = None,
    metadata: Json | None = None,
) -> Json:
    """A code cell."""
    return {
        **_cell("code", source, tags, id, metadata),
        "execution_count": count,
        "outputs": [] if outputs is None else outputs,
    }


def markdown(
    source: object,
    tags: list[str] | None = None,
    id: str | None = None,
    attachments: Json | None = None,
    metadata: Json | None = None,
) -> Json:
    """A Markdown cell."""
    cell = _cell("markdown", source, tags, id, metadata)
    return cell if attachments is None else {**cell, "attachments": attachments}


def raw(source: object, tags: list[str] | None = None, id: str | None = None, metadata: Json | None = None) -> Json:
    """A raw cell."""
    return _cell("raw", source, tags, id, metadata)


def stream(text: object, name: str = "stdout") -> Json:
    """What a cell printed."""
    return {"output_type": "stream", "name": name, "text": text}


def display(data: Json, metadata: Json | None = None) -> Json:
    """Something displayed, its texts by MIME type."""
    return {"output_type": "display_data", "data": data, "metadata": metadata or {}}


def result(data: Json, count: int | None = 1, metadata: Json | None = None) -> Json:
    """A cell's value, its texts by MIME type."""
    return {"output_type": "execute_result", "data": data, "metadata": metadata or {}, "execution_count": count}


def error(ename: str = "ValueError", evalue: str = "", traceback: object = ()) -> Json:
    """An exception that a cell raised."""
    lines = list(traceback) if isinstance(traceback, tuple) else traceback
    return {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": lines}


def write(path: Path, book: object, **how: Any) -> Path:
    """Write a notebook to a file as Jupyter does: indented by one, in UTF-8, a newline at the end."""
    how = {"indent": 1, "ensure_ascii": False, **how}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((json.dumps(book, **how) + "\n").encode("utf-8", "surrogatepass"))
    return path


def _cell(kind: str, source: object, tags: list[str] | None, id: str | None, metadata: Json | None) -> Json:
    meta = dict(metadata or {})
    if tags is not None:
        meta["tags"] = tags
    cell: Json = {"cell_type": kind, "metadata": meta, "source": source}
    return cell if id is None else {"id": id, **cell}
