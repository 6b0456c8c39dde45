"""Turns notebooks into Streamlit apps, compiles each app, and on request runs it as ``streamlit run`` would.

Usage: python benchmarks/streamlit_apps.py NOTEBOOK_OR_FOLDER... [--run] [--fail-on never] [--output DIR] [--jobs 2]

An app runs under ``streamlit.testing.v1.AppTest`` in a process of its own, in a folder of its own, without standard
input, and with a dummy value for each secret that a ``secrets.toml.example`` beside it names. That executes the
notebook's code: give ``--run`` only notebooks you would run yourself, or do it in a container.

Each app is kept in the output folder, as NAME/NAME.py; data that it reads can be laid there beforehand. So is
results.json, which holds all problems and exceptions in full. They show what the notebooks say, secrets too. It fails
if an app doesn't compile, or doesn't run without an exception.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from traitlets.config import Config

if TYPE_CHECKING:
    from streamlit.testing.v1.element_tree import Block

LIMIT = 120
"""Seconds after which an app counts as one that hangs."""

_GRACE = 20
"""Seconds more until its process is ended."""

_DUMMY = "dummy"
_MARK = "@app@"
_WIDTH = 70


@dataclass
class Result:
    """What became of one notebook.

    Attributes:
        notebook: Its path.
        app: The app's path, if there is one.
        cells: How many cells it has.
        exported: "compiled", or why not.
        problems: The exporter's own, each with "cell", "kind" and "message".
        ran: "yes", or the exceptions in short; empty if it was not tried.
        exceptions: Each with "type", "message" and the app's "line".
        elements: How often each type of element is shown.
        seconds: What the run took.
    """

    notebook: str
    app: str = ""
    cells: int = 0
    exported: str = ""
    problems: list[Mapping[str, Any]] = field(default_factory=list)
    ran: str = ""
    exceptions: list[Mapping[str, Any]] = field(default_factory=list)
    elements: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether nothing went wrong in what was tried."""
        return self.exported == "compiled" and self.ran in ("", "yes")


def main(arguments: Sequence[str] | None = None) -> None:
    """Export, compile, run, and print the table."""
    options = _options(arguments)
    if options.one:
        print(_MARK + json.dumps(shown(Path(options.one))), flush=True)
        os._exit(0)  # whatever threads the app has left
    if options.run:
        _need_streamlit()
    output = Path(options.output or tempfile.mkdtemp(prefix="streamlit_apps_")).resolve()
    results = [export(path, folder, options.fail_on) for path, folder in _placed(options.notebooks, output)]
    if options.run:
        with ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(run, [each for each in results if each.exported == "compiled"]))
    output.mkdir(parents=True, exist_ok=True)
    (output / "results.json").write_text(json.dumps([asdict(each) for each in results], indent=1), "utf-8")
    _print(results, output)
    sys.exit(not all(each.fine for each in results))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Turn notebooks into Streamlit apps and try these.")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK_OR_FOLDER")
    parser.add_argument("--run", action="store_true", help="run the apps, and so the notebooks' code")
    parser.add_argument("--fail-on", default="never", metavar="SEVERITY", help="of findings (default: never refuse)")
    parser.add_argument("--output", type=Path, metavar="DIR", help="keeps the apps (default: a new temporary folder)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="apps run at a time (default: 2)")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not options.notebooks and not options.one:
        parser.error("which notebooks?")
    return options


def _need_streamlit() -> None:
    """Say so at once, and not for each app."""
    from importlib.util import find_spec

    if find_spec("streamlit") is None:
        sys.exit("streamlit is not installed; try: pip install streamlit")


def _placed(given: Sequence[Path], output: Path) -> Iterator[tuple[Path, Path]]:
    """Each notebook with the folder for its app; two of one name get two folders."""
    taken: Counter[str] = Counter()
    for path in given:
        for each in sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]:
            taken[each.stem] += 1
            again = f"-{taken[each.stem]}" if taken[each.stem] > 1 else ""
            yield each, output / (each.stem + again)


# -- the export ----------------------------------------------------------------------------------


def export(path: Path, folder: Path, fail_on: str) -> Result:
    """Write a notebook's app, and whatever the exporter wants beside it, and compile it."""
    from stsec_magic.exporter import StreamlitExporter

    result = Result(str(path), cells=_cells(path))
    exporter = StreamlitExporter(config=Config({"StreamlitExporter": {"fail_on": fail_on}}))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            script, resources = exporter.from_filename(str(path))
    except Exception as error:
        result.exported = _short("refused: " + (_first(str(error)) or type(error).__name__))
        result.exceptions.append({"type": type(error).__name__, "message": traceback.format_exc(), "line": None})
        return result
    result.problems = list(resources.get("stsec", {}).get("problems", ()))
    app = folder / f"{path.stem}.py"
    result.app = str(app)
    for name, content in {**resources.get("outputs", {}), app.name: script.encode("utf-8")}.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    result.exported = _compiled(script, app.name)
    return result


