from __future__ import annotations

import ast

import pytest

from stsec_magic.redact.in_code import masked_code
from stsec_magic.redact.known import Place, put
from tests.credentials import private_key, token
from tests.redact.books import book, code, redact, remains

KEY = token("code", 40)
NUMBER = "8492048593"
WORD = f"k{token('word', 30)}"
PEM = private_key("code")

SOURCES = {
    "string": f"k = '{KEY}'",
    "bytes": f"k = b'{KEY}'",
    "f-string": f"k = f'{{x}} {KEY} {{y}}'",
    "adjacent": f"k = ('{KEY[:20]}'\n     \"{KEY[20:]}\")",
    "adjacent bytes": f"k = (b'{KEY[:20]}' b\"{KEY[20:]}\")",
    "adjacent with a comment": f"k = ('{KEY[:20]}'  # first\n     '{KEY[20:]}')",
    "added": f"k = '{KEY[:20]}' + \"{KEY[20:]}\"",
    "continued": f"k = '{KEY[:20]}' \\\n    \"{KEY[20:]}\"",
    "continued inside": f"k = '{KEY[:20]}\\\n{KEY[20:]}'",
    "escapes": "k = '" + "".join(f"\\x{ord(char):02x}" for char in KEY) + "'",
    "raw": f"k = r'\\d{KEY}'",
    "triple": f'k = """\n{KEY}\n"""',
    "comment": f"k = 1  # {KEY}",
    "number": f"pin = {NUMBER}",
    "number in a call": f"f(-{NUMBER}, pin={NUMBER})",
    "number in a dict": f"d = {{{NUMBER}: 'x', 'y': [{NUMBER}]}}",
    "name": f"{WORD} = 1\nprint({WORD})",
    "argument": f"f({WORD}=1)",
    "attribute": f"a.{WORD}.b()",
    "function": f"def {WORD}(): pass",
    "shell": f"!curl -H 'x: {KEY}' x.io\ny = 1",
    "shell name": f"%env K={KEY}\ny = !echo {KEY}",
    "line magic": f"%time f('{KEY}')",
}


@pytest.mark.parametrize("kind", SOURCES)
def test_what_parsed_still_does(kind: str) -> None:
    from stsec_magic.model.fragment import Fragment
    from stsec_magic.model.location import Part
    from stsec_magic.source.program import CodeCell

    result = redact(book(code(SOURCES[kind])), KEY, NUMBER, WORD)
    source = result.notebook["cells"][0]["source"]
    for value in (KEY, NUMBER, WORD, KEY[20:], KEY[:20]):
        assert value not in source
    assert remains(result.notebook, KEY) == []
    assert result.places >= 1
    assert CodeCell(Fragment(source, Part.SOURCE, (), "python")).tree is not None
    assert source.count("\n") == SOURCES[kind].count("\n") - (kind == "continued inside")


def test_a_number_becomes_a_string() -> None:
    source = redact(book(code(f"pin = {NUMBER}  # {NUMBER}")), NUMBER).notebook["cells"][0]["source"]
    assert source == 'pin = "...(10)"  # ...(10)'
    assert ast.literal_eval(source.partition("=")[2].partition("#")[0].strip()) == "...(10)"


def test_a_private_key_in_triple_quotes_and_escaped() -> None:
    escaped = PEM.replace("\n", "\\n")
    source = f'a = """{PEM}"""\nb = "{escaped}"\nc = 3'
    result = redact(book(code(source)))
    made = result.notebook["cells"][0]["source"]
    assert made == f'a = """...({len(PEM)})"""\nb = "...({len(escaped)})"\nc = 3'


def test_a_cell_that_never_parsed_is_masked_all_the_same() -> None:
    assert masked_code(f"def f(: {KEY}", [Place(8, 8 + len(KEY), "M")], "python") == "def f(: M"


def test_lines_of_a_list_stay_where_code_was_quoted() -> None:
    result = redact(book(code(["a = 1\n", f"pin = {NUMBER}\n", "b = 2"])), NUMBER)
    assert result.notebook["cells"][0]["source"] == ["a = 1\n", 'pin = "...(10)"\n', "b = 2"]


def test_many_places_in_one_statement() -> None:
    source = "d = {\n" + "".join(f"  {i}: '{KEY}', {NUMBER}{i:03}: x,\n" for i in range(200)) + "}"
    result = redact(book(code(source)), KEY)
    assert result.places == 200
    ast.parse(result.notebook["cells"][0]["source"])


def test_put_keeps_what_is_no_secret() -> None:
    assert put("abcdef", [Place(1, 3, "M", "<b>"), Place(4, 5, "")]) == "aM<b>df"
