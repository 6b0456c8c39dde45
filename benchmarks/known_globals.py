"""Builds the tables of known globals from what libraries really pickle, in several versions.

Usage: python benchmarks/known_globals.py [LIBRARY ...] [--home FOLDER] [--fresh] [--with-held] [--review FILE]

For each era of known_objects/eras.toml an environment is made (and kept in --home, for the next run). In it make.py
makes the objects that known_objects/LIBRARY.txt describes and pickles them. Here their globals are collected by our own
walk. Nothing is unpickled. Names are added to the tables; --fresh begins with empty ones.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from known_objects.collect import Seen, collected
from known_objects.environments import Era, eras, interpreter, output
from known_objects.left_out import why_left_out
from known_objects.tables import Table, read, write

HERE = Path(__file__).resolve().parent / "known_objects"


STRAYS = {"_catboost": "catboost", "_loss": "sklearn", "mtrand": "numpy"}
"""Modules in C that forget which package they belong to, so that pickles name them alone."""


@dataclass(slots=True)
class Build:
    """What a run has found.

    Attributes:
        names: By the top package of a table, module and name of all that was asked for.
        versions: By the same, the versions that were looked at.
        kinds: What each name is, and what to look at twice.
    """

    names: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    versions: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    kinds: dict[str, list[str]] = field(default_factory=dict)

    def add(self, seen: Seen) -> None:
        """Take up what one file of objects gave in one environment."""
        for module, name in seen.names:
            self.names[table_of(module)].add((module, name))
        for module, version in seen.versions.items():
            if module == "python" or module not in sys.stdlib_module_names:
                self.versions[module].add(version.partition("+")[0])
        for top, library in STRAYS.items():
            self.versions[top] |= self.versions[library]


def table_of(module: str) -> str:
    """The name of the table in which a module's names stand: that of its package."""
    top = module.partition(".")[0]
    return "python" if top in sys.stdlib_module_names else top


def libraries(asked: Sequence[str]) -> list[str]:
    """The libraries for which objects are described, or those of them that were asked for."""
    known = sorted(path.stem for path in HERE.glob("*.txt"))
    unknown = set(asked) - {*known}
    if unknown:
        raise SystemExit(f"no objects are described for {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    return [*asked] or known


def run(asked: Iterable[str], home: Path, held: bool, reuse: bool) -> Build:
    """Make and collect all objects of some libraries in all their environments."""
    build = Build()
    for era in eras(HERE / "eras.toml"):
        wanted = [library for library in asked if era.has(library)]
        if not wanted or (era.held and not held):
            continue
        python = interpreter(era, home)
        if python is None:
            print(f"{era}: no environment, left out")
            continue
        found: set[tuple[str, str]] = set()
        for library in wanted:
            target = home / era.folder / f"{library}.pickles"
            seen = Seen.kept(target.with_suffix(".names")) if reuse else None
            if seen is None:
                seen = collected(output(python, HERE, library, target))
                seen.keep(target.with_suffix(".names"))
            print(f"{era} {library}: {seen}", flush=True)
            build.add(seen)
            build.versions[library] |= {version} if (version := era.version(library)) else set()
            found |= seen.asked
        build.kinds.update(_kinds(era, python, found, home))
    return build


def _kinds(era: Era, python: Path, names: set[tuple[str, str]], home: Path) -> dict[str, list[str]]:
    """What names are, asked in the environment that knows them."""
    from known_objects.environments import told

    kinds = told(python, HERE, sorted(names))
    (home / era.folder / "kinds.json").write_text(json.dumps(kinds, indent=1, sort_keys=True))
    return kinds


def main(arguments: Sequence[str] | None = None) -> None:
    """Build or extend the tables."""
    parser = argparse.ArgumentParser(description="Build the tables of known globals.")
    parser.add_argument("library", nargs="*", help="only these")
    parser.add_argument(
        "--home", type=Path, default=Path(tempfile.gettempdir()) / "known_globals", help="for environments"
    )
    parser.add_argument("--fresh", action="store_true", help="forget what the tables hold")
    parser.add_argument("--with-held", action="store_true", help="the versions that were held out, too")
    parser.add_argument("--reuse", action="store_true", help="don't make again what another run has made")
    parser.add_argument("--review", type=Path, help="write what each name is, and what was left out and why")
    options = parser.parse_args(arguments)
    build = run(libraries(options.library), options.home.resolve(), options.with_held, options.reuse)
    told: dict[str, str] = {}
    for top, names in sorted(build.names.items()):
        kept = set()
        for module, name in names:
            why = why_left_out(module, name, build.kinds.get(f"{module}:{name}"))
            told[f"{module}.{name}"] = why or "known"
            kept |= set() if why else {(module, name)}
        if kept:
            table = Table(top, build.versions[top], kept)
            write(table if options.fresh else table.with_(read(top)))
            print(f"{top}: {len(kept)} known, {len(names) - len(kept)} left out")
    if options.review:
        rows = {name: [said, *build.kinds.get(":".join(name.rsplit(".", 1)), [])] for name, said in told.items()}
        options.review.write_text(json.dumps(rows, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
