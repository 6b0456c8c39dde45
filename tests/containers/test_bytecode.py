"""Names in marshalled code, found without unmarshalling it. Tests may marshal: what they wrote themselves."""

from __future__ import annotations

import base64
import marshal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsec_magic.containers.bytecode import reaching
from stsec_magic.containers.found import Limits
from stsec_magic.containers.keras_files import told


def marshalled(source: str) -> str:
    return base64.b64encode(marshal.dumps(compile(source, "<ipython-input-os-system>", "eval"))).decode()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("lambda x: x * 2 + y", []),
        ("lambda x: K.mean(tf.square(x), axis=-1)", []),
        ("lambda x: __import__('os').system('id') or x", ["__import__", "os", "system"]),
        ("lambda x: (exec('import a'), x)[1]", ["exec"]),
        ("lambda x: [(lambda: eval(c))() for c in x]", ["eval"]),
        ("lambda x: ().__class__.__mro__[1].__subclasses__()", ["__class__", "__mro__", "__subclasses__"]),
    ],
)
def test_the_names_by_which_code_gets_beyond_numbers(source: str, names: list[str]) -> None:
    assert reaching(marshalled(source)) == names


@pytest.mark.parametrize("code", ["", "no base64 \u00e9", "AAAA", base64.b64encode(bytes(100)).decode()])
def test_of_what_is_no_code_there_is_no_telling(code: str) -> None:
    assert reaching(code) is None


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    reaching(base64.b64encode(data).decode())


@pytest.mark.parametrize(
    ("source", "malicious"), [("lambda x: x + y", False), ("lambda x: os.system('id')", True), ("1", None)]
)
def test_a_layer_that_only_computes_is_for_a_person_to_look_at(source: str, malicious: bool | None) -> None:
    code = marshalled(source)
    expected = True if malicious is None else malicious
    for config in ({"function": [code, None, None], "function_type": "lambda"},):
        (found,) = told("", {"class_name": "Lambda", "config": config}, Limits())
        assert found.malicious is expected
    (found,) = told("", {"class_name": "__lambda__", "config": {"code": code}}, Limits())
    assert found.malicious is expected
