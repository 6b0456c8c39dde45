"""Hits to a plan: what will be mended and how, what won't and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stsec_magic.fix import caches, in_python, in_shell, in_text, loads
from stsec_magic.fix.changes import Changes
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Edit, Fix, Refusal
from stsec_magic.fix.prelude import prelude
from stsec_magic.fix.quoted import mend_quoted
from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import Part
from stsec_magic.notebook.lines import line_start
from stsec_magic.rules.load_calls import Load, Loads
from stsec_magic.source.program import CodeCell
from stsec_magic.source.regions import Region

_SURE = frozenset(("connection-string", "private-key", "known-secret"))
_OUTPUTS = "outputs"
_REACH = 4000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in one notebook.

    Attributes:
        fixes: The places that are mended.
        refusals: The places that aren't.
        edits: All changes of texts, those for all places and the lines that they need; none overlap.
        removed: The outputs that are taken out.
    """

    fixes: tuple[Fix, ...]
    refusals: tuple[Refusal, ...]
    edits: tuple[Edit, ...]
    removed: tuple[JsonPath, ...]


def plan(hits: Sequence[Hit], context: Context) -> Plan:
    """Plan the mending of a notebook.

    Args:
        hits: What the user wants mended, in document order: neither suppressed nor deselected, and the places
            where the same secrets stand once more.
        context: The notebook, and the user's choices.

    Returns:
        The plan. Nothing was changed.
    """
    planned = _Planner(context)
    # What the code says names a secret; an output or a text only shows it.
    ranked = sorted(hits, key=_rank)
    sure = {hit.secret.value for hit in ranked if hit.secret and (is_sure(hit) or _only_moves(hit, planned))}
    fixes: list[Fix] = []
    refusals: list[Refusal] = []
    changes = Changes()
    for hit in ranked:
        is_choice = hit.secret is not None and hit.secret.value not in sure and not context.unsafe
        made = Refusal(hit, "it may be no secret", is_choice=True) if is_choice else planned.of(hit)
        if isinstance(made, Fix) and not made.is_safe and not context.unsafe:
            made = Refusal(hit, "the code may mean something else afterwards", is_choice=True)
        if isinstance(made, Fix) and made.name and not _can_be_kept(made.value):
            made = Refusal(hit, "no file of secrets, and no variable, can hold it")
        if isinstance(made, Fix) and not changes.add(made):
            made = Refusal(hit, "it overlaps with another change")
        if isinstance(made, Refusal):
            refusals.append(made)
        elif made is not None:
            fixes.append(made)
    removed = dict.fromkeys(fix.clears.path[:4] for fix in fixes if fix.clears is not None)
    return Plan(tuple(fixes), tuple(refusals), (*changes.all(), *prelude(fixes, context)), tuple(removed))


def is_sure(hit: Hit) -> bool:
    """Whether a secret is so sure to be one that it may be moved without being asked for by name.

    Args:
        hit: A place with a secret: a vendor's format, a password in a connection, or of high confidence.
    """
    if hit.severity is Severity.LOW or hit.confidence is Confidence.LOW:
        return False
    return hit.rule.provider is not None or hit.rule.id in _SURE or hit.confidence is Confidence.HIGH


def _only_moves(hit: Hit, planned: _Planner) -> bool:
    """Whether a likely secret in code can be moved, and the code means the same.

    No harm is done if it is none: its value is kept.
    """
    if Severity.LOW is hit.severity or Confidence.LOW is hit.confidence or hit.fragment.part is not Part.SOURCE:
        return False
    made = planned.of(hit)
    return isinstance(made, Fix) and made.is_safe and bool(made.name)


def _rank(hit: Hit) -> int:
    """Who may name a secret first: code, then comments, then what is only shown."""
    if hit.fragment.part is not Part.SOURCE:
        return 2
    text = hit.fragment.text
    return int(text[line_start(text, hit.start, _REACH) : hit.start].lstrip().startswith("#"))


def _can_be_kept(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


class _Planner:
    """One place after the other."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._loads: dict[tuple[Fragment, int, int], Load] | None = None
        self._made: dict[Hit, Fix | Refusal | None] = {}

    def of(self, hit: Hit) -> Fix | Refusal | None:
        """How a place is mended; None where nothing of ours mends it."""
        if hit not in self._made:
            self._made[hit] = self._of(hit)
        return self._made[hit]

    def _of(self, hit: Hit) -> Fix | Refusal | None:
        fragment = hit.fragment
        is_as_written = fragment.base is None and fragment.origins is None and len(fragment.path) > 1
        if not is_as_written and fragment.path[2:3] != (_OUTPUTS,):
            return Refusal(hit, "its text stands in the file in another form")
        return self._without_secret(hit) if hit.secret is None else self._secret(hit)

    def _without_secret(self, hit: Hit) -> Fix | Refusal | None:
        cell = self._context.subject.program.cell_of(hit.fragment)
        if cell is None:
            return None
        if hit.rule.id == "removed-cache":
            return caches.mend(hit, cell)
        if hit.rule.id != "untrusted-load":
            return None
        if self._loads is None:
            loaded = Loads(self._context.subject)
            self._loads = {(load.use.cell.fragment, *load.use.cell.span(load.use.node)): load for load in loaded}
        load = self._loads.get((hit.fragment, hit.start, hit.end))
        return None if load is None else loads.mend(hit, load)

    def _secret(self, hit: Hit) -> Fix | Refusal:
        fragment = hit.fragment
        if len(fragment.path) > 3 and fragment.path[2] == _OUTPUTS:
            return Fix(hit, clears=fragment)
        if fragment.part is Part.OUTPUT:
            return Refusal(hit, "it stands in no output of its own")
        if fragment.part is Part.ATTACHMENT:
            return Refusal(hit, "remove the attachment")
        if "nested_cell" in hit.properties:
            return Refusal(hit, "it stands in a notebook inside the notebook")
        cell = self._context.subject.program.cell_of(fragment)
        if cell is None:
            return in_text.blanked(hit, self._context)
        return self._in_code(hit, cell)

    def _in_code(self, hit: Hit, cell: CodeCell) -> Fix | Refusal:
        stretches: Iterable[Region] = reversed(cell.stretches)
        region = next((each for each in stretches if each.holds(hit.start)), None)
        if region is not None and not region.is_python:
            return in_shell.mend(hit, cell, region, self._context)
        if region is None and cell.is_python:
            made = in_python.mend(hit, cell, self._context)
            return mend_quoted(hit, self._context) if isinstance(made, Refusal) and cell.tree is None else made
        if region is None and cell.language == "shell":
            return in_shell.mend(hit, cell, cell.regions[0], self._context)
        return in_text.blanked(hit, self._context, is_safe=False)


def needed(fixes: Iterable[Fix]) -> dict[str, str]:
    """What has to be kept in the project's secrets file, by name."""
    return {fix.name: fix.value for fix in fixes if fix.name}
