"""A file that is no notebook, a folder that isn't there: one line that tells what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stsec_magic.hits import masker_of
from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook.read import RawNotebook, parse, read
from stsec_magic.report.visible import visible

NOT_UTF_8 = "stsec: this is no notebook, as it is not UTF-8: save it as UTF-8"

_SEARCHED = "; its text was searched"
_UNOPENED = (ProblemKind.UNREADABLE, ProblemKind.TOO_LARGE)


def no_folder(target: Path | None) -> str | None:
    """Complain about a result that has nowhere to go.

    Args:
        target: The result's file without its ending; None where it goes to no file.
    """
    if target is None or target.parent.is_dir():
        return None
    folder = _shown(str(target.parent))
    return f"stsec: there is no folder {folder!r}: make it first, or name it with --output-dir, which makes it"


def file(path: str) -> str | None:
    """Complain about a file that can't be read as text; None where it can.

    Args:
        path: The file.
    """
    raw = read(path)
    for problem in raw.problems:
        if problem.kind in _UNOPENED:
            return _line(path, problem.message, "")
    if raw.content is None and raw.decoded is None:
        return _line(path, "is empty", "save the notebook in Jupyter first")
    try:
        Path(path).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        return _line(path, f"is not UTF-8 (byte {error.start})", "save it as UTF-8")
    return None


def text(content: str, path: str | None) -> str | None:
    """Complain about a text that is no notebook's; None where it may be one.

    Args:
        content: The text.
        path: Its file; None where there is none.
    """
    raw = RawNotebook(path or "")
    parse(content.encode("utf-8", "surrogatepass"), raw)
    if raw.data is not None:
        return None
    why = raw.problems[-1].message.partition(_SEARCHED)[0] if raw.problems else "is empty"
    return _line(path, why, "restore it from a checkpoint or from git, or save it in Jupyter again")


def invalid(place: Sequence[object], path: str | None) -> str:
    """Complain about a notebook that nbformat finds invalid. What stands there is not shown: it may be a secret.

    Args:
        place: The keys and indexes that lead to what is wrong.
        path: Its file; None where there is none.
    """
    keys = [str(each) for each in place]
    where = "/".join(keys)
    if keys[:1] == ["cells"] and len(keys) > 1 and keys[1].isdecimal():
        where = "/".join([f"cell {int(keys[1]) + 1}", *keys[2:]])
    at = f" (at {_shown(where)})" if where else ""
    return _line(path, f"is not what a notebook should be{at}", "open it in Jupyter and save it")


def refused(why: str, path: str | None) -> str:
    """Complain about a notebook that nbformat can't read.

    Args:
        why: The kind of error.
        path: Its file; None where there is none.
    """
    return _line(path, f"can't be read by nbformat ({why})", "open it in Jupyter and save it")


def _line(path: str | None, why: str, advice: str) -> str:
    name = "this" if path is None else _shown(path)
    return f"stsec: {name} {visible(why)}" + (f": {advice}" if advice else "")


def _shown(path: str) -> str:
    return visible(masker_of([path]).mask_path(path))
