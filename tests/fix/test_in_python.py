"""Literals in Python become expressions that give the same value, wherever they stand."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.credentials import fill
from tests.fix.mended import PASSWORD, PRELUDE, PROVIDER, mended
from tests.notebooks_in_memory import code

READ = 'os.environ["OPENAI_API_KEY"]'

MOVED = [
    ('key = "@KEY@"', f"key = {READ}"),
    ("key = '@KEY@'  # mine", f"key = {READ}  # mine"),
    ('key = b"@KEY@"', f"key = {READ}.encode()"),
    ('client = OpenAI(api_key="@KEY@", n=1)', f"client = OpenAI(api_key={READ}, n=1)"),
    ('def ask(q, key="@KEY@"):\n    return q', f"def ask(q, key={READ}):\n    return q"),
    ('conf = {"key": "@KEY@"}', f'conf = {{"key": {READ}}}'),
    ('key = u"@KEY@"', f"key = {READ}"),
    ('key = ("@KEY@")', f"key = ({READ})"),
    ('key = f"@KEY@"', f"key = {READ}"),
    ('h = {"Authorization": "Bearer @KEY@"}', """h = {"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"}"""),
    ("h = 'Bearer @KEY@'", "h = f'Bearer {" + READ + "}'"),
    ("h = r'\\d @KEY@'", "h = fr'\\d {" + READ + "}'"),
    ("h = f'{n} @KEY@ {{x}}'", "h = f'{n} {" + READ + "} {{x}}'"),
    ("h = 'a' 'b @KEY@' 'c'", "h = 'a' f'b {" + READ + "}' 'c'"),
    ('h = \'{"k": "@KEY@"}\'', 'h = f\'{{"k": "{' + READ + "}\"}}'"),
    ('h = """one\n@KEY@\nthree"""', 'h = f"""one\n{os.environ[\'OPENAI_API_KEY\']}\nthree"""'),
    ("h = '@KEY@/{}'.format(1)", "h = f'{" + READ + "}/{{}}'.format(1)"),
    ('key = os.getenv("MY_KEY", "@KEY@")', 'key = os.environ["MY_KEY"]'),
    ('key = os.environ.get("MY_KEY", "@KEY@")', 'key = os.environ["MY_KEY"]'),
    ('key = os.getenv("MY_KEY", default="@KEY@")', 'key = os.environ["MY_KEY"]'),
    ('key = os.environ.get("MY_KEY") or "@KEY@"', 'key = os.environ["MY_KEY"]'),
    ('os.environ["MY_KEY"] = "@KEY@"', 'assert os.environ.get("MY_KEY"), "MY_KEY is not set"'),
    ('os.environ.setdefault("MY_KEY", "@KEY@")', 'assert os.environ.get("MY_KEY"), "MY_KEY is not set"'),
    ('os.environ.update({"MY_KEY": "@KEY@"})', 'os.environ.update({"MY_KEY": os.environ["MY_KEY"]})'),
    ('# key = "@KEY@"', '# key = "<OPENAI_API_KEY>"'),
    ('"""The key is @KEY@."""\nx = 1', '"""The key is <OPENAI_API_KEY>."""\nx = 1'),
    ('x = 1; key = "@KEY@"; y = 2', f"x = 1; key = {READ}; y = 2"),
    ('naïve = "é"; key = "@KEY@"', f'naïve = "é"; key = {READ}'),
]


@pytest.mark.parametrize(("before", "after"), MOVED)
def test_a_key_is_read_from_the_environment(before: str, after: str) -> None:
    result = mended(f"import os\n{before}")
    text = result.cells[0].removeprefix("%load_ext stsec_magic\n%stsec env\n")
    assert text == f"import os\n{after}"
    assert list(result.kept.values()) == [PROVIDER]
    assert PROVIDER not in text
    ast.parse(text)


