"""HDF5, and pickles somewhere in bytes."""

from __future__ import annotations

import datetime
import json
import pickle
import random
import zlib
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.containers.byte_search import pickles_in
from stsec_magic.containers.found import Limits
from tests.containers.wrapping import NAMING, OLD, PLAIN, closed, found, told

MAGIC = b"\x89HDF\r\n\x1a\n"
DATE = datetime.date(2020, 1, 1)
LAMBDA = {"class_name": "Lambda", "config": {"function": ["4w" * 20, None, None], "function_type": "lambda"}}


def attribute(name: bytes, value: bytes) -> bytes:
    """An attribute's message as PyTables writes one: name, kind, no dimensions, the value as a text of fixed length."""

    def padded(data: bytes) -> bytes:
        return data + bytes(-len(data) % 8)

    kind = b"\x13\x00\x00\x00" + len(value).to_bytes(4, "little")
    head = b"\x01\x00" + b"".join(n.to_bytes(2, "little") for n in (len(name) + 1, len(kind), 8))
    return head + padded(name + b"\x00") + padded(kind) + b"\x01" + bytes(7) + padded(value)


def heap(value: bytes) -> bytes:
    """An object in a global heap, where rows of varying length stand."""
    return b"GCOL\x01\x00\x00\x00" + (4096).to_bytes(8, "little") + b"\x01\x00\x00\x00" + bytes(4) + len(
        value
    ).to_bytes(8, "little") + value + bytes(-len(value) % 8)  # fmt: skip


def bodies(data: bytes) -> list[bytes]:
    return [each for _, each in found(MAGIC + bytes(40) + data + bytes(40))]


@pytest.mark.parametrize("protocol", range(6))
def test_the_pickle_of_an_attribute(protocol: int) -> None:
    data = pickle.dumps({"a": DATE}, protocol)
    assert bodies(attribute(b"evil", data)) == [data]


@pytest.mark.parametrize("protocol", range(2, 6))
def test_the_pickle_of_a_row(protocol: int) -> None:
    data = pickle.dumps([DATE, "text", 1.5], protocol)
    assert bodies(heap(data)) == [data]


@pytest.mark.parametrize(
    "data",
    [
        b"\x8c\x08builtins\x94\x8c\x05print\x94\x93\x94\x8c\x01x\x85R.",
        b"X\x08\x00\x00\x00builtinsq\x00X\x05\x00\x00\x00printq\x01\x93(S'x'\ntR.",
        b"(S'x'\nibuiltins\nprint\n.",
        b"(cbuiltins\nprint\nS'x'\no.",
    ],
)
def test_a_pickle_without_a_head(data: bytes) -> None:
    assert any(b"builtins" in each and b"print" in each for each in bodies(attribute(b"a", data)))


def test_one_right_behind_a_text() -> None:
    """As values stand behind their keys in the files of dbm."""
    parts = [*pickles_in("", b"\x00some key" + OLD + bytes(9), Limits())]
    assert [bytes(each.data) for each in parts] == [OLD]


def test_pickles_that_ask_for_nothing_are_passed_over() -> None:
    """pandas writes lists of names as such, which end with letters that are opcodes."""
    assert bodies(attribute(b"a", b"(lp0\nVvalues_block_0\np1\na.") + heap(PLAIN)) == []
    assert bodies(attribute(b"a", pickle.dumps({"block_c": "values_block_0\nxi"}, 0))) == []


def test_the_same_pickle_counts_once() -> None:
    assert bodies(heap(NAMING) * 3_000) == [NAMING]


def test_a_pickle_is_found_with_its_place() -> None:
    assert found(MAGIC + bytes(40) + NAMING)[0] == ("at byte 48", NAMING)


def test_a_large_pickle_is_given_whole() -> None:
    data = pickle.dumps([[str(i) for i in range(100_000)], DATE])
    assert bodies(data)[0].startswith(data)


@pytest.mark.parametrize("offset", [512, 1024, 8192])
def test_the_format_may_begin_farther_in(offset: int) -> None:
    data = NAMING + bytes(offset - len(NAMING)) + MAGIC + bytes(20) + heap(OLD)
    assert [each for path, each in found(data) if path] == [NAMING, OLD]


def test_chunks_of_zlib_are_looked_into() -> None:
    assert bodies(zlib.compress(NAMING)) == [NAMING]
    assert bodies(zlib.compress(b"\x00" * 5_000)) == []


@pytest.mark.parametrize("spaces", [None, 1])
def test_the_configuration_of_a_model(spaces: int | None) -> None:
    text = json.dumps({"class_name": "Sequential", "config": {"layers": [LAMBDA]}}, indent=spaces).encode()
    assert told(MAGIC + bytes(40) + text + b"\x00" + heap(PLAIN)) == [(None, True)]
    assert told(MAGIC + bytes(40) + b'{"a": {"b": ' + text + b"\x00") == [(None, True)]


def test_numbers_give_no_candidates() -> None:
    numbers = random.Random(3)
    data = array("d", [numbers.gauss(0, 1) for _ in range(500_000)]).tobytes() + numbers.randbytes(4_000_000)
    assert bodies(data) == []
    assert closed(MAGIC + data) == []


@given(
    st.lists(st.sampled_from([NAMING, OLD, b"\x80\x04", b"cos\n", b"\x00", b'{"a', b"x\x9c", b"\x93", b"(ios\na\n"]))
)
@settings(deadline=None, max_examples=300)
def test_whatever_stands_there_every_whole_pickle_is_found(pieces: list[bytes]) -> None:
    data = b"\x00".join([b"", *pieces, b""])
    parts = [*pickles_in("", data, Limits())]
    for each in (NAMING, OLD):
        assert (each not in pieces) or any(each in bytes(part.data) for part in parts)
