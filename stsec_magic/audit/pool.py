"""Notebooks checked on several processes; one that dies takes only its own file with it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from stsec_magic.audit.batches import batches
from stsec_magic.audit.wire import pack, unpack
from stsec_magic.checker import Checked, check_one
from stsec_magic.model.config import Config
from stsec_magic.model.problem import Problem, ProblemKind

_DIED = "was not checked: its worker process died, perhaps of too little memory; try --jobs 1"


_SILENCE = 0.25
"""Seconds after which a worker tells what it has, so that an interruption loses little."""


@dataclass(slots=True)
class _Worker:
    """A process, and the numbers of the files that it has not answered for."""

    process: BaseProcess
    connection: Connection
    batch: list[int] = field(default_factory=list)


def check_on_processes(paths: Sequence[str], config: Config, key: bytes, jobs: int) -> Iterator[tuple[int, Checked]]:
    """Check notebooks on several processes.

    Args:
        paths: The files.
        config: Choices.
        key: Secret of this run.
        jobs: How many processes may work at a time.

    Yields:
        Each file's number and result, as they come in; a file that killed its worker gets a problem.
    """
    todo = deque(batches(paths))
    workers: dict[Connection, _Worker] = {}
    try:
        for _ in range(min(jobs, len(todo))):
            worker = _start(config, key, [worker.connection for worker in workers.values()])
            workers[worker.connection] = worker
            _hand_out(worker, todo, paths)
        while workers:
            for connection in wait(list(workers)):
                worker = workers[connection]  # type: ignore[index]
                try:
                    results = list(unpack(worker.connection.recv_bytes()))
                except (EOFError, OSError):
                    yield from _lost(workers.pop(worker.connection), todo, paths)
                    if todo:
                        worker = _start(config, key, list(workers))
                        workers[worker.connection] = worker
                        _hand_out(worker, todo, paths)
                    continue
                yield from results
                done = {number for number, _ in results}
                worker.batch = [number for number in worker.batch if number not in done]
                if not worker.batch and not _hand_out(worker, todo, paths):
                    _end(workers.pop(worker.connection))
    finally:
        for worker in workers.values():
            worker.process.kill()
            _end(worker)


def _start(config: Config, key: bytes, others: Sequence[Connection]) -> _Worker:
    # Forking copies what is imported and compiled; with threads about, or elsewhere, a new interpreter is safe.
    forks = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork") if forks else multiprocessing.get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=_work, args=(its, config, key, [ours, *others] if forks else []), daemon=True)
    process.start()
    its.close()  # so that its end is noticed
    return _Worker(process, ours)


def _hand_out(worker: _Worker, todo: deque[list[int]], paths: Sequence[str]) -> bool:
    """Give a worker its next piece of work; False where there is none."""
    worker.batch = todo.popleft() if todo else []
    if worker.batch:
        words = [b"%d %s" % (number, os.fsencode(paths[number])) for number in worker.batch]
        with suppress(OSError):  # it has died: its end is noticed where results are received
            worker.connection.send_bytes(b"\0".join(words))
    return bool(worker.batch)


def _lost(worker: _Worker, todo: deque[list[int]], paths: Sequence[str]) -> Iterator[tuple[int, Checked]]:
    """A worker died: its files are tried again one by one, and what was alone is named."""
    _end(worker)
    if len(worker.batch) > 1:
        todo.extendleft([number] for number in reversed(worker.batch))
    else:
        for number in worker.batch:
            yield number, Checked((), (Problem(paths[number], None, ProblemKind.INTERNAL, _DIED),), 0)


def _end(worker: _Worker) -> None:
    worker.connection.close()
    worker.process.join()


def _work(connection: Connection, config: Config, key: bytes, inherited: Sequence[Connection]) -> None:
    """What a worker does until nobody gives it work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    for each in inherited:
        each.close()  # with the parent's ends open here, nobody would notice that the parent has gone
    gc.freeze()
    gc.disable()  # collecting between pieces of work is enough, and a tenth cheaper
    while True:
        try:
            words = connection.recv_bytes().split(b"\0")
        except (EOFError, OSError):
            return
        results = []
        told = time.monotonic()
        for left, word in zip(range(len(words) - 1, -1, -1), words, strict=True):
            number, _, path = word.partition(b" ")
            results.append((int(number), check_one(os.fsdecode(path), config, key)))
            if left and time.monotonic() - told < _SILENCE:
                continue
            try:
                connection.send_bytes(pack(results))
            except OSError:
                return  # the parent has gone
            results, told = [], time.monotonic()
        gc.collect()
