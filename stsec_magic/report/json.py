"""``--format json``: the contract with other programs."""

from __future__ import annotations

import orjson

from stsec_magic.model.report import Report


def render(report: Report) -> str:
    """The report as one indented JSON object with a final newline."""
    return orjson.dumps(report.to_dict(), option=orjson.OPT_INDENT_2).decode() + "\n"
