"""What MLflow imports."""

from __future__ import annotations

import pytest

from stsec_magic.containers.mlmodel import told

CODE = "    code: code\n"


def model(*lines: str) -> bytes:
    return ("flavors:\n  python_function:\n" + "".join(lines)).encode()


def names(data: bytes) -> list[tuple[str | None, bool | None]]:
    return [(each.name, each.malicious) for each in told("MLmodel", data)]


def test_its_own_loaders_are_passed_over() -> None:
    assert names(model("    data: model.pkl\n    loader_module: mlflow.sklearn\n    code: null\n")) == []


@pytest.mark.parametrize("line", ["loader_module: os", "'loader_module' : \"os\"", '"loader_module":"os"'])
def test_a_loader_of_the_models_own(line: str) -> None:
    assert names(model(f"    {line}\n")) == [("os", None)]
    assert names(model(f"    {line}\n", CODE)) == [("os", False), (None, False)]


def test_in_one_line() -> None:
    assert names(b'{"flavors": {"python_function": {"loader_module": "mlflowx", "code": "c"}}}') == [
        ("mlflowx", False),
        (None, False),
    ]


def test_code_beside_a_loader_of_mlflows() -> None:
    assert names(model("    loader_module: mlflow.pyfunc.model\n", CODE)) == [(None, False)]


def test_a_model_that_is_a_script() -> None:
    assert names(model("    model_code_path: model.py\n")) == [(None, False)]
