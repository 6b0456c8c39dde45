"""The wheels of the libraries, and the Python in them.

Only wheels, never anything that has to be built: nothing of a library is run here. Those for macOS are taken where
there are some, as the Python in them is the same and they are the smallest.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from gadget_scan.libraries import LIBRARIES

_PLATFORMS = (
    ("macosx_15_0_arm64",),
    ("macosx_14_0_x86_64", "macosx_14_0_universal2"),
    ("manylinux_2_28_x86_64", "manylinux2014_x86_64", "manylinux1_x86_64"),
)
_NOT_READ = re.compile(
    r"(?:^|/)(?:tests?|testing|conftest|examples?|benchmarks?|_vendor|vendored|doc|docs|_vendored_packages)(?:/|\.py$)"
    r"|(?:^|/)test_[^/]{1,200}\.py$|\.(?:data|dist-info)/"
)
"""Parts of a library that are denied as a whole wherever they stand, or that are copies of others."""

_LARGEST = 3_000_000


def fetched(folder: Path, library: str) -> list[Path]:
    """The wheels of a library: those in the folder, or downloaded into it.

    Args:
        folder: Where the wheels are kept.
        library: Its name on PyPI.
    """
    found = []
    for wanted in ("", *LIBRARIES[library].split()):
        version, _, python = wanted.partition("@")
        place = folder / f"{library}{'-' if version else ''}{version}"
        if not any(place.glob("*.whl")):
            _download(place, f"{library}=={version}" if version else library, python or "3.12")
        found += sorted(place.glob("*.whl"))
    return found


def _download(place: Path, requirement: str, python: str) -> None:
    for platforms in _PLATFORMS:
        command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary=:all:", "--python-version", python, "-d", str(place)]
        for platform in platforms:
            command += ["--platform", platform]
        if subprocess.run([*command, requirement], check=False, capture_output=True).returncode == 0:
            return
    print(f"{requirement}: no wheel for Python {python}")


def sources(wheel: Path) -> Iterator[tuple[str, bool, str]]:
    """The Python in a wheel.

    Args:
        wheel: The file.

    Yields:
        Each module's dotted name, whether it is a package, and its text.
    """
    with zipfile.ZipFile(wheel) as archive:
        for row in archive.infolist():
            name = _module(row.filename)
            if name and row.filename.endswith(".py") and row.file_size <= _LARGEST:
                is_package = row.filename.endswith("__init__.py")
                yield name, is_package, archive.read(row).decode("utf-8", "replace")


def modules(wheel: Path) -> Iterator[str]:
    """The dotted names of a wheel's modules, compiled ones too.

    Args:
        wheel: The file.

    Yields:
        Each name.
    """
    with zipfile.ZipFile(wheel) as archive:
        for name in map(_module, archive.namelist()):
            if name:
                yield name


def _module(path: str) -> str:
    """The dotted name of a module by its path; empty where it is none, or stands in a part that isn't read."""
    stem, _, ending = path.partition(".")
    parts = stem.split("/")
    if _NOT_READ.search(path) or not ending.endswith(("py", "so", "pyd")) or not all(map(str.isidentifier, parts)):
        return ""
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
