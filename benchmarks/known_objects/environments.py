"""Environments of many versions, made once and kept."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli

_PACKAGES = {
    "PIL": ("pillow",),
    "imblearn": ("imbalanced-learn",),
    "pandas_arrays": ("pandas",),
    "sklearn": ("scikit-learn",),
    "sklearn_frames": ("scikit-learn",),
    "xgboost": ("xgboost", "xgboost-cpu"),
}
"""What is to be installed for a file of objects whose name isn't the package's."""

_PIP = {"3.6": "pip==21.3.1", "3.7": "pip==24.0"}
"""The last ones for old Pythons, which would otherwise take one that doesn't run there."""

_MOST_CRASHES = 9


@dataclass(frozen=True, slots=True)
class Era:
    """Versions that people used together.

    Attributes:
        python: Python's version.
        needs: What pip installs with all that it needs.
        alone: What it installs without.
        held: Whether the first table was measured on it.
    """

    python: str
    needs: tuple[str, ...]
    alone: tuple[str, ...]
    held: bool

    def __str__(self) -> str:
        """As it is shown."""
        return f"Python {self.python}, {self.needs[0]}"

    @property
    def folder(self) -> str:
        """The name of its folder."""
        text = repr((self.python, self.needs, self.alone))
        return f"py{self.python}-{self.needs[0]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def has(self, library: str) -> bool:
        """Whether a library's objects are made in it; Python's own everywhere."""
        return library == "python" or self.version(library) is not None

    def version(self, library: str) -> str | None:
        """The version of a library; None where it isn't there."""
        pins = (need.partition("==") for need in (*self.needs, *self.alone))
        pinned = {name.lower().replace("_", "-"): version for name, _, version in pins}
        packages = _PACKAGES.get(library, (library.replace("_", "-"),))
        return next((pinned[each] for each in packages if each in pinned), None)


def eras(path: Path) -> list[Era]:
    """All of them."""
    rows = tomli.loads(path.read_text(encoding="utf-8"))["era"]
    return [Era(row["python"], (*row["needs"],), (*row.get("alone", ()),), row.get("held", False)) for row in rows]


def _python(version: str) -> str | None:
    """An interpreter of this version, of pyenv or on the path."""
    try:
        root = subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=True).stdout.strip()
        found = sorted(Path(root, "versions").glob(f"{version}.*/bin/python"))
    except (OSError, subprocess.CalledProcessError):
        found = []
    return str(found[-1]) if found else shutil.which(f"python{version}")


def interpreter(era: Era, home: Path) -> Path | None:
    """The interpreter of an environment, which is made unless it is there; None where it can't be."""
    folder = home / era.folder / "env"
    python = folder / "bin" / "python"
    done = folder / "done"
    if done.exists():
        return python
    base = _python(era.python)
    if base is None:
        return None
    folder.parent.mkdir(parents=True, exist_ok=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--only-binary=:all:"]
    steps = [
        [base, "-m", "venv", "--clear", str(folder)],
        [*pip, "--upgrade", _PIP.get(era.python, "pip")],
        [*pip, *era.needs],
        *([[*pip, "--no-deps", *era.alone]] if era.alone else []),
    ]
    for step in steps:
        ended = subprocess.run(step, capture_output=True, text=True, check=False)
        if ended.returncode:
            print(f"{era}: {ended.stderr.strip()[-500:]}")
            return None
    done.touch()
    return python


def _surroundings() -> dict[str, str]:
    """One thread, the same order of sets in every run, and no code of ours."""
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": "",
        "CUDA_VISIBLE_DEVICES": "",
    }


def output(python: Path, here: Path, library: str, target: Path) -> Path:
    """Make a library's objects and pickle them to one file; a line that crashes the interpreter is passed over."""
    line = Path(f"{target}.line")
    for each in (target, line, Path(f"{target}.json")):
        each.unlink(missing_ok=True)
    command = [str(python), str(here / "make.py"), str(here / f"{library}.txt"), str(target)]
    for _ in range(_MOST_CRASHES):
        try:
            ended = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                timeout=1800,
                env=_surroundings(),
                cwd=target.parent,
            )
        except subprocess.TimeoutExpired:
            print(f"{library}: it takes too long")
            break
        if ended.returncode >= 0 or not line.exists():
            print(*[f"{library}: {ended.stderr.strip()[-1000:]}"] if ended.returncode else (), end="")
            break
        command.append(line.read_text(encoding="utf-8"))
        print(f"{library}: crashed at {command[-1][:80]}")
    return target


def told(python: Path, here: Path, names: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """What names are in an environment."""
    ended = subprocess.run(
        [str(python), str(here / "make.py"), "--kinds"],
        input=json.dumps(names), capture_output=True, text=True, check=False, timeout=900, env=_surroundings(),
    )  # fmt: skip
    if ended.returncode:
        print(ended.stderr[-1000:])
        return {}
    kinds: dict[str, list[str]] = json.loads(ended.stdout.strip().splitlines()[-1])
    return kinds
