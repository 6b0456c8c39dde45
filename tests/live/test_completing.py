"""Tab behind ``%stsec``."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from stsec_magic.live.completing import WORDS, complete


def completed(line: str) -> list[str]:
    """What Tab offers at the end of a line."""
    symbol = "" if line.endswith(" ") else line.rsplit(maxsplit=1)[-1]
    return complete(None, SimpleNamespace(text_until_cursor=line, symbol=symbol))


def test_words() -> None:
    assert completed("%stsec ") == [word for word in WORDS if word]
    assert completed("%stsec a") == ["allow", "artifact", "audit"]
    assert completed("%stsec on ") == ["block", "mask", "warn"]
    assert completed("%stsec on block ") == ["mask", "warn"]
    assert completed("%stsec on b") == ["block"]
    assert completed("%stsec allow ") == ["once"]
    assert completed("%stsec status ") == []
    assert completed("%stsec nope ") == []


def test_rules() -> None:
    assert completed("%stsec explain hardcoded-s") == ["hardcoded-secret"]
    assert len(completed("%stsec explain ")) > 900


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "forest.pkl").touch()
    (tmp_path / "model.pkl").touch()
    (tmp_path / ".hidden").touch()
    monkeypatch.chdir(tmp_path)
    assert completed("%stsec artifact mo") == ["model.pkl", "models/"]
    assert completed("%stsec artifact models/") == ["models/forest.pkl"]
    assert completed("%stsec artifact .h") == [".hidden"]
    assert completed("%stsec fix --") == ["--diff", "--style", "--unsafe-fixes"]
    assert completed("%stsec audit ") == ["model.pkl", "models/"]
    assert completed("%stsec audit nowhere/x") == []
