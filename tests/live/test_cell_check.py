"""One cell, checked before it runs."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.live.cell_check import CellCheck, Outcome
from stsec_magic.live.known import KnownSecrets
from stsec_magic.live.namespace import Namespace
from stsec_magic.live.session import Ran
from stsec_magic.model.config import Config
from stsec_magic.model.levels import Severity
from tests.credentials import openai_key, token


def of(
    source: str, *before: str, variables: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None
) -> Outcome:
    """Check a cell after others."""
    known = KnownSecrets()
    known.refresh(variables or {}, {})
    check = CellCheck(Namespace(variables or {}), known)
    rows = [Ran(2 * i + 1, each) for i, each in enumerate(before)]
    return check.of(Ran(99, source, metadata or {}), rows, Config())


def found(outcome: Outcome) -> list[tuple[str, int | None, int]]:
    return [(each.rule, each.location.cell, each.location.line) for each in outcome.failing]


def test_only_what_stands_in_the_cell_itself() -> None:
    key = openai_key(1)
    outcome = of(f"x = 1\nclient = OpenAI(api_key='{key}')", f"k = '{openai_key(2)}'\nimport pickle\npickle.load(f)")
    assert found(outcome) == [("openai-api-key", 99, 2)]
    assert outcome.masked == f"x = 1\nclient = OpenAI(api_key='sk-proj-...({len(key)})')"
    assert outcome.mask(f"get_ipython().run_line_magic('env', 'K={key}')").count(key) == 0


def test_what_ran_before_tells_where_values_come_from() -> None:
    before = "import pickle, requests", "r = requests.get('https://example.org/m.pkl')"
    (finding,) = of("m = pickle.loads(r.content)", *before, variables={"pickle": pickle}).failing
    assert finding.severity is Severity.HIGH
    assert finding.properties["origin"] == "network"
    assert [each.cell for each in finding.related] == [3]


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("ld(f)", {"ld": pickle.load}),
        ("p.load(f)", {"p": pickle}),
        ("m = p.Unpickler(f).load()", {"p": pickle}),
        ("u.load()", {"u": pickle.Unpickler(open(os.devnull, "rb"))}),  # noqa: SIM115
        ("import pickle\npickle.load(f)", {"pickle": 1}),
    ],
)
def test_a_load_by_whatever_name(source: str, variables: dict[str, Any]) -> None:
    assert [rule for rule, _, _ in found(of(source, variables=variables))] == ["untrusted-load"]


class Mine:
    """Not pickle."""

    def load(self, file: object) -> None: ...


Mine.__module__ = "__main__"


def test_names_that_only_look_like_a_load() -> None:
    assert of("pickle.load(f)", "import pickle", variables={"pickle": Mine()}).failing == ()
    assert of("ld(f)", "from pickle import load as ld", variables={"ld": Mine().load}).failing == ()


def test_an_artifact_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evil.pkl").write_bytes(b"cos\nsystem\n(S'exit 0'\ntR.")
    outcome = of("p.load(open('evil.pkl', 'rb'))", variables={"p": pickle})
    assert [rule for rule, _, _ in found(outcome)] == ["malicious-artifact"]


def test_known_secrets() -> None:
    value = token(1, 30)
    variables = {"api_key": value}
    assert found(of(f"print('{value}')", variables=variables)) == [("known-secret", 99, 1)]
    # Where the literal is given its name again, the rule for that speaks.
    assert found(of(f"api_key = '{value}'", variables=variables)) == [("hardcoded-secret", 99, 1)]


def test_comments_and_tags_count() -> None:
    load = "import pickle\npickle.load(f)"
    assert of(f"{load}  # stsec: ignore[untrusted-load]").failing == ()
    assert of(load, metadata={"tags": ["stsec-allow-untrusted-load"]}).failing == ()
    assert of(load, metadata={"stsec": {"ignore": ["loads"]}}).failing == ()
    assert of(load, metadata={"tags": 7, "stsec": object()}).failing != ()


@pytest.mark.parametrize(
    "source",
    ["%%bash\nexport OPENAI_API_KEY={}", "%env OPENAI_API_KEY={}", "!curl -H 'Authorization: Bearer {}' x.org"],
)
def test_magics_and_shell_lines(source: str) -> None:
    assert len(of(source.format(openai_key(3))).failing) == 1


def test_a_cell_of_ours_is_python() -> None:
    assert found(of("%%stsec warn\nimport pickle\npickle.load(f)")) == [("untrusted-load", 99, 3)]


def test_is_it_worth_it() -> None:
    known = KnownSecrets()
    value = token(2, 30)
    known.refresh({"api_key": value}, {})
    check = CellCheck(Namespace({"ld": pickle.load, "df": object()}), known)
    assert [check.is_worth_it(each) for each in ("x = 1", "df.head()\nfor i in range(3):\n    print(i)")] == [False] * 2
    assert all(check.is_worth_it(each) for each in ("ld(f)", value, "pickle.load(f)", "password = 'x'"))


@pytest.mark.parametrize("source", ["", "x = (", "\ud800 = 1", "\x00", "%%", "%%stsec", "a" * 300_000])
def test_odd_cells(source: str) -> None:
    assert of(source).failing == ()
