"""What the guard's audit hook costs while nothing happens: each operation with and without it.

Usage: python benchmarks/unpickling.py [--rounds 5]

A hook can't be taken off, so each round runs three processes in turn. Of each operation the best time of all rounds
counts.
"off" is the hook installed and switched off, as after %stsec off.
"""

from __future__ import annotations

import argparse
import array
import collections
import importlib
import json
import os
import pickle
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

_AUDITED = ("without", "off", "on")
_REPEATS = 7
_SECONDS = 0.02
NULL = Path(os.devnull)


def operations() -> dict[str, Callable[[], object]]:
    """What is timed; all but the last raise audit events."""
    code = compile("pass", "<benchmark>", "exec")
    small = pickle.dumps({"name": "x", "values": [1, 2.5, None]})
    module = importlib.import_module("colorsys")

    def import_anew() -> None:
        sys.modules.pop("colorsys", None)
        importlib.import_module("colorsys")

    def import_known() -> None:
        import colorsys  # noqa: F401

    return {
        "sys._getframe()": sys._getframe,
        "exec of compiled code": lambda: exec(code),
        "open and close": lambda: NULL.open("rb").close(),
        "import, already loaded": import_known,
        "import of a module": import_anew,
        "pickle.loads, no names": lambda: pickle.loads(small),
        "pickle.loads, 40 names": partial(pickle.loads, names()),
        "pickle.loads, a DataFrame": partial(pickle.loads, table()),
        "a call that isn't audited": lambda: module.rgb_to_hsv(0.1, 0.2, 0.3),
    }


def names() -> bytes:
    """A pickle that asks for a name forty times, as old protocols without a memo do."""
    return b"(" + b"ccollections\nOrderedDict\n" * 40 + b"t."


def table() -> bytes:
    """About what a DataFrame's pickle holds: blocks of numbers, a column of texts, an index."""
    try:
        import pandas as pd
    except ImportError:
        blocks = [array.array("d", range(30_000)) for _ in range(3)]
        return pickle.dumps(collections.OrderedDict(blocks=blocks, texts=[f"row {i}" for i in range(20_000)]), 5)
    columns = {name: [float(i) for i in range(30_000)] for name in "abc"}
    return pickle.dumps(pd.DataFrame({**columns, "text": [f"row {i}" for i in range(30_000)]}), 5)


def measured(audited: str) -> dict[str, float]:
    """Microseconds of each operation, the best of several."""
    # Imported without the hook, too: what lives in memory costs the garbage collector.
    from stsec_magic.live import unpickling
    from stsec_magic.live.mode import Mode

    if audited != "without":
        begun = time.perf_counter()
        unpickling.switch(Mode.BLOCK, print)
        switched = time.perf_counter() - begun
        if audited == "off":
            unpickling.switch(None, print)
    found = {}
    for name, operation in operations().items():
        operation()
        timer = timeit.Timer(operation)
        begun = time.perf_counter()
        operation()
        number = max(1, int(_SECONDS / max(1e-9, time.perf_counter() - begun)))
        found[name] = min(timer.repeat(_REPEATS, number)) / number * 1e6
    if audited == "on":
        found["(switched on for the first time)"] = switched * 1e6
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the idle cost of the guard's audit hook.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", choices=_AUDITED, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(measured(options.one)))
        return
    best: dict[str, dict[str, float]] = {audited: {} for audited in _AUDITED}
    for _ in range(options.rounds):
        for audited in _AUDITED:
            command = [sys.executable, __file__, "--one", audited]
            ended = subprocess.run(command, capture_output=True, text=True, check=True)
            for name, took in json.loads(ended.stdout).items():
                best[audited][name] = min(took, best[audited].get(name, took))
    print(f"{'microseconds':34}{'without':>11}{'off':>11}{'on':>11}{'on adds':>11}")
    for name, without in best["without"].items():
        off, on = best["off"][name], best["on"][name]
        print(f"{name:34}{without:11.3f}{off:11.3f}{on:11.3f}{on - without:11.3f}")
    once = best["on"]["(switched on for the first time)"]
    print(f"switched on for the first time in a process: {once / 1e3:.0f} ms")


if __name__ == "__main__":
    main()
