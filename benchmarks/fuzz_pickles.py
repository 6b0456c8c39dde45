"""Pickles and what they come wrapped in, spoilt in every way we know, and inspected: crashes, hangs, hunger.

python benchmarks/fuzz_pickles.py FOLDER --minutes 10 [--seed N]

FOLDER holds samples: pickles, models, archives. Nothing of them is loaded. Each spoilt file is inspected here;
whatever raises, takes longer than 10 seconds or needs 300 MB more is told, with the seed that makes it
again, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from stsec_magic.artifacts.inspection import inspect

_LARGEST = 2 << 20
_SECONDS = 10.0
_MEGABYTES = 300
_OPCODES = (
    b"(.012FIJKLMNRSTUVXa}bcdegh]ijlopqrstu)\x80\x81\x82\x85\x86\x87\x88\x8a\x8c\x8e\x90\x92\x93\x94\x95\x96BCGPQ"
)


def flip(data: bytearray, rng: random.Random, _: list[bytes]) -> None:
    for _i in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] = rng.randrange(256)


def opcodes(data: bytearray, rng: random.Random, _: list[bytes]) -> None:
    for _i in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] = rng.choice(_OPCODES)


def cut(data: bytearray, rng: random.Random, _: list[bytes]) -> None:
    del data[rng.randrange(len(data)) :]


def drop(data: bytearray, rng: random.Random, _: list[bytes]) -> None:
    at = rng.randrange(len(data))
    del data[at : at + rng.randint(1, 200)]


def double(data: bytearray, rng: random.Random, _: list[bytes]) -> None:
    at = rng.randrange(len(data))
    piece = data[at : at + rng.randint(1, 2000)]
    data[at:at] = piece * rng.choice((1, 2, 50, 1000))


def splice(data: bytearray, rng: random.Random, others: list[bytes]) -> None:
    other = rng.choice(others)
    at, begin = rng.randrange(len(data)), rng.randrange(len(other) or 1)
    data[at:at] = other[begin : begin + rng.randint(1, 5000)]


def lie(data: bytearray, rng: random.Random, _: list[bytes]) -> None:
    """A length that says something else."""
    at = rng.randrange(len(data))
    data[at : at + 4] = rng.choice(
        (b"\xff" * 4, b"\x00" * 4, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\x01\x00\x00\x00")
    )


WAYS: tuple[Callable[[bytearray, random.Random, list[bytes]], None], ...] = (
    flip,
    opcodes,
    cut,
    drop,
    double,
    splice,
    lie,
)


def spoilt(seed: int, samples: list[bytes]) -> bytes:
    rng = random.Random(seed)
    data = bytearray(rng.choice(samples))
    for _ in range(rng.randint(1, 4)):
        if data:
            rng.choice(WAYS)(data, rng, samples)
        if len(data) > _LARGEST:
            del data[_LARGEST:]
    return bytes(data)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    files = [path.read_bytes() for path in sorted(options.folder.rglob("*")) if path.is_file()]
    samples = [data for data in files if 0 < len(data) <= _LARGEST]
    until = time.monotonic() + 60 * options.minutes
    seed, failed, slowest = options.seed, 0, 0.0
    verdicts: Counter[str] = Counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            verdicts[inspect(spoilt(seed, samples)).verdict.value] += 1
        except Exception as error:
            failed += 1
            print(f"seed {seed}: {type(error).__name__}: {error}", flush=True)
        seconds = time.monotonic() - begun
        slowest = max(slowest, seconds)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if seconds > _SECONDS or after - before > _MEGABYTES * 1024:
            failed += 1
            print(f"seed {seed}: {seconds:.1f} s, {(after - before) // 1024} MB more", flush=True)
        before = max(before, after)
        seed += 1
    print(f"{seed - options.seed:,} spoilt files, {failed} failed, the slowest took {slowest:.2f} s, {dict(verdicts)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