VALUES = [
    "'Bearer @KEY@'",
    "'a {b} @KEY@ {{c}}'",
    'f"{1 + 1} @KEY@ {{c}}"',
    "r'\\x {1} @KEY@'",
    "'tab\\t' \"@KEY@\" 'x{}'",
    "b'@KEY@'",
    "'@KEY@ {} %s'.format(2)",
    "'@KEY@ {%%} %s' % 2",
    '"""\n@KEY@\n\\n"""',
    "'postgresql://me:@PASSWORD@@db.bikes.io:5432/x?a={b}'",
]


@pytest.mark.parametrize("expression", VALUES)
def test_the_value_is_the_same_as_before(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = mended(f"import os\nx = {expression}")
    for name, value in result.kept.items():
        monkeypatch.setenv(name, value)
    assert result.kept, "nothing was mended"
    names: dict[str, object] = {}
    text = result.cells[0].removeprefix("%load_ext stsec_magic\n%stsec env\n")
    exec(text, names)
    expected: dict[str, object] = {}
    exec("x = " + expression.replace("@KEY@", PROVIDER).replace("@PASSWORD@", PASSWORD), expected)
    assert names["x"] == expected["x"]


def test_a_url_keeps_all_but_its_password() -> None:
    result = mended('url = "postgresql://me:@PASSWORD@@db.bikes.io/x"')
    assert result.cells[0] == PRELUDE + "url = f\"postgresql://me:{os.environ['POSTGRESQL_PASSWORD']}@db.bikes.io/x\""
    assert result.kept == {"POSTGRESQL_PASSWORD": PASSWORD}


def test_the_code_says_itself_what_a_whole_url_is_called() -> None:
    result = mended('import os\nurl = os.getenv("DATABASE_URL", "postgresql://me:@PASSWORD@@db.bikes.io/x")')
    assert result.cells[0].endswith('url = os.environ["DATABASE_URL"]')
    assert result.kept == {"DATABASE_URL": f"postgresql://me:{PASSWORD}@db.bikes.io/x"}


LEFT_ALONE = [
    "match key:\n    case '@KEY@':\n        pass",
    "x = b'Bearer @KEY@'",
    "os = 3\nx = '@KEY@'",
]


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_what_has_no_safe_form_is_left_alone_with_a_reason(source: str) -> None:
    result = mended(source)
    assert result.cells == [source.replace("@KEY@", PROVIDER)]
    assert len(result.why) == 1
    assert PROVIDER not in result.why[0]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the same quotes inside an f-string's expression")
def test_expressions_of_f_strings_are_left_alone() -> None:
    source = "x = f\"{ask('@KEY@')}\""
    assert mended(source).cells == [source.replace("@KEY@", PROVIDER)]


def test_the_same_secret_gets_one_name_and_another_one_another() -> None:
    other = PROVIDER[:-4] + "abcd"
    result = mended('a = "@KEY@"', f'b = "{other}"\nc = "{PROVIDER}"')
    assert result.kept == {"OPENAI_API_KEY": PROVIDER, "OPENAI_API_KEY_2": other}
    assert result.cells[1] == 'b = os.environ["OPENAI_API_KEY_2"]\nc = os.environ["OPENAI_API_KEY"]'


def test_what_is_kept_already_keeps_its_name() -> None:
    result = mended('a = "@KEY@"', kept={"MINE": PROVIDER, "OPENAI_API_KEY": "another"})
    assert result.cells[0].endswith('a = os.environ["MINE"]')


def test_a_likely_secret_moves_as_the_code_means_the_same_after_it() -> None:
    result = mended(f'db_password = "{PASSWORD}"')
    assert result.cells[0] == PRELUDE + 'db_password = os.environ["DB_PASSWORD"]'


def test_what_nobody_is_sure_of_stays_unless_asked_for() -> None:
    local = f'url = "postgresql://me:{PASSWORD}@localhost/x"'
    assert mended(local).cells == [local]
    assert mended(local).refusals[0].is_choice
    assert mended(local, unsafe=True).kept


def test_a_file_that_a_cell_writes_is_changed_only_if_asked_for() -> None:
    source = '%%writefile app.py\nimport sys\nkey = "@KEY@"\n'
    assert mended(source).refusals[0].is_choice
    written = mended(source, unsafe=True).cells[0]
    assert written == f"%%writefile app.py\nimport os\nimport sys\nkey = {READ}\n"


def test_code_that_does_not_parse_is_mended_by_its_quotes() -> None:
    result = mended('print "hello"\nkey = "@KEY@"\n')
    assert result.cells[0] == PRELUDE + f'print "hello"\nkey = {READ}\n'


def test_suppressed_places_stay() -> None:
    source = 'a = "@KEY@"  # stsec: ignore[openai-api-key] revoked'
    assert mended(source).cells == [source.replace("@KEY@", PROVIDER)]


def test_secrets_style_reads_from_streamlit() -> None:
    result = mended('import os\nkey = "@KEY@"\nos.environ["K"] = "@KEY@"', style="secrets")
    assert result.cells[0] == (
        'import streamlit as st\nimport os\nkey = st.secrets["OPENAI_API_KEY"]\n'
        'os.environ["K"] = st.secrets["OPENAI_API_KEY"]'
    )


def test_outputs_that_show_it_go() -> None:
    from tests.notebooks_in_memory import stream

    cell = code(f'key = "{PROVIDER}"\nkey', [stream("fine"), stream(f"it is {PROVIDER}")])
    assert mended(cell).removed == (("cells", 0, "outputs", 1),)


def test_what_was_pasted_without_quotes_is_read_if_asked_for() -> None:
    assert mended("key = @KEY@").refusals[0].is_choice
    result = mended("key = @KEY@\nprint(key)", unsafe=True)
    assert result.cells[0] == PRELUDE + f"key = {READ}\nprint(key)"
    assert list(result.kept.values()) == [PROVIDER]
    token = fill("hf_{alpha:34}", "fix")
    assert mended(f"def f({token}): pass", unsafe=True).why == ["it stands in no literal"]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    t = '@KEY@'\n    import os\n    return t",
        "def f(os):\n    return '@KEY@'",
        "g = lambda os: '@KEY@'",
        "x = [f('@KEY@') for os in y]",
        "class A:\n    os = 'linux'\n    token = '@KEY@'",
        "def f():\n    for os in x:\n        g('@KEY@')",
        "def f():\n    if colab:\n        import os\n    else:\n        t = '@KEY@'",
        "def f(x):\n    match x:\n        case [1, *os]:\n            t = '@KEY@'",
        "def f():\n    def os(): pass\n    return '@KEY@'",
        "def f():\n    from mine import os\n    return '@KEY@'",
    ],
)
def test_where_os_is_something_else_nothing_is_changed(source: str) -> None:
    result = mended(source)
    assert result.cells == [source.replace("@KEY@", PROVIDER)]
    assert result.why == ["'os' means something else in this notebook"]


