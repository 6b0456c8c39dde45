"""What was mended, for a terminal: short, and ending with what is left to a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from stsec_magic.model.mending import Ignored, Mended, Mending, Rotation
from stsec_magic.report.visible import visible

_COLOURS = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m"}
_MOST_NAMED = 3
_MOST_ROTATED = 12
_BOLD, _RESET = "\x1b[1m", "\x1b[0m"


def render(mending: Mending) -> str:
    """Say what was done, and what only a person can do.

    Args:
        mending: What became of the notebooks.

    Returns:
        Some lines, or nothing where nothing was to be mended.
    """
    return "".join(f"{line}\n" for line in _lines(mending))


def diff(mending: Mending, *, colour: bool = False) -> str:
    """The changes as a unified diff of the cells, secrets masked.

    Args:
        mending: What became of the notebooks.
        colour: Whether the terminal understands ANSI colours.
    """
    lines = [line for each in mending.notebooks if not each.error for line in each.diff.splitlines()]
    return "".join(f"{_painted(visible(line), colour=colour)}\n" for line in lines)


def _painted(line: str, *, colour: bool) -> str:
    if not colour:
        return line
    style = _BOLD if line.startswith(("---", "+++")) else _COLOURS.get(line[:1], "")
    return f"{style}{line}{_RESET}" if style else line


def _lines(mending: Mending) -> Iterator[str]:
    done = [each for each in mending.notebooks if each.fixes and not each.error]
    for failed in mending.failed:
        path = failed.file if isinstance(failed, Ignored) else failed.path
        yield f"{visible(path)}: {visible(failed.error)}"
    if done:
        yield _done(mending, done)
    yield from (f"{visible(each.path)}: {_links(each.links)}" for each in done if each.links)
    for each in mending.notebooks:
        yield from _left(each)
    yield from _choices(mending)
    for row in mending.ignored:
        if not row.error:
            when = "now" if mending.is_written else "then"
            out = ", once `git rm -r --cached` has taken it out" if row.is_tracked else ""
            yield f"{visible(row.file)}: ignored by git {when} (.gitignore){out}"
    for file in dict.fromkeys(each.kept for each in done if each.kept):
        names = sorted({row.name for each in done if each.kept == file for row in each.rotations if row.name})
        lines = [each.ignored for each in done if each.kept == file and each.ignored]
        ignored = f"; {lines[0]} added to .gitignore" if lines else ""
        yield f"{visible(file)}{'' if mending.is_written else ' would hold'}: {', '.join(names)}{ignored}"
    if mending.is_written and mending.rotations:
        yield "Rotate now, which nothing here can do:"
        yield from _rotate(mending.rotations)


def _done(mending: Mending, done: list[Mended]) -> str:
    places, outputs = sum(each.fixes for each in done), sum(each.cleared for each in done)
    verb = "mended" if mending.is_written else "would be mended (--fix)"
    cleared = f", {_plural(outputs, 'output')} taken out" if outputs else ""
    return f"{_plural(places, 'place')} in {_plural(len(done), 'notebook')} {verb}{cleared}"


def _links(n: int) -> str:
    names = (
        "another name of this file (a hard link) keeps" if n == 1 else f"{n} other names of this file (hard links) keep"
    )
    return f"{names} what stood in it"


def _left(each: Mended) -> Iterator[str]:
    """What can't be mended: one line for each reason."""
    for (why, rule), n in Counter((row.why, row.rule) for row in each.left if not row.is_choice).items():
        cells = sorted({row.cell for row in each.left if (row.why, row.rule) == (why, rule) and row.cell is not None})
        where = f", cell {', '.join(map(str, cells[:5]))}{' ...' if len(cells) > 5 else ''}" if cells else ""
        yield f"left alone: {visible(each.path)}{where}: {rule}{f' ({n} places)' if n > 1 else ''}: {visible(why)}"


def _choices(mending: Mending) -> Iterator[str]:
    """What the user may ask for all the same: one line for all notebooks."""
    counts = {each.path: n for each in mending.notebooks if (n := sum(row.is_choice for row in each.left))}
    if counts:
        names = [visible(path) for path in counts]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        places = _plural(sum(counts.values()), "place")
        yield f"left alone: {places} that --unsafe-fixes would mend: {', '.join(names[:_MOST_NAMED])}{more}"


def _rotate(rotations: Sequence[Rotation]) -> Iterator[str]:
    """Those with a page first; together what has the same page, and of which git says the same."""
    rows: dict[tuple[str, str], list[str]] = {}
    for each in rotations:
        rows.setdefault((each.page, _history(each)), []).append(_name(each))
    for (page, history), names in sorted(rows.items(), key=lambda row: not row[0][0]):
        more = f" and {len(names) - _MOST_ROTATED:,} more" if len(names) > _MOST_ROTATED else ""
        yield f"  {', '.join(names[:_MOST_ROTATED])}{more}{f': {page}' if page else ''}{history}"


def _name(rotation: Rotation) -> str:
    return visible(rotation.name or f"the secret {rotation.masked}, which is kept nowhere")


def _history(rotation: Rotation) -> str:
    if rotation.commits is None:
        return " (git's history may still hold it)"
    return f" (git history still holds it in {_plural(rotation.commits, 'commit')})" if rotation.commits else ""


def _plural(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"
