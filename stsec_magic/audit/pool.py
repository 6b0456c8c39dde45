"""Notebooks checked on several processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from stsec_magic.audit.wire import pack, unpack
from stsec_magic.checker import Checked, check_one
from stsec_magic.model.config import Config
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.notebook.read import STDIN

if TYPE_CHECKING:
    from concurrent.futures import Future

_WORTH_A_PROCESS = 16
"""Starting a worker costs about as much as checking this many notebooks."""
_CHUNK = 8


def check_files(paths: Sequence[str], config: Config, key: bytes, jobs: int) -> Iterator[Checked]:
    """Check notebooks, in order.

    Args:
        paths: The files.
        config: Choices.
        key: Secret of this run.
        jobs: How many processes may work at a time.

    Yields:
        One result a file; a file whose worker died gets a problem.
    """
    jobs = min(jobs, len(paths) // _WORTH_A_PROCESS)
    if jobs < 2 or STDIN in paths:
        for path in paths:
            yield check_one(path, config, key)
        return
    from concurrent.futures import ProcessPoolExecutor  # 20 ms, for one file in vain

    with ProcessPoolExecutor(jobs) as pool:
        chunks = [paths[i : i + _CHUNK] for i in range(0, len(paths), _CHUNK)]
        futures = [(chunk, pool.submit(_work, chunk, config, key)) for chunk in chunks]
        for chunk, future in futures:
            yield from _result(chunk, future)


def _work(paths: Iterable[str], config: Config, key: bytes) -> list[bytes]:
    return [pack(check_one(path, config, key)) for path in paths]


def _result(chunk: Iterable[str], future: Future[list[bytes]]) -> Iterator[Checked]:
    from concurrent.futures.process import BrokenProcessPool

    try:
        rows = future.result()
    except BrokenProcessPool:
        message = "was not checked: its worker process died, perhaps of too little memory; try --jobs 1"
        for path in chunk:
            yield Checked((), (Problem(path, None, ProblemKind.INTERNAL, message),), 0)
        return
    yield from map(unpack, rows)
