"""The list of all rules is whole and consistent."""

from __future__ import annotations

import importlib
import re

import pytest

from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.rules import catalogue
from stsec_magic.rules.catalogue import checks, rules
from stsec_magic.rules.known_secret import KnownSecret
from stsec_magic.rules.project_rules import RULES as PROJECT_RULES
from stsec_magic.rules.suspicious_artifact import SuspiciousArtifact

ALL = rules()
CODE_RULES = sorted(id for id, rule in ALL.items() if rule.provider is None and rule not in PROJECT_RULES)
each_rule = pytest.mark.parametrize("rule", ALL.values(), ids=list(ALL))


def test_rules_are_those_of_the_checks():
    ids = [rule.id for rule in (*(rule for check in checks() for rule in check.rules), *PROJECT_RULES)]
    assert sorted(ids) == sorted(ALL)
    assert all(id == rule.id for id, rule in ALL.items())


def test_first_rules_are_there():
    assert {"untrusted-load", "hardcoded-secret", "connection-string", "private-key", "github-token"} <= set(ALL)


@each_rule
def test_a_rule_says_what_it_is(rule: Rule):
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id)
    assert rule.id not in set(Group)
    assert rule.title and not rule.title.endswith(".")
    assert isinstance(rule.severity, Severity) and isinstance(rule.confidence, Confidence)
    assert rule.help.startswith(f"{rule.id}: ")
    assert "**Why is this bad**" in rule.help and "**Use instead**" in rule.help


@pytest.mark.parametrize("id", CODE_RULES)
def test_a_code_rule_stands_in_the_file_of_its_name(id: str):
    module = importlib.import_module(f"stsec_magic.rules.{id.replace('-', '_')}")
    assert id in {ALL[id].id, module.RULE.id}


@pytest.mark.parametrize("check", checks(), ids=lambda check: type(check).__name__)
def test_keywords_are_lower_case(check):
    words = [*check.keywords, *check.code_words]
    assert words or isinstance(check, (KnownSecret, SuspiciousArtifact))
    assert all(word and word == word.lower() and word.isascii() for word in words)


def test_two_rules_of_one_id_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catalogue, "checks", lambda: (*checks(), checks()[-1]))
    with pytest.raises(ValueError, match="two rules"):
        catalogue.rules.__wrapped__()


def test_the_lists_are_made_once():
    assert checks() is checks() and rules() is rules()
