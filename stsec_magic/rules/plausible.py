"""Is this string a real secret, or a placeholder, a reference, a word? The one place that judges."""

from __future__ import annotations

import re

from stsec_magic.rules.randomness import alternates, changes, is_random, is_sequence
from stsec_magic.rules.words import PLACEHOLDER, SURE, TEMPLATE, WEAK_PASSWORDS

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\x00-\x7f]+")
_SURE_ANYWHERE = re.compile("example|placeholder|changeme|redacted|replace|dummy|insert|your")
_RUN = re.compile(r"(.)\1{5,}")
_MASKED = re.compile(r"[xX*#.\-_•?0]{3,}")
# sk-xxxxxxxx, ghp_XXXXXX: a public prefix and then one repeated character.
_MASKED_REST = re.compile(r"[\w.]{0,24}?[\-_:.=]?([xX*#0])\1{3,}+[xX*#0\-_.]*+[A-Za-z0-9]{0,3}")

_MARK = re.compile(r"[A-Za-z]{2,5}[_-]")
_SHORTEST_REST = 4

_MASKED_RUN = re.compile(r"[xX*]{4,}")

# Something that a program fills in, in any language or template.
_REFERENCE = re.compile(
    r"""
      ^\$\$?[A-Za-z_]\w*$ | \$[{(][^{}()\s]*[)}] | ^%[A-Za-z_]\w*%?$ | %\(\w+\)s | (?<![A-Za-z0-9])%s(?![A-Za-z0-9])
    | <[^<>]*> | \{\{[^{}]*\}\} | \{(?:[A-Za-z_][\w.\[\]"'()!:]{1,60}|\d?)\} | \[[A-Za-z][A-Za-z _\-]+\]
    | ^[\$(]\( | ^@\w+[({]
    | ^(?:os|process|config|settings|st|self|sys|args|env|secrets|userdata|getpass|request|ENV|data|var|local|module)
      \b[.\[(]
    | ^(?:vault|sops|op|env|file|ssm|arn|ref|secret|keyring):
    """,
    re.VERBOSE,
)
_PATH = re.compile(r"(?:[A-Za-z]:)?[\\/][\w.~\-]{0,80}(?:[\\/]|\Z)|\.{1,2}/|~/|\w{1,20}://")
_FILE = re.compile(
    r"[\w\-/. ]{1,100}\.(?:txt|json|ya?ml|toml|ini|cfg|conf|csv|tsv|py|ipynb|pem|key|crt|cer|env|pkl|pt|pth|html?|js"
    r"|xml|md|log|sh|png|jpe?g|pdf|com|org|net|io)"
)
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,64}(?:\.[\w\-]{1,64}){1,5}")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(?:[_\-][A-Z0-9]+)+")
_CALL = re.compile(r"[A-Za-z_][\w.]*\(")
# The shape alone: random replacements of real ids hold more than hex digits.
_UUID = re.compile(r"[0-9a-zA-Z]{8}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{12}")
_NUMBER = re.compile(r"[+\-]?[\d.,_ :/\-]+%?|0x[0-9a-fA-F]{1,8}|[\d.]+[eE][+\-]?\d+")
# [CLS], <pad>, ##ing: a language model's vocabulary.
_SPECIAL_TOKEN = re.compile(r"\[[A-Z_0-9]+\]|<[^<>]*>|</?s>|##\w*|\|\w+\|")
_FORMAT = re.compile(r"(?<![A-Za-z0-9])%[sdifrYmH](?![A-Za-z0-9])|\{\d*\}|\\[dwsSWDbAZ]|\[[a-z0-9]-[a-z0-9]|\(\?")
_PUBLIC = re.compile(r"pk[._-]|phc_|sb_publishable_|pub-c-|NRJS-")


def is_public(text: str) -> bool:
    """Whether a key is public by design: a publishable key of Stripe's, a Mapbox public token."""
    return _PUBLIC.match(text) is not None


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
    if _is_masked(stripped) or is_sequence(stripped.lower()) or _is_words(stripped):
        return True
    # zpka_short, xoxp-1234567890: a mark of somebody's keys, and then no key.
    mark = _MARK.match(stripped)
    rest = stripped[mark.end() :] if mark else ""
    return len(rest) >= _SHORTEST_REST and (is_sequence(rest.lower()) or _is_words(rest))


