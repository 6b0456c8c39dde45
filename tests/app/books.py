"""Small notebooks, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stsec_magic.app.markdown import Around
from stsec_magic.app.notebook import App, translate

NOWHERE = Around("x_files", lambda path: path.startswith("there/"))


def code(source: str, *outputs: dict[str, Any], tags: Sequence[str] = (), ran: bool = False) -> dict[str, Any]:
    """A code cell."""
    return {
        "cell_type": "code",
        "execution_count": 1 if ran or outputs else None,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": list(outputs),
        "source": source,
    }


def text(source: str, **more: Any) -> dict[str, Any]:
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def result(**data: Any) -> dict[str, Any]:
    """What a cell gave, by MIME type, with ``__`` for the stroke in it."""
    bundle = {mime.replace("__", "/"): value for mime, value in data.items()}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": bundle}


def displayed(**data: Any) -> dict[str, Any]:
    """What a cell displayed."""
    return {**{k: v for k, v in result(**data).items() if k != "execution_count"}, "output_type": "display_data"}


def printed(said: str) -> dict[str, Any]:
    """What a cell printed."""
    return {"output_type": "stream", "name": "stdout", "text": said}


def book(*cells: dict[str, Any] | str) -> dict[str, Any]:
    """A notebook; a bare text is a code cell."""
    whole = [code(each) if isinstance(each, str) else each for each in cells]
    return {"cells": whole, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def app_of(*cells: dict[str, Any] | str) -> App:
    """The app of a notebook."""
    return translate(book(*cells), NOWHERE)


def last_of(*cells: dict[str, Any] | str) -> str:
    """The code of the app's last cell."""
    return app_of(*cells).cells[-1].code


def notes_of(*cells: dict[str, Any] | str) -> list[str]:
    """What could not be translated."""
    return [each.message for each in app_of(*cells).notes]
