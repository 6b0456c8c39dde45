"""Keys that the code reads and nobody set, and keys that are set and nobody reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.credentials import openai_key, password
from tests.project.repositories import put
from tests.project_checks.trees import PROJECT, book, everything, told

ST = "import streamlit as st\nimport os\n"
TOML = f'OPENAI_API_KEY = "{openai_key(1)}"\n[db]\npassword = "{password(1)}"\nuser = "me"\n[db.read]\nhost = "x"\n'


def keys(root: Path, rule: str = "missing-secret") -> list[tuple[str, str]]:
    """What is missing or unused, by name, and how bad that is."""
    findings, problems = told(root, rule=rule)
    assert problems == []
    return [(each.message.split(" is ")[0], each.severity.value) for each in findings if each.suppressed is None]


def app(folder: Path, source: str, **files: str) -> Path:
    """An app of one script."""
    put(folder / "app.py", ST + source)
    put(folder / "requirements.txt", "streamlit\n")
    for name, text in files.items():
        names = {"toml": ".streamlit/secrets.toml", "example": ".streamlit/secrets.toml.example", "env": ".env"}
        put(folder / names.get(name, name), text)
    return folder


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('st.secrets["X"]', 'st.secrets["X"]'),
        ("st.secrets.X", 'st.secrets["X"]'),
        ('st.secrets["db"]["port"]', 'st.secrets["db"]["port"]'),
        ("st.secrets.db.port", 'st.secrets["db"]["port"]'),
        ('st.secrets["db"].port.strip()', 'st.secrets["db"]["port"]'),
        ('st.secrets["other"]["port"]', 'st.secrets["other"]["port"]'),
        ('s = st.secrets\ns["X"]', 'st.secrets["X"]'),
        ('from streamlit import secrets\nsecrets["X"]', 'st.secrets["X"]'),
        ('def f():\n    return g(key=st.secrets["X"])', 'st.secrets["X"]'),
        ('os.environ["MY_TOKEN"]', "MY_TOKEN"),
        ('from os import environ as e\ne["MY_TOKEN"]\nos.environ["MY_TOKEN"]', "MY_TOKEN"),
    ],
)
def test_a_key_that_nobody_set(tmp_path: Path, source: str, expected: str) -> None:
    assert keys(app(tmp_path, source, toml=TOML, env="A=1\n")) == [(expected, "medium")]


@pytest.mark.parametrize(
    "source",
    [
        'st.secrets["OPENAI_API_KEY"].strip()',
        "st.secrets.db.user",
        'st.secrets["db"]["read"]["host"]',
        'st.secrets["db"].get("x")',
        'conn(**st.secrets["db"])',
        'st.secrets.get("X", "y")',
        'st.secrets.get("X", default="y")',
        'os.getenv("MY_TOKEN", "")',
        'os.environ.get("MY_TOKEN", "none")',
        'os.getenv("MY_TOKEN") or st.text_input("token")',
        'st.secrets["X"] if "X" in st.secrets else None',
        'if "X" in st.secrets:\n    st.secrets["X"]',
        'if "X" not in st.secrets:\n    st.stop()\nst.secrets["X"]',
        'try:\n    st.secrets["X"]\nexcept KeyError:\n    pass',
        'if os.getenv("MY_TOKEN"):\n    pass',
        'os.environ["MY_TOKEN"] = st.text_input("x")\nos.environ["MY_TOKEN"]',
        'os.environ.setdefault("MY_TOKEN", "x")\nos.environ["MY_TOKEN"]',
        'os.environ.update(x)\nos.environ["MY_TOKEN"]',
        'e = os.environ\ne["MY_TOKEN"] = "x"\nos.environ["MY_TOKEN"]',
        'os.environ["HOME"], os.environ["PATH"], os.environ["CUDA_VISIBLE_DEVICES"], os.environ["GITHUB_TOKEN"]',
        'os.environ["OPENAI_API_KEY"]',
        'from dotenv import load_dotenv\nload_dotenv("/etc/app/vars")\nos.environ["MY_TOKEN"]',
        'st.secrets[name], st.secrets[f"{a}"]',
        'import secrets\nsecrets.token_hex()\nst.secrets["OPENAI_API_KEY"]',
        'if "x" in st.secrets["db"]:\n    st.secrets["db"]["x"]',
        'if hasattr(st.secrets, "X"):\n    st.secrets.X',
        'if st.secrets.get("X"):\n    st.secrets["X"]',
        'if "X" in st.secrets.keys():\n    st.secrets["X"]',
        'from contextlib import suppress\nwith suppress(KeyError):\n    st.secrets["X"]',
        'st.secrets["not a name!"]',
        "print(\"st.secrets['X']\")",
        "st.secrets.to_dict()",
    ],
)
def test_a_key_that_is_not_missing(tmp_path: Path, source: str) -> None:
    assert keys(app(tmp_path, source, toml=TOML, env="A=1\n")) == []


@pytest.mark.parametrize(
    "source",
    [
        'k = os.environ.get("X")\nif not k:\n    k = st.secrets["X"]',
        'k = os.environ["X"] if cloud() else None\nst.secrets["X"]',
        'if any(name not in st.secrets for name in ("X", "Y")):\n    st.stop()\nst.secrets["X"]',
    ],
)
def test_who_looks_elsewhere_too_may_go_on_without_it(tmp_path: Path, source: str) -> None:
    assert keys(app(tmp_path, source, toml=TOML)) == [('st.secrets["X"]', "low")]


@pytest.mark.parametrize("name", ["docker-compose.yml", "Dockerfile", ".github/workflows/ci.yaml"])
def test_what_sets_a_variable_elsewhere(tmp_path: Path, name: str) -> None:
    source = 'os.environ["MY_TOKEN"]'
    assert keys(app(tmp_path / "a", source, env="A=1\n", **{name: "environment:\n  MY_TOKEN: ${MY_TOKEN}\n"})) == []
    assert keys(app(tmp_path / "b", source, env="A=1\n", **{name: "OTHER_MY_TOKEN=\n"})) == [("MY_TOKEN", "medium")]


@pytest.mark.parametrize("source", ['st.secrets.get("X")', 'st.secrets.get("X", None)'])
def test_without_it_the_program_goes_on_with_none(tmp_path: Path, source: str) -> None:
    assert keys(app(tmp_path, source, toml=TOML)) == [('st.secrets["X"]', "low")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("toml", 'X = "y"\n'),
        ("example", 'X = ""\n'),
        ("example", "X = <your key>\n"),
        ("example", '# X = "..."\n'),
        ("secrets.example.toml", '[X]\na = "b"\n'),
        ("env", "X=\n"),
        (".env.example", "# X=...\n"),
        (".env.sample", "export X=\n"),
    ],
)
def test_any_file_may_name_it(tmp_path: Path, name: str, text: str) -> None:
    files = {"toml": TOML, name: text}
    assert keys(app(tmp_path, 'st.secrets["X"], os.environ["MY_KEY"]', **files, **{"env.example": "MY_KEY=\n"})) == []


def test_the_users_own_file_names_it(tmp_path: Path, own_configuration: Path) -> None:
    put(own_configuration / ".streamlit" / "secrets.toml", 'X = "y"\n')
    assert keys(app(tmp_path, 'st.secrets["X"], st.secrets["Y"]', toml=TOML)) == [('st.secrets["Y"]', "medium")]


def test_a_project_without_any_file(tmp_path: Path) -> None:
    found = keys(app(tmp_path, 'st.secrets["X"], st.secrets["Y"], os.environ["MY_TOKEN"]'))
    assert found == [("st.secrets", "low")]


def test_one_finding_for_a_key(tmp_path: Path) -> None:
    root = app(tmp_path, 'st.secrets["X"]', toml=TOML)
    put(root / "pages" / "1.py", ST + 'st.secrets["X"]\nst.secrets["X"]')
    book(root / "nb" / "a.ipynb", ST, 'st.secrets["X"]', 'os.environ["MY_TOKEN"]')
    assert keys(root) == [('st.secrets["X"]', "medium"), ("MY_TOKEN", "low")]


def test_the_place_in_a_notebook_and_in_a_script(tmp_path: Path) -> None:
    root = app(tmp_path, "\n\nf(st.secrets['Y'])", toml=TOML)
    book(root / "nb" / "a.ipynb", ST, "a = 1\nb = st.secrets['X']")
    one, other = sorted((each for each in told(root, rule="missing-secret")[0]), key=lambda each: each.location.path)
    assert (one.location.path, one.location.cell, one.location.line, one.location.column) == (
        f"{root}/app.py",
        None,
        5,
        3,
    )
    where = other.location
    assert (where.cell, where.line, where.column, where.end_column, where.part) == (2, 2, 5, 20, "source")
    assert where.file_line is not None and other.excerpt is not None and other.masked is None


def test_a_helper_is_no_app(tmp_path: Path) -> None:
    root = app(tmp_path, "", toml=TOML, env="A=1\n")
    put(root / "tools.py", 'import os\nos.environ["MY_TOKEN"]\n')
    assert keys(root) == []


def test_a_test_makes_up_secrets(tmp_path: Path) -> None:
    root = app(tmp_path / "app", "", toml=TOML)
    put(root / "test_app.py", ST + 'st.secrets["X"]')
    put(root / "tests" / "page.py", ST + 'st.secrets["X"]')
    assert keys(root) == []


def test_magics_set_variables(tmp_path: Path) -> None:
    put(tmp_path / ".env", "A=1\n")
    book(tmp_path / "nb.ipynb", "import os\n%env MY_TOKEN=x", 'os.environ["MY_TOKEN"], os.environ["OTHER_TOKEN"]')
    assert keys(tmp_path) == [("OTHER_TOKEN", "medium")]


def test_a_project_whose_config_names_other_files(tmp_path: Path) -> None:
    root = app(tmp_path, 'st.secrets["X"]', toml=TOML)
    put(root / ".streamlit" / "config.toml", '[secrets]\nfiles = ["/run/secrets.toml"]\n')
    assert keys(root) == []


def test_another_project_names_nothing_for_this_one(tmp_path: Path) -> None:
    app(tmp_path / "a", 'st.secrets["X"]', toml=TOML)
    app(tmp_path / "b", 'st.secrets["X"]', toml='X = "y"\n')
    assert keys(tmp_path) == [('st.secrets["X"]', "medium")]


def test_a_comment_silences_it(tmp_path: Path) -> None:
    root = app(tmp_path, 'st.secrets["X"]  # stsec: ignore[missing-secret] set in the cloud', toml=TOML)
    finding = told(root, rule="missing-secret")[0][0]
    assert finding.suppressed is not None and finding.suppressed.reason == "set in the cloud"


def test_the_fingerprint_is_the_keys(tmp_path: Path) -> None:
    one = told(app(tmp_path / "a", 'st.secrets["X"]', toml=TOML), rule="missing-secret")[0][0]
    other = told(app(tmp_path / "b", "x = 1\nf(st.secrets.X)", toml=TOML), rule="missing-secret")[0][0]
    assert one.fingerprint == other.fingerprint


def test_a_key_that_is_a_secret_is_not_told(tmp_path: Path) -> None:
    secret, own = openai_key(5), password(1)
    root = app(tmp_path, f'st.secrets["{secret}"]\nst.secrets["{own}"]\nst.secrets["X"]  # {secret} {own}', toml=TOML)
    findings, problems = told(root)
    text = everything(findings, problems)
    assert secret not in text and own not in text and 'st.secrets[\\"X\\"]' in text.replace("\\\\", "\\")


def test_a_broken_secrets_toml_tells_of_nothing(tmp_path: Path) -> None:
    root = app(tmp_path, 'st.secrets["X"]', toml="= =")
    findings, problems = told(root, rule="missing-secret")
    assert findings == [] and problems


# --- unused


def unused(root: Path) -> list[tuple[str, int]]:
    findings, problems = told(root, rule="unused-secret")
    assert problems == []
    return [(each.message.split("'")[1], each.location.line) for each in findings]


LEFT = 'used = "x"\nold_key = "y"\n\n[left]\na = "b"\n[connections.pg]\nurl = "x"\n[auth]\nx = "y"\n'


def test_what_nobody_reads(tmp_path: Path) -> None:
    root = app(tmp_path, 'st.secrets["used"]', toml=LEFT)
    assert unused(root) == [("old_key", 2), ("left", 4), ("connections", 6), ("auth", 8)]


@pytest.mark.parametrize(
    "source",
    [
        "dict(st.secrets)",
        "f(**st.secrets)",
        "st.secrets[name]",
        "for k in st.secrets:\n    pass",
        "f(st.secrets)",
        "st.secrets.items()",
        'st.secrets["used"]\nst.secrets.keys()',
    ],
)
def test_what_is_read_as_a_whole_is_used(tmp_path: Path, source: str) -> None:
    assert unused(app(tmp_path, f'st.secrets["used"]\n{source}', toml=LEFT)) == []


def test_where_nothing_is_read_nobody_knows(tmp_path: Path) -> None:
    assert unused(app(tmp_path, "x = 1", toml=LEFT)) == []


def test_streamlits_own_tables(tmp_path: Path) -> None:
    source = 'st.secrets["used"]\nst.connection("pg")\nst.login()\n'
    assert unused(app(tmp_path, source, toml=LEFT)) == [("old_key", 2), ("left", 4)]


def test_a_name_that_stands_anywhere_is_used(tmp_path: Path) -> None:
    root = app(tmp_path, 'st.secrets["used"]\nst.login()', toml=LEFT)
    put(root / "lib" / "conf.py", "class Settings:\n    OLD_KEY: str\n")
    put(root / "deploy.yaml", "auth: left\nconnections: []\n")
    assert unused(root) == []


def test_what_a_library_takes_from_the_environment(tmp_path: Path) -> None:
    toml = 'used = "x"\nOPENAI_API_KEY = "y"\nANTHROPIC_API_KEY = "y"\nHF_KEY = "z"\nAPI_KEY = "a"\n'
    source = 'import langchain_openai, huggingface_hub, api\nst.secrets["used"]'
    assert unused(app(tmp_path, source, toml=toml)) == [("ANTHROPIC_API_KEY", 3), ("API_KEY", 5)]


def test_the_environment_as_a_whole(tmp_path: Path) -> None:
    root = app(tmp_path, 'st.secrets["used"]\nrun(env=os.environ)', toml='used = "a"\nb = "c"\n[t]\nx = "y"\n')
    put(root / "x.py", "import streamlit as st\nst.secrets['used']\nimport os\nf(dict(os.environ))")
    assert unused(root) == [("t", 3)]


def test_a_file_above_the_walk_may_serve_other_code(tmp_path: Path) -> None:
    root = app(tmp_path, 'st.secrets["used"]', toml=LEFT)
    put(root / "sub" / "app.py", ST + 'st.secrets["used"]')
    assert unused(root / "sub") == []


def test_values_do_not_leave(tmp_path: Path) -> None:
    value = password(9)
    root = app(tmp_path, 'st.secrets["used"]', toml=f'used = "{value}"\n"{value}" = "x"\nleft = "{value}"\n')
    findings, problems = told(root)
    assert len([each for each in findings if each.rule == "unused-secret"]) == 2
    assert value not in everything(findings, problems)


def test_select_and_ignore(tmp_path: Path) -> None:
    from dataclasses import replace

    root = app(tmp_path, 'st.secrets["used"], st.secrets["X"]', toml=LEFT)
    only = replace(PROJECT, select=frozenset(("unused-secret",)))
    assert {each.rule for each in told(root, config=only)[0]} == {"unused-secret"}
    without = replace(PROJECT, ignore=frozenset(("unused-secret",)))
    assert {each.rule for each in told(root, config=without)[0]} == {"missing-secret"}
    neither = replace(PROJECT, ignore=frozenset(("unused-secret", "missing-secret")))
    assert told(root, config=neither) == ([], [])
