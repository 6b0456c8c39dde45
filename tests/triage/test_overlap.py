"""One span, one finding: the surest rule's."""

from __future__ import annotations

import itertools

import pytest

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import Part
from stsec_magic.model.rule import Group, Rule
from stsec_magic.model.secret import Secret
from stsec_magic.triage.overlap import resolve
from tests.credentials import fill, github_token, openai_key, password, private_key
from tests.notebooks_in_memory import code, display, markdown, notebook
from tests.results import only, rules_of

TEXT = Fragment(text="abcdefghijklmnopqrstuvwxyz" * 4, part=Part.SOURCE, path=("cells", 0, "source"))


def hit(rule: str, start: int, end: int, strength: int = 0, secret: bool = True, fragment: Fragment = TEXT) -> Hit:
    return Hit(
        rule=Rule(rule, rule, Group.CREDENTIALS, Severity.HIGH, Confidence.HIGH, ""),
        fragment=fragment,
        start=start,
        end=end,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message="",
        secret=Secret(fragment.text[start:end]) if secret else None,
        strength=strength,
    )


def kept(*hits: Hit) -> set[str]:
    return {each.rule.id for each in resolve(hits)}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_strongest_stays_whatever_the_order(order: tuple[int, ...]) -> None:
    rows = [hit("hardcoded", 5, 20, 10), hit("connection", 8, 15, 20), hit("provider", 10, 14, 40)]
    assert kept(*(rows[i] for i in order)) == {"provider"}


def test_secrets_that_only_touch_both_stay() -> None:
    assert kept(hit("a", 0, 5, 1), hit("b", 5, 9, 2)) == {"a", "b"}


def test_the_same_span_in_another_text_is_another_place() -> None:
    other = Fragment(text=TEXT.text, part=Part.SOURCE, path=("cells", 1, "source"))
    assert len(resolve([hit("a", 0, 5), hit("a", 0, 5, fragment=other)])) == 2


def test_a_place_without_a_secret_is_not_hidden_by_a_secret() -> None:
    assert kept(hit("load", 0, 30, secret=False), hit("key", 5, 20, 40)) == {"load", "key"}


def test_one_load_found_twice_is_one() -> None:
    assert len(resolve([hit("load", 3, 9, secret=False), hit("load", 3, 7, secret=False)])) == 1


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (f"OPENAI_API_KEY = '{openai_key(1)}'", "openai-api-key"),
        (f"os.environ['GITHUB_TOKEN'] = '{github_token(1)}'", "github-token"),
        (f"headers = {{'Authorization': 'Bearer {github_token(2)}'}}", "github-token"),
        (f"DB_PASSWORD = 'postgresql://me:{password(1)}@db.acme.io/x'", "connection-string"),
        (f"url = 'https://me:{github_token(3)}@github.com/x.git'", "github-token"),
        (f"private_key = '''{private_key(1)}'''", "private-key"),
        (f"password = '{password(2)}'", "hardcoded-secret"),
    ],
    ids=lambda value: value if "-" in value and " " not in value else "",
)
def test_known_formats_win_over_names(source: str, rule: str) -> None:
    assert rules_of(notebook(code(source))) == [rule]


def test_markup_and_its_visible_text_give_one_finding() -> None:
    key = openai_key("markup")
    for text in (f"<p>{key}</p>", f"<b>{key[:20]}</b><i>{key[20:]}</i>", f"&nbsp;{key}&nbsp;"):
        assert only(notebook(code("x", [display({"text/html": text})]))).rule == "openai-api-key"
        assert only(notebook(markdown(f"a {text} b"))).rule == "openai-api-key"


def test_two_secrets_on_a_line_are_two_findings() -> None:
    source = fill("a = ['AKIA{base32:16}', 'AKIA{base32:16}']", 3)
    assert len(rules_of(notebook(code(source)))) == 2
