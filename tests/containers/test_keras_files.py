"""What Keras' configurations run and look up."""

from __future__ import annotations

import json

import pytest

from stsec_magic.containers.found import Limits, Told
from stsec_magic.containers.keras_files import told as told_by
from tests.containers.wrapping import closed, told, zip_of

CODE = "4wEAAAAAAAAAAAAAAAEAAAABAAAAUwAAAA=="


def layer(**config: object) -> dict[str, object]:
    return {"class_name": "Lambda", "config": config}


def names(value: object) -> list[tuple[str | None, bool | None]]:
    return [(each.name, each.malicious) for each in told_by("", value, Limits())]


@pytest.mark.parametrize(
    "value",
    [
        layer(function=[CODE, None, None], function_type="lambda"),
        layer(function={"class_name": "__lambda__", "config": {"code": CODE}}),
        layer(function="f", output_shape=[CODE, None, None], output_shape_type="lambda"),
        {
            "class_name": "X",
            "registered_name": "keras>Lambda",
            "config": {"function": [CODE], "function_type": "lambda"},
        },
        {"class_name": "__lambda__", "config": {"code": CODE}},
    ],
)
def test_code_that_is_brought_along(value: object) -> None:
    assert (None, True) in names({"class_name": "Sequential", "config": {"layers": [value]}})


def test_a_function_that_is_only_named() -> None:
    assert names(layer(function="f", function_type="function")) == [("f", None)]
    assert names(layer(function="system", function_type="function", module="os")) == [("os.system", None)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"module": "os", "class_name": "function", "config": "system"}, "os.system"),
        ({"module": "builtins", "class_name": "function", "config": "exec"}, "builtins.exec"),
        ({"module": "subprocess", "class_name": "Popen", "config": {}}, "subprocess.Popen"),
        ({"module": "my.layers", "class_name": "Mine", "config": {}}, "my.layers.Mine"),
        ({"module": "tensorflow.io", "class_name": "function", "config": "write_file"}, "tensorflow.io.write_file"),
    ],
)
def test_names_outside_of_keras(value: object, name: str) -> None:
    assert names({"layers": [value]}) == [(name, None)]


@pytest.mark.parametrize(
    "value",
    [
        {"module": "keras.layers", "class_name": "Dense", "config": {"activation": "relu"}},
        {"module": "keras.src.models", "class_name": "Functional", "config": {}},
        {"module": "keras_hub.layers", "class_name": "X", "config": {}},
        {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "relu"},
        {"module": None, "class_name": "Mine", "registered_name": "Mine"},
        {"class_name": "__tuple__", "items": [1, 2]},
        layer(),
        {"module": 3, "class_name": ["x"]},
    ],
)
def test_what_is_keras_own_is_passed_over(value: object) -> None:
    assert names(value) == []


@pytest.mark.parametrize("name", ["enable_unsafe_deserialization", "get_file"])
def test_functions_of_keras_that_no_model_is_made_of(name: str) -> None:
    assert names({"module": "keras.config", "class_name": "function", "config": name}) == [
        (f"keras.config.{name}", True)
    ]


def test_each_is_told_once() -> None:
    assert len(names([layer(function="f", function_type="function")] * 9)) == 1


def test_a_keras_file() -> None:
    config = {"module": "keras", "class_name": "Sequential", "config": {"layers": [layer(function=[CODE, None, None])]}}
    data = zip_of({"metadata.json": b"{}", "config.json": json.dumps(config).encode(), "model.weights.h5": b"\x89HDF"})
    assert told(data) == [(None, True)]
    assert closed(data) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_of_json(encoding: str) -> None:
    text = json.dumps(layer(function=[CODE, None, None]))
    assert told(text.encode(encoding)) == [(None, True)]
    assert told(text.replace("class_name", "class\\u005fname").encode(encoding)) == [(None, True)]
    assert told((text + "garbage").encode(encoding)) == [(None, True)]
    assert told(b'{"a": 1}') == []


def test_one_that_nests_too_deeply() -> None:
    data = b'{"class_name": ' + b'{"a":' * 100_000
    assert closed(data) == [("", "a text in it nests too deeply")]


def test_what_is_told() -> None:
    (each,) = told_by("config.json", {"module": "os", "class_name": "function", "config": "system"}, Limits())
    assert each == Told("config.json", "os.system", "looks up what it names", "os.system(...)", None)
