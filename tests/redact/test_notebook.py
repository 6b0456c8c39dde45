from __future__ import annotations

import copy
import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic import checker
from stsec_magic.model.config import Config
from stsec_magic.notebook.read import from_mapping
from stsec_magic.redact import notebook as module
from stsec_magic.redact.notebook import NotRedactedError
from tests.credentials import github_token, openai_key, password, private_key
from tests.redact.books import book, code, display, encodings, markdown, redact, remains, stream

KEY = openai_key("redact")
MASK = f"sk-proj-...({len(KEY)})"
PASSWORD = password("redact")
ODD = f"{password('odd')} \"&<'\\é{password('odd 2')}"
VALUES = {"key": KEY, "token": github_token("redact"), "password": PASSWORD, "odd": ODD, "pem": private_key("redact")}


def written(value: str) -> dict[str, Any]:
    """A notebook with a value in every part and encoding."""
    texts = [text for _, text in encodings(value)]
    cells = [code(f"x = {text!r}", stream(text), display(text_plain=text, text_html=text)) for text in texts]
    cells += [markdown(text, metadata={"note": text, "list": [text, 1]}) for text in texts]
    return book(*cells, notes={"all": texts})


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_is_masked_in_every_part_and_encoding(kind: str) -> None:
    notebook = written(VALUES[kind])
    before = copy.deepcopy(notebook)
    result = redact(notebook, VALUES[kind])
    assert notebook == before
    assert remains(result.notebook, VALUES[kind]) == []
    assert result.places > 100
    nbformat.validate(result.notebook)
    assert redact(result.notebook, VALUES[kind]).places == 0


@pytest.mark.parametrize("number", range(len([*encodings(KEY)])))
@pytest.mark.parametrize("kind", VALUES)
def test_each_encoding_on_its_own(kind: str, number: int) -> None:
    _, text = [*encodings(VALUES[kind])][number]
    result = redact(book(code("x", stream(f"before\n{text}\nafter"))), VALUES[kind])
    said = "".join(result.notebook["cells"][0]["outputs"][0]["text"])
    assert said.startswith("before\n")
    assert said.endswith("\nafter")
    assert result.places == 1
    assert remains(result.notebook, VALUES[kind]) == []
    assert redact(result.notebook, VALUES[kind]).places == 0


def test_the_mask_is_that_of_the_product() -> None:
    result = redact(book(code(f'key = "{KEY}"', stream(f"{KEY}\n"))))
    cell = result.notebook["cells"][0]
    assert cell["source"] == f'key = "sk-proj-...({len(KEY)})"'
    assert cell["outputs"][0]["text"] == f"sk-proj-...({len(KEY)})\n"
    assert result.places == 2
    assert KEY not in repr(result)


def test_a_list_of_lines_keeps_its_lines() -> None:
    source = ["a = 1\n", f'key = "{KEY}"\n', "b = 2"]
    assert redact(book(code(source))).notebook["cells"][0]["source"] == [
        "a = 1\n",
        f'key = "sk-proj-...({len(KEY)})"\n',
        "b = 2",
    ]


def test_a_value_split_over_strings_and_streams() -> None:
    split = [KEY[:30], KEY[30:] + "\n", "end"]
    streams = (stream("x " + KEY[:40]), stream(KEY[40:] + " y"), display(text_plain="z"))
    result = redact(book(code(split, *streams)), KEY)
    assert remains(result.notebook, KEY) == []
    outputs = result.notebook["cells"][0]["outputs"]
    assert [outputs[0]["text"], outputs[1]["text"]] == [f"x {MASK}", " y"]
    assert "".join(result.notebook["cells"][0]["source"]).endswith("\nend")


def test_tracebacks_names_and_values_of_errors() -> None:
    error = {
        "output_type": "error",
        "ename": KEY,
        "evalue": f"bad {KEY}",
        "traceback": ["\x1b[0;31mE\x1b[0m", f"\x1b[1mbad \x1b[31m{KEY[:20]}\x1b[32m{KEY[20:]}\x1b[0m", "end"],
    }
    result = redact(book(code("x", error)), KEY)
    made = result.notebook["cells"][0]["outputs"][0]
    assert made["ename"] == MASK
    assert made["evalue"] == f"bad {MASK}"
    assert made["traceback"][1] == f"\x1b[1mbad \x1b[31m{MASK}\x1b[32m\x1b[0m"
    assert made["traceback"][2] == "end"


