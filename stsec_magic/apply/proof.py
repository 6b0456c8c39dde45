"""Is a mended notebook what was meant, and nothing else? Asked before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stsec_magic.fix.changes import Changes
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Edit, Fix
from stsec_magic.fix.plan import Plan
from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.model.hit import Hit
from stsec_magic.notebook.read import RawNotebook, parse
from stsec_magic.notebook.splice import SpliceError
from stsec_magic.source.program import CodeCell


class Culprit(NamedTuple):
    """What came out unsound.

    Attributes:
        hits: The places whose mending did; all of a cell where no single one is to blame.
        why: A few words.
    """

    hits: frozenset[Hit]
    why: str


def why_unsound(raw: RawNotebook, new: bytes, plan: Plan, context: Context) -> Culprit | None:
    """Look at a notebook's new text as if it came from elsewhere.

    Args:
        raw: The notebook as it is.
        new: Its new text.
        plan: What was meant to change.
        context: The notebook's code.

    Returns:
        The first text in which something came out otherwise than meant; None where all is well.

    Raises:
        SpliceError: The new text is no such notebook any more.
    """
    again = RawNotebook(raw.path)
    parse(new, again)
    if again.data is None or raw.data is None or len(again.problems) > len(raw.problems) or again.hidden:
        raise SpliceError("the file would no longer be a sound notebook")
    texts = _texts(plan)
    for fragment, text in texts.items():
        if _at(again.data, _moved(fragment.path, plan)) != text:
            return Culprit(_in(plan, fragment), "the file writes it in a way that can't be changed in its place")
    changed = {fragment.path for fragment in texts}
    if _rest(raw.data, changed, set(plan.removed)) != _rest(again.data, {_moved(p, plan) for p in changed}, set()):
        raise SpliceError("something else in the file would change")
    for cell in context.subject.program.cells:
        if cell.fragment in texts and cell.tree is not None and not _parses(cell, texts[cell.fragment]):
            return Culprit(_guilty(plan, cell), "the cell would no longer parse")
    return None


def _in(plan: Plan, fragment: Fragment) -> frozenset[Hit]:
    """The places of a text that are mended."""
    return frozenset(fix.hit for fix in plan.fixes if any(edit.fragment == fragment for edit in fix.edits))


def _guilty(plan: Plan, cell: CodeCell) -> frozenset[Hit]:
    """The places in a cell that alone would keep it from parsing; all of them where none would."""
    alone = [fix for fix in plan.fixes if any(edit.fragment == cell.fragment for edit in fix.edits)]
    guilty = frozenset(fix.hit for fix in alone if not _parses(cell, _edited(cell.fragment.text, [*_changes(fix)])))
    return guilty or frozenset(fix.hit for fix in alone)


def _changes(fix: Fix) -> Iterator[Edit]:
    changes = Changes()
    changes.add(fix)
    return changes.all()


def _texts(plan: Plan) -> dict[Fragment, str]:
    """Each text that changes, as it was meant."""
    edits: dict[Fragment, list[Edit]] = {}
    for edit in plan.edits:
        edits.setdefault(edit.fragment, []).append(edit)
    return {fragment: _edited(fragment.text, several) for fragment, several in edits.items()}


def _edited(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _moved(path: JsonPath, plan: Plan) -> JsonPath:
    """Where a value stands once the outputs before it are gone."""
    if len(path) < 4 or path[2] != "outputs":
        return path
    before = sum(1 for each in plan.removed if each[:3] == path[:3] and int(each[3]) < int(path[3]))
    return (*path[:3], int(path[3]) - before, *path[4:])


def _at(data: object, path: JsonPath) -> object:
    for key in path:
        try:
            data = data[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    if isinstance(data, list) and all(isinstance(each, str) for each in data):
        return "".join(data)
    return data


def _rest(value: object, changed: set[JsonPath], removed: set[JsonPath], path: JsonPath = ()) -> object:
    """A notebook without what was meant to change."""
    if path in changed:
        return None
    if isinstance(value, Mapping):
        return {key: _rest(each, changed, removed, (*path, key)) for key, each in value.items()}
    if isinstance(value, list):
        rows = ((each, (*path, i)) for i, each in enumerate(value))
        return [_rest(each, changed, removed, at) for each, at in rows if at not in removed]
    return value


def _parses(cell: CodeCell, text: str) -> bool:
    return CodeCell(Fragment(text, cell.fragment.part, cell.fragment.path, cell.fragment.language)).tree is not None
