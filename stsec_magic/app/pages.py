"""What the files of an app are called: one page, or several."""

from __future__ import annotations

import re

_ODD = re.compile(r"[^\w.-]{1,200}")


def page_name(number: int, notebook: str, app: str) -> str:
    """A page's file, without its ending, seen from the app's folder.

    Args:
        number: Which of the notebooks it is, from 0. The first is the app itself.
        notebook: The notebook's name, without its ending.
        app: What the app is called.

    Returns:
        Such as ``app`` or ``pages/2_exploration``; Streamlit sorts pages by the number and doesn't show it.
    """
    return f"pages/{number + 1}_{_ODD.sub('_', notebook)}" if number else app
