"""Notebooks of nbformat 1 to 3 to version 4, by nbformat itself: the only place that imports it."""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Mapping
from typing import Any, cast


class UpgradeError(Exception):
    """The old notebook is too malformed to be upgraded."""


def upgrade(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    """Upgrade an old notebook.

    Args:
        notebook: JSON of nbformat 1, 2 or 3. It is not changed.

    Returns:
        The same notebook as nbformat 4 JSON.

    Raises:
        UpgradeError: nbformat can't make sense of it.
    """
    import nbformat  # 228 ms, needed for old files alone
    from nbformat import converter

    log = logging.getLogger("traitlets")
    # nbformat validates what it upgrades and logs what it finds wrong, values included.
    log.addFilter(_nothing)
    try:
        plain = {"nbformat": 3, **copy.deepcopy(dict(notebook))}
        _join_headings(plain)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about ids and the like, in the user's terminal
            node = cast("Any", converter).convert(cast("Any", nbformat).from_dict(plain), 4)
    # nbformat states no errors: malformed input raises whatever its code runs into.
    except Exception as error:
        raise UpgradeError(type(error).__name__) from None
    finally:
        log.removeFilter(_nothing)
    if not isinstance(node, Mapping) or not isinstance(node.get("cells"), list):
        raise UpgradeError("no cells")
    for cell in node["cells"]:
        if isinstance(cell, dict):
            cell.pop("id", None)  # made up by the upgrade, another one each time
    return node


def _join_headings(notebook: Mapping[str, Any]) -> None:
    """Make texts of headings' lines, which nbformat joins where it reads a file, and its converter relies on."""
    for sheet in notebook.get("worksheets") or ():
        for cell in sheet.get("cells") or ():
            if cell.get("cell_type") == "heading" and isinstance(cell.get("source"), list):
                cell["source"] = "".join(cell["source"])


def _nothing(_: logging.LogRecord) -> bool:
    return False
