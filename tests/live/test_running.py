"""The cells that run now."""

from __future__ import annotations

import threading

from stsec_magic.live.decision import Decision
from stsec_magic.live.running import Stack


def test_cells_in_cells() -> None:
    stack = Stack()
    assert stack.top is None
    infos = [object() for _ in range(4)]
    for i, info in enumerate(infos):
        stack.begin(info, Decision(str(i)))
    stack.end(infos[3])
    assert stack.top is not None and stack.top.info is infos[2]
    stack.end(infos[1])  # and whatever began in it
    assert stack.top.info is infos[0]
    stack.end(None)  # nobody knows which: the innermost
    assert stack.top is None
    stack.end(None)


def test_each_thread_has_its_own() -> None:
    stack = Stack()
    stack.begin(object(), Decision("here"))
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(stack.top))
    thread.start()
    thread.join()
    assert seen == [None]


def test_those_that_never_end_are_forgotten() -> None:
    stack = Stack()
    for i in range(1_000):
        stack.begin(i, Decision(str(i)))
    ends = 0
    while stack.top is not None:
        stack.end(None)
        ends += 1
    assert ends <= 200
