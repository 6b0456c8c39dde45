"""Code that shows secrets: what is said of it, and what it costs where there is none."""

from __future__ import annotations

import time
from typing import Any

import pytest

from stsec_magic import check
from stsec_magic.hits import scanner
from stsec_magic.notebook.read import from_mapping
from stsec_magic.notebook.walk import Walk
from stsec_magic.rules.displayed_secret import DisplayedSecret
from stsec_magic.rules.search import search
from tests.credentials import fill
from tests.notebooks_in_memory import code, notebook


def found(*cells: str) -> list[dict[str, Any]]:
    findings = check(notebook(*map(code, cells))).to_dict()["findings"]
    return [finding for finding in findings if finding["rule"] == "displayed-secret"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("print(key)", "print shows the value of 'API_KEY'; show only that it is set: bool(...)"),
        ("logging.info(key)", "logging.info writes the value of 'API_KEY' to the log; leave it out"),
        ("st.write(st.secrets)", "st.write shows all values of st.secrets; show their names alone"),
        ("logging.info(os.environ)", "logging.info writes all values of os.environ to the log; leave them out"),
        (
            "raise ValueError(key)",
            "the error's text holds the value of 'API_KEY', and every traceback shows it; leave it out",
        ),
        (
            "st.text_input('Key', key)",
            "st.text_input shows the value of 'API_KEY'; give type=\"password\" and no value",
        ),
        (
            "key",
            "the cell shows the value of 'API_KEY', its last expression; take it out, or end it with a semicolon",
        ),
        ("key\nx = 1", "Streamlit shows the value of 'API_KEY', which stands on a line of its own; take it out"),
        ("!env", "!env shows all environment variables; show which are there: sorted(os.environ)"),
        (
            "%env",
            "%env shows all environment variables but those named key, token or secret; "
            "show which are there: sorted(os.environ)",
        ),
        ("!cat ../.env", "!cat shows the secrets in .env; look at it outside of the notebook"),
        ("!echo $API_KEY", "!echo shows the value of 'API_KEY'; show only that it is set: bool(...)"),
        (
            "%env API_KEY=$key",
            "%env prints the value that it sets, of 'API_KEY'; use os.environ[...] = ..., which doesn't",
        ),
        ("print(open('a/.env').read())", "print shows all values of .env; show their names alone"),
        ("for line in open('a/.env'): print(line)", "print shows all values of .env; show their names alone"),
        ("found = !env\nfound[:]", "the cell shows all values of os.environ; show their names alone"),
        (
            "assert key.strip(), f'bad {key}'",
            "the error's text holds the value of 'API_KEY', and every traceback shows it; leave it out",
        ),
        (
            "print(client.get_secret_value(SecretId='db')['SecretString'])",
            "print shows the value of 'get_secret_value()'; show only that it is set: bool(...)",
        ),
        ("!grep KEY ../.env", "!grep shows the secrets in .env; look at it outside of the notebook"),
    ],
)
def test_a_sentence_says_what_is_shown_and_what_to_do(line: str, message: str):
    setup = "import logging, os\nimport streamlit as st\nkey = os.environ['API_KEY']"
    assert [finding["message"] for finding in found(setup, line)] == [message]


def test_a_key_that_stands_where_its_name_belongs_is_not_told():
    line = fill("print(os.getenv('sk_token_{alnum:32}_token'))", "seed")
    (finding,) = found(f"import os\n{line}")
    assert "shows the value of a secret;" in finding["message"]
    assert line[20:40] not in finding["message"]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("found = !env\nprint(found)", (1, 1)),
        ("import os\ndef show(x):\n    print(x)\nshow(os.environ['API_KEY'])", (1, 4)),
        ("import streamlit as st\ndb = st.secrets['db']\nst.write(db['password'])", None),
        ("import os\nkeys = ['HOME', 'API_KEY']\nfor k in keys:\n    v = os.getenv(k)\n    print(v)", (1, 4)),
    ],
)
def test_what_was_followed_is_told_at_the_place_where_it_was_read(source: str, place: tuple[int, int] | None):
    (finding,) = found(source)
    assert [(each["cell"], each["line"]) for each in finding["related"]] == [place] * (place is not None)


