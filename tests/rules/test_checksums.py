"""What a credential says of itself weighs in the confidence, and never silences a finding."""

from __future__ import annotations

import base64
import json

import pytest

from stsec_magic import check
from stsec_magic.model.levels import Severity
from stsec_magic.rules.checksums import CHECKSUMS
from tests.credentials import fill, github_token, token
from tests.notebooks_in_memory import code, notebook


def confidence(text: str) -> list[str]:
    return [str(finding.confidence) for finding in check(notebook(code(f"x = '{text}'"))).findings]


def jwt(head: object) -> str:
    parts = (json.dumps(head), json.dumps({"sub": token("s", 12)}))
    encoded = [base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, token("signature", 43)])


def test_github_tokens():
    good = github_token(1)
    other = good[:-1] + ("a" if good[-1] != "a" else "b")
    assert CHECKSUMS["crc32-base62"](good) and not CHECKSUMS["crc32-base62"](other)
    assert confidence(good) == ["high"]
    assert confidence(other) == ["medium"]


def test_npm_tokens_have_the_same():
    assert confidence("npm_" + github_token(2).removeprefix("ghp_")) == ["high"]
    assert confidence(fill("npm_{alnum:36}")) == ["medium"]


def test_a_mistyped_token_still_fails_an_audit():
    good = github_token(3)
    report = check(notebook(code(f"x = '{good[:-1]}{'a' if good[-1] != 'a' else 'b'}'")))
    assert report.failing(Severity.HIGH)


def test_jwts():
    assert confidence(jwt({"alg": "HS256", "typ": "JWT"})) == ["high"]
    assert confidence(jwt({"typ": "JWT"})) == ["low"]


@pytest.mark.parametrize("value", ["", "_", "ghp_", "a.b.c", "é", "eyJ", "[" * 5000])
@pytest.mark.parametrize("name", CHECKSUMS)
def test_any_text_gives_an_answer(name: str, value: str):
    assert CHECKSUMS[name](value) is False
