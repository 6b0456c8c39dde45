"""secrets.toml: what is there stays, what is added reads back as it was meant."""

from __future__ import annotations

import tomllib

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.apply.secrets_file import SecretsError, example, root_keys, with_keys

NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,20}", fullmatch=True)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
_PLAIN = st.one_of(VALUES, st.integers(-(10**9), 10**9), st.booleans(), st.lists(st.integers(0, 9), max_size=3))
_KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
_TABLES = st.dictionaries(_KEYS, st.one_of(_PLAIN, st.dictionaries(_KEYS, _PLAIN, max_size=3)), max_size=5)
_COMMENTS = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), max_size=3)


@settings(max_examples=1000, deadline=None)
@given(
    values=st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), there=_TABLES, comments=_COMMENTS, crlf=st.booleans()
)
def test_any_value_reads_back_and_all_else_stays(
    values: dict[str, str], there: dict[str, object], comments: list[str], crlf: bool
) -> None:
    text = tomlkit.dumps(there) + "".join(f"# {comment}\n" for comment in comments)
    text = "# first\n" + text
    lines = text.splitlines()
    if crlf and "\r" not in text:
        text = text.replace("\n", "\r\n")
    written = with_keys(text, values)
    assert tomllib.loads(written) == {**tomllib.loads(text), **values}
    rest = iter(written.splitlines())
    assert all(line in rest for line in lines), "a line is gone, or the order changed"
    assert root_keys(written)[0].items() >= values.items()


def test_keys_stand_before_the_first_table() -> None:
    written = with_keys('# mine\nA = "1"\n\n[connections.pg] # the database\nurl = "x"\n', {"B": "2"})
    assert tomllib.loads(written)["B"] == "2"
    assert written.index("B =") < written.index("[connections.pg] # the database")


def test_a_file_that_did_not_exist_says_what_it_is() -> None:
    assert with_keys("", {"A": "1"}).startswith("#")
    assert "1" not in example("", {"A": "1"})
    assert tomllib.loads(example("", {"A": "1"})) == {"A": ""}


def test_an_example_need_not_be_toml() -> None:
    text = "OPENAI_API_KEY = <your key>\r\n# DB = ...\r\n"
    assert example(text, {"OPENAI_API_KEY": "1", "DB": "2", "B": "3"}) == f'B = ""\r\n{text}'


def test_nothing_is_written_twice_and_nothing_is_overwritten() -> None:
    assert with_keys('A = "1"\n', {"A": "1"}) == 'A = "1"\n'
    with pytest.raises(SecretsError, match="A is there already"):
        with_keys('A = "1"\n', {"A": "2"})


@pytest.mark.parametrize("bad", ["A = ", "[x", "\ud800"])
def test_a_broken_file_is_refused_without_being_quoted(bad: str) -> None:
    with pytest.raises(SecretsError) as error:
        with_keys(f"SECRET_IN_IT = 'value-of-it'\n{bad}", {"A": "1"})
    assert "value-of-it" not in str(error.value)


def test_a_value_that_toml_cannot_hold_is_refused() -> None:
    with pytest.raises(SecretsError):
        with_keys("", {"A": "\ud800"})


def test_what_streamlit_exports() -> None:
    kept, names = root_keys('A = "1"\nB = 2\nC = true\nD = [1]\n[E]\nF = "x"\n')
    assert (kept, names) == ({"A": "1", "B": "2"}, {"A", "B", "C", "D", "E"})
