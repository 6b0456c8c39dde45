"""Bytes to a verdict, whatever they are."""

from __future__ import annotations

import io
import os
import pickle
import random
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.artifacts.inspection import inspect
from stsec_magic.artifacts.paths import inspect_path
from stsec_magic.model.inspection import Inspection, Verdict


class Runs:
    """What an attacker's class does; never loaded here."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("id",)


EVIL = pickle.dumps(Runs())
GOOD = pickle.dumps({"a": [1, 2]})


def in_zip(data: bytes, name: str = "archive/data.pkl") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    return file.getvalue()


def is_evil(data: bytes) -> bool:
    found = inspect(data)
    assert (found.verdict is Verdict.MALICIOUS) is bool(found.harms)
    return found.verdict is Verdict.MALICIOUS


@pytest.mark.parametrize(
    ("data", "verdict", "reason"),
    [
        (GOOD, Verdict.CLEAN, "only holds plain data"),
        (b"c__main__\nModel\n)R.", Verdict.UNKNOWN, "asks for __main__.Model, which no list of ours has"),
        (EVIL, Verdict.MALICIOUS, "calls os.system('id'), which starts a process"),
        (GOOD[:-3], Verdict.UNREADABLE, "it is cut off"),
        (b"no pickle", Verdict.UNREADABLE, "it is no pickle"),
        (b"PAR1" + bytes(50), Verdict.CLEAN, "is a Parquet file, which holds no code"),
        (b"\x10" + bytes(7) + b'{"a":[]}        ', Verdict.CLEAN, "is a safetensors file, which holds no code"),
        (in_zip(b"a text", "a.txt"), Verdict.CLEAN, "holds no pickle"),
        (in_zip(GOOD), Verdict.CLEAN, "only holds plain data"),
    ],
)
def test_verdicts(data: bytes, verdict: Verdict, reason: str) -> None:
    found = inspect(data)
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    "data",
    [
        GOOD + EVIL,
        GOOD + b"\x00 raw bytes of an array \xff" * 50 + EVIL + b"more",
        EVIL[:-1],
        EVIL[:-1] + b"\xff\xff",
        in_zip(EVIL),
        in_zip(in_zip(EVIL, "a.pkl"), "inner.zip"),
        zlib.compress(EVIL),
        pickle.dumps({"inner": 1})[:-1] + b"0" + b"ca\nload\n(C" + bytes((len(EVIL),)) + EVIL + b"tR.",
        b"ctorch.storage\n_load_from_bytes\n(C" + bytes((len(EVIL),)) + EVIL + b"tR.",
    ],
    ids=["second", "behind bytes", "cut off", "spoilt", "zip", "zip in zip", "zlib", "bytes in a call", "torch"],
)
def test_it_is_found_wherever_it_stands(data: bytes) -> None:
    assert is_evil(data)


def test_bytes_that_torch_loads_are_inspected_in_its_place() -> None:
    found = inspect(b"ctorch.storage\n_load_from_bytes\n(C" + bytes((len(GOOD),)) + GOOD + b"tR.")
    assert found.verdict is Verdict.CLEAN
    found = inspect(b"ctorch.storage\n_load_from_bytes\n(ca\nb\ntR.")
    assert found.verdict is Verdict.SUSPICIOUS


def test_a_pickle_that_begins_like_data_is_a_pickle() -> None:
    assert inspect(b"GGUF" + EVIL).verdict is Verdict.MALICIOUS  # found in what follows
    assert inspect(b"PAR1" + EVIL).verdict is Verdict.MALICIOUS


def test_the_part_is_named() -> None:
    (harm,) = inspect(in_zip(EVIL)).harms
    assert harm.path == "archive/data.pkl"


def test_one_unpickler_may_lose_what_another_reads() -> None:
    """The C one drops bytes at a frame's end that its buffer doesn't reach: what stands there counts however read."""
    hidden = b"\x80\x04N\x95\x02\x00\x00\x00\x00\x00\x00\x00B\x00\x00cos\nsystem\nVid\n\x85R."
    assert is_evil(hidden)
    harmless = hidden.replace(b"os\nsystem", b"my\nsystem")
    assert inspect(harmless).verdict is not Verdict.CLEAN


def test_what_chance_makes_of_an_arrays_bytes_is_nobodys_doing() -> None:
    """Without joblib the bytes are taken for opcodes: a name that is made up, a state that is set, are no attack."""
    wrapper = b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81(Vshape\n(I%d\ntVdtype\n"
    dtype = b"cnumpy\ndtype\n(Vb\nI00\nI01\ntRdb"
    for chance in (b"))\x93N.", b"cdatetime\ndate\n}b."):
        data = wrapper % len(chance) + dtype + chance + b"."
        assert inspect(data).verdict is Verdict.CLEAN
    payload = b"cos\nsystem\n(S'id'\ntR."
    found = inspect(wrapper % len(payload) + dtype + payload + b".")
    assert (found.verdict, found.harms[0].call) == (Verdict.MALICIOUS, "os.system('id')")


def bomb() -> bytes:
    return b"\x80\x02" + b"]q\x00" + b"".join(b"](" + b"h%c" % i * 100 + b"eq%c" % (i + 1) for i in range(200)) + b"."


@pytest.mark.parametrize(
    "data",
    [
        b"X\xff\xff\xff\x7fabc..",
        b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.",
        bomb(),
        b"(" * 3_000_000,
        b"]\x94" * 2_000_000 + b".",
        b"\x80\x02" + b"c__main__\nA\n" * 300_000 + b".",
        b"c__main__\nA\nq\x00" + b"h\x00)R" * 300_000 + b".",
        b"cbuiltins\ngetattr\nq\x00" + b"h\x00)R" * 300_000 + b".",
        b"cbuiltins\ngetattr\nq\x000cos\n__dict__\n" + b"q\x010h\x00h\x01Va\n\x86R" * 100_000 + b".",
        b"cbuiltins\nmap\nq\x000cos\nsystem\n" + b"q\x01h\x00h\x01](NNNNNe\x86R" * 20_000 + b".",
        bytes(5_000_000),
        random.Random(6).randbytes(2_000_000),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_hostile_bytes_get_an_answer_soon(data: bytes) -> None:
    begun = time.monotonic()
    found = inspect(data)
    assert time.monotonic() - begun < 20  # ten seconds, on a machine that does other things too
    assert len(found.reason) < 2_000


def test_many_small_pickles_are_no_trouble() -> None:
    found = inspect(GOOD * 5_000 + EVIL)
    assert found.verdict is Verdict.MALICIOUS
    assert found.pickles == 5_001


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert isinstance(inspect(data), Inspection)


@given(st.integers(0, 10**6), st.integers(0, 255), st.sampled_from([GOOD, EVIL, in_zip(EVIL), zlib.compress(EVIL)]))
@settings(max_examples=300, deadline=None)
def test_spoilt_files_get_an_answer(at: int, byte: int, data: bytes) -> None:
    spoilt = bytearray(data)
    spoilt[at % len(spoilt)] = byte
    inspect(bytes(spoilt))
    inspect(data[: at % len(data)])


def test_paths(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(EVIL)
    (tmp_path / "empty.pkl").write_bytes(b"")
    assert inspect_path(tmp_path / "m.pkl").verdict is Verdict.MALICIOUS
    assert inspect_path(tmp_path).verdict is Verdict.MALICIOUS
    assert inspect_path(tmp_path / "empty.pkl").reason == "it is empty"
    assert inspect_path(tmp_path / "none").verdict is Verdict.UNREADABLE
    (tmp_path / "m.pkl").write_bytes(GOOD)
    assert inspect_path(tmp_path / "m.pkl").verdict is Verdict.CLEAN