DELETIONS = [
    *(
        "del os",
        "x = 1; del os",
        "del a, os",
        "if x:\n    del os",
        "del (a, os)",
        "del \\\n    os",
        "del (\n    a,\n    os\n)",
    ),
    *("%time del os", "%xdel os", "globals().pop('os')", "def g():\n    global os\n    del os\ng()"),
]


@pytest.mark.parametrize("delete", DELETIONS)
@pytest.mark.parametrize("function", ["def f():\n    return '@KEY@'", "f = lambda: '@KEY@'"])
def test_a_function_does_not_ask_for_what_is_deleted_afterwards(function: str, delete: str) -> None:
    result = mended(f"import os\n{function}", delete, "f()")
    assert result.kept == {}
    assert result.why == ["'os' means something else in this notebook"]


@pytest.mark.parametrize("delete", DELETIONS)
def test_nothing_asks_for_what_its_own_cell_has_deleted(delete: str) -> None:
    assert mended(f"import os\n{delete}\nkey = '@KEY@'").kept == {}
    assert mended(f"import os\n{delete}\nimport os\nkey = '@KEY@'").kept != {}
    # In another cell it is imported once more.
    cells = mended("import os", delete, "key = '@KEY@'").cells
    assert cells[2] == f'{PRELUDE}key = os.environ["OPENAI_API_KEY"]'
    cells = mended("import os", delete, "import os", "key = '@KEY@'").cells
    assert "import os" not in cells[3]


