"""Shows on how many code cells the resolver and IPython agree whether they are Python.

Usage: python benchmarks/agreement.py FOLDER [--show]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from stsec_magic.audit.discover import discover
from stsec_magic.model.config import Config
from stsec_magic.model.location import Part
from stsec_magic.notebook.read import read
from stsec_magic.notebook.walk import fragments

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.source.oracle import disagreement


def cells(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Path, cell number and source of each code cell of a Python notebook."""
    for path in discover([str(folder)], Config()).files:
        for fragment in fragments(read(path)):
            if fragment.part is Part.SOURCE and fragment.language == "python":
                yield path, fragment.cell or 0, fragment.text


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare all code cells of a folder."""
    parser = argparse.ArgumentParser(description="Compare the resolver with IPython's own.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print the cells they differ on; they may hold secrets")
    options = parser.parse_args(arguments)
    seen: Counter[bool] = Counter()
    for path, cell, source in cells(options.folder):
        why = disagreement(source)
        seen[why is None] += 1
        if why is not None:
            print(f"{path}: cell {cell}: {why}")
            if options.show:
                print(source, end="\n\n")
    total = seen.total()
    share = 100 * seen[True] / total if total else 100.0
    print(f"{total} cells, agreement {share:.2f} % ({seen[False]} disagreements)")


if __name__ == "__main__":
    main()
