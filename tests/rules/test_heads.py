"""How a pattern begins, and what must follow its keyword."""

from __future__ import annotations

import pytest

from stsec_magic.rules.heads import any_of, begins_with, following


@pytest.mark.parametrize(
    ("pattern", "keywords"),
    [
        (r"(?P<prefix>acme_)[a-z]{20}", ["acme_"]),
        (r"(?P<prefix>AKIA|ASIA)[A-Z0-9]{16}", ["akia", "asia"]),
        (r"(?P<prefix>gh[pousr]_)[A-Za-z0-9]{36}", ["ghp_", "gho_"]),
        (r"api\.acme\.test/[^\s]{0,200}?key=[a-z]{8}", ["api.acme.test/"]),
    ],
)
def test_patterns_that_begin_with_their_keyword(pattern: str, keywords: list[str]):
    assert begins_with(pattern, keywords)


@pytest.mark.parametrize(
    ("pattern", "keywords"),
    [
        (r"[a-z]{4}acme_[a-z]{20}", ["acme_"]),
        (r"(?i:acme|other)_key[a-z]{20}", ["acme", "other"]),
        (r"acme_|other_", ["acme_"]),
        (r"(?P<prefix>acme_)[a-z]{20}", ["me_"]),
        (r"a?b[a-z]{20}", ["ab"]),
    ],
)
def test_others(pattern: str, keywords: list[str]):
    assert not begins_with(pattern, keywords)


def test_what_follows_a_keyword_is_read_from_the_pattern():
    follows = following(r"(?P<prefix>re_)[A-Za-z0-9]{8}_[A-Za-z0-9]{24}", "re_")
    assert follows == "[A-Za-z0-9]{8}"
    condition = any_of(frozenset((follows,)))
    assert condition.match(b"re_abcd1234_", 3) and not condition.match(b"re_search(x", 3)


@pytest.mark.parametrize(
    ("pattern", "keyword"),
    [
        (r"(?P<prefix>acme_)(?:live|test)_[a-z]{20}", "acme_"),
        (r"(?P<prefix>pat-)[a-z]{20}", "pat"),
        (r"api\.acme\.test/[a-z]{8}", "api.acme.test/"),
    ],
)
def test_nothing_so_simple_is_said_of_others(pattern: str, keyword: str):
    assert following(pattern, keyword) is None