def test_a_value_cut_off_is_masked_as_far_as_it_goes() -> None:
    result = redact(book(code("x", stream(f"{KEY[:33]}... is cut"))), KEY)
    assert result.notebook["cells"][0]["outputs"][0]["text"] == f"...({len(KEY)})... is cut"


def test_json_stays_json_and_numbers_of_secrets_become_masks() -> None:
    number = "8492048593"
    data = {"a": [KEY, 1, None, True], KEY: {"pin": int(number), "n": 84}, "source": KEY}
    result = redact(book(code(f'password = "{number}"', display(application_json=data))), KEY, number)
    made = result.notebook["cells"][0]["outputs"][0]["data"]["application/json"]
    assert made == {"a": [MASK, 1, None, True], MASK: {"pin": "...(10)", "n": 84}, "source": MASK}


def test_keys_stay_different() -> None:
    other = openai_key("other")[: len(KEY)]
    result = redact(book(code("x"), keys={KEY: 1, other: 2, "same": 3}), KEY, other)
    assert [*result.notebook["metadata"]["keys"].values()] == [1, 2, 3]


def test_ids_and_tags_stay_valid_and_different() -> None:
    token = github_token("id")
    cells = [code("x", id=token), code("y", id=f"{token}-2"), code("z", metadata={"tags": [token, f"a {token}"]})]
    result = redact(book(*cells), token)
    nbformat.validate(result.notebook)
    assert remains(result.notebook, token) == []
    assert len({cell["id"] for cell in result.notebook["cells"]}) == 3


def test_a_plain_word_is_masked_only_where_it_was_found() -> None:
    result = redact(book(code('password = "tiger"', stream("a tiger runs\n")), markdown("the tiger")))
    cells = result.notebook["cells"]
    assert cells[0]["source"] == 'password = "...(5)"'
    assert cells[0]["outputs"][0]["text"] == "a tiger runs\n"
    assert cells[1]["source"] == "the tiger"


def test_keys_of_nbformat_stay() -> None:
    result = redact(book(code("x"), language_info={"name": "python"}), "language_info", "execution_count")
    nbformat.validate(result.notebook)
    assert set(result.notebook["cells"][0]) == set(code("x"))
    assert "language_info" in result.notebook["metadata"]


def test_a_notebook_without_secrets_is_copied_as_it_is() -> None:
    notebook = book(code("import pickle\npickle.load(open('m.pkl', 'rb'))", stream(["a\n", "b"])), markdown("# T"))
    result = redact(notebook)
    assert result.places == 0
    assert result.notebook == notebook
    assert result.notebook is not notebook


def test_suppressed_and_deselected_secrets_are_masked_too() -> None:
    notebook = book(code(f'key = "{KEY}"  # stsec: ignore'))
    assert remains(redact(notebook, config=Config(ignore=frozenset(("credentials",)))).notebook, KEY) == []


def test_a_notebook_that_could_not_be_checked_is_not_handed_on() -> None:
    examined = checker.examine(from_mapping(book(), "x"), Config(), b"0" * 16)
    broken = checker.Examined(examined.checked, (), None, examined.masker)
    with pytest.raises(NotRedactedError):
        module.redacted(book(), broken)


def test_what_is_found_again_and_again_is_told_without_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = book(code(f'key = "{KEY}"'))
    monkeypatch.setattr(module, "_masked_once", lambda *_, **__: 1)
    with pytest.raises(NotRedactedError) as caught:
        redact(notebook)
    assert KEY not in repr(caught.value)


def test_a_secret_in_a_nested_notebook_and_in_html_as_it_is_seen() -> None:
    inner = json.dumps(book(code('password = "tiger"')))
    seen = "<p>password: <b>Xk3v</b>9QpLw7z!R2</p>"
    result = redact(book(code(f"text = {inner!r}", stream(inner)), markdown(seen)))
    assert "tiger" not in json.dumps(result.notebook)
    json.loads(result.notebook["cells"][0]["outputs"][0]["text"])


@given(
    st.one_of(
        st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=("Cs", "Cc")), min_size=8, max_size=40),
        st.text(st.sampled_from("<>&;\"'\\%+ \nxnub41/=#{}é"), min_size=4, max_size=24),
    ),
    st.sampled_from([name for name, _ in encodings(KEY)]),
)
@settings(max_examples=60, deadline=None)
def test_any_value_in_any_encoding(middle: str, name: str) -> None:
    value = f"{PASSWORD[:9]}{middle}{PASSWORD[9:]}"
    text = dict(encodings(value))[name]
    result = redact(book(code("x", stream(text))), value)
    assert remains(result.notebook, value) == []
    assert result.places >= 1
