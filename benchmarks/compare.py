"""Times ``stsec audit`` beside Kingfisher, the secret scanner written in Rust, on one folder.

Usage: python benchmarks/compare.py FOLDER [--copies N] [--rounds 5] [--jobs 2]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

_OURS = "audit {folder} --format json --no-cache --no-progress --fail-on never --jobs {jobs}"
_THEIRS = "scan {folder} --no-validate --no-update-check --confidence low --jobs {jobs}"
_MARK = "@copy@"
_EVERY = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Tool:
    """A scanner as it is called.

    Attributes:
        name: The program's.
        command: The whole command line.
        fine: The exit statuses of a run that went well.
    """

    name: str
    command: Sequence[str]
    fine: frozenset[int]


@dataclass(frozen=True)
class Run:
    """One whole process, with its children: seconds on the clock and on the processors."""

    wall: float
    cpu: float


def main() -> None:
    """Run both in turn and print what they took."""
    options = _options()
    with _folder(options.folder, options.copies) as folder:
        notebooks, megabytes, others = _size(folder)
        if not notebooks:
            sys.exit(f"{options.folder} holds no notebooks")
        print(f"{notebooks} notebooks, {megabytes:.1f} MB, {options.rounds} rounds, {options.jobs} jobs")
        if others:
            print(f"The folder also holds {others} other files, which only kingfisher reads.")
        ours = _tool("stsec", _OURS, folder, options.jobs, {0}, install="pip install .")
        # 200: there are findings; 205: one was found to be valid.
        theirs = _tool("kingfisher", _THEIRS, folder, options.jobs, {0, 200, 205}, install="pip install kingfisher-bin")
        for tool in (ours, theirs):
            _run(tool)
        pairs = [(_run(ours), _run(theirs)) for _ in range(options.rounds)]
        print(f"\n{'':<20}{'median':>9}{'min':>9}{'max':>9}")
        _compare("wall s", ours, theirs, [(a.wall, b.wall) for a, b in pairs])
        _compare("CPU s", ours, theirs, [(a.cpu, b.cpu) for a, b in pairs])
        if Path("/proc/self/smaps_rollup").exists():
            print("\nPeak memory of one more run: " + ", ".join(f"{t.name} {_peak(t):.0f} MB" for t in (ours, theirs)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time stsec beside Kingfisher on one folder of notebooks.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--copies", type=_positive, metavar="N", help="copy the notebooks until there are N")
    parser.add_argument("--rounds", type=_positive, default=5, metavar="N", help="timed runs of each (default: 5)")
    parser.add_argument("--jobs", type=_positive, default=2, metavar="N", help="processes or threads (default: 2)")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _size(folder: Path) -> tuple[int, float, int]:
    """How many notebooks, how many MB of them, how many other files."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    notebooks = [path for path in files if path.suffix == ".ipynb"]
    return len(notebooks), sum(path.stat().st_size for path in notebooks) / 1e6, len(files) - len(notebooks)


# -- the programs --------------------------------------------------------------------------------


def _tool(name: str, arguments: str, folder: Path, jobs: int, fine: Iterable[int], *, install: str) -> Tool:
    """A program of this environment, or else of the PATH."""
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    program = shutil.which(name, path=places)
    if program is None:
        sys.exit(f"{name} is not installed; try: {install}")
    given = [word.format(folder=folder, jobs=jobs) for word in arguments.split()]
    return Tool(name, (program, *given), frozenset(fine))


def _run(tool: Tool, watch: Callable[[subprocess.Popen[bytes]], None] | None = None) -> Run:
    """Run a tool to its end; what it writes is thrown away.

    Args:
        tool: The tool.
        watch: Called once while it runs; returns when it likes.
    """
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(tool.command, stdout=subprocess.DEVNULL, stderr=complaints) as process,
    ):
        if watch is not None:
            watch(process)
        status = process.wait()
        wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        if status not in tool.fine:
            complaints.seek(0)
            sys.exit(f"{tool.name} ended with status {status}:\n{complaints.read().decode(errors='replace')[-2000:]}")
    return Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _peak(tool: Tool) -> float:
    """The most memory, in MB, that a run holds at one time, pages shared by its processes counted once."""
    seen = [0.0]

    def watch(process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            seen.append(sum(map(_held, _tree(process.pid))))
            time.sleep(_EVERY)

    _run(tool, watch)
    return max(seen)


def _tree(process: int) -> Iterator[int]:
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            born = children.read_text().split()
        except OSError:
            continue
        for child in born:
            yield from _tree(int(child))


def _held(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0  # It has just ended.
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


# -- the table -----------------------------------------------------------------------------------


def _compare(what: str, ours: Tool, theirs: Tool, pairs: Sequence[tuple[float, float]]) -> None:
    _row(f"{ours.name} {what}", [a for a, _ in pairs])
    _row(f"{theirs.name} {what}", [b for _, b in pairs])
    _row(f"ratio {what.removesuffix(' s')}", [a / b for a, b in pairs if b])


def _row(title: str, values: Sequence[float]) -> None:
    print(f"{title:<20}{median(values):>9.2f}{min(values):>9.2f}{max(values):>9.2f}")


# -- the folder ----------------------------------------------------------------------------------


@contextmanager
def _folder(folder: Path, copies: int | None) -> Iterator[Path]:
    """The folder itself, or a temporary one with so many copies of its notebooks."""
    if copies is None:
        yield folder
        return
    originals = [_marked(path) for path in sorted(folder.rglob("*.ipynb")) if path.is_file()]
    with tempfile.TemporaryDirectory(prefix="stsec-compare-") as name:
        for number, original in enumerate(islice(cycle(originals), copies)):
            Path(name, f"{number:06}.ipynb").write_bytes(original.replace(_MARK.encode(), str(number).encode()))
        yield Path(name)


def _marked(path: Path) -> bytes:
    """A notebook with a mark in its metadata, so that no copy has the content of another."""
    data = path.read_bytes()
    try:
        notebook = json.loads(data)
        notebook.setdefault("metadata", {})["copy"] = _MARK
    except (ValueError, AttributeError, TypeError):
        return data + b"\n" + _MARK.encode()  # No notebook: scanned as text.
    # A lone surrogate is escaped again, as it was in the file.
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode(errors="backslashreplace")


if __name__ == "__main__":
    main()