def is_template(text: str) -> bool:
    """Whether a string only shows where a password goes, in a place where nothing but a password stands.

    Stricter than ``is_placeholder``: ``changeme`` and ``secret99`` open real servers.

    Args:
        text: The value.
    """
    stripped = text.strip()
    if not stripped or _REFERENCE.search(stripped) or _is_masked(stripped):
        return True
    words = [word.lower() for word in _WORDS.findall(stripped)]
    return all(word in TEMPLATE for word in words) or any(word in SURE - {"changeme"} for word in words)


def _is_masked(text: str) -> bool:
    """xxxx, ***, sk-...: characters that stand for others."""
    lowered = text.lower()
    return (
        any(mark in text for mark in ("...", "…", "***", "•••"))
        or _RUN.search(lowered) is not None
        or _MASKED.fullmatch(text) is not None
        or _MASKED_REST.fullmatch(text) is not None
        or len(_MASKED_RUN.findall(text)) >= 2
        or len(set(lowered)) <= (3 if len(text) < 40 else 2)
    )


def _is_words(stripped: str) -> bool:
    """your-key-here, my_token, EXAMPLEKEY: words that tell what belongs here."""
    lowered = stripped.lower()
    words = [word.lower() for word in _WORDS.findall(stripped)]
    letters = [word for word in words if not word.isdigit()]
    if not letters:
        return False
    if any(word in SURE for word in letters) and not _random_rest(words):
        return True
    if sum(len(match) for match in _SURE_ANYWHERE.findall(lowered)) >= 0.3 * len(stripped):
        return True
    known = sum(len(word) for word in letters if word in PLACEHOLDER)
    return known == sum(map(len, letters)) and sum(len(w) for w in words if w.isdigit()) <= 4


def _random_rest(words: list[str]) -> bool:
    """Whether beside the words there is a stretch that nobody types by hand."""
    return sum(len(word) for word in words if word not in PLACEHOLDER) >= 20


def is_reference(text: str) -> bool:
    """Whether a string points to something instead of being a secret: a path, a URL, a name."""
    if _PATH.match(text) or _FILE.fullmatch(text) or _EMAIL.fullmatch(text) or _CALL.match(text):
        return True
    if _CONSTANT.fullmatch(text) and not is_random(text, 16) and not alternates(text):
        return True
    return _DOTTED.fullmatch(text) is not None and not any(
        is_random(part, 10) or alternates(part) for part in text.split(".")
    )


def is_password(text: str) -> bool:
    """Whether a string given to a password-like name may be one.

    Args:
        text: The value, without quotes.
    """
    if not 4 <= len(text) <= 200 or "\n" in text:
        return False
    if is_placeholder(text) or text.lower() in WEAK_PASSWORDS or is_reference(text):
        return False
    if text.count(" ") > 0 and not (text.count(" ") <= 3 and any(c.isdigit() for c in text)):
        return False
    if _SPECIAL_TOKEN.fullmatch(text) or _FORMAT.search(text) or _looks_like_code(text):
        return False
    if _NUMBER.fullmatch(text) is not None:
        return text.isdigit() and len(text) >= 6
    return sum(c.isalnum() for c in text) >= max(3, len(text) * 0.4)


def _looks_like_code(text: str) -> bool:
    return text.startswith((".", "#", "--", "==", "/", "\\", "(", ":")) or text.endswith((":", "=", "("))


def is_uuid(text: str) -> bool:
    """Whether a string has the shape of a UUID: a token under a sure name, an id under a vague one."""
    return _UUID.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Whether a string given to a token- or key-like name may be one.

    Args:
        text: The value, without quotes.
    """
    if not 8 <= len(text) <= 4096 or " " in text or "\n" in text:
        return False
    if is_placeholder(text) or is_reference(text) or _SPECIAL_TOKEN.fullmatch(text) or _FORMAT.search(text):
        return False
    if is_uuid(text):
        return True
    if _NUMBER.fullmatch(text):
        return False
    return is_random(text, 8, margin=0) or _has_words_and_digits(text) or _is_symbol_rich(text)


def _is_symbol_rich(text: str) -> bool:
    """A password generator's mixture: many kinds of symbols among letters."""
    symbols = [c for c in text if c in "!@#$%^&*(){}[]<>?~|;+"]
    return len(symbols) >= 4 and len(set(symbols)) >= 4 and sum(c.isalnum() for c in text) >= 6


def _has_words_and_digits(text: str) -> bool:
    """s3cretPassphrase-2021: chosen by a person, with digits and no separator-free word alone."""
    digits = sum(c.isdigit() for c in text)
    return len(text) >= 10 and digits >= 2 and changes(re.sub(r"[^A-Za-z0-9]", "", text)) >= 3
