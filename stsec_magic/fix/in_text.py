"""A secret where no program reads it: its name takes its place."""

from __future__ import annotations

from dataclasses import replace

from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Edit, Fix, Refusal
from stsec_magic.fix.naming import suggested
from stsec_magic.model.hit import Hit
from stsec_magic.model.location import Part
from stsec_magic.notebook.lines import line_start
from stsec_magic.source.program import CodeCell

_REACH = 4000


def mend(hit: Hit, cell: CodeCell, context: Context) -> Fix | Refusal:
    """Mend a place in a cell that stands in no literal: a comment.

    Args:
        hit: What was found there.
        cell: The cell, which parses.
        context: The notebook.
    """
    text = cell.fragment.text
    if "#" in text[line_start(text, hit.start, _REACH) : hit.start]:
        return blanked(hit, context)
    return _pasted(hit, cell, context) or Refusal(hit, "it stands in no literal")


def _pasted(hit: Hit, cell: CodeCell, context: Context) -> Fix | None:
    """A secret that was pasted without quotes: names and signs to Python, which fail when they run."""
    line = cell.fragment.text[line_start(cell.fragment.text, hit.start, _REACH) :].lstrip()
    if hit.secret is None or line.startswith(("%", "!", "?")) or not context.modules.is_usable(context.need, cell):
        return None
    text, name = cell.fragment.text, context.name(hit.secret.value, suggested(hit))
    reading = context.reading(name)
    mended = replace(cell.fragment, text=f"{text[: hit.start]}{reading}{text[hit.end :]}")
    if CodeCell(mended).tree is None:
        return None
    edit = Edit(hit.fragment, hit.start, hit.end, reading)
    return Fix(hit, (edit,), needs=context.needs, name=name, value=hit.secret.value, is_safe=False)


def blanked(hit: Hit, context: Context, *, is_safe: bool = True) -> Fix:
    """Put the secret's name in its place: ``<OPENAI_API_KEY>``, in Markdown ``YOUR_OPENAI_API_KEY``.

    Args:
        hit: What was found.
        context: The notebook.
        is_safe: Whether nothing reads the text but people.
    """
    value = "" if hit.secret is None else hit.secret.value
    name = context.names.of(value, suggested(hit))
    # Markdown would take a name in angle brackets for a tag, and show nothing.
    instead = f"YOUR_{name}" if hit.fragment.part is Part.MARKDOWN else f"<{name}>"
    return Fix(hit, (Edit(hit.fragment, hit.start, hit.end, instead),), name=name, value=value, is_safe=is_safe)
