"""What nbconvert makes of a redacted notebook holds no secret."""

from __future__ import annotations

import shutil
from functools import lru_cache
from typing import Any

import nbformat
import pytest

from tests.credentials import openai_key, password, private_key
from tests.redact.books import book, code, display, encodings, markdown, redact, remains, stream

exporters = pytest.importorskip("nbconvert.exporters")

VALUES = {"key": openai_key("exported"), "password": password("exported"), "pem": private_key("exported")}
NAMES = ("HTMLExporter", "ScriptExporter", "PythonExporter", "MarkdownExporter", "LatexExporter", "NotebookExporter")
NEED_PANDOC = ("LatexExporter",)


@lru_cache
def planted(kind: str) -> dict[str, Any]:
    value = VALUES[kind]
    cells = [
        code(f"x = {text!r}", stream(text), display(text_plain=text, text_html=text, application_json={"a": text}))
        for _, text in encodings(value)
    ]
    error = {"output_type": "error", "ename": "E", "evalue": value, "traceback": [f"\x1b[31mE\x1b[0m: {value}"]}
    notebook = book(*cells, code("raise", error), markdown(f"# T\n\nkey: `{value}`"), title=value)
    return redact(notebook, value).notebook


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_remains_in_what_is_exported(name: str, kind: str) -> None:
    if name in NEED_PANDOC and shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    node = nbformat.from_dict(planted(kind))
    body, _ = getattr(exporters, name)().from_notebook_node(node)
    assert remains(body, VALUES[kind]) == []
    assert f"...({len(VALUES[kind])})" in body
