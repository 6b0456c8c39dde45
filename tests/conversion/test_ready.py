from stsec_magic.conversion.mended import mended
from stsec_magic.conversion.ready import ready
from stsec_magic.model.config import Config
from tests.conversion.books import LOAD, book, key
from tests.notebooks_in_memory import code, markdown, stream


def test_a_literal_becomes_a_secret_of_streamlit():
    made = ready(book(code(f'import openai\nopenai.api_key = "{key(1)}"')), None, Config(), mends=True)
    assert made.names == ("OPENAI_API_KEY",)
    assert made.failing == ()
    source = "".join(made.notebook["cells"][0]["source"])
    assert 'openai.api_key = st.secrets["OPENAI_API_KEY"]' in source
    assert key(1) not in str(made.notebook)
    assert key(1) not in repr(made)


def test_without_mending_it_is_refused():
    made = ready(book(code(f'api_key = "{key(2)}"')), None, Config(), mends=False)
    assert [each.rule for each in made.failing] == ["openai-api-key"]
    assert made.leaks(f"x = '{key(2)}'")
    assert not made.leaks("x = 1")


def test_what_cannot_be_mended_is_refused():
    assert [each.rule for each in ready(book(code(LOAD)), None, Config(), mends=True).failing] == ["untrusted-load"]


def test_outputs_stay_behind():
    made = ready(book(code("show()", [stream(key(3))])), None, Config(), mends=False)
    assert made.failing == ()
    assert len(made.behind) == 1


def test_markdown_leaves():
    assert ready(book(markdown(f"use {key(4)}")), None, Config(), mends=False).failing


def test_the_notebook_itself_is_not_changed():
    notebook = book(code(f'api_key = "{key(5)}"'))
    before = str(notebook)
    assert mended(notebook, None, Config()).names
    assert str(notebook) == before


def test_a_clean_notebook_is_handed_on_as_it_is():
    notebook = book(code("x = 1"))
    assert ready(notebook, None, Config(), mends=True).notebook is notebook
    assert mended(notebook, None, Config()).notebook is notebook
