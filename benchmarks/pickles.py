"""Large pickles walked: seconds and memory, beside ``pickletools.genops`` and, where it is installed, picklescan.

python benchmarks/pickles.py [MILLIONS]

Each reader works in a process of its own, in turn, so that its peak of memory is its own.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path


class Point:
    """An object of the author's own."""

    def __init__(self, x: int) -> None:  # noqa: D107
        self.x = x


def samples(folder: Path, millions: int) -> None:
    rows = {
        "array of 100 MB": lambda: bytearray(os.urandom(1 << 20) * 100),
        f"{millions} million small ints": lambda: [i % 200 for i in range(millions * 1_000_000)],
        "2 million larger ints": lambda: [i * 7919 for i in range(2_000_000)],
        "1 million floats in tuples": lambda: [(i / 3, i / 7) for i in range(500_000)],
        "300,000 dicts": lambda: [{"id": i, "name": f"row {i}", "tags": ["a", "b"]} for i in range(300_000)],
        "300,000 dates": lambda: [datetime(2026, 1, 1) + timedelta(seconds=i) for i in range(300_000)],
        "300,000 objects": lambda: [Point(i) for i in range(300_000)],
    }
    for name, make in rows.items():
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(make(), 4))


def run(reader: str, file: Path) -> None:
    """In a child: read one file and print seconds and peak of memory."""
    import resource

    if reader == "ours":
        from stsec_magic.artifacts.paths import inspect_path

        begun = time.perf_counter()
        said = inspect_path(file).verdict.value
    elif reader == "genops":
        import pickletools

        begun = time.perf_counter()
        with file.open("rb") as data:
            said = str(sum(1 for _ in pickletools.genops(data)))
    else:
        from picklescan.scanner import scan_file_path

        begun = time.perf_counter()
        said = str(scan_file_path(str(file)).issues_count)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, peak, said]))


def main() -> None:
    millions = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    readers = ["ours", "genops", *(["picklescan"] if importlib.util.find_spec("picklescan") else [])]
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: a child inherits its parent's peak of memory.
        subprocess.run([sys.executable, __file__, "--make", folder, str(millions)], check=True)
        for file in sorted(Path(folder).iterdir()):
            print(f"{file.stem}, {file.stat().st_size / 1e6:.0f} MB")
            for reader in readers:
                command = [sys.executable, __file__, "--run", reader, str(file)]
                out = subprocess.run(command, capture_output=True, text=True, check=False)
                if out.returncode:
                    print(f"  {reader:<11} failed: {out.stderr.strip().splitlines()[-1]}")
                    continue
                seconds, peak, said = json.loads(out.stdout.splitlines()[-1])
                print(f"  {reader:<11} {seconds:6.2f} s  {peak:6.0f} MB at most  {said}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2], Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--make"]:
        samples(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
