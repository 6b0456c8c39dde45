"""The bytes of arrays that joblib writes between the opcodes: stepped over, so that what comes behind them is seen."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from stsec_magic.pickles.notes import Walk
from stsec_magic.pickles.opcodes import walk

PAYLOAD = b"cos\nsystem\n(S'id'\ntR."
WRAPPER = b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81"


def dtype(form: str, state: bytes = b"") -> bytes:
    return b"cnumpy\ndtype\n(V%s\nI00\nI01\ntR" % form.encode() + state


def array(shape: Any, dtype: bytes, padding: int | None = None) -> bytes:
    """A wrapper, as joblib pickles it."""
    sides = pickle.dumps(shape, 0).rstrip(b".")
    aligned = b"" if padding is None else b"Vnumpy_array_alignment_bytes\nI16\n"
    return WRAPPER + b"(Vshape\n" + sides + b"Vdtype\n" + dtype + aligned + b"db"


def read(data: bytes) -> Walk:
    return walk(b"\x80\x02" + data, arrays=True)


@pytest.mark.parametrize(
    ("shape", "form", "length"),
    [
        ((3,), "f8", 24),
        ((2, 5), "<i4", 40),
        ((), "f4", 4),
        ((7,), "?", 7),
        ((7,), "b", 7),
        ((2,), "U5", 40),
        ((2,), "S5", 10),
        ((0, 9), "f8", 0),
        ((2,), "M8", 16),
        ((1, 2, 3, 1, 2, 1, 1, 1), "i8", 96),
    ],
)
def test_what_comes_behind_an_array_is_seen(shape: tuple[int, ...], form: str, length: int) -> None:
    found = read(array(shape, dtype(form)) + b"\x00" * length + b"0" + PAYLOAD)
    assert found.fault is None
    assert [each.dotted for each in found.names][-1] == "os.system"


def test_aligned_bytes_are_padded() -> None:
    found = read(array((2,), dtype("f8"), padding=16) + b"\x05" + b"." * 5 + b"." * 16 + b"0" + PAYLOAD)
    assert (found.fault, found.names[-1].dotted) == (None, "os.system")


def test_the_state_tells_the_size_of_a_structure() -> None:
    state = b"(I3\nV|\nNNN(dI24\nI1\nI0\ntb"
    found = read(array((2,), dtype("V8", state.replace(b"NNN(d", b"NNN"))) + b"." * 48 + b"0" + PAYLOAD)
    assert (found.fault, found.names[-1].dotted) == (None, "os.system")


def test_an_array_of_objects_is_a_pickle_of_its_own() -> None:
    found = read(array((2,), dtype("O8")) + PAYLOAD + b".")
    assert (found.fault, found.names[-1].dotted) == (None, "os.system")


def test_a_structure_with_objects_in_it_is_one_too() -> None:
    fields = b"(Va\n(" + dtype("O8") + b"I0\ntd"
    state = b"(I3\nV|\nN(Va\nt" + fields + b"I8\nI1\nI63\ntb"
    found = read(array((2,), dtype("V8", state)) + PAYLOAD + b".")
    assert (found.fault, found.names[-1].dotted) == (None, "os.system")


@pytest.mark.parametrize("shape", [("x",), (-1,), [3], None, (1 << 62,)])
def test_an_array_that_cannot_be_measured_is_a_fault(shape: object) -> None:
    assert read(array(shape, dtype("f8")) + b"." * 100).fault is not None
    assert read(WRAPPER + b"(db" + b".").fault == "an array in it can't be measured"
    assert read(array((1,), dtype("strange")) + b".").fault == "an array in it can't be measured"


def test_whoever_reads_without_joblib_takes_the_bytes_for_opcodes() -> None:
    data = array((len(PAYLOAD),), dtype("b")) + PAYLOAD + b"."
    assert [each.dotted for each in walk(data).names][-1] == "os.system"
    assert [each.dotted for each in walk(data, arrays=True).names][-1] == "numpy.dtype"
    assert walk(data).has_arrays
    assert not walk(pickle.dumps([1])).has_arrays


def test_the_state_that_is_set_last_counts() -> None:
    """Of equal calls only the first few are noted; their states are each their own."""
    rows = b"".join(b"(" + array((i,), dtype("b")) + b"x" * i + b"1" for i in range(20))
    found = read(rows + b"N" + PAYLOAD)
    assert (found.fault, found.names[-1].dotted) == (None, "os.system")


def test_real_ones() -> None:
    joblib, numpy = pytest.importorskip("joblib"), pytest.importorskip("numpy")
    import io

    things = [
        numpy.arange(10.0),
        numpy.zeros((3, 4), "i2", order="F"),
        numpy.array(["a", "bcd"]),
        numpy.array([b"a", b"bcd"]),
        numpy.array([1, None, "x"], dtype=object),
        numpy.zeros(3, dtype=[("a", "f8"), ("b", "S3")]),
        numpy.array([(1, "x")], dtype=[("a", "i4"), ("b", "O")]),
        numpy.array(["2020-01-01"], "M8[D]"),
        numpy.array(5),
        numpy.zeros((0, 3)),
    ]
    file = io.BytesIO()
    joblib.dump({"all": things, "last": 1}, file)
    found = walk(file.getvalue(), arrays=True)
    assert (found.fault, found.disputed, found.end) == (None, None, len(file.getvalue()))
    assert walk(file.getvalue()).has_arrays
