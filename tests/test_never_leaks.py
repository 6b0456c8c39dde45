"""Whatever a notebook holds: no exception leaves check(), and no secret leaves in a report."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsec_magic import Config, check
from stsec_magic.cli import main
from stsec_magic.model.problem import ProblemKind
from tests.credentials import github_token, openai_key, password, private_key, token
from tests.notebooks_in_memory import code, notebook, write
from tests.results import everything_said

SECRETS = {
    "password": lambda seed: f"password = '{password(seed)}'",
    "spoken password": lambda seed: f"login with password: {password(seed)}",
    "url": lambda seed: f"postgresql://me:{password(seed)}@db.acme.io:5432/x",
    "token": lambda seed: f'{{"api_token": "{token(seed, 32)}"}}',
    "openai": openai_key,
    "github": lambda seed: f"\u00e9{{{github_token(seed)}}}",
    "private key": private_key,
}
VALUES = {
    "password": password,
    "spoken password": password,
    "url": password,
    "token": lambda seed: token(seed, 32),
    "openai": openai_key,
    "github": github_token,
    "private key": lambda seed: private_key(seed).split("\n")[2],
}
PLANTED = "PLANTED HERE"

TEXT = st.text(
    st.one_of(st.sampled_from("\n\r\t\"'\\ #%!?$={}()[]<>&;:,.\x1b\x00\ud83d\ude00\u2028\u0130"), st.characters()),
    max_size=30,
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXT,
    st.just(PLANTED),
    st.just(f"x\n{PLANTED}\ny"),
    st.just(2**80),
)
KEYS = st.one_of(
    TEXT,
    st.sampled_from(
        (
            "cells source outputs metadata cell_type text data traceback evalue name tags id attachments worksheets "
            "nbformat"
        ).split()
    ),
    st.just(PLANTED),
)
JUNK = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)), max_leaves=6
)
CODE = st.lists(
    st.one_of(
        TEXT,
        st.just(PLANTED),
        st.sampled_from(
            (
                "import pickle, requests",
                f"m = pickle.load(open('m.pkl'), '''{PLANTED}''')",
                f"m = pickle.load('''{PLANTED}''')  # {PLANTED}",
                f"r = requests.get('https://x.org/{PLANTED}')",
                "pickle.loads(r.content)  # stsec: ignore",
                f"# {PLANTED} # stsec: ignore[credentials] {PLANTED}",
                "%%bash",
                "def f(:",
                "x = !ls",
            )
        ),
    ),
    max_size=5,
).map("\n".join)
OUTPUTS = st.one_of(
    st.fixed_dictionaries({"output_type": st.just("stream"), "text": st.one_of(CODE, JUNK)}),
    st.fixed_dictionaries({"output_type": st.just("error"), "traceback": st.lists(CODE, max_size=3), "evalue": JUNK}),
    st.fixed_dictionaries(
        {
            "data": st.dictionaries(
                st.one_of(KEYS, st.sampled_from(["text/html", "application/json"])), st.one_of(CODE, JUNK)
            )
        }
    ),
    JUNK,
)
CELLS = st.one_of(
    st.fixed_dictionaries(
        {
            "cell_type": st.one_of(st.sampled_from(["code", "code", "markdown", "raw"]), JUNK),
            "source": st.one_of(CODE, CODE, st.lists(CODE, max_size=3), JUNK),
        },
        optional={
            "id": st.one_of(st.just(PLANTED), JUNK),
            "execution_count": JUNK,
            "metadata": st.one_of(
                JUNK, st.dictionaries(st.sampled_from(["tags", PLANTED]), st.lists(LEAVES, max_size=2))
            ),
            "outputs": st.one_of(st.lists(OUTPUTS, max_size=2), JUNK),
            "attachments": JUNK,
        },
    ),
    JUNK,
)
BOOKS = st.one_of(
    st.fixed_dictionaries(
        {"cells": st.lists(CELLS, max_size=4)},
        optional={"metadata": JUNK, "nbformat": st.one_of(st.just(4), st.sampled_from([1, 2, 3]), JUNK), PLANTED: JUNK},
    ),
    st.fixed_dictionaries(
        {
            "nbformat": st.sampled_from([1, 2, 3]),
            "worksheets": st.one_of(JUNK, st.lists(st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=2)}))),
        }
    ),
    st.dictionaries(KEYS, JUNK, max_size=3),
)


def planted(item: Any, text: str) -> Any:
    """The junk with the secret in every place that was marked."""
    if isinstance(item, str):
        return item.replace(PLANTED, text)
    if isinstance(item, list):
        return [planted(each, text) for each in item]
    if isinstance(item, dict):
        return {planted(key, text): planted(value, text) for key, value in item.items()}
    return item


def safe(report: Any, value: str) -> None:
    assert [problem for problem in report.problems if problem.kind is ProblemKind.INTERNAL] == []
    assert value not in everything_said(report)


@pytest.mark.parametrize("kind", SECRETS)
@given(book=BOOKS, seed=st.integers(0, 50), loads_only=st.booleans())
def test_a_planted_secret_does_not_leave(kind: str, book: dict[str, Any], seed: int, loads_only: bool) -> None:
    text, value = SECRETS[kind](seed), VALUES[kind](seed)
    # One place where the secret is sure to be seen, so that all others must be masked.
    cells = book.get("cells")
    if isinstance(cells, list):
        cells = [*cells, {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}]
        book = {**book, "cells": cells}
    config = Config(select=frozenset(("untrusted-load",))) if loads_only else Config()
    safe(check(planted(book, text), config), value)


@given(book=BOOKS, seed=st.integers(0, 50), ascii_only=st.booleans(), cut=st.one_of(st.none(), st.integers(0, 400)))
def test_a_planted_secret_does_not_leave_a_file(
    tmp_path_factory: pytest.TempPathFactory, book: dict[str, Any], seed: int, ascii_only: bool, cut: int | None
) -> None:
    value = openai_key(seed)
    written = json.dumps(planted(book, value), ensure_ascii=ascii_only, indent=1).encode("utf-8", "surrogatepass")
    path = tmp_path_factory.getbasetemp() / "junk.ipynb"
    path.write_bytes(written[: len(written) - (cut or 0)])
    safe(check(path), value)


@given(
    data=st.one_of(
        st.binary(max_size=300), st.text(max_size=100).map(lambda text: text.encode("utf-16", "surrogatepass"))
    )
)
def test_any_bytes_are_read_without_an_exception(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.ipynb"
    path.write_bytes(data)
    safe(check(path), openai_key(0))


@pytest.mark.parametrize("seed", range(20))
def test_a_spoilt_byte_of_a_good_notebook_does_no_harm(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    value = password(seed)
    cells = [
        {"cell_type": "code", "source": [f"password = '{value}'\n", "import pickle\n", f"pickle.load(f, '{value}')"]}
    ]
    good = bytearray(json.dumps({"nbformat": 4, "cells": cells * 2}, indent=1).encode())
    for _ in range(3):
        # Not within the secret: what is left of it would be another value.
        at = rng.randrange(30)
        good[at] = rng.randrange(256)
    path = tmp_path / "nb.ipynb"
    path.write_bytes(good)
    safe(check(path), value)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: {"nbformat": 3, "worksheets": [], text: 1},
        lambda text: {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [{text: text}]}]},
        lambda text: {"nbformat": 2, "worksheets": text},
        lambda text: {"nbformat": 1, "cells": [{"cell_type": text}], "metadata": text},
    ],
    ids=["key of the notebook", "cell", "worksheets", "nbformat 1"],
)
def test_an_old_notebooks_upgrade_logs_no_secret(spoil: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    value = openai_key("upgrade")
    path = tmp_path / "nb.ipynb"
    path.write_text(json.dumps(spoil(value)))
    with caplog.at_level(0):
        safe(check(path), value)
    assert value not in caplog.text
    command = [sys.executable, "-m", "stsec_magic", "audit", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert value not in done.stdout + done.stderr


@pytest.mark.parametrize("place", ["{}.ipynb", "{}/a.ipynb", "x {} y/bad.ipynb", "x-{}-y/a.ipynb", "x_{}_old/a.ipynb"])
def test_a_token_in_a_path_does_not_leave(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    token = github_token("path")
    path = tmp_path / place.format(token)
    path.parent.mkdir(exist_ok=True)
    bad = "x = = 1" if path.name == "bad.ipynb" else ""
    write(path, notebook(code(f"import pickle\npickle.load(f)\n{bad}")))
    monkeypatch.chdir(tmp_path)
    for arguments in (["--write-baseline", "known.json"], ["--format", "json"], ["--diff"]):
        main(["audit", ".", *arguments])
    said = "".join(capsys.readouterr())
    assert token not in said + (tmp_path / "known.json").read_text(encoding="utf-8")
    assert "ghp_...(40)" in said


def test_a_long_name_stays_as_it_is(tmp_path: Path) -> None:
    name = "a-notebook-about-password-tokens-2024-01-31-v2.ipynb"
    found = check(write(tmp_path / name, notebook(code("import pickle\npickle.load(f)")))).findings
    assert [Path(each.location.path).name for each in found] == [name]
