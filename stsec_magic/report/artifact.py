"""``stsec artifact FILE``: what a file would do if it were loaded, as a person wants to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import orjson

from stsec_magic.artifacts.reason import closed_words
from stsec_magic.model.inspection import Inspection, Remark, Verdict
from stsec_magic.report.visible import visible

_STYLES = {
    Verdict.CLEAN: "\x1b[1;32m",
    Verdict.UNKNOWN: "\x1b[1;36m",
    Verdict.SUSPICIOUS: "\x1b[1;33m",
    Verdict.MALICIOUS: "\x1b[1;31m",
    Verdict.UNREADABLE: "\x1b[1;33m",
}
_STATUS = {Verdict.SUSPICIOUS: 1, Verdict.MALICIOUS: 1, Verdict.UNREADABLE: 2}
_MOST = 20
"""Names of one verdict that are listed."""

_WIDEST = max(map(len, Verdict))


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file and what was found in it.

    Attributes:
        path: Its path.
        inspection: What was found.
        mask: Takes the secrets out of whatever is shown of it.
    """

    path: str
    inspection: Inspection
    mask: Callable[[str], str]

    @property
    def status(self) -> int:
        """The exit status: 0 clean or unknown, 1 suspicious or malicious, 2 unreadable."""
        return _STATUS.get(self.inspection.verdict, 0)


def render(row: Inspected, *, colour: bool = False) -> str:
    """Draw one file.

    Args:
        row: The file.
        colour: Whether the terminal understands ANSI colours.

    Returns:
        Lines, with a final newline.
    """
    found = row.inspection

    def paint(verdict: Verdict, text: str) -> str:
        return f"{_STYLES[verdict]}{text}\x1b[0m" if colour else text

    def shown(text: str) -> str:
        return visible(row.mask(text))

    why = {Verdict.CLEAN: f": it {found.reason}", Verdict.UNREADABLE: f": {found.reason}"}.get(found.verdict, "")
    lines = [f"{shown(row.path)} is {paint(found.verdict, found.verdict.value)}{shown(why)}"]
    for verdict in (Verdict.MALICIOUS, Verdict.SUSPICIOUS, Verdict.UNKNOWN):
        remarks = [each for each in found.remarks if each.verdict is verdict]
        head = paint(verdict, verdict.value.ljust(_WIDEST))
        lines += [
            f"  {head}  {shown(_what(each))}  {_dim(shown(_says(each)), colour=colour)}" for each in remarks[:_MOST]
        ]
        if len(remarks) > _MOST:
            lines.append(f"  {head}  and {len(remarks) - _MOST} more")
    known = _known(found.remarks)
    if known:
        lines.append(f"  {paint(Verdict.CLEAN, 'known'.ljust(_WIDEST))}  {known}")
    is_said = found.verdict is Verdict.UNREADABLE and len(found.closed) == 1
    lines += [
        f"  {paint(Verdict.UNREADABLE, 'unread'.ljust(_WIDEST))}  {shown(closed_words(each))}"
        for each in (() if is_said else found.closed)
    ]
    return "\n".join(lines) + "\n"


def to_json(rows: Iterable[Inspected]) -> str:
    """The same for programs: a list with an object for each file."""
    return orjson.dumps([_dict(row) for row in rows], option=orjson.OPT_INDENT_2).decode() + "\n"


def _dict(row: Inspected) -> dict[str, object]:
    found, mask = row.inspection, row.mask
    return {
        "path": mask(row.path),
        "verdict": found.verdict.value,
        "reason": mask(found.reason),
        "pickles": found.pickles,
        "remarks": [
            {
                "verdict": each.verdict.value,
                "name": mask(each.name) or None,
                "says": each.says,
                "call": None if each.call is None else mask(each.call),
                "path": mask(each.path) or None,
            }
            for each in found.remarks
        ],
        "closed": [{"path": mask(each.path) or None, "why": mask(each.why)} for each in found.closed],
    }


def _what(remark: Remark) -> str:
    call = None if remark.verdict is Verdict.UNKNOWN else remark.call  # of what nobody knows the name is enough
    return call or remark.name or remark.says


def _says(remark: Remark) -> str:
    said = "" if remark.call is None and not remark.name else remark.says
    return f"{said}, in {remark.path}" if remark.path else said


def _known(remarks: Iterable[Remark]) -> str:
    counts = Counter(each.says for each in remarks if each.verdict is Verdict.CLEAN)
    return ", ".join(f"{n} name{'' if n == 1 else 's'} of {library}" for library, n in sorted(counts.items()))


def _dim(text: str, *, colour: bool) -> str:
    return f"\x1b[2m{text}\x1b[0m" if colour and text else text
