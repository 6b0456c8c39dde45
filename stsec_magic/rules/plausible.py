"""Is this string a real secret, or a placeholder, a reference, a word? The one place that judges."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\x00-\x7f]+")

# Words of people who show where a secret goes.
_PLACEHOLDER = frozenset(
    "your yours my mine our example examples sample samples placeholder placeholders changeme change replace replaceme repalce "
    "insert enter put paste fill add dummy fake fakekey fakesecret mock todo fixme tbd redacted redact hidden masked "
    "removed censored private undefined null none nil nan true false yes no empty blank default foo bar baz foobar lorem "
    "ipsum here goes something anything whatever some any value string text secret secrets password passwd pass pwd "
    "passphrase token tokens key keys apikey api credential credentials user username login admin account client "
    "mypassword mysecret mytoken mykey yourpassword yourtoken yourkey yoursecret test testing tests demo real short "
    "xyz abc abcd abcdef abcdefg asdf qwerty secretkey secretpassword access auth the a is of to for from and or with "
    "not in on this that use set get new old bearer basic authorization valid invalid bad wrong correct id name "
    "hf openai google aws github slack azure prod dev staging live sandbox env environment variable".split()
)
# One of these is enough, whatever else stands there.
_SURE = frozenset("placeholder changeme replaceme repalce example insert dummy redacted censored yourpassword yourtoken yourkey "
                  "yoursecret your yours lorem fixme todo fake mypassword mysecret mytoken fakekey somefakekey".split())  # fmt: skip

_RUN = re.compile(r"(.)\1{5,}")
_MASKED = re.compile(r"[xX*#.\-_•?0]{3,}")
_REFERENCE = re.compile(
    r"""
      \$[A-Za-z_({] | %[A-Za-z_(][A-Za-z_]*%? $ | %\(\w+\)s | %s | <[^<>]*> | \{\{ | \{[\w.\[\]"'()!:]*\} | \$\{
    | \[[A-Z _\-]+\] | ^\( | ^@\w+[({] | ^(?:os|process|config|settings|st|self|sys|args|env|secrets|userdata|getpass|request|ENV|data|var|local|module)\b[.\[(]
    | ^(?:vault|sops|op|env|file|ssm|arn|ref|secret|keyring):
    """,
    re.VERBOSE,
)
_PATH = re.compile(r"(?:[A-Za-z]:)?[\\/][\w.~\-]{0,80}(?:[\\/]|\Z)|\.{1,2}/|~/|\w{1,20}://")
_FILE = re.compile(r"[\w\-/. ]{1,100}\.(?:txt|json|ya?ml|toml|ini|cfg|conf|csv|tsv|py|ipynb|pem|key|crt|cer|env|pkl|pt|pth|html?|js|xml|md|log|sh|png|jpe?g|pdf|com|org|net|io)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,64}(?:\.[\w\-]{1,64}){1,5}")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(?:[_\-][A-Z0-9]+)+")
_UUID = re.compile(r"[0-9a-zA-Z]{8}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{12}")
_NUMBER = re.compile(r"[+\-]?[\d.,_ :/\-]+%?|0x[0-9a-fA-F]{1,8}|[\d.]+[eE][+\-]?\d+")
_CALL = re.compile(r"[A-Za-z_][\w.]*\(")
_SPECIAL_TOKEN = re.compile(r"\[[A-Z_0-9]+\]|<[^<>]*>|</?s>|##\w*|\|\w+\|")
_FORMAT = re.compile(r"%[a-zA-Z]|\{\d*\}|\\[dwsSWDbAZ]|\[[a-z0-9]-[a-z0-9]|\(\?")
_SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "zyxwvutsrqponmlkjihgfedcba",
              "98765432109876543210")  # fmt: skip

_WEAK_PASSWORDS = frozenset(
    "password passwd pass pwd secret admin root user guest test demo example changeme 123456 12345678 123456789 1234 12345 "
    "qwerty abc123 password1 password123 pass123 pass1234 test123 test1234 admin123 letmein welcome hunter2 xxx postgres mysql "
    "username string hidden none null abcd1234 secret123 mypassword mypass mypasswd hello world hello123 foobar".split()
)


def entropy(text: str) -> float:
    """Shannon entropy of the characters, in bits per character."""
    if not text:
        return 0.0
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


@lru_cache(maxsize=8192)
def is_placeholder(text: str) -> bool:
    """Whether a string only shows where a secret goes.

    Args:
        text: The value, without quotes.

    Returns:
        True for ``YOUR_API_KEY``, ``<token>``, ``xxxx``, ``${VAR}``, ``sk-...``; False where the
        string may be a real value.
    """
    stripped = text.strip()
    if len(stripped) < 3 or _REFERENCE.search(stripped):
        return True
    if "..." in stripped or "…" in stripped or "***" in stripped or "•••" in stripped:
        return True
    lowered = stripped.lower()
    if _RUN.search(lowered) or _MASKED.fullmatch(stripped) or _mostly_masked(stripped):
        return True
    if len(set(lowered)) <= 3 and len(stripped) < 40 or len(set(lowered)) <= 2:
        return True
    if _is_sequence(lowered):
        return True
    words = [word.lower() for word in _WORDS.findall(stripped)]
    letters = [word for word in words if not word.isdigit()]
    if not letters:
        return False
    if any(word in _SURE for word in letters) and not _random_rest(words):
        return True
    known = sum(len(word) for word in letters if word in _PLACEHOLDER)
    return known == sum(map(len, letters)) and sum(len(w) for w in words if w.isdigit()) <= 4


def _mostly_masked(text: str) -> bool:
    """sk-xxxxxxxx, ghp_XXXXXX: a public prefix and then one repeated character."""
    return re.fullmatch(r"[\w.]{0,24}?[\-_:.=]?([xX*#0])\1{3,}[xX*#0\-_.]*[A-Za-z0-9]{0,3}", text) is not None or (
        len(re.findall(r"[xX*]{4,}", text)) >= 2
    )


def _random_rest(words: list[str]) -> bool:
    """Whether beside the words there is a stretch that nobody types by hand."""
    return sum(len(word) for word in words if word not in _PLACEHOLDER) >= 20


def _is_sequence(lowered: str) -> bool:
    bare = re.sub(r"[^a-z0-9]", "", lowered)
    if len(bare) < 6:
        return bool(bare) and any(bare in sequence for sequence in _SEQUENCES)
    covered = 0
    i = 0
    while i < len(bare):
        longest = 0
        for sequence in _SEQUENCES:
            at = sequence.find(bare[i : i + 4])
            if at >= 0 and len(bare) - i >= 4:
                n = 4
                while at + n < len(sequence) and i + n < len(bare) and sequence[at + n] == bare[i + n]:
                    n += 1
                longest = max(longest, n)
        covered += longest
        i += longest or 1
    return covered >= 0.75 * len(bare)


@lru_cache(maxsize=8192)
def is_random(text: str, least: int = 12) -> bool:
    """Whether a string looks made by a machine.

    Args:
        text: The value.
        least: Shorter ones never do.

    Returns:
        True where characters of several kinds are mixed as no word, path or identifier mixes them.
    """
    if len(text) < least or " " in text:
        return False
    core = re.sub(r"[^A-Za-z0-9]", "", text)
    if len(core) < least * 0.7:
        return False
    digits = sum(c.isdigit() for c in core)
    if digits == len(core):
        return False
    if entropy(text) < min(2.9, math.log2(len(text)) * 0.72):
        return False
    changes = _changes(core)
    if digits:
        # dataset_v2, gpt2-small-2024: few digits, in one place.
        return changes >= max(3, len(core) * 0.16) or (len(core) >= 20 and digits >= 2 and changes >= 3 and _vowels(core) < 0.3)
    mixed = not core.islower() and not core.isupper()
    if mixed:
        return changes >= max(4, len(core) * 0.3) and not _camel(core)
    return len(core) >= 16 and _vowels(core) < 0.24


def _changes(text: str) -> int:
    kinds = [("d" if c.isdigit() else "u" if c.isupper() else "l") for c in text]
    return sum(a != b for a, b in zip(kinds, kinds[1:], strict=False))


def _vowels(text: str) -> float:
    letters = [c for c in text.lower() if c.isalpha()]
    return sum(c in "aeiouy" for c in letters) / max(1, len(letters))


def _camel(text: str) -> bool:
    """ThisIsCamelCase: every hump is a pronounceable word."""
    humps = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)
    return bool(humps) and len(text) / len(humps) >= 3.2 and _vowels(text) > 0.28


def is_reference(text: str) -> bool:
    """Whether a string points to something instead of being a secret: a path, a URL, a name."""
    if _PATH.match(text) or _FILE.fullmatch(text) or _EMAIL.fullmatch(text) or _CALL.match(text):
        return True
    if _CONSTANT.fullmatch(text) and not is_random(text, 16):
        return True
    return _DOTTED.fullmatch(text) is not None and not any(is_random(part, 10) for part in text.split("."))


def is_password(text: str) -> bool:
    """Whether a string given to a password-like name may be one.

    Args:
        text: The value, without quotes.
    """
    if not 4 <= len(text) <= 200 or "\n" in text:
        return False
    if is_placeholder(text) or text.lower() in _WEAK_PASSWORDS or is_reference(text):
        return False
    if text.count(" ") > 0 and not (text.count(" ") <= 3 and any(c.isdigit() for c in text)):
        return False
    if _SPECIAL_TOKEN.fullmatch(text) or _FORMAT.search(text) or _looks_like_code(text):
        return False
    core = [c for c in text if c.isalnum()]
    return len(core) >= max(3, len(text) * 0.4) and _NUMBER.fullmatch(text) is None or (text.isdigit() and len(text) >= 6)


def _looks_like_code(text: str) -> bool:
    return text.startswith((".", "#", "--", "==", "/", "\\", "(", ":")) or text.endswith((":", "=", "("))


def is_token(text: str) -> bool:
    """Whether a string given to a token- or key-like name may be one.

    Args:
        text: The value, without quotes.
    """
    if not 8 <= len(text) <= 4096 or " " in text or "\n" in text:
        return False
    if is_placeholder(text) or is_reference(text) or _SPECIAL_TOKEN.fullmatch(text) or _FORMAT.search(text):
        return False
    if _UUID.fullmatch(text):
        return True
    if _NUMBER.fullmatch(text):
        return False
    return is_random(text, 8) or _has_words_and_digits(text)


def _has_words_and_digits(text: str) -> bool:
    """s3cretPassphrase-2021: chosen by a person, with digits and no separator-free word alone."""
    digits = sum(c.isdigit() for c in text)
    return len(text) >= 10 and digits >= 2 and _changes(re.sub(r"[^A-Za-z0-9]", "", text)) >= 3