def test_it_is_told_where_the_secret_was_read():
    (finding,) = found("import os\nkey = os.environ['API_KEY']", "print(f'the key: {key}')")
    assert [(each["cell"], each["line"], each["message"]) for each in finding["related"]] == [(1, 2, "read here")]
    assert (finding["cell"], finding["column"]) == (2, 7)


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['TOKENIZERS_PARALLELISM'] = 'false'\nprint(token)",
        "for token in words:\n    print(token)",
        "password = ''\napi_key = 'YOUR_API_KEY'\nprint(api_key)",
        "env = gym.make('CartPole')\nprint(set(env))\nenv",
        "found = !ls\nprint(found)",
        "model.get_parameter('w')\nconfig = json.load(open('config.json'))\nprint(config['password'])",
    ],
)
def test_nothing_is_parsed_where_no_secret_is_read(source: str):
    subject = search(Walk(from_mapping(notebook(code(source)), "n")), scanner())
    assert [*DisplayedSecret().hits(subject)] == []
    assert not any(cell.was_parsed for cell in subject.asked_for)


def test_names_that_lead_in_circles_come_to_an_end():
    assert found("import os\na = b = c = os.environ\na = f'{b}{c}'\nb = f'{a}{c}'\nc = f'{a}{b}'\nprint(a['X'])") == []


def test_long_chains_and_large_cells_take_no_long_time():
    chain = "\n".join(f"key{i + 1} = f'{{key{i}}} {{key{i}}}'" for i in range(400))
    prints = "\n".join("print(key400, f'{key399}{key398}')" for _ in range(400))
    deep = "print(" + "str(" * 80 + "key0" + ")" * 80 + ")"
    loop = "for name, value in os.environ.items():\n" + "    if name:\n        print(value)\n" * 2000
    pipe = "!" + "cat .env | " * 4000 + "cat\n!" + "cat | grep KEY | " * 4000 + "cat < .env"
    masks = "cfg = {'password': os.environ['DB_PASSWORD']}\n" + "cfg['password'] = '*'\nprint(cfg)\n" * 1000
    calls = "def show(x):\n    print(x)\n" + "show(os.environ['API_KEY'])\n" * 2000
    given = "x = !env\nprint(x)\n" * 1000
    lines = "%env HF_TOKEN\n# no\n!env\n" * 1000
    started = time.process_time()
    found(f"import os\nkey0 = os.environ['API_KEY']\n{chain}", prints, deep, loop, pipe, lines, masks, calls, given)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "text",
    [
        "from pydantic_settings import BaseSettings\n"
        + f"class S({'S, ' * 20}BaseSettings):\n    api_key: str\n" * 8
        + "print(S())\n" * 50,
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n"
        + "".join(f"    api_key{i}: str\n" for i in range(2000))
        + "print(S())\n" * 200,
        "import os\n" + "".join(f"c{i} = A(api_key=os.environ['K'])\nprint(c{i}.api_key)\n" for i in range(1000)),
        "!gh auth token\n" * 3000,
        "!echo " + "$(gh auth token " * 2000 + ")" * 2000,
        "!kubectl get secret " + "-ojson -o " * 3000,
        "%%bash\n" + "echo $(gh auth status) $(date)\n" * 6000,
    ],
    ids=["bases", "fields", "objects", "lines", "nested", "options", "substitutions"],
)
def test_many_of_a_kind_take_no_long_time(text: str):
    began = time.process_time()
    found(text)
    assert time.process_time() - began < 5


def test_a_secret_in_the_name_of_a_file_is_not_told():
    key = fill("{alnum:24}", "file")
    (finding,) = found(f"!cat .env.{key}")
    assert key not in str(finding)
