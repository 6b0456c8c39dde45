"""Literals, comments, named values and calls in every language."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.source.namedvalue import Form
from stsec_magic.source.tokens.lexed import Lexed


def pairs(language: str, text: str) -> list[tuple[str, str]]:
    """Names and values; every span is that of its value, every name stands where it is said to."""
    found = list(Lexed(text, language).named_values())
    for value in found:
        assert text[value.start : value.end] == value.value
    return [(value.name, value.value) for value in found]


ONE = [
    # R
    ("r", 'tok <- "v"', "tok"),
    ("r", 'tok <<- "v"', "tok"),
    ("r", '"v" -> tok', "tok"),
    ("r", '"v" ->> a$tok', "a.tok"),
    ("r", 'aws.tok = "v"', "aws.tok"),
    ("r", 'Sys.setenv(KEY = "v")', "KEY"),
    ("r", 'Sys.setenv("KEY", "v")', "KEY"),
    ("r", 'add_headers("x-key" = "v")', "x-key"),
    ("r", 'add_headers(`x-key` = "v")', "x-key"),
    ("r", 'add_headers(Authorization = "Bearer v")', "Authorization"),
    ("r", 'x[["tok"]] <- "v"', "tok"),
    ("r", 'a$tok <- "v"', "a.tok"),
    ("r", 'tok <- r"(v)"', "tok"),
    # Julia
    ("julia", 'ENV["KEY"] = "v"', "KEY"),
    ("julia", 'Dict("tok" => "v")', "tok"),
    ("julia", 'Dict(:tok => "v")', "tok"),
    ("julia", 'const tok::String = "v"', "tok"),
    ("julia", 'f(tok="v")', "tok"),
    ("julia", 'tok = """v"""', "tok"),
    ("julia", 'get(ENV, "KEY", "v")', "KEY"),
    # Scala, Kotlin, Java, Groovy
    ("scala", 'val tok: String = "v"', "tok"),
    ("scala", 'spark.conf.set("fs.s3a.key", "v")', "fs.s3a.key"),
    ("scala", '.option("tok", "v")', "tok"),
    ("scala", 'sys.env.getOrElse("KEY", "v")', "KEY"),
    ("scala", 'Map("Authorization" -> "Bearer v")', "Authorization"),
    ("scala", 'val tok = """v"""', "tok"),
    ("kotlin", 'val tok: String? = "v"', "tok"),
    ("kotlin", 'mapOf("tok" to "v")', "tok"),
    ("java", 'private static final String TOK = "v";', "TOK"),
    ("java", 'props.put("tok", "v");', "tok"),
    ("java", 'String tok = new String("v");', "tok"),
    ("groovy", 'def m = [tok: "v"]', "tok"),
    # SQL
    ("sql", "SET tok = 'v'", "tok"),
    ("sql", "SET s3.secret.tok=v;", "s3.secret.tok"),
    ("sql", "CREATE USER u WITH PASSWORD 'v'", "PASSWORD"),
    ("sql", "CREATE USER u IDENTIFIED BY 'v'", "password"),
    ("sql", "CREATE USER u IDENTIFIED WITH plugin BY 'v'", "password"),
    ("sql", "SET PASSWORD FOR u = PASSWORD('v')", "PASSWORD"),
    ("sql", "OPTIONS (tok 'v')", "tok"),
    ("sql", "WITH ('tok' = 'v')", "tok"),
    ("postgresql", "ALTER USER u PASSWORD 'v'", "PASSWORD"),
    ("mysql", "SET PASSWORD = 'v'", "PASSWORD"),
    # Shells
    ("bash", "KEY=v", "KEY"),
    ("bash", "KEY='v'", "KEY"),
    ("bash", 'export KEY="v"', "KEY"),
    ("bash", "export KEY=v # c", "KEY"),
    ("bash", "KEY=v cmd", "KEY"),
    ("bash", "KEY=$'v'", "KEY"),
    ("bash", "docker run -e KEY=v x", "KEY"),
    ("bash", 'docker run -e "KEY=v" x', "KEY"),
    ("bash", "cmd --tok v", "tok"),
    ("bash", "cmd --tok=v", "tok"),
    ("bash", "cmd --tok='v'", "tok"),
    ("bash", "mysql -uroot -pv db", "password"),
    ("bash", "docker login -u me -p v", "password"),
    ("bash", 'curl -H "Authorization: Bearer v" u', "Authorization"),
    ("bash", "curl -H 'X-Api-Key: v' u", "X-Api-Key"),
    ("bash", 'curl --header="X-Api-Key: v" u', "X-Api-Key"),
    ("bash", 'X=$(curl -H "Key: v" u)', "Key"),
    ("bash", 'echo "$(cmd --tok v)"', "tok"),
    ("bash", "aws configure set tok v", "tok"),
    ("bash", 'echo "${KEY:-v}"', "KEY"),
    ("shell", "sudo KEY=v cmd", "KEY"),
    ("shell", "%%bash\nKEY=v", "KEY"),
    ("fish", "set -x KEY v", "KEY"),
    ("tcsh", "setenv KEY v", "KEY"),
    ("tcsh", 'set key = "v"', "key"),
    ("batch", "set KEY=v\r\n", "KEY"),
    ("powershell", '$env:KEY = "v"', "KEY"),
    ("powershell", "$tok = 'v'", "tok"),
    ("powershell", 'Connect -Tok "v"', "Tok"),
    ("powershell", "Connect -Tok v", "Tok"),
    ("powershell", '@{ tok = "v" }', "tok"),
    # Files
    ("dotenv", "KEY=v", "KEY"),
    ("dotenv", "KEY=v # c\n", "KEY"),
    ("dotenv", "export KEY='v'", "KEY"),
    ("dotenv", 'KEY = "v"', "KEY"),
    ("docker", "FROM x\nENV KEY=v", "KEY"),
    ("docker", "FROM x\nENV KEY v", "KEY"),
    ("docker", "ARG KEY=v", "KEY"),
    ("docker", "RUN export KEY=v && ls", "KEY"),
    ("yaml", "tok: v", "tok"),
    ("yaml", 'x-tok: "v"', "x-tok"),
    ("yaml", "{tok: 'v'}", "tok"),
    ("json", '{"tok": "v"}', "tok"),
    ("toml", 'a.tok = "v"', "a.tok"),
    ("ini", "[a]\ntok = v", "tok"),
    ("properties", "a.tok=v", "a.tok"),
    ("hcl", 'tok = "v"', "tok"),
    ("make", "KEY := v\n", "KEY"),
    # Others
    ("python2", "print 'x'; tok = u'v'", "tok"),
    ("python", "tok = 'v'\nprint 1", "tok"),
    ("python", "f(tok='v'\n", "tok"),
    ("python", "!ls it's\ntok = 'v'", "tok"),
    ("python", "d = {'tok': 'v'\n", "tok"),
    ("python", "d['tok'] = 'v' 1", "tok"),
    ("python", "tok: str = 'v' 1", "tok"),
    ("python", "tok = os.environ.get('x') or 'v' 1", "tok"),
    ("javascript", 'const tok = "v";', "tok"),
    ("javascript", "let tok = `v`", "tok"),
    ("javascript", "process.env.KEY = 'v'", "process.env.KEY"),
    ("javascript", "this.tok = 'v'", "tok"),
    ("javascript", "o = {tok: 'v'}", "tok"),
    ("javascript", "o = {'x-tok': 'v'}", "x-tok"),
    ("javascript", "const tok = process.env.TOK || 'v'", "tok"),
    ("javascript", "if (tok === 'v') {}", "tok"),
    ("typescript", 'private readonly tok: string = "v"', "tok"),
    ("go", 'var tok string = "v"', "tok"),
    ("go", "tok := `v`", "tok"),
    ("go", 'os.Setenv("KEY", "v")', "KEY"),
    ("rust", 'static TOK: &\'static str = "v";', "TOK"),
    ("rust", 'let tok = String::from("v");', "tok"),
    ("rust", 'let tok = r#"v"#;', "tok"),
    ("c++17", 'std::string tok = "v";', "tok"),
    ("c++17", 'std::string tok{"v"};', "tok"),
    ("c++17", 'const char tok[] = "v";', "tok"),
    ("c++17", '#define TOK "v"\n', "TOK"),
    ("c++17", 'auto tok = R"(v)";', "tok"),
    ("c#", 'var tok = @"v";', "tok"),
    ("c#", 'f(tok: "v")', "tok"),
    ("fsharp", 'let tok : string = "v"', "tok"),
    ("haskell", 'tok = "v"', "tok"),
    ("haskell", 'setEnv "KEY" "v"', "KEY"),
    ("ruby", "ENV['KEY'] = 'v'", "KEY"),
    ("ruby", "{ :tok => 'v' }", "tok"),
    ("ruby", "{ tok: 'v' }", "tok"),
    ("ruby", "tok = %q(v)", "tok"),
    ("perl", "$ENV{KEY} = 'v';", "KEY"),
    ("perl", "my $tok = q{v};", "tok"),
    ("php", "<?php $tok = 'v';", "tok"),
    ("php", "<?php define('KEY', 'v');", "KEY"),
    ("lua", "t = { ['tok'] = 'v' }", "tok"),
    ("octave", "setenv('KEY', 'v')", "KEY"),
    ("matlab", "f('Tok', 'v')", "Tok"),
    ("sas", "%let tok = v;", "tok"),
    ("sas", "libname x tok='v';", "tok"),
    ("stata", 'global tok "v"', "tok"),
    ("clojure", '(def tok "v")', "tok"),
    ("elixir", '%{tok: "v"}', "tok"),
    ("swift", 'let tok: String = "v"', "tok"),
]


def test_the_text_of_a_secure_string() -> None:
    text = '$it = ConvertTo-SecureString -AsPlainText "hunter2hunter2" -Force'
    assert ("ConvertTo-SecureString", "hunter2hunter2") in pairs("powershell", text)


@pytest.mark.parametrize(("language", "text", "name"), ONE)
def test_a_value_with_its_name(language: str, text: str, name: str) -> None:
    text = text.replace("v", "hunter2hunter2") if text.count("v") == 1 else text
    value = "hunter2hunter2" if "hunter2" in text else "v"
    assert pairs(language, text) == [(name, value)]
    assert pairs(language, "\n" + text + "\n")[:1] == [(name, value)]


@pytest.mark.parametrize(("language", "text", "name"), ONE)
def test_a_name_stands_where_it_is_said_to(language: str, text: str, name: str) -> None:
    for value in Lexed(text, language).named_values():
        last = name.rpartition(".")[2].lower()
        at = value.name_start
        assert last in text[at : at + 40].lower() or text[at : at + 2] in ("-p", "ID")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bash", "KEY=$OTHER"),
        ("bash", 'KEY="${OTHER}"'),
        ("bash", "KEY=$(cmd)"),
        ("bash", "KEY=`cmd`"),
        ("bash", 'cmd --tok "$TOK"'),
        ("bash", 'curl -H "Authorization: Bearer $TOK"'),
        ("bash", "# KEY=v"),
        ("bash", "cmd --tok --other"),
        ("bash", "cmd > KEY=v"),
        ("bash", "echo 'KEY=v'"),
        ("dotenv", "KEY=$OTHER"),
        ("dotenv", "KEY="),
        ("dotenv", "# KEY=v"),
        ("docker", "ENV KEY=$OTHER"),
        ("javascript", "tok = `${tok}`"),
        ("javascript", "a ? 'b' : 'c'"),
        ("javascript", "tok = '${tok}'"),
        ("javascript", "// tok = 'v'"),
        ("javascript", "tok = prompt('v')"),
        ("javascript", "tok = /v/"),
        ("python", "tok = f'{tok}'\nprint 1"),
        ("python", "# tok = 'v'\nprint 1"),
        ("r", "# tok <- 'v'"),
        ("r", 'tok <- Sys.getenv("KEY")'),
        ("r", 'c("a", "b", "c")[3]; x <- ""'),
        ("julia", 'tok = "$(tok)"'),
        ("sql", "-- PASSWORD 'v'"),
        ("sql", "SET PASSWORD = f(x)"),
        ("powershell", '$tok = "$other"'),
        ("html", '<a tok="v">'),
        ("text", 'tok = "v"'),
        ("no such language", 'tok = "v"'),
    ],
)
def test_no_value(language: str, text: str) -> None:
    assert [pair for pair in pairs(language, text) if pair[0].lower() not in ("c",) and pair[1] != "b"] == []


@pytest.mark.parametrize(
    ("language", "text", "form"),
    [
        ("r", 'tok <- "v"', Form.LITERAL),
        ("bash", "KEY=v", Form.LITERAL),
        ("bash", "cmd KEY=v", Form.BARE),
        ("bash", "cmd --tok v", Form.BARE),
        ("bash", "cmd --tok 'v'", Form.LITERAL),
        ("dotenv", "KEY=v", Form.LITERAL),
        ("sql", "SET tok=v", Form.BARE),
        ("powershell", "f -Tok v", Form.BARE),
        ("javascript", "[['tok', 'v']]", Form.BARE),
    ],
)
def test_how_surely_a_name_is_tied(language: str, text: str, form: Form) -> None:
    assert [value.form for value in Lexed(text, language).named_values()] == [form]


def test_an_entry_with_a_name_and_a_value_names_the_value() -> None:
    assert ("DB_PW", "v") in pairs("yaml", "env:\n  - name: DB_PW\n    value: v\n")
    assert ("DB_PW", "v") in pairs("json", '[{"name": "DB_PW", "value": "v"}]')
    assert ("DB_PW", "v") not in pairs("json", '[{"name": "DB_PW", "x": "y", "value": "v"}]')


def test_several_values_in_one_text() -> None:
    assert pairs("docker", "ENV A=b \\\n    C='d e'\n") == [("A", "b"), ("C", "d e")]
    assert pairs("dotenv", "A=b c\nD = 'e' # f\nG=\"h\ni\"\n") == [("A", "b c"), ("D", "e"), ("G", "h\ni")]
    assert pairs("bash", "A=b C=d cmd; export E=f G=h") == [("A", "b"), ("C", "d"), ("E", "f"), ("G", "h")]


@pytest.mark.parametrize(
    ("language", "text", "whole", "content"),
    [
        ("r", "x <- 'v' # 'c'", "'v'", "v"),
        ("scala", 's"a $x b"', 's"a $x b"', "a $x b"),
        ("javascript", '`a ${f("b")} c`', '`a ${f("b")} c`', 'a ${f("b")} c'),
        ("python", "x = rb'''v''' 1", "rb'''v'''", "v"),
        ("python", "x = 'it\\'s' 1", "'it\\'s'", "it\\'s"),
        ("sql", "x = 'it''s'", "'it''s'", "it''s"),
        ("bash", "cat <<EOF\na\nb\nEOF\n", "a\nb\n", "a\nb\n"),
        ("bash", 'echo "$(cat "a b")"', '"$(cat "a b")"', '$(cat "a b")'),
        ("rust", 'x = r#"a"b"#;', 'r#"a"b"#', 'a"b'),
        ("lua", "x = [[v]]", "[[v]]", "v"),
        ("go", "x = `v`", "`v`", "v"),
        ("kotlin", 'x = "a ${b} c"', '"a ${b} c"', "a ${b} c"),
    ],
)
def test_a_string_literal(language: str, text: str, whole: str, content: str) -> None:
    lexed = Lexed(text, language)
    (found,) = lexed.strings
    assert text[found.start : found.end] == whole
    assert text[found.content_start : found.content_end] == content
    assert lexed.around(found.start) == lexed.around(found.end - 1) == (found.start, found.end)
    assert lexed.around(found.end) is None
    assert lexed.around(-1) is None


@pytest.mark.parametrize(
    ("language", "text", "comment"),
    [
        ("r", "x <- '#' # c", "# c"),
        ("sql", "x = '--' -- c", "-- c"),
        ("javascript", "x = '//' /* c */", "/* c */"),
        ("bash", "x='#' y#z # c", "# c"),
        ("dotenv", "x='#' # c\n# c", "# c"),
        ("octave", "x = '%' % c", "% c"),
        ("haskell", 'x = "--" {- c -}', "{- c -}"),
        ("yaml", "x: '#' # c", "# c"),
    ],
)
def test_a_comment(language: str, text: str, comment: str) -> None:
    lexed = Lexed(text, language)
    at = text.rindex(comment)
    assert lexed.in_comment(at)
    assert lexed.in_comment(at + len(comment) - 1)
    assert not lexed.in_comment(0)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python2", "print 1; x = pickle.load(f)", [("pickle.load", "f")]),
        ("python", "a b\nnp.load('x)', allow_pickle=True)", [("np.load", "'x)', allow_pickle=True")]),
        ("python", "a b\n'f(x)' # g(y)", []),
        ("r", 'reticulate::py_load_object("x")', [("reticulate.py_load_object", '"x"')]),
        ("r", "pd$read_pickle(f(x))", [("pd.read_pickle", "f(x)"), ("f", "x")]),
        ("r", 'import("pickle")$load(f)', [("import", '"pickle"'), ("pickle.load", "f")]),
        ("julia", 'pyimport("pickle").load(f)', [("pyimport", '"pickle"'), ("pickle.load", "f")]),
        ("julia", "f.(x)", [("f", "x")]),
        ("scala", "a.b(c)", [("a.b", "c")]),
        ("scala", "a\n  .b(c)", [("a.b", "c")]),
        ("php", "<?php $a->b(c);", [("a.b", "c")]),
        ("python", "a b\nf(x\ny", [("f", "x")]),
        ("bash", "f() { g; }", []),
    ],
)
def test_calls(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(call.name, text[call.open : call.end]) for call in Lexed(text, language).calls()] == expected


def test_a_call_spans_its_name_and_no_more_than_its_limit() -> None:
    (call,) = Lexed("x = a.b (" + "1," * 3000 + ")\ny z", "python").calls()
    assert (call.start, call.open, call.end) == (4, 9, 2009)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("r", 'np <- import("numpy")', [("np", "numpy")]),
        ("r", 'np <- reticulate::import("numpy", convert = FALSE)', [("np", "numpy")]),
        ("julia", 'np = pyimport("numpy")', [("np", "numpy")]),
        ("julia", "@pyimport pandas.io as p", [("p", "pandas.io")]),
        ("julia", "@pyimport pickle", [("pickle", "pickle")]),
        ("r", "import(", []),
        ("r", "x <- import(y)", []),
    ],
)
def test_imports_of_python_modules(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    found = list(Lexed(text, language).imports())
    assert [(each.alias, each.target) for each in found] == expected
    assert all(text.startswith(each.alias, each.start) for each in found)


def test_whether_a_text_could_be_taken_apart() -> None:
    assert Lexed("x", "r").is_known
    assert not Lexed("x", "markdown").is_known
    assert not Lexed("x" * 100_001, "r").is_known


def test_a_repr_does_not_show_the_text() -> None:
    lexed = Lexed("x = 'hunter2hunter2'", "r")
    assert "hunter2" not in repr([lexed, *lexed.named_values(), *lexed._atoms])


LANGUAGES = (
    "r julia scala sql bash dotenv docker python2 python javascript typescript yaml json toml ini go rust cpp csharp "
    "powershell ruby perl octave matlab php kotlin haskell stata sas batch postgresql"
).split()
HOSTILE = ['"', "'", "`", "(", "f(", "{", "\\", '\\"', "<<E\n", "$(", '"$(', "/*", '"""', "a.", "\n", "a=b ", 'a="b",']


