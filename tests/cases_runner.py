"""Case files: small notebooks written in Markdown, with promises of what is found in them.

A file reads like a chapter. Its title and prose are for people; every ``##`` heading begins a
notebook, and the fences under it are that notebook's cells:

- ``python``: a code cell; ``bash``: a code cell that begins with ``%%bash``;
- ``r``, ``julia``, ``scala`` and other languages: a code cell, the notebook being of that language;
- ``markdown`` and ``raw``: cells of these kinds;
- ``output``, ``html``, ``traceback``: what the cell before printed, displayed or raised.

A line that ends in ``# error: [rule-id]`` (in Markdown and HTML ``<!-- error: [rule-id] -->``) promises
exactly that finding on that line; further ``name=value`` words promise facts about it
(``severity``, ``confidence``, ``part``, ``column``, ``masked``, ``related`` (a cell's number) or any property;
a ``*`` in a value stands for anything).
Silence is a promise too: nothing else is found in that notebook. The promises are taken out
before the check. Under a heading whose prose says ``<!-- fill -->``, holes such as ``{alnum:20}``
are filled, so that no whole credential stands in the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from stsec_magic import check
from tests.credentials import fill
from tests.notebooks_in_memory import code, display, error, markdown, notebook, raw, stream

FOLDER = Path(__file__).parent / "cases"
FILL = "<!-- fill -->"

_FENCE = re.compile(r"(`{3,})([a-z]+)\s*\Z")
_PROMISE = re.compile(r"[ \t]*(?:<!--|//|#)[ \t]*error: \[(?P<rule>[a-z0-9-]+)\](?P<facts>(?: \w+=\S+)*)(?: -->)?\Z")
_LANGUAGES = ("r", "javascript", "julia", "scala", "sql", "ruby", "powershell")


@dataclass(frozen=True)
class Promise:
    """A finding that must be there.

    Attributes:
        cell: The cell's number from 1.
        output: The output's number from 1; None for the cell's own text.
        line: The line in that text.
        rule: The rule's id.
        facts: What else must hold, by name.
    """

    cell: int
    output: int | None
    line: int
    rule: str
    facts: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Where and what."""
        return f"{_place(self.cell, self.output, self.line)}: {self.rule} {dict(self.facts) or ''}".rstrip()


@dataclass
class Case:
    """One small notebook.

    Attributes:
        title: Its heading.
        filled: Whether holes are filled.
        fences: Kind and lines of each fence.
    """

    title: str
    filled: bool = False
    fences: list[tuple[str, list[str]]] = field(default_factory=list)

    def build(self, seed: object = 0) -> tuple[dict[str, Any], list[Promise]]:
        """The notebook without its promises, and the promises."""
        cells: list[dict[str, Any]] = []
        promises: list[Promise] = []
        language = "python"
        for kind, lines in self.fences:
            shown = kind in _OUTPUTS
            if shown:
                cells[-1]["outputs"].append(None)
            at = len(cells) if shown else len(cells) + 1
            output = len(cells[-1]["outputs"]) if shown else None
            text = "\n".join(_kept(lines, at, output, 1 if kind == "bash" else 0, promises))
            text = fill(text, f"{seed} {at} {output}") if self.filled else text
            if shown:
                cells[-1]["outputs"][-1] = _OUTPUTS[kind](text)
            else:
                cells.append(_CELLS[kind](text))
            language = kind if kind in _LANGUAGES else language
        return notebook(*cells, metadata={"language_info": {"name": language}}), promises

    def faults(self, seed: object = 0) -> list[str]:
        """What differs between the promises and what is found; empty where all are kept."""
        book, promises = self.build(seed)
        report = check(book).to_dict()
        faults = [f"problem: {p['message']}" for p in report["problems"] if p["kind"] == "internal"]
        left = [f for f in report["findings"] if f["suppressed"] is None]
        for promise in promises:
            here = [f for f in left if (f["cell"], f["output"], f["line"], f["rule"]) == _key(promise)]
            if not here:
                faults.append(f"missing: {promise}")
                continue
            left.remove(here[0])
            faults += [
                f"differs: {promise}: {name} is {shown}"
                for name, value in promise.facts
                if not fnmatchcase(shown := _fact(here[0], name), value)
            ]
        return faults + [f"not promised: {_shown(finding)}" for finding in left]


def cases(text: str) -> list[Case]:
    """The notebooks of a case file.

    Args:
        text: Its Markdown.

    Raises:
        ValueError: A fence has no language that is known here, or is not closed.
    """
    found: list[Case] = []
    fence: str | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if fence is not None:
            if line == fence:
                fence = None
            else:
                found[-1].fences[-1][1].append(line)
            continue
        opening = _FENCE.match(line)
        if line.startswith("## "):
            found.append(Case(line.removeprefix("## ").strip()))
        elif opening is not None and found:
            if opening[2] not in {**_CELLS, **_OUTPUTS}:
                raise ValueError(f"line {number}: no cell is called {opening[2]!r}")
            fence = opening[1]
            found[-1].fences.append((opening[2], []))
        elif line.startswith("```"):
            raise ValueError(f"line {number}: a fence needs a language")
        elif found and FILL in line:
            found[-1].filled = True
    if fence is not None:
        raise ValueError("the last fence is not closed")
    return found


def all_cases() -> Iterator[tuple[str, Case]]:
    """Every notebook of every case file, with a name for it."""
    for path in sorted(FOLDER.glob("*.md")):
        for case in cases(path.read_text(encoding="utf-8")):
            yield f"{path.stem}: {case.title}", case


def _kept(lines: list[str], cell: int, output: int | None, before: int, promises: list[Promise]) -> Iterator[str]:
    """The lines without their promises, which are added to ``promises``."""
    for number, line in enumerate(lines, 1 + before):
        kept, here = line, []
        while (match := _PROMISE.search(kept)) is not None:
            facts = tuple((name, value) for name, _, value in (w.partition("=") for w in match["facts"].split()))
            here.insert(0, Promise(cell, output, number, match["rule"], facts))
            kept = kept[: match.start()]
        promises += here
        yield kept


def _key(promise: Promise) -> tuple[int, int | None, int, str]:
    return promise.cell, promise.output, promise.line, promise.rule


def _fact(finding: dict[str, Any], name: str) -> str:
    if name == "related":
        return ",".join(str(each["cell"]) for each in finding["related"])
    return str(finding[name] if name in finding else finding["properties"].get(name))


def _shown(finding: dict[str, Any]) -> str:
    place = _place(finding["cell"], finding["output"], finding["line"])
    facts = {name: finding[name] for name in ("severity", "confidence", "column", "masked")}
    return f"{place}: {finding['rule']} {facts} {finding['message']}"


def _place(cell: int | None, output: int | None, line: int) -> str:
    return f"cell {cell}{'' if output is None else f', output {output}'}, line {line}"


_CELLS = {
    "python": code,
    "bash": lambda text: code(f"%%bash\n{text}"),
    **dict.fromkeys(_LANGUAGES, code),
    "markdown": markdown,
    "raw": raw,
}
_OUTPUTS = {
    "output": lambda text: stream(text + "\n"),
    "html": lambda text: display({"text/html": text}),
    "traceback": lambda text: error("Exception", "", text.split("\n")),
}
