"""Comments that other checkers read: whoever told one of them that a line is meant told us, too.

- ruff and flake8-bandit, ``# noqa: S301``: https://docs.astral.sh/ruff/linter/#error-suppression
- bandit, ``# nosec`` and ``# nosec B301``: https://bandit.readthedocs.io/en/latest/config.html#exclusions
- detect-secrets, ``pragma: allowlist secret``, ``pragma: allowlist nextline secret``: https://github.com/Yelp/detect-secrets#inline-allowlisting
- gitleaks, ``gitleaks:allow``: https://github.com/gitleaks/gitleaks#gitleaksallow
- trufflehog, ``trufflehog:ignore``: https://github.com/trufflesecurity/trufflehog#readme

A bare ``# noqa`` is about style, mostly, and says nothing here. What a file would do is nobody's line: no comment for
another checker silences ``malicious-artifact``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stsec_magic.model.rule import Group

# Bandit's tests have names as well: https://bandit.readthedocs.io/en/latest/plugins/
_CODE = r"(?:[A-Z]{1,4}\d{3,4}\b|(?:blacklist|[a-z]{2,20}(?:_[a-z0-9]{1,20}){1,6})\b)"
_CODES = re.compile(
    r"#\s{0,4}(?P<tool>noqa|nosec)(?![\w-])(?:\s{0,4}:)?\s{0,4}"
    rf"(?P<codes>{_CODE}(?:[\s,]{{1,4}}{_CODE}){{0,20}})?",
    re.IGNORECASE,
)
_BANDITS = re.compile(r"\bB\d{3}\b")
_ANY = re.compile(r"noqa|nosec|pragma|gitleaks|trufflehog", re.IGNORECASE)
_SECRETS = re.compile(r"pragma:\s{0,4}(?:allow|white)list\s{1,4}secret|gitleaks:allow|trufflehog:ignore", re.IGNORECASE)
_SECRETS_BELOW = re.compile(r"pragma:\s{0,4}(?:allow|white)list\s{1,4}nextline\s{1,4}secret", re.IGNORECASE)
_OF_GROUP = {
    Group.LOADS: frozenset(
        "S301 S302 S506 S614 S615 B301 B302 B506 B614 B615 BLACKLIST YAML_LOAD PYTORCH_LOAD "
        "HUGGINGFACE_UNSAFE_DOWNLOAD".split()
    ),
    Group.CREDENTIALS: frozenset(
        "S105 S106 S107 B105 B106 B107 HARDCODED_PASSWORD_STRING HARDCODED_PASSWORD_FUNCARG "
        "HARDCODED_PASSWORD_DEFAULT".split()
    ),
}


def may_be_foreign(text: str) -> bool:
    """Whether a text may hold such a comment; most don't."""
    return _ANY.search(text) is not None


def foreign(line: str, group: Group, is_comment: Callable[[int], bool] = lambda _: True) -> str | None:
    """The comment on a line by which another checker was told to be quiet.

    Args:
        line: The line.
        group: The family of the rule that found something there.
        is_comment: Whether at an offset in the line a comment may begin. Marks of secrets count wherever they stand on
            it, as their own tools read them.

    Returns:
        The comment, without what follows it; None where there is none that is about such a thing.
    """
    for match in _CODES.finditer(line):
        if not is_comment(match.start()):
            continue
        codes = {code.upper() for code in re.split(r"[\s,]+", match["codes"] or "") if code}
        if match["tool"].lower() == "nosec":
            codes |= {*_BANDITS.findall(line, match.end())}
        is_bare = not codes and match["tool"].lower() == "nosec"
        if group in _OF_GROUP and (is_bare or codes & _OF_GROUP[group]):
            return match[0].strip()
    found = _SECRETS.search(line) if group is Group.CREDENTIALS else None
    return None if found is None else found[0]


def foreign_above(line: str, group: Group) -> str | None:
    """The same for a comment that is about the line below.

    Args:
        line: The line above.
        group: The family of the rule that found something.
    """
    found = _SECRETS_BELOW.search(line) if group is Group.CREDENTIALS else None
    return None if found is None else found[0]
