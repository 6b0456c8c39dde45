"""The schemas of skops."""

from __future__ import annotations

import json

import pytest

from tests.containers.wrapping import told, zip_of

PIPELINE = {
    "__class__": "Pipeline",
    "__module__": "sklearn.pipeline",
    "__loader__": "ObjectNode",
    "content": {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": {}},
    "_skops_version": "0.11",
}


def schema(**more: object) -> bytes:
    return zip_of({"schema.json": json.dumps({**PIPELINE, **more}).encode()})


def test_every_type_is_named_once() -> None:
    assert sorted(told(schema(a=PIPELINE)), key=str) == [("builtins.dict", None), ("sklearn.pipeline.Pipeline", None)]


@pytest.mark.parametrize(
    "node",
    [
        {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode"},
        {"__class__": "function", "__loader__": "FunctionNode", "content": {"module_path": "os", "function": "system"}},
    ],
)
def test_a_function(node: dict[str, object]) -> None:
    assert ("os.system", None) in told(schema(content={"x": [node]}))


def test_a_method() -> None:
    node = {"__class__": "A", "__module__": "m", "__loader__": "MethodNode", "content": {"func": "run", "obj": {}}}
    assert ("m.A.run", None) in told(schema(content=node))


def test_other_json_is_passed_over() -> None:
    assert told(json.dumps({"nodes": [{"__class__": "A", "__module__": "m"}]}).encode()) == []
