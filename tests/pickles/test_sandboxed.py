"""What the walk foretells is what a real load asks for: random programs, loaded in a child that may do nothing else.

The globals are harmless ones. The child has no files to write, no processes to start, little memory and little time.
"""

from __future__ import annotations

import base64
import json
import random
import struct
import subprocess
import sys

import pytest

from stsec_magic.pickles.opcodes import walk

CHILD = r"""
import base64, io, json, pickle, resource, sys

for what, most in (("RLIMIT_AS", 1 << 30), ("RLIMIT_CPU", 60), ("RLIMIT_FSIZE", 0), ("RLIMIT_NPROC", 0)):
    resource.setrlimit(getattr(resource, what), (most, most))
asked = []
listening = True

def note(event, arguments):
    if event == "pickle.find_class":
        asked.append(list(arguments))
    elif listening and event in ("os.system", "subprocess.Popen", "socket.connect", "os.exec", "os.fork"):
        raise RuntimeError("not here")

import collections, datetime, fractions, functools, operator
sys.addaudithook(note)
reader = {"c": pickle.Unpickler, "python": pickle._Unpickler}[sys.argv[1]]
for line in sys.stdin:
    asked.clear()
    try:
        reader(io.BytesIO(base64.b64decode(line))).load()
        ended = True
    except Exception:
        ended = False
    print(json.dumps([asked, ended]), flush=True)
"""

GLOBALS = [
    ("builtins", "list"),
    ("builtins", "dict"),
    ("builtins", "str"),
    ("builtins", "getattr"),
    ("collections", "OrderedDict"),
    ("datetime", "timedelta"),
    ("fractions", "Fraction"),
    ("functools", "partial"),
    ("operator", "attrgetter"),
    ("operator", "itemgetter"),
]


def _short(text: str) -> bytes:
    return b"\x8c" + bytes((len(text),)) + text.encode()


PIECES = [
    *(b"c%s\n%s\n" % (module.encode(), name.encode()) for module, name in GLOBALS),
    *(_short(module) + _short(name) + b"\x93" for module, name in GLOBALS),
    *(b"(" + b"i%s\n%s\n" % (module.encode(), name.encode()) for module, name in GLOBALS[:4]),
    *(b"(", b")", b"]", b"}", b"0", b"1", b"2", b"t", b"l", b"d", b"a", b"e", b"s", b"u", b"N", b"\x88", b"\x89"),
    *(b"R", b"R", b"R", b"\x81", b"\x92", b"b", b"o", b"\x85", b"\x85", b"\x86", b"\x87", b"\x8f", b"\x90", b"\x91"),
    *(
        b"K\x01",
        b"M\x01\x02",
        b"J\x01\x00\x00\x00",
        b"I7\n",
        b"I01\n",
        b"L5L\n",
        b"F1.5\n",
        b"\x8a\x01\x07",
        b"\x8a\x00",
    ),
    *(b"S'x'\n", b'S"y"\n', b"Vz\n", b"U\x01x", b"X\x01\x00\x00\x00y", _short("upper"), _short("a"), _short("")),
    *(b"C\x01x", b"B\x01\x00\x00\x00x", b"\x8e\x01" + bytes(7) + b"x", b"\x96\x01" + bytes(7) + b"x"),
    *(b"\x94", b"q\x00", b"h\x00", b"q\x01", b"h\x01", b"p2\n", b"g2\n", b"r\x03\x00\x00\x00", b"j\x03\x00\x00\x00"),
    *(b"G" + struct.pack(">d", 1.5), b"\x80\x04", b"\x95\x02" + bytes(7), b"\x95\x40" + bytes(7), b"."),
]


def programs(seed: int, many: int) -> list[bytes]:
    rng = random.Random(seed)
    found = []
    for _ in range(many):
        body = b"".join(rng.choices(PIECES, k=rng.randint(1, 24)))
        found.append(rng.choice((b"", b"\x80\x02", b"\x80\x04", b"\x80\x05")) + body + b".")
    return found


def loaded(pickles: list[bytes], reader: str) -> list[tuple[list[tuple[str, str]], bool]]:
    """What each asks for, and whether it came to its end."""
    run = subprocess.run(
        [sys.executable, "-I", "-c", CHILD, reader],
        input="".join(base64.b64encode(data).decode() + "\n" for data in pickles),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={},
    )
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(rows) == len(pickles), run.stderr[-2000:]
    return [([(module, name) for module, name in asked], ended) for asked, ended in rows]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the child's limits are those of Linux")
@pytest.mark.parametrize("reader", ["c", "python"])
@pytest.mark.parametrize("seed", range(3))
def test_the_names_foretold_are_those_asked_for(seed: int, reader: str) -> None:
    pickles = programs(seed, 4000)
    told_of = 0
    for data, (asked, ended) in zip(pickles, loaded(pickles, reader), strict=True):
        found = walk(data)
        if found.disputed is not None:
            continue  # the two readers differ, and the verdict is never "clean"
        foretold = [(each.module, each.name) for each in found.names]
        once = [*dict.fromkeys(asked)]
        told_of += bool(once)
        # A call that fails ends the load sooner than the walk, which can't know that.
        assert foretold[: len(once)] == once, data
        if ended:
            assert foretold == once, data
            assert found.fault is None, data
    assert told_of > 500  # else nothing was tested
