"""Whatever a notebook holds: no secret stays in it, and what is no secret stays."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic import checker
from stsec_magic.model.config import Config
from stsec_magic.notebook.read import from_mapping
from stsec_magic.redact.notebook import redacted
from tests.redact.books import redact, remains
from tests.test_never_leaks import BOOKS, SECRETS, VALUES, planted


@pytest.mark.parametrize("kind", SECRETS)
@given(book=BOOKS, seed=st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_no_planted_secret_remains(kind: str, book: Any, seed: int) -> None:
    value = VALUES[kind](seed)
    notebook = planted(book, SECRETS[kind](seed))
    before = copy.deepcopy(notebook)
    result = redact(notebook, value)
    assert remains(result.notebook, value) == []
    assert repr(notebook) == repr(before)


@pytest.mark.parametrize("kind", SECRETS)
@given(book=BOOKS, seed=st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_what_the_check_finds_is_gone_without_further_knowledge(kind: str, book: Any, seed: int) -> None:
    result = redact(planted(book, SECRETS[kind](seed)))
    again = checker.examine(from_mapping(result.notebook, "x"), Config(), b"0" * 16)
    assert [hit.rule.id for hit in again.masker.hits if "...(" not in hit.secret.value] == []


@given(book=BOOKS)
@settings(max_examples=60, deadline=None)
def test_without_secrets_nothing_changes(book: Any) -> None:
    examined = checker.examine(from_mapping(book, "x"), Config(), b"0" * 16)
    if not examined.masker.hits:
        result = redacted(book, examined)
        assert result.places == 0
        assert repr(result.notebook) == repr(book)


def test_depth_is_no_matter() -> None:
    value = VALUES["password"](1)
    deep: Any = value
    for _ in range(400):
        deep = {"a": [deep]}
    result = redact({"nbformat": 4, "nbformat_minor": 5, "metadata": deep, "cells": []}, value)
    assert result.places == 1
