"""Shows what each stage of a check costs, over all notebooks of a folder in one process.

Usage: python benchmarks/stages.py FOLDER
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import ParamSpec, TypeVar

from stsec_magic.audit.discover import discover
from stsec_magic.hits import scanner
from stsec_magic.model.config import Config
from stsec_magic.notebook.read import read
from stsec_magic.notebook.walk import Walk, fragments
from stsec_magic.rules.catalogue import checks
from stsec_magic.rules.search import search
from stsec_magic.triage.settle import settle

_PASSES = 3
_START = """
from time import perf_counter
begin = perf_counter()
from stsec_magic.hits import scanner
scanner()
print(perf_counter() - begin)
"""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Watch:
    """Adds up the seconds of each stage, in the order in which the stages first run."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def time(self, stage: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do a piece of work and count its time to a stage."""
        begin = perf_counter()
        result = work(*args, **kwargs)
        self.seconds[stage] += perf_counter() - begin
        return result

    @property
    def total(self) -> float:
        """The seconds of all stages."""
        return sum(self.seconds.values())


def main() -> None:
    """Measure a folder and print the table."""
    parser = argparse.ArgumentParser(description="Show what each stage of a check costs.")
    parser.add_argument("folder", metavar="FOLDER")
    files = discover([parser.parse_args().folder], Config()).files
    if not files:
        sys.exit("no notebooks there")
    in_files = sum(Path(path).stat().st_size for path in files) / 1e6
    in_texts = sum(len(each.text.encode(errors="replace")) for path in files for each in fragments(read(path))) / 1e6
    best = min((_pass(files) for _ in range(_PASSES)), key=lambda watch: watch.total)
    start = min(_start() for _ in range(_PASSES))
    print(f"{len(files)} notebooks, {in_files:.1f} MB of files, {in_texts:.1f} MB of text; the best of {_PASSES}\n")
    _print({"start": start, **best.seconds}, in_files)


def _pass(files: Sequence[str]) -> Watch:
    """Check every notebook once, as ``stsec_magic.checker`` does."""
    gc.disable()  # as worker processes do
    watch = Watch()
    config, key = Config(), os.urandom(16)
    for path in files:
        raw = watch.time("read", read, path)
        walk = watch.time("walk", Walk, raw)
        subject = watch.time("search", search, walk, scanner())
        hits = []
        for each in checks():
            hits += watch.time(type(each).__name__, lambda each, subject: list(each.hits(subject)), each, subject)
        watch.time("settle", settle, raw, hits, config, key)
    return watch


def _start() -> float:
    """Seconds to import the checker and build its scanner in a new interpreter."""
    return float(subprocess.run([sys.executable, "-c", _START], capture_output=True, check=True, text=True).stdout)


def _print(seconds: Mapping[str, float], megabytes: float) -> None:
    total = sum(seconds.values())
    print(f"{'stage':<18}{'seconds':>9}{'%':>7}{'MB/s':>9}")
    for stage, its in seconds.items():
        speed = "" if stage == "start" else f"{megabytes / its:.0f}"
        print(f"{stage:<18}{its:>9.3f}{100 * its / total:>7.1f}{speed:>9}")
    print(f"{'all':<18}{total:>9.3f}{100:>7.1f}{megabytes / total:>9.0f}")


if __name__ == "__main__":
    main()
