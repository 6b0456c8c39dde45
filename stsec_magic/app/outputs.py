"""What a cell showed when it last ran, as evidence of what its code gives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stsec_magic.app.kind import Kind

_DRAWN = re.compile(
    r"\s{0,9}[\[(]{0,4}(?:array\()?\s{0,9}[\[(]{0,4}<?(?:matplotlib|mpl_toolkits|seaborn|Axes|AxesSubplot|BarContainer|Text\()"
)
_FIGURE = re.compile(r"\s{0,9}<(?:Figure size|matplotlib\.figure|seaborn\.axisgrid)")
_PLOTLY = "application/vnd.plotly.v1+json"
_ALTAIR = ("application/vnd.vegalite", "application/vnd.vega")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a cell from its saved outputs.

    Attributes:
        ran: Whether it ran, as far as anybody can tell; if not, the rest says nothing.
        result: What its last expression gave; ``NOTHING`` where that showed nothing.
        displayed: What was displayed besides, in order.
        figures: How many figures of matplotlib were shown.
        failed: The name of the exception that it ended with; empty for none.
    """

    ran: bool = False
    result: Kind = Kind.UNKNOWN
    displayed: tuple[Kind, ...] = ()
    figures: int = 0
    failed: str = ""


def evidence(cell: Mapping[str, Any]) -> Evidence:
    """Read a cell's outputs.

    Args:
        cell: A code cell, in nbformat 4; its outputs may be anything.
    """
    outputs = [each for each in _list(cell.get("outputs")) if isinstance(each, Mapping)]
    if not isinstance(cell.get("execution_count"), int) and not outputs:
        return Evidence()
    bundles = [(each.get("output_type"), each.get("data")) for each in outputs]
    shown = [(kind, data) for kind, data in bundles if isinstance(data, Mapping)]
    results = [_result(data) for kind, data in shown if kind in ("execute_result", "pyout")]
    displayed = tuple(_kind(data) for kind, data in shown if kind == "display_data")
    failed = [str(each.get("ename") or "Exception") for each in outputs if each.get("output_type") == "error"]
    return Evidence(
        ran=bool(outputs),
        result=results[-1] if results else Kind.NOTHING,
        displayed=tuple(each for each in displayed if each is not Kind.DRAWN),
        figures=sum(each is Kind.DRAWN for each in displayed),
        failed=failed[-1] if failed else "",
    )


def printed(cell: Mapping[str, Any]) -> str:
    """All that a cell printed.

    Args:
        cell: A code cell, in nbformat 4.
    """
    rows = [each for each in _list(cell.get("outputs")) if isinstance(each, Mapping)]
    return "\n".join(_text(each.get("text")) for each in rows if each.get("output_type") == "stream")


def _kind(data: Mapping[str, Any]) -> Kind:
    if _PLOTLY in data:
        return Kind.PLOTLY
    if any(str(mime).startswith(_ALTAIR) for mime in data):
        return Kind.ALTAIR
    if _WIDGET in data:
        return Kind.WIDGET
    plain, html = _text(data.get("text/plain")), _text(data.get("text/html"))
    if "dataframe" in html[:_MOST] and "<table" in html:
        return Kind.DATAFRAME
    if "image/png" in data or "image/jpeg" in data:
        is_drawn = not plain or _FIGURE.match(plain) or _DRAWN.match(plain)
        return Kind.DRAWN if is_drawn else Kind.IMAGE
    if _FIGURE.match(plain):
        return Kind.DRAWN
    if _DRAWN.match(plain):
        return Kind.ARTISTS
    return Kind.TEXT if set(data) == {"text/plain"} and plain[:1] in ("'", '"') else Kind.VALUE


def _result(data: Mapping[str, Any]) -> Kind:
    """A figure that a cell gives is one; those that it has drawn are shown besides."""
    kind = _kind(data)
    return Kind.FIGURE if kind is Kind.DRAWN and _FIGURE.match(_text(data.get("text/plain"))) else kind


def _text(value: object) -> str:
    if isinstance(value, list):
        value = "".join(each for each in value if isinstance(each, str))
    return value if isinstance(value, str) else ""


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []
