"""Shell lines and %env lines: the shell gets the same value, from the kernel's environment."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.fix.mended import PROVIDER, mended

LINES = [
    ("!curl -H @KEY@ x", '!curl -H "$$OPENAI_API_KEY" x'),
    ('!curl -H "Bearer @KEY@" x', '!curl -H "Bearer $$OPENAI_API_KEY" x'),
    ("!curl -H 'Bearer @KEY@' x", "!curl -H 'Bearer '\"$$OPENAI_API_KEY\" x"),
    ("!curl -H 'Bearer @KEY@, x' x", "!curl -H 'Bearer '\"$$OPENAI_API_KEY\"', x' x"),
    ("!curl -H '@KEY@ x' x", "!curl -H \"$$OPENAI_API_KEY\"' x' x"),
    ("!curl -H '@KEY@' x", '!curl -H "$$OPENAI_API_KEY" x'),
    ("!export OPENAI_API_KEY=@KEY@", '!export OPENAI_API_KEY="$$OPENAI_API_KEY"'),
    ("%env OPENAI_API_KEY=@KEY@", "%stsec env OPENAI_API_KEY"),
    ("%env OPENAI_API_KEY @KEY@", "%stsec env OPENAI_API_KEY"),
    ("%set_env MY_KEY @KEY@", "%stsec env MY_KEY"),
    ("%env OPENAI_API_KEY = @KEY@", "%stsec env OPENAI_API_KEY"),
]


@pytest.mark.parametrize(("before", "after"), LINES)
def test_lines_of_ipython(before: str, after: str) -> None:
    result = mended(before + "\nx = 1")
    assert result.cells[0].split("\n", 1)[0] == "%load_ext stsec_magic"
    assert result.cells[0].endswith(after + "\nx = 1")
    assert list(result.kept.values()) == [PROVIDER]


SHELLS = [
    "printf %s @KEY@",
    "printf %s 'a @KEY@b'",
    "printf %s '@KEY@'",
    "printf %s '@KEY@ b'",
    "printf %s 'a @KEY@'",
    "printf %s 'a @KEY@'b",
    'printf %s "a @KEY@"',
    'printf %s "a @KEY@.b"',
    "printf %s x'y'@KEY@\\ z",
    "export K=@KEY@; printf %s $K",
]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell")
@pytest.mark.parametrize("line", SHELLS)
def test_a_shell_prints_what_it_printed_before(line: str) -> None:
    result = mended("x = 1", f"%%bash\n{line}\n")
    text = result.cells[1].removeprefix("%%bash\n")
    assert PROVIDER not in text
    expected = _run(line.replace("@KEY@", PROVIDER))
    assert _run(text, **result.kept) == expected
    assert PROVIDER in expected


AS_IPYTHON_HANDS_THEM_ON = [
    '!printf "%s %s" "$HOME" "@KEY@"',
    '!printf %s "${HOME}" "@KEY@"',
    '!printf %s \'{"a": 1}\' "Bearer @KEY@"',
    '!printf %s \'{"model":"x","key":"@KEY@"}\'',
    "!printf '%s b' @KEY@ | awk '{print $1}'",
    '!printf %s "@KEY@" "don\'t"',
    "!printf %s @KEY@ # don't",
    "!bash -c \"printf %s '@KEY@'\"",
    "!printf %s $name @KEY@",
    "!printf %s {name} '@KEY@ $x'",
    "!printf %s @KEY@.zip",
]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell")
@pytest.mark.parametrize("line", AS_IPYTHON_HANDS_THEM_ON)
def test_the_shell_gets_the_value_whatever_ipython_fills_in(line: str) -> None:
    result = mended(f"name = 'me'\n{line}")
    text = result.cells[0].rpartition("\n")[2]
    assert PROVIDER not in text
    expected = _run(_handed_on(line.replace("@KEY@", PROVIDER)))
    assert _run(_handed_on(text), **result.kept) == expected
    assert PROVIDER in expected


def _handed_on(line: str) -> str:
    from IPython.utils.text import DollarFormatter

    command = line.removeprefix("!")
    try:
        return DollarFormatter().vformat(command, [], {"name": "me"})
    except Exception:
        return command


def test_in_a_function_its_own_names_are_filled_in() -> None:
    source = "def clone(repo):\n    !git clone https://@KEY@@github.com/{repo}.git $repo"
    assert mended(source).cells[0].endswith('https://"$$OPENAI_API_KEY"@github.com/{repo}.git $repo')


def test_what_ipython_fills_in_next_to_a_secret_is_no_part_of_its_name() -> None:
    source = "name = 'me'\n!printf %s \"{name}@KEY@{name}\""
    line = mended(source).cells[0].splitlines()[-1]
    assert _handed_on(line) == 'printf %s "me$OPENAI_API_KEY""me"'


@pytest.mark.parametrize("before", ["from math import *", "exec('pi = 3')", "if x:\n    pi = 3", "print(pi)"])
def test_where_nobody_can_tell_what_is_filled_in_it_waits_to_be_asked_for(before: str) -> None:
    result = mended(before, "!curl {pi} @KEY@")
    assert result.kept == {} and result.refusals[0].is_choice


@pytest.mark.parametrize(
    "other", ["OPENAI_API_KEY=$(printf other)", "unset OPENAI_API_KEY", "for OPENAI_API_KEY in a b; do :; done"]
)
def test_a_variable_that_the_shell_sets_itself_gets_another_name(other: str) -> None:
    result = mended("x = 1", f"%%bash\n{other}\ncurl @KEY@")
    assert result.cells[1].endswith('curl "$OPENAI_API_KEY_VALUE"')
    swapped = mended("x = 1", "%%bash\nDB_PASSWORD='@PASSWORD@'\nDB_PASSWORD='other'\nDB_PASSWORD='@PASSWORD@'")
    names = [line.partition("=")[2] for line in swapped.cells[1].splitlines()[1:]]
    assert names == ['"$DB_PASSWORD_VALUE"', '"$DB_PASSWORD_VALUE_2"', '"$DB_PASSWORD_VALUE"']


@pytest.mark.parametrize(
    "line",
    [
        "R=\"$(curl -H 'Bearer @KEY@' x)\"",
        'export DB_PASSWORD="ab$9@PASSWORD@"',
        "printf %s $'A: @KEY@\\nX: y'",
    ],
)
def test_what_the_shell_reads_otherwise_is_left_alone(line: str) -> None:
    source = f"x = 1\n!{line}"
    assert mended(source).kept == {}


def test_an_apostrophe_in_a_comment_is_no_quote() -> None:
    result = mended("x = 1", '%%bash\n# don\'t\nprintf %s @KEY@\nprintf %s "@KEY@"')
    assert result.cells[1].split("\n")[2:] == ['printf %s "$OPENAI_API_KEY"', 'printf %s "$OPENAI_API_KEY"']


def _run(text: str, **more: str) -> str:
    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=True, env={**os.environ, **more})
    return done.stdout


def test_what_ipython_fills_in_is_left_alone() -> None:
    source = "%env URL=https://x.io/{name}?key=@KEY@"
    assert mended(source).cells == [source.replace("@KEY@", PROVIDER)]


def test_a_here_document_is_taken_literally() -> None:
    source = "%%bash\ncat <<'EOF' > .env\nOPENAI_API_KEY=@KEY@\nEOF\n"
    assert mended(source).refusals[0].is_choice
    assert "<OPENAI_API_KEY>" in mended(source, unsafe=True).cells[0]


def test_a_file_of_settings_that_a_cell_writes_is_changed_only_if_asked_for() -> None:
    source = "%%writefile .env\nOPENAI_API_KEY=@KEY@\n"
    assert mended(source).refusals[0].is_choice
    assert mended(source, unsafe=True).cells == ["%%writefile .env\nOPENAI_API_KEY=<OPENAI_API_KEY>\n"]


def test_a_variable_that_is_set_twice_gets_each_value_by_its_own_name() -> None:
    other = PROVIDER[:-4] + "abcd"
    cells = mended("%env OPENAI_API_KEY=@KEY@", f"%env OPENAI_API_KEY={other}\nx = 1").cells
    assert cells[0] == "%load_ext stsec_magic\n%stsec env OPENAI_API_KEY"
    assert cells[1] == 'import os\nos.environ["OPENAI_API_KEY"] = os.environ["OPENAI_API_KEY_2"]\nx = 1'


def test_secrets_style_sets_the_variable_from_streamlit() -> None:
    (cell,) = mended("%env OPENAI_API_KEY=@KEY@", style="secrets").cells
    assert cell == ('import os\nimport streamlit as st\nos.environ["OPENAI_API_KEY"] = st.secrets["OPENAI_API_KEY"]')