def _cells(path: Path) -> int:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return len(nbformat.read(path, as_version=4).cells)
    except Exception:
        return 0


def _compiled(script: str, name: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(script, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return _short(f"{type(error).__name__}: {error}")
    return "compiled"


# -- the run -------------------------------------------------------------------------------------


def run(result: Result) -> None:
    """Run an app in a process of its own and note what it says."""
    command = [sys.executable, str(Path(__file__).resolve()), "--one", result.app]
    begin = time.perf_counter()
    try:
        ended = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd=Path(result.app).parent,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=LIMIT + _GRACE,
        )
    except subprocess.TimeoutExpired:
        result.ran = "timed out"
        return
    finally:
        result.seconds = round(time.perf_counter() - begin, 1)
    _, found, said = ended.stdout.rpartition(_MARK)
    if not found:
        result.ran = f"ended with status {ended.returncode}"
        result.exceptions.append({"type": "died", "message": ended.stderr[-2000:], "line": None})
        return
    told = json.loads(said.splitlines()[0])
    result.exceptions, result.elements = told["exceptions"], told["elements"]
    result.ran = "; ".join(map(_told, result.exceptions)) or "yes"


def _told(exception: Mapping[str, Any]) -> str:
    return _short(f"{exception['type']}, line {exception['line']}: {_first(exception['message'])}")


def shown(app: Path) -> dict[str, Any]:
    """Run an app here, and tell its exceptions and how many elements of each type it shows."""
    from streamlit.testing.v1 import AppTest

    os.chdir(app.parent)
    test = AppTest.from_file(str(app), default_timeout=LIMIT)
    for name, value in _secrets(app.parent).items():
        test.secrets[name] = value
    try:
        test.run()
    except RuntimeError as error:  # it takes longer than it may
        return {"exceptions": [{"type": "timeout", "message": str(error), "line": None}], "elements": {}}
    exceptions = [
        {"type": each.proto.type, "message": each.message, "line": _line(each.stack_trace, app)}
        for each in test.exception
    ]
    return {"exceptions": exceptions, "elements": Counter(_types(test.main)) + Counter(_types(test.sidebar))}


def _line(stack: Sequence[str], app: Path) -> int | None:
    """The last line of the app itself in a stack trace."""
    its = [line for line in stack if f'{app.name}"' in line]
    return next((int(word) for word in its[-1].replace(",", " ").split() if word.isdecimal()), None) if its else None


def _types(block: Block) -> Iterator[str]:
    """The types of all elements in a block and its blocks."""
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _types(child)
        else:
            yield child.type


def _secrets(folder: Path) -> dict[str, Any]:
    """A dummy value for each name of the secrets file's example."""
    for place in (folder, folder / ".streamlit"):
        example = place / "secrets.toml.example"
        if example.exists():
            return _dummies(tomllib.loads(example.read_text("utf-8")))
    return {}


def _dummies(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _dummies(value) if isinstance(value, dict) else _DUMMY for name, value in table.items()}


# -- the table -----------------------------------------------------------------------------------


def _first(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _print(results: Sequence[Result], output: Path) -> None:
    wide = max((len(Path(each.notebook).name) for each in results), default=8)
    print(f"{'notebook':<{wide}}{'cells':>7}{'problems':>10}  {'exported':<12}ran")
    for each in results:
        name = Path(each.notebook).name
        line = f"{name:<{wide}}{each.cells:>7}{len(each.problems):>10}  {each.exported:<12}{each.ran}"
        print(line.rstrip())
    kinds = Counter(str(problem.get("kind")) for each in results for problem in each.problems)
    compiled = sum(each.exported == "compiled" for each in results)
    print(f"\n{len(results)} notebooks, {compiled} compiled, {len(results) - compiled} refused or broken")
    if any(each.ran for each in results):
        tried = [each for each in results if each.ran]
        print(f"{sum(each.ran == 'yes' for each in tried)} of {len(tried)} apps ran without an exception")
    if kinds:
        print("problems: " + ", ".join(f"{times} {kind}" for kind, times in kinds.most_common()))
    print(f"apps and results.json: {output}")


if __name__ == "__main__":
    main()
