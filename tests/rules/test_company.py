"""Values that are credentials only where their issuer's name is tied to them."""

from __future__ import annotations

import re

import pytest

from stsec_magic.rules import company
from tests.credentials import token

VALUE = token("company", 40, "hex")
PATTERN = re.compile(company.pattern(["acme"], "[0-9a-f]{40}"))


def _found(text: str) -> bool:
    match = PATTERN.search(text)
    return match is not None and company.is_tied(match["between"])


@pytest.mark.parametrize(
    "text",
    [
        "acme_api_key = '{}'",
        "ACME_TOKEN={}",
        "acmeKey: {}",
        "myAcmeSecret := `{}`",
        '{{"acme": {{"access_token": "{}"}}}}',
        "Acme('{}')",
        "AcmeClient(api_key='{}')",
        "acme = {}",
        "acme access token {}",
        "acme-secret-key-{}",
        "acme.auth.login(\n    token='{}'\n)",
        "os.environ['ACME_API_KEY'] = '{}'",
        "export ACME_KEY={};",
        "the Acme key is {}.",
    ],
)
def test_a_tied_value_is_found(text: str):
    assert _found(text.format(VALUE))


@pytest.mark.parametrize(
    "text",
    [
        "acme {}",
        "acme-{}",
        "acme commit {}",
        "acme: see commit {}",
        "acme_sha = '{}'",
        "pharmacme_key = '{}'",
        "acme_key = '{}0'",
        "acme_key = '0{}'",
        "acme_key = '{}-1'",
        "acme_key{}",
        "acme_key = ''\nsha = '{}'",
        "key = '{}'  # acme",
    ],
)
def test_anything_else_is_not(text: str):
    assert not _found(text.format(VALUE))


@pytest.mark.parametrize("text", ["acme_key = '{}'", "ACME: {}", "acme token\n{}"])
def test_what_is_found_is_looked_at(text: str):
    lowered = text.format(VALUE).lower()
    assert re.compile(company.FOLLOWING).match(lowered, lowered.index("acme") + 4)
