"""What would change in a notebook, cell by cell, with every secret masked."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from stsec_magic.fix.edit import Edit
from stsec_magic.fix.plan import Plan
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.notebook.walk import document_order
from stsec_magic.triage.masking import Masker

_CONTEXT = 1


def masked_diff(path: str, plan: Plan, masker: Masker) -> str:
    """A unified diff of the texts that change, one for each.

    Args:
        path: The notebook, as it may be shown.
        plan: What would change.
        masker: The notebook's masker.

    Returns:
        The diff; lines about outputs that are taken out begin with ``-``.
    """
    by_text: dict[Fragment, list[Edit]] = {}
    for edit in plan.edits:
        by_text.setdefault(edit.fragment, []).append(edit)
    lines: list[str] = []
    for fragment in sorted(by_text, key=document_order):
        edits = sorted(by_text[fragment], key=lambda edit: (edit.start, edit.end))
        old = masker.window(fragment, 0, len(fragment.text), (0, 0)).text
        name = f"{path}:{masker.mask(_place(fragment))}"
        lines += _unified(old, "".join(_new(fragment, edits, masker)), name)
    for fragment in _cleared(plan):
        name = f"{path}:cell {fragment.cell}"
        lines += [f"--- {name}", f"+++ {name}", f"-[output {fragment.output}, which shows a secret]"]
    return "".join(f"{line}\n" for line in lines)


def _cleared(plan: Plan) -> Iterator[Fragment]:
    seen = set()
    for fix in plan.fixes:
        if fix.clears is not None and fix.clears.path[:4] not in seen:
            seen.add(fix.clears.path[:4])
            yield fix.clears


def _new(fragment: Fragment, edits: Iterable[Edit], masker: Masker) -> Iterator[str]:
    at = 0
    for edit in edits:
        yield masker.window(fragment, at, edit.start, (at, at)).text
        yield edit.text
        at = edit.end
    yield masker.window(fragment, at, len(fragment.text), (at, at)).text


def _unified(old: str, new: str, name: str) -> Iterator[str]:
    before, after = _lines(old), _lines(new)
    yield from difflib.unified_diff(before, after, name, name, n=_CONTEXT, lineterm="")


def _lines(text: str) -> Sequence[str]:
    return [line.rstrip("\r") for line in text.split("\n")]


def _place(fragment: Fragment) -> str:
    if fragment.cell is None:
        return f"metadata {fragment.pointer or ''}".strip()
    kind = {Part.MARKDOWN: " (Markdown)", Part.METADATA: " (metadata)"}.get(fragment.part, "")
    return f"cell {fragment.cell}{kind}"
