"""What an execution that fails says."""

from __future__ import annotations

from typing import Any

import pytest

from stsec_magic.conversion.failed_cells import mask_error, watch
from stsec_magic.hits import masker_of
from tests.conversion.books import key
from tests.credentials import password


class CellError(Exception):
    def __init__(self, traceback: str, evalue: str) -> None:
        super().__init__(traceback)
        self.traceback, self.evalue = traceback, evalue


def test_the_exception_stays_what_it_is_without_secrets() -> None:
    source, printed = password("source"), key("printed")
    error = CellError(f"cell: {source}\n{printed}", f"bad {printed}")
    error.__cause__ = ValueError(printed, 7)
    mask_error(error, [masker_of([f'password = "{source}"'])])
    told = f"{error} {error.traceback} {error.evalue} {error.__cause__!r}"
    assert source not in told
    assert printed not in told
    assert error.traceback.startswith("cell: ...(16)\nsk-proj-...(")
    assert error.__cause__.args[1] == 7


class Failing:
    calls = 0

    def __init__(self, text: str) -> None:
        self._text = text

    def preprocess(self, *_: Any) -> None:
        self.calls += 1
        raise CellError(self._text, "")


def test_an_execution_is_watched_once() -> None:
    secret = key("watched")
    executing = Failing(f"k = {secret}")
    watch(executing, list)
    watched = executing.preprocess
    watch(executing, list)
    assert executing.preprocess == watched
    with pytest.raises(CellError) as caught:
        executing.preprocess()
    assert secret not in str(caught.value)
    assert executing.calls == 1