@pytest.mark.parametrize(
    "other",
    [
        *("del os.environ['X']", "del x.os", "del close", "# del os", "s = 'x'\n# ; del os", "s = 'del os'"),
        "def g():\n    os = 1\n    del os",
    ],
)
def test_what_is_deleted_but_is_not_the_module_matters_not(other: str) -> None:
    assert mended("import os\ndef f():\n    return '@KEY@'", other).kept != {}
    assert mended(f"import os\n{other}\nkey = '@KEY@'").kept != {}


@pytest.mark.parametrize(
    "other",
    [
        *("match x:\n  case os: pass", "match x:\n  case {'a': 1, **os}: pass", "y = [(os := i) for i in x]"),
        *("%%capture os\nprint(1)", "%%bash --out os\nls"),
    ],
)
def test_what_else_gives_the_name_to_something(other: str) -> None:
    assert mended("key = '@KEY@'", other).kept == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f():\n    return'@KEY@'", 'def f():\n    return os.environ["OPENAI_API_KEY"]'),
        ("def f():\n    return'Bearer @KEY@'", "def f():\n    return f'Bearer {os.environ[\"OPENAI_API_KEY\"]}'"),
        ("x = a in'@KEY@'", 'x = a in os.environ["OPENAI_API_KEY"]'),
        ("x = 1 if a else'@KEY@'", 'x = 1 if a else os.environ["OPENAI_API_KEY"]'),
        ("x = '@KEY@'if a else 1", 'x = os.environ["OPENAI_API_KEY"]if a else 1'),
    ],
)
def test_a_word_right_before_a_literal_stays_a_word(before: str, after: str) -> None:
    assert mended(before).cells == [PRELUDE + after]


def test_two_defaults_of_one_variable_stay_two() -> None:
    other = fill("sk-proj-{alnum:48}T3BlbkFJ{alnum:48}", "other")
    rows = (("a", "@KEY@"), ("b", other))
    result = mended("import os\n" + "\n".join(f"{name} = os.getenv('OPENAI_API_KEY', '{key}')" for name, key in rows))
    assert result.cells[0].endswith('\na = os.environ["OPENAI_API_KEY"]\nb = os.environ["OPENAI_API_KEY_2"]')
    assert result.kept == {"OPENAI_API_KEY": PROVIDER, "OPENAI_API_KEY_2": other}


def test_where_a_function_imports_it_before_it_is_the_module() -> None:
    assert mended("def f():\n    import os\n    return '@KEY@'").kept != {}


SET = 'os.environ["OPENAI_API_KEY"] = "@KEY@"'
OTHER = 'os.environ["OPENAI_API_KEY"] = "other value"'


@pytest.mark.parametrize(
    "more",
    [
        OTHER,
        'os.environ.pop("OPENAI_API_KEY", None)',
        'del os.environ["OPENAI_API_KEY"]',
        "%env OPENAI_API_KEY=other value",
        'os.environ.update(OPENAI_API_KEY="other value")',
        'os.environ |= {"OPENAI_API_KEY": "other value"}',
        'os.environ["OPENAI_API_KEY"], b = "other value", 1',
        'with patch.dict(os.environ, {"OPENAI_API_KEY": "other value"}):\n    f()',
    ],
)
def test_a_variable_that_changes_is_still_set(more: str) -> None:
    result = mended("import os", more, SET)
    assert result.cells[2].endswith('os.environ["OPENAI_API_KEY"] = os.environ["OPENAI_API_KEY_VALUE"]')
    assert result.kept == {"OPENAI_API_KEY_VALUE": PROVIDER}
    steady = mended("import os", SET, SET).cells
    assert [each.splitlines()[-1][:6] for each in steady[1:]] == ["assert", "assert"]


