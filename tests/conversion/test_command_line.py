"""Whether it is the command line; real ones run in tests/test_preprocessor.py."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbconvert import HTMLExporter
from nbconvert.nbconvertapp import NbConvertApp
from nbconvert.utils.exceptions import ConversionException
from traitlets.config import Application

from stsec_magic.conversion import command_line
from tests.conversion.books import book
from tests.notebooks_in_memory import code, write


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The running application is nbconvert's."""
    made = NbConvertApp()
    monkeypatch.setattr(command_line, "_running", lambda: made)
    return made


def test_an_exporter_of_a_program_s_own_is_none() -> None:
    assert not command_line.is_command_line(HTMLExporter())


def test_an_exporter_below_the_application_is_one() -> None:
    exporter = HTMLExporter(parent=NbConvertApp())
    assert command_line.is_command_line(exporter)
    assert command_line.is_command_line(HTMLExporter(parent=exporter))


def test_the_application_s_exporter_is_one_and_no_other(app: Any) -> None:
    exporter = HTMLExporter()
    assert command_line.is_command_line(exporter)  # while it is made, the application knows none
    app.exporter = exporter
    assert command_line.is_command_line(exporter)
    assert command_line.is_command_line(HTMLExporter(parent=exporter))
    assert not command_line.is_command_line(HTMLExporter())


def test_another_application_is_not_nbconvert_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "_running", Application)
    assert not command_line.is_command_line(HTMLExporter())


def test_the_end_on_the_command_line_and_elsewhere(app: Any, caplog: pytest.LogCaptureFixture) -> None:
    app.exporter = HTMLExporter(log=logging.getLogger("tests"))
    with pytest.raises(SystemExit) as ended:
        command_line.stop(app.exporter, ["a %s", "b"])
    assert ended.value.code == 1
    assert caplog.messages == ["a %s\nb"]
    with pytest.raises(ConversionException, match=r"^a\nb$") as caught:
        command_line.stop(HTMLExporter(), ["a", "b"])
    assert caught.value.report is None


def test_the_file_of_a_notebook(tmp_path: Path) -> None:
    write(tmp_path / "nb.ipynb", book(code("1")))
    metadata = {"path": str(tmp_path), "name": "nb"}
    assert command_line.path_of({"metadata": metadata}) == str(tmp_path / "nb.ipynb")
    for odd in ({}, {"name": "nb"}, {**metadata, "name": "none"}, {**metadata, "name": "\0"}, {**metadata, "name": ""}):
        assert command_line.path_of({"metadata": odd}) is None
    assert command_line.path_of({}) is command_line.path_of(None) is None


def test_a_program_s_exporter_is_left_as_it_is() -> None:
    exporter = HTMLExporter()
    command_line.make_legible(exporter)
    assert "from_file" not in vars(exporter)


def test_the_command_line_s_is_made_legible_once(app: Any) -> None:
    exporter = HTMLExporter()
    command_line.make_legible(exporter)
    first = exporter.from_file
    command_line.make_legible(exporter)
    assert exporter.from_file is first
    child = HTMLExporter(parent=exporter)
    command_line.make_legible(child)
    assert "from_file" not in vars(child)


def test_a_warning_is_heard_without_any_logging(capsys: pytest.CaptureFixture[str]) -> None:
    silent = logging.Logger("silent")
    silent.addHandler(logging.NullHandler())
    command_line.say(silent, "a %s")
    assert capsys.readouterr().err == "a %s\n"
    command_line.say(logging.LoggerAdapter(silent), "b")
    assert capsys.readouterr().err == "b\n"


def test_a_warning_in_a_kernel_is_shown_in_the_cell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = type("IPKernelApp", (SimpleNamespace,), {"__module__": "ipykernel.kernelapp"})
    monkeypatch.setattr(command_line, "_running", kind)
    command_line.say(logging.getLogger("tests"), "a")
    assert capsys.readouterr().err == "a\n"
    assert sys.stderr is not None
