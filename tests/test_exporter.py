"""``--to streamlit``: in Python, as a command, and what it writes run by Streamlit."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.utils.exceptions import ConversionException

from stsec_magic.exporter import StreamlitExporter
from tests.conversion.books import LOAD, book, key
from tests.notebooks_in_memory import code, markdown, stream

ROOT = Path(__file__).parent.parent


def script(notebook: Any, **traits: Any) -> str:
    return StreamlitExporter(**traits).from_notebook_node(notebook)[0]


def write(folder: Path, name: str, *cells: Any) -> str:
    nbformat.write(book(*cells), folder / name)
    return name


def nbconvert(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``jupyter nbconvert``, as a person calls it."""
    command = [sys.executable, "-m", "nbconvert", "--to", "streamlit", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_an_app_compiles_and_says_where_it_comes_from():
    made = script(book(markdown("# Bikes *today*"), code("x = 1\nx")))
    assert made.startswith('"""Bikes today\n')
    assert 'st.set_page_config(page_title="Bikes today")' in made
    assert made.index("import streamlit as st") < made.index("st.markdown") < made.index("st.write(x)")
    compile(made, "app.py", "exec")


def test_quotes_in_a_title_do_no_harm():
    compile(script(book(markdown('# A """title""" \\ with "all"'), code("x"))), "app.py", "exec")


def test_a_key_becomes_a_secret_of_streamlit():
    exporter = StreamlitExporter()
    made, resources = exporter.from_notebook_node(book(code(f'import openai\nopenai.api_key = "{key(1)}"')))
    assert 'openai.api_key = st.secrets["OPENAI_API_KEY"]' in made
    assert b"OPENAI_API_KEY" in resources["outputs"][".streamlit/secrets.toml.example"]
    assert key(1) not in made
    assert key(1) not in str(resources)
    json.dumps(resources["stsec"])


def test_a_load_that_runs_code_is_refused():
    with pytest.raises(ConversionException, match="untrusted-load") as caught:
        script(book(code(LOAD)))
    assert [each.rule for each in caught.value.report.findings] == ["untrusted-load"]
    assert "pickle.loads" in script(book(code(LOAD)), fail_on="never")
    assert "pickle.loads" in script(book(code(LOAD)), ignore="loads")


def test_a_key_that_may_not_be_mended_is_refused_without_being_shown():
    with pytest.raises(ConversionException) as caught:
        script(book(code(f'api_key = "{key(2)}"')), mend=False)
    assert key(2) not in str(caught.value)


def test_what_made_a_load_safe_must_be_in_the_app():
    """The file is the notebook's own, but its writer asks in a loop and is left out."""
    write = "import pickle\nwhile True:\n    pickle.dump(input(), open('x.pkl', 'wb'))"
    with pytest.raises(ConversionException, match="untrusted-load in the app"):
        script(book(code(write), code("y = pickle.load(open('x.pkl', 'rb'))")))


def test_what_a_tag_silenced_is_silenced_in_the_app():
    cell = code(LOAD)
    cell["metadata"]["tags"] = ["stsec-ignore"]
    assert "pickle.loads" in script(book(cell))


def test_a_comment_silences_one_load_and_no_other():
    """What the comment silenced has come along with it, and makes up for nothing else."""
    write = "import pickle\nwhile True:\n    pickle.dump(input(), open('x.pkl', 'wb'))"
    known = "a = pickle.load(open('a.pkl', 'rb'))  # stsec: ignore[untrusted-load]"
    with pytest.raises(ConversionException, match="untrusted-load in the app"):
        script(book(code(write), code(known), code("y = pickle.load(open('x.pkl', 'rb'))")))


def test_what_stands_in_an_output_stays_behind(caplog):
    with caplog.at_level(logging.WARNING):
        made = script(book(code("show(1)", [stream(key(3))])), mend=False)
    assert key(3) not in made
    assert "stays behind" in caplog.text
    assert key(3) not in caplog.text


def test_what_is_not_translated_is_a_comment_and_a_problem():
    exporter = StreamlitExporter()
    made, resources = exporter.from_notebook_node(book(code("!make all"), code("x = 1")))
    assert "# !make all" in made
    assert [(each["cell"], each["kind"]) for each in resources["stsec"]["problems"]] == [(1, "not-translated")]


def test_other_languages_are_refused():
    notebook = book(code("x <- 1"))
    notebook.metadata["language_info"] = {"name": "R"}
    with pytest.raises(ConversionException, match="written in R"):
        script(notebook)


def test_a_template_of_ones_own_counts(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "conf.json").write_text('{"base_template": "streamlit"}', encoding="utf-8")
    template = "{%- extends 'streamlit/index.py.j2' -%}{%- block page %}\nmine = 1\n{% endblock page -%}"
    (folder / "index.py.j2").write_text(template, encoding="utf-8")
    made = script(book(code("x = 1")), template_name="mine", extra_template_basedirs=[str(tmp_path)])
    assert "mine = 1" in made
    assert "set_page_config" not in made
    assert "x = 1" in made


def test_a_template_that_breaks_the_app_is_told():
    with pytest.raises(ConversionException, match="template"):
        script(book(code("x = 1")), raw_template="x = (")


def test_the_command_writes_the_app_and_what_belongs_to_it(tmp_path):
    name = write(tmp_path, "eda.ipynb", code("%pip install yamlx==3.1\nimport nbformat"), code("x = 1\nx"))
    done = nbconvert(tmp_path, name)
    assert done.returncode == 0, done.stderr
    assert "st.write(x)" in (tmp_path / "app.py").read_text(encoding="utf-8")
    required = (tmp_path / "requirements.txt").read_text(encoding="utf-8")
    assert "yamlx==3.1\n" in required
    assert f"nbformat=={nbformat.__version__}\n" in required
    assert nbconvert(tmp_path, name).returncode == 0  # its own is made anew


def test_several_notebooks_are_pages(tmp_path):
    (tmp_path / "more").mkdir()
    names = [write(tmp_path, "one.ipynb", code("x")), write(tmp_path, "more/two b.ipynb", code("y"))]
    done = nbconvert(tmp_path, *names)
    assert done.returncode == 0, done.stderr
    assert "st.write(x)" in (tmp_path / "app.py").read_text(encoding="utf-8")
    assert "st.write(y)" in (tmp_path / "pages" / "2_two_b.py").read_text(encoding="utf-8")


def test_output_and_stdout_are_the_users(tmp_path):
    name = write(tmp_path, "one.ipynb", code("x"))
    assert nbconvert(tmp_path, name, "--output", "mine.py").returncode == 0
    assert (tmp_path / "mine.py").is_file()
    done = nbconvert(tmp_path, name, "--stdout")
    assert "st.write(x)" in done.stdout
    assert not (tmp_path / "app.py").exists()


def test_a_refusal_is_three_lines_and_writes_nothing(tmp_path):
    done = nbconvert(tmp_path, write(tmp_path, "one.ipynb", code(LOAD)))
    assert done.returncode == 1
    assert not (tmp_path / "app.py").exists()
    lines = [line for line in done.stderr.splitlines() if "Converting" not in line]
    assert len(lines) == 3, done.stderr
    assert "untrusted-load" in lines[0]


def test_somebody_elses_file_stays(tmp_path):
    (tmp_path / "app.py").write_text("mine\n", encoding="utf-8")
    done = nbconvert(tmp_path, write(tmp_path, "one.ipynb", code("x")))
    assert done.returncode == 1
    assert "--output" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == "mine\n"


def test_nothing_runs_before_the_check(tmp_path):
    pytest.importorskip("ipykernel")
    name = write(tmp_path, "one.ipynb", code("open('ran', 'w').close()"), code(LOAD))
    done = nbconvert(tmp_path, name, "--execute")
    assert done.returncode == 1
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--StreamlitExporter.fail_on=hihg"], "fail-on is high, medium, low or never"),
        (["--StreamlitExporter.mend=perhaps"], "mend"),
        (["--output", "gone/app"], "gone"),
    ],
)
def test_mistakes_are_one_line(tmp_path, words, said):
    done = nbconvert(tmp_path, write(tmp_path, "one.ipynb", code("x")), *words)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert said in done.stderr