@pytest.mark.parametrize("more", [OTHER, 'os.environ.pop("OPENAI_API_KEY", None)', "%env OPENAI_API_KEY=$v"])
@pytest.mark.parametrize("use", ['k = "@KEY@"', 'k = os.environ.get("OPENAI_API_KEY") or "@KEY@"', 'f(f"x @KEY@")'])
def test_what_the_notebook_does_to_a_variable_is_nothing_to_a_secret(more: str, use: str) -> None:
    result = mended("import os", more, use)
    assert result.kept == {"OPENAI_API_KEY_VALUE": PROVIDER}
    assert "os.environ" in result.cells[2] and "OPENAI_API_KEY_VALUE" in result.cells[2]


@pytest.mark.parametrize(
    "more",
    [
        "os.environ.clear()",
        "os.environ = {'A': 'b'}",
        "with patch.dict(os.environ, clear=True):\n    f()",
        'with patch.dict("os.environ", {}, clear=True):\n    f()',
        "for n in names:\n    os.environ.pop(n, None)",
        "for n in names:\n    del os.environ[n]",
    ],
)
def test_where_any_variable_may_go_it_waits_to_be_asked_for(more: str) -> None:
    result = mended("import os", more, 'k = "@KEY@"')
    assert result.kept == {} and result.refusals[0].is_choice


def test_a_default_is_kept_beside_what_the_project_has_under_that_name() -> None:
    result = mended('import os\nk = os.getenv("OPENAI_API_KEY", "@KEY@")', kept={"OPENAI_API_KEY": "newer"})
    assert result.cells[0].endswith('k = os.getenv("OPENAI_API_KEY", os.environ["OPENAI_API_KEY_2"])')
    assert result.kept == {"OPENAI_API_KEY_2": PROVIDER}


@pytest.mark.parametrize("getter", ["os.getenv", "os.environ.setdefault", "os.environ.get"])
def test_another_variable_is_still_asked_first(getter: str) -> None:
    result = mended('import os\na = "@KEY@"', f'x = {getter}("MY_KEY", "@KEY@")')
    assert result.cells[1] == f'x = {getter}("MY_KEY", os.environ["OPENAI_API_KEY"])'


def test_names_of_characters_are_no_braces() -> None:
    result = mended(r'x = "\N{EM DASH} \\N{a} Bearer @KEY@ {y}"')
    made = result.cells[0].removeprefix(PRELUDE)
    assert made == r'x = f"\N{EM DASH} \\N{{a}} Bearer {os.environ["OPENAI_API_KEY"]} {{y}}"'.replace(
        '["', "['"
    ).replace('"]', "']")


@pytest.mark.parametrize("more", ["del os", "del sys, os", "%reset -f"])
def test_a_module_that_was_forgotten_is_imported_again(more: str) -> None:
    assert mended("import os", more, 'k = "@KEY@"').cells[2] == f"{PRELUDE}k = {READ}"
    assert mended('k = "@KEY@"', more, 'k = "@KEY@"').cells[2] == f"import os\nk = {READ}"


def test_the_line_of_a_cell_magic_is_left_alone() -> None:
    for source in ("%%timeit t = '@KEY@'\nlen(t)", "%%bash -s @KEY@\necho $1"):
        assert mended("x = 1", source).kept == {}


def test_magics_above_each_other() -> None:
    assert mended("%%time\n%%capture c\nk = '@KEY@'").cells == [f"%%time\n%%capture c\n{PRELUDE}k = {READ}"]
    written = "%%capture c\n%%writefile a.py\nk = '@KEY@'"
    assert mended(written).refusals[0].is_choice
