"""What the guard costs: on a plain cell beside IPython's own work, and ``%stsec`` after thousands of cells.

Usage: python benchmarks/guard.py [--rounds 30] [FOLDER]

FOLDER holds notebooks, whose cells make a longer history. Plain cells and such with the guard on are timed in turn in
one process, as a busy machine would else be taken for one of them; of each round the median counts.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

_EACH = 150
_CELLS = 5_000
_LOAD = "import pickle\nmodel = pickle.load(open('other.pkl', 'rb'))"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
    shell = InteractiveShell.instance()
    loading(shell)
    plain_cells(shell, options.rounds)
    histories(shell, options.folder)


def loading(shell: InteractiveShell) -> None:
    """How long the extension takes to load."""
    took = seconds(lambda: shell.run_line_magic("load_ext", "stsec_magic"))
    print(f"%load_ext stsec_magic         {1000 * took:8.1f} ms")
    took = seconds(lambda: magic(shell, "on block"))
    print(f"%stsec on block, the first    {1000 * took:8.1f} ms")


def plain_cells(shell: InteractiveShell, rounds: int) -> None:
    """The guard on a cell in which nothing can be found."""
    rows: dict[str, list[float]] = {"": [], "off": [], "on block": [], "on block mask": []}
    for _ in range(rounds):
        for mode, times in rows.items():
            with redirect_stdout(StringIO()):
                shell.run_line_magic("load_ext" if mode else "unload_ext", "stsec_magic")
            if mode:
                magic(shell, mode)
            times.append(statistics.median(seconds(lambda: shell.run_cell("x = 1")) for _ in range(_EACH)))
    plain = rows.pop("")
    print(f'run_cell("x = 1") of IPython  {1e6 * statistics.median(plain):8.1f} us')
    for mode, times in rows.items():
        more = [one - other for one, other in zip(times, plain, strict=True)]
        ratio = statistics.median(m / other for m, other in zip(more, plain, strict=True))
        print(f"  more with {mode:19} {1e6 * statistics.median(more):8.1f} us   {ratio:.2f} of that")


def histories(shell: InteractiveShell, folder: Path | None) -> None:
    """``%stsec`` after a long session: a notebook run again and again, and cells that are all different."""
    chance = random.Random(1)
    plain = [f"value_{i} = {i}\nprint(value_{i})" for i in range(_CELLS)]
    mixed = [*plain]
    for i in range(0, _CELLS, 100):
        mixed[i] = f"import pickle\nmodel_{i} = pickle.load(open('model_{i}.pkl', 'rb'))"
        mixed[i + 50] = f"password = '{chance.randbytes(9).hex()}'"
    sessions = {"plain cells": plain, "with 100 findings": mixed}
    if folder is not None:
        real = cells_of(folder)
        chance.shuffle(real)
        sessions["of 300 notebooks, mixed"] = (real * (1 + _CELLS // max(1, len(real))))[:_CELLS]
        for path in sorted(folder.glob("*.ipynb")):
            one = cells_of(path)
            if len(one) > 60:
                again = (one * (1 + _CELLS // len(one)))[:_CELLS]
                sessions["one notebook, run again"] = [f"{cell}\n# {i // 1000}" for i, cell in enumerate(again)]
                break
    for name, cells in sessions.items():
        shell.history_manager.input_hist_raw[:] = ["", *cells]
        took = seconds(lambda: magic(shell, ""))
        print(f"%stsec, {len(cells):,} cells {name:24} {took:6.2f} s")
        magic(shell, "on warn")
        with redirect_stdout(StringIO()):
            took = min(seconds(lambda: shell.run_cell(_LOAD)) for _ in range(3))
        magic(shell, "off")
        print(f"  the guard on a load after them {1000 * took:17.1f} ms")


def cells_of(path: Path) -> list[str]:
    """The code cells of a notebook, or of all in a folder."""
    found: list[str] = []
    for file in sorted(path.glob("*.ipynb")) if path.is_dir() else [path]:
        try:
            cells: Sequence[Any] = json.loads(file.read_text(encoding="utf-8"))["cells"]
            found += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        except (ValueError, KeyError, TypeError):
            continue
    return found


def magic(shell: InteractiveShell, line: str) -> None:
    """``%stsec``, in silence."""
    with redirect_stdout(StringIO()):
        shell.run_line_magic("stsec", line)


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
