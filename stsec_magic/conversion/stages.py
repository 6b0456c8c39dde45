"""An exporter's preprocessors, and where the stages of a check stand among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

Step = Callable[[Any, Any], tuple[Any, Any]]
"""A preprocessor, as an exporter calls it: notebook and resources to both."""

_EXECUTING = "ExecutePreprocessor"
_TAKING_OUT = frozenset(
    ("TagRemovePreprocessor", "RegexRemovePreprocessor", "ClearOutputPreprocessor", "CoalesceStreamsPreprocessor")
)
_NBCONVERT = "nbconvert."


def arrange(row: list[Any], begin: Step, before: Step, after: Step, last: Step) -> None:
    """Put the stages into their places, anew for each conversion, as others may have come and gone since.

    Called while the exporter goes through the row and has come to ``begin``: only what stands behind it moves.

    Args:
        row: The exporter's preprocessors.
        begin: Stands in front since it was made.
        before: Comes to stand in front of all that may execute something: of all but nbconvert's own that take out what
            isn't wanted, so that what they take out doesn't count.
        after: Comes to stand right behind the execution: in front of what writes outputs and attachments into files.
        last: Comes to stand at the end.
    """
    for stage in (before, after, last):
        while stage in row:
            row.remove(stage)
    first = row.index(begin) + 1
    while first < len(row) and _is_any(row[first], _TAKING_OUT):
        first += 1
    row.insert(first, before)
    row.insert(max([first, *(i for i, each in enumerate(row) if is_executing(each))]) + 1, after)
    row.append(last)


def is_executing(preprocessor: object) -> bool:
    """Whether a preprocessor is nbconvert's that executes notebooks, or made from it.

    Args:
        preprocessor: Of an exporter.
    """
    return any(_is_nbconvert(kind, _EXECUTING) for kind in type(preprocessor).__mro__)


def enabled_executing(row: Sequence[Any]) -> Iterator[Any]:
    """The preprocessors that will execute the notebook.

    Args:
        row: The exporter's preprocessors.
    """
    return (each for each in row if is_executing(each) and each.enabled)


def _is_any(preprocessor: object, names: frozenset[str]) -> bool:
    """Exactly one of these: a class made from one may do anything."""
    kind = type(preprocessor)
    return kind.__name__ in names and _is_nbconvert(kind, kind.__name__)


def _is_nbconvert(kind: type, name: str) -> bool:
    return kind.__name__ == name and kind.__module__.startswith(_NBCONVERT)
