"""Texts that literals alone make up, and what needs more than literals."""

from __future__ import annotations

import ast
import base64

import pytest

from stsec_magic.source.constant import constant_text


def text(source: str) -> str | None:
    return constant_text(ast.parse(source, mode="eval").body)


BASE64 = base64.b64encode(b"a text").decode()


@pytest.mark.parametrize(
    "source",
    [
        "'a text'",
        "b'a text'",
        "'a ' 'text'",
        "'a ' + 'te' + 'xt'",
        "f'a text'",
        "f'a {\"text\"}'",
        "' '.join(['a', 'text'])",
        "''.join(('a ', 'text'))",
        "'txet a'[::-1]",
        "'a text'.encode().decode()",
        f"base64.b64decode('{BASE64}').decode()",
        f"b64decode(b'{BASE64}')",
        f"base64.urlsafe_b64decode('{BASE64}')",
        f"bytes.fromhex('{b'a text'.hex()}').decode()",
        f"binascii.unhexlify('{b'a text'.hex()}')",
        "urllib.parse.unquote('a%20text')",
        f"base64.b64decode(bytes.fromhex('{BASE64.encode().hex()}')).decode()",
    ],
)
def test_a_text_of_literals(source: str):
    assert text(source) == "a text"


@pytest.mark.parametrize(
    "source",
    [
        "x",
        "'a' + x",
        "f'a {x}'",
        "''.join(['a', x])",
        "''.join(x)",
        "x[::-1]",
        "'abc'[1:]",
        "'a {}'.format(x)",
        "'a' * 3",
        "1",
        "base64.b64decode(x)",
        "base64.b64decode('no base64!')",
        "base64.b64decode('//79')",
        "bytes.fromhex('zz')",
        "open('a').read()",
        "print('a')",
        "f(*'a')",
    ],
)
def test_anything_else_is_none(source: str):
    assert text(source) is None


def test_deep_and_long_expressions_end():
    assert text("+".join(["'a'"] * 200)) is None
    assert text("'" + "a" * 15_000 + "' + '" + "b" * 15_000 + "'") is None
