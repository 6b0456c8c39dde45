"""Writes objects as files, in all the ways in which people do it. Run by the Python of an environment, from 3.6 on.

Usage: python files.py OBJECTS.txt FOLDER
"""

import bz2
import gzip
import pickle
import sys
import warnings
from pathlib import Path

import make


def put(stem: str, item: "object", way: int) -> None:
    """Write an object in one of eight ways; what belongs to torch, as torch does."""
    import joblib

    if make.is_of(item, "torch"):
        import torch

        torch.save(item, stem + ".pt", _use_new_zipfile_serialization=way % 3 > 0)
    elif way % 2:
        joblib.dump(item, stem + ".joblib", compress=(0, 3, 0, ("xz", 3))[way // 2 % 4])
    else:
        protocol = (2, 3, pickle.HIGHEST_PROTOCOL, 4)[way // 2 % 4]
        opened = (open, open, gzip.open, bz2.open)[way // 2 % 4]
        with opened(f"{stem}.pkl", "wb") as stream:
            pickle.dump(item, stream, protocol)


def main() -> None:
    """Write all objects, and say which could not be made."""
    warnings.simplefilter("ignore")
    make.ready()
    number = 0
    for number, (label, item) in enumerate(make.lines(Path(sys.argv[1]))):
        if item is not None:
            stem = str(Path(sys.argv[2]) / f"{number:03d}_{type(item).__name__}")
            make.COUNTS.attempt(label, lambda stem=stem, item=item, way=number: put(stem, item, way) or True)
    for label, why in make.COUNTS.failed.items():
        print(f"  {label}: {why}")


if __name__ == "__main__":
    main()