def test_a_file_that_is_no_notebook_is_one_line(tmp_path):
    (tmp_path / "one.ipynb").write_text('{"cells": [', encoding="utf-8")
    done = nbconvert(tmp_path, "one.ipynb")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "one.ipynb" in done.stderr


def test_listing_exporters_loads_nothing_heavy():
    """nbconvert loads every exporter whenever it starts."""
    heavy = "'stsec_magic.checker' in sys.modules or 'stsec_magic.app.notebook' in sys.modules"
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, nbconvert.nbconvertapp; print({heavy}, 'stsec_magic.exporter' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["False", "True"]


@pytest.fixture
def run(tmp_path):
    """Runs an app as Streamlit would."""
    testing = pytest.importorskip("streamlit.testing.v1")

    def running(*cells: Any, answers: dict[str, Any] | None = None) -> Any:
        text, resources = StreamlitExporter().from_notebook_node(book(*cells))
        for path, content in resources["outputs"].items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(content)
        (tmp_path / "app.py").write_text(text, encoding="utf-8")
        app = testing.AppTest.from_file(str(tmp_path / "app.py"), default_timeout=60)
        for name, value in (answers or {}).items():
            app.secrets[name] = value
        return app.run()

    return running


def test_an_app_shows_what_the_notebook_showed(run):
    app = run(
        markdown("# Title\n\ntext"),
        code("%matplotlib inline\nvalues = {'a': 1}\nvalues"),
        code("for i in range(2):\n    print('line', i)"),
        code("values['b']"),
        markdown("end"),
        code("def make():\n    return None\nmake()"),
    )
    assert [each.value for each in app.markdown] == ["# Title\n\ntext"]
    assert [each.value for each in app.text] == ["line 0", "line 1"]
    assert json.loads(app.json[0].value) == {"a": 1}
    assert [each.message for each in app.exception] == ["'b'"]


def test_an_app_waits_for_answers(run):
    app = run(code("n = int(input('How many?'))\nprint(n * 2)"), code("name = input('Who?')\nprint(name)"))
    assert not app.exception
    assert not app.text
    app.number_input[0].set_value(4).run()
    assert [each.value for each in app.text] == ["8"]
    app.text_input[0].set_value("me").run()
    assert [each.value for each in app.text] == ["8", "me"]


def test_an_app_reads_its_secrets(run):
    app = run(
        code(f'api_key = "{key(9)}"\nprint(len(api_key))'), answers={"OPENAI_API_KEY": "x" * 7, "API_KEY": "x" * 7}
    )
    assert not app.exception
    assert [each.value for each in app.text] == ["7"]


def test_failures_that_the_notebook_showed_do_not_end_the_app(run):
    error = {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "x", "traceback": []}
    app = run(code("1 / 0", [error]), code("print('after')"))
    assert not app.exception
    assert [each.value for each in app.error] == ["ZeroDivisionError"]
    assert [each.value for each in app.text] == ["after"]
