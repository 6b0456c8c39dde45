"""Every format in the catalogue proves itself: its examples are found, its non-examples are not."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stsec_magic import check
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.rules.base import Subject
from stsec_magic.rules.formats import CatalogueError, ProviderFormat, load, parse
from stsec_magic.rules.providers import ProviderFormats
from stsec_magic.rules.scan import KeywordScanner
from stsec_magic.rules.search import look_in
from tests.credentials import fill
from tests.notebooks_in_memory import code, markdown, notebook, stream

FORMATS = load()
ALONE = [each for each in FORMATS if not each.near]
SEEDS = (0, 1, 2)
SEEDS_IN = {"source": SEEDS, "output": (0,), "markdown": (1,)}
"""Code has a syntax in which a value may stand in many ways; elsewhere one of each will do."""
each_format = pytest.mark.parametrize("each", FORMATS, ids=[each.rule.id for each in FORMATS])

HOLE = re.compile(r"\{uuid\}|\{\w+:\d+\}")
PLACES = {
    "source": code,
    "output": lambda text: code("show()", [stream(text)]),
    "markdown": markdown,
}


def _holes(template: str, text: str) -> list[tuple[int, int]]:
    """Where the holes of a template stand in its filled text."""
    at = offset = 0
    spans = []
    for hole in HOLE.finditer(template):
        offset += len(_plain(template[at : hole.start()]))
        length = 36 if hole[0] == "{uuid}" else int(hole[0].strip("{}").split(":")[1])
        spans.append((offset, offset + length))
        offset, at = offset + length, hole.end()
    assert offset + len(_plain(template[at:])) == len(text)
    return spans


def _plain(literal: str) -> str:
    return literal.replace("{{", "{").replace("}}", "}")


def _found(text: str, place: str, rule: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    report = check(notebook(PLACES[place](text))).to_dict()
    return [f for f in report["findings"] if f["rule"] == rule], report


def _by_cell(texts: list[str], place: str) -> tuple[list[list[dict[str, Any]]], str]:
    """The findings in each of some texts, which are cells of one notebook, and the whole report as JSON."""
    report = check(notebook(*(PLACES[place](text) for text in texts))).to_dict()
    assert not report["problems"] or place == "source"
    return [[f for f in report["findings"] if f["cell"] == n] for n in range(1, len(texts) + 1)], json.dumps(report)


def _span(finding: dict[str, Any], text: str) -> tuple[int, int]:
    starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n")]
    return (
        starts[finding["line"] - 1] + finding["column"] - 1,
        starts[finding["end_line"] - 1] + finding["end_column"] - 1,
    )


# -- examples and non-examples ------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
@each_format
def test_examples_are_found(each: ProviderFormat, place: str):
    made = [(template, fill(template, seed)) for template in each.examples for seed in SEEDS_IN[place]]
    by_cell, said = _by_cell([text for _, text in made], place)
    for (template, text), findings in zip(made, by_cell, strict=True):
        ours = [f for f in findings if f["rule"] == each.rule.id]
        assert len(ours) == 1, f"{template!r}: {len(ours)} findings of {[f['rule'] for f in findings]}"
        (finding,) = ours
        start, end = _span(finding, text)
        holes = _holes(template, text)
        # A UUID is an id; else the longest hole, the last of equals, is the value.
        longest = max(holes, key=lambda hole: (hole[1] - hole[0] != 36, hole[1] - hole[0], hole[0]))
        assert start <= longest[0] and longest[1] <= end, f"{template!r}: the span leaves a part of the value out"
        assert finding["part"] == place
        _assert_masked(finding, text[start:end], min(a for a, _ in holes if a >= start) - start, template)
        assert text[start:end] not in said
        _assert_alone(finding, findings, text, template)


def _assert_masked(finding: dict[str, Any], value: str, public: int, template: str) -> None:
    shown = re.fullmatch(r"(.*)\.\.\.\((\d+)\)", finding["masked"])
    assert shown is not None and int(shown[2]) == len(value), template
    assert value.startswith(shown[1]), template
    assert len(shown[1]) <= public, f"{template!r}: the mask shows more than the public prefix"


def _assert_alone(finding: dict[str, Any], findings: list[dict[str, Any]], text: str, template: str) -> None:
    start, end = _span(finding, text)
    for other in findings:
        if other is not finding:
            low, high = _span(other, text)
            assert high <= start or end <= low, f"{template!r}: {other['rule']} stands at the same place"


@pytest.mark.parametrize("place", PLACES)
@each_format
def test_non_examples_are_not_found(each: ProviderFormat, place: str):
    made = [(template, fill(template, seed)) for template in each.non_examples for seed in SEEDS_IN[place]]
    by_cell, _ = _by_cell([text for _, text in made], place)
    for (template, _text), findings in zip(made, by_cell, strict=True):
        assert each.rule.id not in [f["rule"] for f in findings], template


@each_format
def test_examples_hold_no_whole_credential(each: ProviderFormat):
    for template in (*each.examples, *each.non_examples):
        assert each.regex.search(template) is None, template
    assert all(HOLE.search(template) for template in each.examples)


@each_format
def test_a_value_is_found_in_the_middle_of_a_long_text(each: ProviderFormat):
    example = fill(each.examples[0], 0)
    text = f"{'ü wort ' * 3000}\n{example}\n{'İ wort ' * 3000}"
    findings, _ = _found(text, "output", each.rule.id)
    assert [finding["line"] for finding in findings] == [example.count("\n") + 2]


# -- keywords -----------------------------------------------------------------------------------


@each_format
def test_keywords_stand_in_every_example(each: ProviderFormat):
    for template in each.examples:
        for seed in SEEDS:
            match = each.regex.search(fill(template, seed))
            assert match is not None, template
            _assert_keyword(each, match[0])


@pytest.mark.parametrize("each", ALONE, ids=[each.rule.id for each in ALONE])
def test_keywords_stand_in_every_match(each: ProviderFormat):
    # Long repetitions say nothing of keywords, and cost the generator much.
    pattern = re.sub(r"\{(\d+),\d{3,}\}", r"{\1,\1}", each.pattern)

    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    def holds(text: str) -> None:
        _assert_keyword(each, text)

    holds()


def _assert_keyword(each: ProviderFormat, text: str) -> None:
    lowered = text.lower()
    assert any(keyword in lowered for keyword in each.keywords), "a match without any of its keywords is never seen"
    if each.begins_with_keyword:
        assert lowered.startswith(each.keywords), "a match doesn't begin where it is looked for"


@each_format
def test_keywords_are_specific_enough(each: ProviderFormat):
    assert each.keywords
    assert all(len(keyword) >= 2 and keyword == keyword.lower() for keyword in each.keywords)


# -- time ---------------------------------------------------------------------------------------

LENGTH = 60_000
"""Characters: quadratic work takes many seconds there."""


def _hostile(each: ProviderFormat) -> Iterator[tuple[str, str]]:
    head = _plain(HOLE.split(each.examples[0])[0]) or each.keywords[0]
    keyword = each.keywords[0]
    yield "its prefix", head * (LENGTH // len(head))
    yield "its keyword", keyword * (LENGTH // len(keyword))
    yield "its keyword and spaces", f"{keyword} " * (LENGTH // (len(keyword) + 1))
    yield "a", head + "a" * LENGTH
    yield "-", head + "-" * LENGTH


@each_format
def test_no_text_takes_long(each: ProviderFormat):
    for name, text in _hostile(each):
        fragment = Fragment(text=text, part=Part.OUTPUT, path=())
        subject = Subject("")
        look_in(subject, [fragment], KeywordScanner(each.keywords))
        began = time.process_time()
        list(ProviderFormats([each]).hits(subject))
        assert time.process_time() - began < 1, f"much of {name}"


@pytest.mark.parametrize("character", ["a", "-", "A", "0", "=", "/", '"', " ", "\n"])
def test_one_repeated_character_takes_no_time(character: str):
    for each in FORMATS:
        began = time.process_time()
        assert each.regex.search(character * 20_000) is None
        assert time.process_time() - began < 1, each.rule.id


# -- the catalogue as a whole -------------------------------------------------------------------


def test_ids_are_unique_and_kebab_case():
    ids = [each.rule.id for each in FORMATS]
    assert sorted(set(ids)) == sorted(ids)
    assert [id for id in ids if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id)] == []


def test_every_toml_file_is_read():
    names = {e.name.removesuffix(".toml") for e in (files("stsec_magic.rules") / "providers").iterdir()}
    assert {each.rule.provider for each in FORMATS} == {name for name in names if not name.startswith("__")}


@each_format
def test_a_format_names_its_pages(each: ProviderFormat):
    url = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(/\S*)?")
    assert url.fullmatch(each.source) and url.fullmatch(each.revoke)
    assert re.fullmatch(r"[A-Z][A-Z0-9_]*", each.env)
    assert each.source in each.rule.help and each.revoke in each.rule.help and each.env in each.rule.help


def test_partners_exist():
    ids = {each.rule.id for each in FORMATS}
    assert {each.partner for each in FORMATS if each.partner is not None} <= ids


def test_an_id_alone_is_of_low_severity():
    def severity(text: str) -> str:
        (finding,) = _found(text, "source", "aws-access-key-id")[0]
        return str(finding["severity"])

    alone = fill('aws_access_key_id = "AKIA{base32:16}"')
    assert severity(alone) == "low"
    assert severity(alone + fill('\naws_secret_access_key = "{base64:40}"')) == "medium"


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("ghp_{upper:6}...", "github-token"),
        ("AKIAIOSFODNN7EXAMPLE", "aws-access-key-id"),
        ("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "github-token"),
        ("hf_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "huggingface-token"),
        ("AIzaXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "google-api-key"),
        ("AIzaSyYOUR_API_KEY_HERE_REPLACE_THIS_NOW", "google-api-key"),
        ("sk_test_000000000000000000000000", "stripe-test-key"),
        ("{alnum:20}ghp_{alnum:36}", "github-token"),
        ("ghp_{alnum:36}_{alnum:3}", "github-token"),
        ("r8_{alnum:37}-{alnum:3}", "replicate-api-token"),
    ],
)
def test_documentation_shapes_are_not_found(template: str, rule: str):
    assert _found(fill(template), "source", rule)[0] == []


# -- the schema ---------------------------------------------------------------------------------

ENTRY = {
    "id": "acme-key",
    "title": "Acme key",
    "pattern": "(?P<prefix>acme_)[a-z]{20}",
    "keywords": ["ACME_"],
    "severity": "high",
    "confidence": "medium",
    "env": "ACME_KEY",
    "revoke": "https://acme.example/keys",
    "source": "https://acme.example/docs",
    "examples": ["acme_{lower:20}"],
    "non_examples": ["acme_{lower:2}"],
}


def test_an_entry_becomes_a_format():
    (made,) = parse("acme", {"issuer": "Acme", "format": [ENTRY]})
    assert (made.rule.id, made.rule.provider, made.issuer) == ("acme-key", "acme", "Acme")
    assert made.keywords == ("acme_",)
    assert made.begins_with_keyword
    assert made.regex.search(f"x {fill('acme_{lower:20}')} y")
    assert not made.regex.search(f"xacme_{'a' * 20}")


@pytest.mark.parametrize("key", sorted(ENTRY))
def test_a_missing_key_is_refused(key: str):
    entry = {name: value for name, value in ENTRY.items() if name != key}
    with pytest.raises(CatalogueError, match=key):
        parse("acme", {"format": [entry]})


def test_a_file_says_once_what_all_its_formats_share():
    shared = {"severity": "low", "env": "ACME_TOKEN"}
    one = {name: value for name, value in ENTRY.items() if name not in shared}
    made = parse("acme", {**shared, "format": [one, {**ENTRY, "id": "acme-other"}]})
    assert [(each.rule.severity, each.env) for each in made] == [("low", "ACME_TOKEN"), ("high", "ACME_KEY")]


def test_an_unknown_key_of_a_file_is_refused():
    with pytest.raises(CatalogueError, match="colour"):
        parse("acme", {"colour": "red", "format": [ENTRY]})


def test_a_format_needs_keywords_or_company():
    with pytest.raises(CatalogueError, match="either"):
        parse("acme", {"format": [{**ENTRY, "near": ["acme"]}]})


def test_an_unknown_key_is_refused():
    with pytest.raises(CatalogueError, match="colour"):
        parse("acme", {"format": [{**ENTRY, "colour": "red"}]})


@pytest.mark.parametrize("key", ["examples", "non_examples"])
def test_a_format_without_proof_is_refused(key: str):
    with pytest.raises(CatalogueError, match="acme-key"):
        parse("acme", {"format": [{**ENTRY, key: []}]})


def test_a_file_without_formats_gives_none():
    assert parse("acme", tomllib.loads('issuer = "Acme"')) == []
