"""Makes files as people keep them, in versions that the tables may not know, and gives the verdict on each.

Usage: python benchmarks/real_objects.py FOLDER [--home FOLDER] [--all]

The environments are those of known_globals.py (--home) that were held out when the tables were first made; --all takes
every one. In each the objects of real_objects.txt are made and written as pickles, with joblib or with torch.save.
Nothing is unpickled.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from known_objects.environments import Era, eras, interpreter

from stsec_magic.artifacts.paths import inspect_path
from stsec_magic.model.inspection import Inspection, Verdict

HERE = Path(__file__).resolve().parent / "known_objects"


def verdict_on(file: Path) -> Inspection:
    """The verdict on a file; printed, with its reason where it isn't clean."""
    found = inspect_path(file)
    print(found.verdict.value.ljust(10), file.name, "" if found.verdict is Verdict.CLEAN else found.reason)
    return found


def written(folder: Path, home: Path, every: bool) -> Iterator[tuple[Era, Path]]:
    """Make the files of each environment."""
    for era in eras(HERE / "eras.toml"):
        python = interpreter(era, home) if (era.held or every) and era.has("lightgbm") else None
        if python is None:
            continue
        place = folder / era.folder
        place.mkdir(parents=True, exist_ok=True)
        command = [str(python), str(HERE / "files.py"), str(HERE.parent / "real_objects.txt"), str(place.resolve())]
        around = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": "", "CUDA_VISIBLE_DEVICES": ""}
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=around, cwd=place)
        skipped = [line for line in ended.stdout.splitlines() if line.startswith("  ")]
        print(f"{era}: {len(skipped)} not made", *skipped, ended.stderr[-600:] if ended.returncode else "", sep="\n")
        yield era, place


def main(arguments: Sequence[str] | None = None) -> None:
    """Make, inspect and count."""
    parser = argparse.ArgumentParser(description="Measure the tables of known globals on fresh objects.")
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--home", type=Path, default=Path(tempfile.gettempdir()) / "known_globals", help="the environments"
    )
    parser.add_argument("--all", action="store_true", help="every version, not only those that were held out")
    options = parser.parse_args(arguments)
    verdicts: Counter[Verdict] = Counter()
    reasons: Counter[str] = Counter()
    for era, place in written(options.folder, options.home.resolve(), options.all):
        found = [verdict_on(path) for path in sorted(place.iterdir()) if path.is_file()]
        verdicts.update(each.verdict for each in found)
        reasons.update(each.reason for each in found if each.verdict is not Verdict.CLEAN)
        print(f"{era}: {sum(each.verdict is Verdict.CLEAN for each in found)} of {len(found)} clean\n")
    total = verdicts.total()
    print(f"{verdicts[Verdict.CLEAN]} of {total} files clean ({100 * verdicts[Verdict.CLEAN] / max(1, total):.1f} %)")
    for reason, times in reasons.most_common():
        print(f"  {times} {reason}")


if __name__ == "__main__":
    main()
