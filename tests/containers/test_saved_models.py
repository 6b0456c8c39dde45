"""TensorFlow's saved models."""

from __future__ import annotations

import json

import pytest

from tests.containers.test_keras_files import CODE, layer
from tests.containers.wrapping import told


def field(number: int, data: bytes) -> bytes:
    """A field of a message: bytes with their length before them."""
    length = bytes((len(data),)) if len(data) < 128 else bytes((len(data) & 127 | 128, len(data) >> 7))
    return bytes((number << 3 | 2,)) + length + data


def saved_model(*operations: bytes) -> bytes:
    nodes = b"".join(field(1, field(1, b"name") + field(2, each)) for each in operations)
    return b"\x08\x01" + field(2, field(2, nodes))


@pytest.mark.parametrize("name", [b"PyFunc", b"EagerPyFunc", b"PyFuncStateless", b"ReadFile", b"WriteFile"])
def test_operations_that_reach_beyond_the_model(name: bytes) -> None:
    assert told(saved_model(b"MatMul", name, name)) == [(None, False)]


def test_others_are_passed_over() -> None:
    assert told(saved_model(b"MatMul", b"Const", b"SaveV2", b"ReadFileX")) == []


def test_a_graph_alone() -> None:
    assert told(field(1, field(1, b"a") + field(2, b"PyFunc"))) == [(None, False)]


def test_the_notes_of_keras() -> None:
    text = json.dumps(layer(function=[CODE, None, None], function_type="lambda")).encode()
    assert told(field(1, b"\x08\x01\x12\x04root" + field(5, text))) == [(None, True)]
