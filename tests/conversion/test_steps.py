"""The preprocessor among an exporter's others, in this process; real ones run in tests/test_preprocessor.py."""

from __future__ import annotations

import copy
import json
import logging
import pickle
from typing import Any

import pytest
from nbconvert import HTMLExporter, MarkdownExporter, NotebookExporter, ScriptExporter
from nbconvert.preprocessors import Preprocessor
from nbconvert.utils.exceptions import ConversionException

from stsec_magic import StsecPreprocessor
from stsec_magic.conversion import course
from tests.conversion.books import LOAD, book, executed, exporter, key, leaky
from tests.notebooks_in_memory import code, display, markdown, stream

KINDS = [HTMLExporter, MarkdownExporter, NotebookExporter, ScriptExporter]


@pytest.fixture(autouse=True)
def _said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@pytest.mark.parametrize("kind", KINDS)
def test_a_leak_is_refused(kind: Any) -> None:
    with pytest.raises(ConversionException) as caught:
        exporter(kind).from_notebook_node(leaky())
    lines = str(caught.value).split("\n")
    assert len(lines) == 3
    assert "openai-api-key in cell 1" in lines[0]
    assert len(caught.value.report.findings) == 2
    assert key("leaky") not in f"{caught.value!r} {caught.value.__dict__}"
    assert caught.value.__context__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("kind", KINDS)
def test_redacted_output_holds_masks_and_the_caller_s_notebook_stays(kind: Any) -> None:
    notebook = leaky()
    before = copy.deepcopy(notebook)
    text, resources = exporter(kind, mode="redact").from_notebook_node(notebook)
    assert notebook == before
    assert key("leaky") not in f"{text} {resources}"
    assert "sk-proj-...(" in text
    assert resources["stsec"]["masked"] == 2
    assert resources["stsec"]["report"]["summary"]["findings"] == 2


def test_the_report_is_plain_data_without_secrets() -> None:
    _, resources = exporter(mode="report").from_notebook_node(leaky())
    left = resources["stsec"]
    assert (left["mode"], left["failing"]) == ("report", 2)
    assert json.loads(json.dumps(left)) == left == pickle.loads(pickle.dumps(left))
    assert key("leaky") not in json.dumps(left)


def test_warnings_are_said_once_and_the_conversion_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    for kind in KINDS:
        caplog.clear()
        text, resources = exporter(kind, mode="warn").from_notebook_node(leaky())
        assert key("leaky") in text
        assert caplog.text.count("openai-api-key in cell 1, line 1") == 1
        assert caplog.text.count("openai-api-key in cell 1 · output 1") == 1
        assert key("leaky") not in caplog.text
        assert resources["stsec"]["failing"] == 2


def test_report_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    exporter(mode="report").from_notebook_node(leaky())
    assert "stsec" not in caplog.text


@pytest.mark.parametrize("mode", ["fail", "redact"])
def test_a_load_that_is_refused_never_runs(mode: str) -> None:
    kind = executed()
    made = exporter(executing=kind, mode=mode)
    with pytest.raises(ConversionException, match="untrusted-load in cell 2"):
        made.from_notebook_node(book(code("1"), code(LOAD)))
    assert kind.ran == 0


@pytest.mark.parametrize("mode", ["warn", "report"])
def test_the_other_modes_run_it(mode: str) -> None:
    kind = executed()
    exporter(executing=kind, mode=mode).from_notebook_node(book(code("1"), code(LOAD)))
    assert kind.ran == 1


def test_without_execution_masking_leaves_a_load_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    text, _ = exporter(MarkdownExporter, mode="redact").from_notebook_node(book(code(LOAD)))
    assert "pickle.loads" in text
    assert "left as it is: 1 finding without a secret (untrusted-load)" in caplog.text


def test_code_runs_unmasked_and_what_it_prints_is_masked() -> None:
    source, printed = key("source"), key("printed")
    seen: list[str] = []

    class Looking(executed(printed)):  # type: ignore[misc]
        def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> Any:
            seen.append(nb.cells[0].source)
            return super().preprocess(nb, resources)

    made = exporter(executing=Looking, mode="redact")
    text, _ = made.from_notebook_node(book(code(f'k = "{source}"')))
    assert seen == [f'k = "{source}"']
    assert source not in text
    assert printed not in text
    assert text.count("sk-proj-...(") >= 2


def test_what_only_execution_prints_is_caught_and_the_file_is_no_advice() -> None:
    kind = executed(key("late"))
    with pytest.raises(ConversionException) as caught:
        exporter(executing=kind).from_notebook_node(book(code("1")))
    assert kind.ran == 1
    assert "cell 1 · output 1" in str(caught.value)
    assert "stsec audit" not in str(caught.value)


def test_warnings_of_before_the_execution_are_not_said_again(caplog: pytest.LogCaptureFixture) -> None:
    exporter(executing=executed(key("late")), mode="warn").from_notebook_node(leaky())
    assert caplog.text.count("cell 1, line 1") == 1
    assert caplog.text.count("cell 1 · output 2") == 1


