"""A glance at what may be a pickle."""

from __future__ import annotations

import datetime
import decimal
import pickle
import random
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.containers.glance import glance, looks_like_pickle
from tests.containers.wrapping import NAMING, OLD

VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
) | st.dates() | st.sets(st.integers()) | st.decimals() | st.complex_numbers()  # fmt: skip


@given(VALUES, st.integers(0, 5), st.binary(max_size=9))
@settings(deadline=None)
def test_every_pickle_looks_like_one(value: object, protocol: int, more: bytes) -> None:
    data = pickle.dumps(value, protocol)
    assert looks_like_pickle(data + more)
    assert glance(data, 0, 10**9).stopped


@given(VALUES, st.integers(0, 5), st.integers(1, 60))
@settings(deadline=None)
def test_its_head_is_enough(value: object, protocol: int, length: int) -> None:
    data = pickle.dumps(value, protocol)
    assert looks_like_pickle(data[:length], len(data))


def test_a_line_may_be_long() -> None:
    data = b"V" + b"x" * 200_000 + b"\n0" + OLD
    assert looks_like_pickle(data)
    assert looks_like_pickle(data[: 1 << 16], len(data))


@pytest.mark.parametrize(
    "data",
    [OLD, b"\x8c\x08builtins\x8c\x05print\x93.", b"(S'x'\nibuiltins\nprint\n.", b"(cbuiltins\nprint\nS'x'\no."],
)
def test_one_without_a_head_looks_like_one(data: bytes) -> None:
    assert looks_like_pickle(data)
    assert looks_like_pickle(data[:-1] + b"\xff")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Hello, world\n",
        b"import os\nos.getcwd()\n",
        b"(c) 2020 The authors\nAll rights reserved\n",
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"%PDF-1.7\n",
        b'{"a": 1}',
        b"a,b,c\n1,2,3\n",
        bytes(100),
        struct.pack("<20d", *range(20)),
        b"\x80\x06N.",
        b"R.",
        b"]R.",
        b"h\x00.",
        b"\x93.",
        b"]]\x93",
        b"cos\nsys tem\n.",
        b"Sno quotes\n.",
        b"\x8c\x02\xff\xff.",
        b"X\xff\xff\xff\x7fa",
    ],
)
def test_what_is_none_is_turned_down(data: bytes) -> None:
    assert not looks_like_pickle(data)


def test_random_bytes_hardly_ever_look_like_one() -> None:
    numbers = random.Random(7)
    assert sum(looks_like_pickle(numbers.randbytes(500)) for _ in range(5_000)) < 15


def test_an_operand_behind_the_head_is_believed_as_far_as_the_file_goes() -> None:
    head = b"\x80\x04B" + struct.pack("<L", 5_000)
    assert looks_like_pickle(head + bytes(10), 6_000)
    assert not looks_like_pickle(head + bytes(10), 4_000)


def test_in_the_middle_of_one() -> None:
    data = pickle.dumps([1, datetime.date(2020, 1, 1), decimal.Decimal(1)], 0)
    middle = data.index(b"cdatetime")
    assert glance(data, middle, 100).fault
    seen = glance(data, middle, 100, lenient=True)
    assert (seen.stopped, seen.names > 0, seen.calls > 0) == (True, True, True)


@given(st.binary(max_size=200), st.booleans())
def test_anything_gets_an_answer(data: bytes, lenient: bool) -> None:
    seen = glance(NAMING[:5] + data, 0, 1_000, lenient=lenient)
    assert 0 <= seen.opcodes <= 1_000
