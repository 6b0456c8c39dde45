"""Real values and placeholders, told apart."""

from __future__ import annotations

import pytest

from stsec_magic.rules import plausible
from tests.credentials import fill, password, token

SEEDS = range(40)

PLACEHOLDERS = [
    "",
    "x",
    "ab",
    "your_password",
    "YOUR_API_KEY",
    "your-token-here",
    "YourSecretKey",
    "my-secret-key",
    "<token>",
    "<YOUR API KEY>",
    "[your key]",
    "{token}",
    "{{ token }}",
    "${TOKEN}",
    "$TOKEN",
    "$$TOKEN",
    "%TOKEN%",
    "%(token)s",
    "%s",
    "$(cat token.txt)",
    "xxxxxxxx",
    "XXXX-XXXX-XXXX-XXXX",
    "********",
    "#######",
    "...",
    "……",
    "•••••••••",
    "-------",
    "sk-...",
    "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
    "ghp_XXXXXXXXXXXXXXXX",
    "AIza****************",
    "0000000000000000",
    "1234567890",
    "abcdefghijklmnop",
    "abcd1234",
    "0123456789abcdef",
    "qwertyuiop",
    "REPLACE_ME",
    "replace-with-your-key",
    "changeme",
    "insert-key-here",
    "EXAMPLEKEY",
    "dummy",
    "fake_token",
    "redacted",
    "TODO",
    "placeholder",
    "test",
    "foobar",
    "None",
    "null",
    "os.environ['TOKEN']",
    "process.env.TOKEN",
    "st.secrets['token']",
    "vault:secret/db#password",
    "op://vault/db/password",
]


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_placeholders(text: str):
    assert plausible.is_placeholder(text)
    assert not plausible.is_token(text)
    assert not plausible.is_password(text)


@pytest.mark.parametrize("alphabet", ["alnum", "hex", "base64url", "upnum", "lownum"])
@pytest.mark.parametrize("length", [20, 32, 40, 64])
def test_made_values_are_tokens(alphabet: str, length: int):
    missed = [seed for seed in SEEDS if not plausible.is_token(token(seed, length, alphabet))]
    assert len(missed) <= (2 if length < 32 else 0)


def test_made_values_are_no_placeholders():
    for template in ("{uuid}", "sk-{alnum:40}", "{hex:32}", "{base64:43}=", "key-{hex:32}"):
        assert [seed for seed in SEEDS if plausible.is_placeholder(fill(template, seed))] == [], template


def test_chosen_passwords_are_passwords():
    assert [seed for seed in SEEDS if not plausible.is_password(password(seed))] == []


@pytest.mark.parametrize(
    "template",
    ["Winter{digit:4}!", "corr3ct-h0rse-{lower:6}", "{lower:5}{digit:3}", "Paris#{digit:4}{lower:2}", "{digit:8}"],
)
def test_human_passwords_are_passwords(template: str):
    # A run such as 1234 may make one of many a placeholder.
    missed = [seed for seed in SEEDS if not plausible.is_password(fill(template, seed))]
    assert len(missed) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "/home/ada/.ssh/id_rsa",
        "~/.aws/credentials",
        "./token.pickle",
        "C:\\Users\\ada\\key.txt",
        "https://example.org/token",
        "file:///run/secrets/db",
        "credentials.json",
        "config/keys/service.yaml",
        "ada@example.org",
        "getpass('Password: ')",
        "settings.DATABASE.password",
        "DB_PASSWORD",
        "AWS_SECRET_ACCESS_KEY",
    ],
)
def test_references(text: str):
    assert plausible.is_reference(text)
    assert not plausible.is_token(text)
    assert not plausible.is_password(text)


def test_made_values_are_no_references():
    for template in ("{alnum:32}", "{alnum:20}.{alnum:20}", "{upnum:20}", "{base64:40}"):
        values = [fill(template, seed).lstrip("/") for seed in SEEDS]
        assert [seed for seed, value in enumerate(values) if plausible.is_reference(value)] == [], template


@pytest.mark.parametrize(
    "text",
    [
        "[CLS]",
        "<pad>",
        "##ing",
        "</s>",
        "<|endoftext|>",
        "[PAD]",
        "%Y-%m-%d",
        r"\w+\d{3}",
        "[a-z0-9]+",
        "{0}",
        "3600",
        "-1.5",
        "2024-05-01",
    ],
)
def test_tokens_of_other_trades_are_none(text: str):
    assert not plausible.is_token(text)


@pytest.mark.parametrize(
    "text",
    [
        "Enter your password",
        "must hold at least 8 characters",
        "password",
        "secret",
        "letmein",
        "12345",
        "a\nb4567",
        "--password",
        "#password",
        "password:",
        "2024-05-01",
        "3.14159",
        "a" * 201,
    ],
)
def test_what_is_no_password(text: str):
    assert not plausible.is_password(text)


@pytest.mark.parametrize(
    "text",
    [
        "two words",
        "a\nb",
        "short1",
        "calculateInstancePositions",
        "previousPageToken",
        "snake_case_name",
        "hyphen-ated-name",
    ],
)
def test_what_is_no_token(text: str):
    assert not plausible.is_token(text)


def test_a_long_text_is_no_token():
    assert not plausible.is_token(token(0, 4097))


def test_a_uuid_is_a_token():
    assert plausible.is_token(fill("{uuid}"))


def test_public_keys_are_public():
    assert plausible.is_public(fill("pk_live_{alnum:24}"))
    assert plausible.is_public(fill("pk.{base64url:60}"))
    assert not plausible.is_public(fill("sk_live_{alnum:24}"))
    assert not plausible.is_public(token(0, 32))