def everything(text: str, language: str) -> None:
    lexed = Lexed(text, language)
    for value in lexed.named_values():
        assert text[value.start : value.end] == value.value
        assert value.value
    for call in lexed.calls():
        assert text[call.open - 1] == "("
        assert call.open <= call.end <= len(text)
    for string in lexed.strings:
        assert string.start <= string.content_start <= string.content_end <= string.end <= len(text)
    for offset in range(0, len(text), 97):
        lexed.around(offset)
        lexed.in_comment(offset)
    list(lexed.imports())


@pytest.mark.parametrize("language", ["bash", "dotenv", "docker", "python", "r", "sql"])
@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_of_hostile_text_costs_little_time(language: str, unit: str) -> None:
    began = time.process_time()
    everything(unit * (1_000_000 // len(unit)), language)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "language", ["bash", "dotenv", "docker", "python", "r", "julia", "scala", "javascript", "yaml"]
)
def test_hostile_text_that_is_short_enough_to_be_read_costs_little_time(language: str) -> None:
    began = time.process_time()
    for unit in HOSTILE:
        everything(unit * (10_000 // len(unit)), language)
    assert time.process_time() - began < 6


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_shell_is_read_in_linear_time(unit: str) -> None:
    began = time.process_time()
    everything(unit * (100_000 // len(unit)), "bash")
    assert time.process_time() - began < 4


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*HOSTILE, "x", " ", "=", ":", "->", ",", ")", "]", "}", "#", "é", "\0", "\r"])), st.data()
)
def test_nothing_raises_on_code_like_text(parts: list[str], data: st.DataObject) -> None:
    everything("".join(parts), data.draw(st.sampled_from(LANGUAGES)))


@settings(max_examples=100, deadline=None)
@given(st.text(), st.sampled_from(LANGUAGES))
def test_nothing_raises_on_any_text(text: str, language: str) -> None:
    everything(text, language)


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_nothing_raises_on_any_language(language: str) -> None:
    everything("a = 'b'", language)
