"""What a template is given of an app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stsec_magic.app.notebook import App
from stsec_magic.app.plain import quoted

MARK = "made from a notebook by stsec-magic"
"""Stands at the head of every app, and says that it may be made anew."""


def variables(app: App, name: str) -> dict[str, str]:
    """What the template's ``resources.streamlit`` holds.

    Args:
        app: The app.
        name: The notebook's name.

    Returns:
        docstring, imports, page, helpers: each is code.
    """
    title = app.title or name
    said = f"{title}\n\n{name}.ipynb, {MARK}: jupyter nbconvert --to streamlit\n"
    return {
        "docstring": quoted(said),
        "imports": "\n\n".join("\n".join(group) for group in app.imports if group),
        "page": f"{app.streamlit}.set_page_config(page_title={quoted(title)})",
        "helpers": app.helpers,
    }


def rewritten(notebook: Mapping[str, Any], app: App) -> dict[str, Any]:
    """The notebook for the template: each cell with its code in ``metadata.streamlit.code``, and without outputs.

    Args:
        notebook: The notebook that the app was made from.
        app: The app.
    """
    cells = []
    for cell, made in zip(notebook["cells"], app.cells, strict=True):
        new = {key: value for key, value in cell.items() if key not in ("outputs", "attachments")}
        metadata = cell.get("metadata")
        new["metadata"] = {**(metadata if isinstance(metadata, Mapping) else {}), "streamlit": {"code": made.code}}
        cells.append({**new, "outputs": []} if cell["cell_type"] == "code" else new)
    return {**notebook, "cells": cells}
