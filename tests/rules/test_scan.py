"""One pass for all keywords, with offsets that can be trusted."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.rules.base import Subject
from stsec_magic.rules.catalogue import checks
from stsec_magic.rules.scan import KeywordScanner
from stsec_magic.rules.search import look_in


def _fragment(text: str) -> Fragment:
    return Fragment(text=text, part=Part.SOURCE, path=())


def _offsets(keywords: list[str], *texts: str) -> dict[str, list[tuple[int, int]]]:
    fragments = [_fragment(text) for text in texts]
    subject = Subject("")
    look_in(subject, fragments, KeywordScanner(keywords))
    return {
        word: [(fragments.index(fragment), offset) for fragment, offsets in rows.items() for offset in offsets]
        for word, rows in subject.words.items()
    }


def test_offsets_count_within_their_fragment():
    assert _offsets(["key", "token"], "key token", "", "a key") == {"key": [(0, 0), (2, 2)], "token": [(0, 4)]}


def test_case_does_not_matter():
    assert _offsets(["akia", "key"], "AKIA Key kEY") == {"akia": [(0, 0)], "key": [(0, 5), (0, 9)]}


@pytest.mark.parametrize("before", ["ü", "größe ", "日本", "😀", "e\u0301", "ß", "\ud800", "\x00"])
def test_offsets_count_code_points(before: str):
    text = f"{before}key"
    assert _offsets(["key"], text, text) == {"key": [(0, len(before)), (1, len(before))]}


def test_letters_that_grow_when_lowered():
    assert len("İ".lower()) == 2
    assert _offsets(["key"], "İİİkey İ KEY", "İ", "key") == {"key": [(0, 3), (0, 9), (2, 0)]}


def test_letters_that_become_ascii_when_lowered_keep_their_place():
    # The Kelvin sign lowers to "k".
    assert _offsets(["key"], "\u212aey x key") in ({"key": [(0, 6)]}, {"key": [(0, 0), (0, 6)]})


def test_overlapping_keywords_are_all_found():
    assert _offsets(["api_key", "_key", "key", "api"], "api_key") == {
        "api_key": [(0, 0)],
        "api": [(0, 0)],
        "_key": [(0, 3)],
        "key": [(0, 4)],
    }
    assert _offsets(["aa"], "aaaa") == {"aa": [(0, 0), (0, 1), (0, 2)]}


def test_a_keyword_does_not_straddle_fragments():
    assert _offsets(["key", "ke"], "ke", "y", "k", "ey", "key") == {"key": [(4, 0)], "ke": [(0, 0), (4, 0)]}


def test_no_real_keyword_holds_a_break():
    assert [word for check in checks() for word in check.keywords if "\n" in word or "\x00" in word] == []


def test_nothing_to_look_in_and_nothing_to_look_for():
    assert _offsets(["key"]) == {}
    assert _offsets(["key"], "", "") == {}
    assert _offsets([], "key") == {}


def test_keywords_are_kept_once():
    assert KeywordScanner(["b", "a", "b"]).keywords == ["a", "b"]


def test_equal_texts_stay_apart():
    assert _offsets(["key"], "key", "key", "key") == {"key": [(0, 0), (1, 0), (2, 0)]}


@given(st.lists(st.text(alphabet="akeyKEY_İß\u212aé😀\n ", max_size=12), max_size=5))
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_the_same_as_looking_one_by_one(texts: list[str]):
    keywords = ["key", "_k", "e", "ey_"]
    found = _offsets(keywords, *texts)
    for word in keywords:
        expected = [
            (i, at)
            for i, text in enumerate(texts)
            for at in range(len(text))
            if text[at : at + len(word)].isascii() and text[at : at + len(word)].lower() == word
        ]
        assert sorted(found.get(word, [])) == expected


def test_identifiers_are_looked_for_in_code_alone_and_whole():
    scanner = KeywordScanner(["key"], ["load", "key"])
    texts = [b"load(key) and reload, load_all, Load", b"load(key)"]
    found = [(i, word, named) for i, word, _, named in scanner.scan(texts, {0})]
    assert found == [(0, "load", True), (0, "key", True), (0, "load", True), (1, "key", False)]


def test_the_real_keywords_on_a_large_text():
    scanner = KeywordScanner(keyword for check in checks() for keyword in check.keywords)
    text = "x = frame.groupby('a').agg({'b': 'sum'})\n" * 25_000
    began = time.process_time()
    list(scanner.scan([text.encode()], set()))
    assert time.process_time() - began < 2
