"""Builds the tables of gadgets that stsec_magic/pickles/denied.py reads, from the libraries' own source.

Usage: python benchmarks/gadgets.py FOLDER [--write] [--jobs N] [LIBRARY ...]

A gadget is a function in a library that everybody trusts which does harm with what it is called with: whose
parameters come to ``eval``, to a process, to an import, a file, the network or another pickle, however many calls away.
The wheels of the libraries are downloaded into the folder, and read: nothing of them is imported or run. Needs the
newest Python, as the libraries are written in its syntax. What was read of a wheel is kept beside it.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from gadget_scan.finding import gadgets
from gadget_scan.libraries import LIBRARIES
from gadget_scan.table import TABLES, table
from gadget_scan.wheels import fetched, modules

_KEPT = "gadgets.json"
_TOPS = frozenset("numpy pandas scipy sklearn torch joblib matplotlib transformers dask pyarrow requests".split())


@cache
def tops() -> frozenset[str]:
    """Names of the modules of Python's own library, and of libraries that others have modules of the same name of."""
    deny = tomllib.loads((TABLES / "deny.toml").read_text("utf-8"))
    return _TOPS.union(deny["library"]["tops"].split())


def primitives() -> dict[str, str]:
    """What the table written by hand denies by name, by its family."""
    deny = tomllib.loads((TABLES / "deny.toml").read_text("utf-8"))
    return {name: family["says"] for family in deny["family"] for name in family.get("names", "").split()}


def read_wheel(wheel: Path) -> dict[str, object]:
    """What a wheel holds, read or remembered."""
    kept = wheel.parent / _KEPT
    if not kept.exists():
        kept.write_text(json.dumps(gadgets(wheel, primitives(), tops()).to_dict()), "utf-8")
    return dict(json.loads(kept.read_text("utf-8")))


def main() -> None:
    """Read the libraries that are asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("libraries", nargs="*", default=[*LIBRARIES])
    given = parser.parse_intermixed_args()
    wheels = {library: fetched(given.folder, library) for library in given.libraries}
    tables: dict[str, list[dict[str, object]]] = defaultdict(list)
    with ProcessPoolExecutor(given.jobs) as pool:
        flat = [(library, wheel) for library, each in wheels.items() for wheel in each]
        for (library, wheel), found in zip(flat, pool.map(read_wheel, [wheel for _, wheel in flat]), strict=True):
            named = {name for name in modules(wheel) if name.rpartition(".")[2].lstrip("_") in tops() and "." in name}
            own = [*named.union(found["own"])]  # type: ignore[call-overload]
            tables[library].append({**found, "version": wheel.name.split("-")[1], "own": own})
            print(f"{wheel.name}: {len(found['unread'])} modules not read")  # type: ignore[arg-type]
    for library, versions in tables.items():
        for top, text in table(library, versions):
            print(f"{top}: {len(text):,} characters")
            if given.write:
                (TABLES / "gadgets" / f"{top}.toml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