def test_files_made_of_outputs_and_attachments_hold_masks() -> None:
    secret = key("extracted")
    notebook = book(
        markdown("![x](attachment:x.svg)", attachments={"x.svg": {"image/svg+xml": _base64(f"<svg>{secret}</svg>")}}),
        code("1", [display({"image/svg+xml": f"<svg>{secret}</svg>", "text/plain": "a picture"})]),
    )
    with pytest.raises(ConversionException):
        exporter(MarkdownExporter).from_notebook_node(notebook)
    resources = {"output_files_dir": "files", "unique_key": "nb"}
    text, resources = exporter(MarkdownExporter, mode="redact").from_notebook_node(notebook, resources)
    files = resources["outputs"]
    assert len(files) == 2
    assert secret not in f"{text} {resources}"
    assert all(b"<svg>" in data and secret.encode() not in data for data in files.values())


def _base64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()


def test_what_is_taken_out_of_the_result_does_not_count() -> None:
    notebook = book(code(f'k = "{key(1)}"', tags=["away"]), code("2", [stream(key(2))]))
    others = {
        "TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": {"away"}},
        "ClearOutputPreprocessor": {"enabled": True},
    }
    text, resources = exporter(others=others).from_notebook_node(notebook)
    assert resources["stsec"]["failing"] == 0
    assert "sk-proj" not in text
    with pytest.raises(ConversionException, match="in cell 2 · output 1"):
        exporter(others={"TagRemovePreprocessor": others["TagRemovePreprocessor"]}).from_notebook_node(notebook)


class Late(Preprocessor):
    """Puts something in when all others are done."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        nb.cells[0].source += f'\nlate = "{key("put in")}"'
        return nb, resources


@pytest.mark.parametrize("mode", ["fail", "redact"])
def test_what_a_later_preprocessor_puts_in_is_checked(mode: str) -> None:
    made = exporter(MarkdownExporter, mode=mode)
    made.register_preprocessor(Late, enabled=True)
    if mode == "fail":
        with pytest.raises(ConversionException, match="cell 1, line 2"):
            made.from_notebook_node(book(code("1")))
        return
    for _ in range(2):  # an exporter converts many
        text, resources = made.from_notebook_node(leaky())
        assert "sk-proj-...(" in text
        assert key("put in") not in text
        assert resources["stsec"]["report"]["summary"]["findings"] == 3


def test_one_that_is_named_twice_works_once(caplog: pytest.LogCaptureFixture) -> None:
    made = exporter(mode="warn")
    made.register_preprocessor(StsecPreprocessor, enabled=True)
    for _ in range(2):
        caplog.clear()
        made.from_notebook_node(leaky())
        assert caplog.text.count("cell 1, line 1") == 1


def test_one_that_is_off_does_nothing() -> None:
    made = HTMLExporter()
    made.register_preprocessor(StsecPreprocessor)
    text, resources = made.from_notebook_node(leaky())
    assert key("leaky") in text
    assert "stsec" not in resources


def test_an_unchanged_notebook_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    real = course.checked
    monkeypatch.setattr(course, "checked", lambda *given: calls.append(1) or real(*given))
    exporter(NotebookExporter).from_notebook_node(book(code("1")))
    assert len(calls) == 1


@pytest.mark.parametrize("mode", ["fail", "redact"])
def test_a_fault_of_our_own_lets_nothing_out(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = key("fault")

    def broken(*_: object) -> None:
        raise ZeroDivisionError(secret)

    monkeypatch.setattr(course, "checked", broken)
    with pytest.raises(ConversionException, match=r"not converted.*ZeroDivisionError") as caught:
        exporter(mode=mode).from_notebook_node(leaky())
    assert secret not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("mode", ["warn", "report"])
def test_in_the_other_modes_it_is_said(
    mode: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(course, "checked", lambda *_: 1 / 0)
    text, _ = exporter(mode=mode).from_notebook_node(leaky())
    assert key("leaky") in text
    assert caplog.text.count("was not checked: an internal fault (ZeroDivisionError") == 1


def test_problems_are_said(caplog: pytest.LogCaptureFixture) -> None:
    notebook = book(code("import joblib\njoblib.load(1\nx = = 1"))
    exporter(mode="warn").from_notebook_node(notebook)
    assert "cell 1: " in caplog.text


def test_called_directly_it_does_all_in_one_go() -> None:
    notebook = leaky()
    masked, resources = StsecPreprocessor(mode="redact").preprocess(notebook, {})
    assert key("leaky") not in str(masked)
    assert key("leaky") in str(notebook)
    assert masked.cells[0].source.startswith("api = ")
    assert resources["stsec"]["masked"] == 2
    with pytest.raises(ConversionException):
        StsecPreprocessor().preprocess(notebook, None)


def test_a_wrong_file_of_choices_is_one_line(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stsec.toml").write_text("fail-om = 1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConversionException, match="did you mean 'fail-on'"):
        exporter().from_notebook_node(book(code("1")))
