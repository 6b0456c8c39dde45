"""Credentials made at test time, so that no whole one stands in the tree."""

from __future__ import annotations

import random
import re
import string
import uuid

_LOWNUM = string.ascii_lowercase + string.digits
_UPNUM = string.ascii_uppercase + string.digits
_ALNUM = string.ascii_letters + string.digits

ALPHABETS = {
    "digit": string.digits,
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "alpha": string.ascii_letters,
    "alnum": _ALNUM,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "base32": string.ascii_uppercase + "234567",
    "base64": _ALNUM + "+/",
    "base64url": _ALNUM + "-_",
    "word": _ALNUM + "_",
    "lownum": _LOWNUM,
    "upnum": _UPNUM,
}

_HOLE = re.compile(r"\{\{|\}\}|\{uuid\}|\{(\w+):(\d+)\}")


def token(seed: object, length: int, alphabet: str = "alnum") -> str:
    """So many random characters, begun and ended with an alphanumeric one; the same for the same seed."""
    rng = random.Random(f"token {seed} {length} {alphabet}")
    return _draw(rng, alphabet, length)


def password(seed: object) -> str:
    """A password as a careful person would choose it: 16 characters, none to escape anywhere."""
    rng = random.Random(f"password {seed}")
    kinds = [string.ascii_lowercase, string.ascii_uppercase, string.digits, "!_+-"]
    middle = [rng.choice(kinds[i % 4]) for i in range(14)]
    rng.shuffle(middle)
    return rng.choice(string.ascii_letters) + "".join(middle) + rng.choice(_ALNUM)


def fill(template: str, seed: object = 0) -> str:
    """A template with its holes filled: ``{alnum:20}``, ``{uuid}``; ``{{`` and ``}}`` are braces.

    Anything else in braces stays as it stands, so that a template may hold code.
    """
    rng = random.Random(f"fill {seed} {template}")

    def filled(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        if match[0] == "{uuid}":
            return str(uuid.UUID(int=rng.getrandbits(128), version=4))
        return _draw(rng, match[1], int(match[2])) if match[1] in ALPHABETS else match[0]

    return _HOLE.sub(filled, template)


def private_key(seed: object, lines: int = 6) -> str:
    """A PEM private key, of random letters: no key, but none of our tools can tell."""
    body = "\n".join(token(f"{seed} {i}", 64, "base64") for i in range(lines))
    return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----"


def openai_key(seed: object) -> str:
    """An API key in OpenAI's format."""
    return fill("sk-proj-{alnum:48}T3BlbkFJ{alnum:48}", seed)


def github_token(seed: object) -> str:
    """A personal access token in GitHub's classic format, its checksum at the end being right."""
    import zlib

    body = token(f"github {seed}", 30)
    return f"ghp_{body}{_base62(zlib.crc32(body.encode())).rjust(6, '0')}"


def _base62(number: int) -> str:
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase
    out = ""
    while number:
        number, rest = divmod(number, 62)
        out = digits[rest] + out
    return out


def _draw(rng: random.Random, alphabet: str, length: int) -> str:
    letters = ALPHABETS[alphabet]
    plain = [letter for letter in letters if letter.isalnum()]
    drawn = [rng.choice(letters) for _ in range(length)]
    # A "-" or "_" at an end would melt with what stands beside the value.
    for end in {0, length - 1} if length else ():
        drawn[end] = rng.choice(plain)
    return "".join(drawn)
