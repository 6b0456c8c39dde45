"""How a format's pattern begins, read from the pattern itself: where it need be tried, and where it need not.

Most formats begin with a literal. A match is then looked for only where that literal stands, and
only where the characters right after it are of the kind that the pattern goes on with: a mark as
short as ``re_`` stands in every second text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

# (?P<prefix>AKIA|ASIA), (?P<prefix>hf_), (?P<prefix>gh[pousr]_) up to the bracket, api\.semrush\.com/
_HEAD = re.compile(r"(?:\(\?P<prefix>)?((?:[A-Za-z0-9_|/:-]|\\[.\-/|])+)(?![?*+{])")
_BODY = re.compile(r"\(\?P<prefix>(?P<mark>[^()]{1,200})\)\[(?P<kinds>[^\]]{1,40})\]\{(?P<least>\d{1,3})")
_ESCAPED = re.compile(r"\\(.)")


def begins_with(pattern: str, keywords: Sequence[str]) -> bool:
    """Whether every match begins where one of some keywords stands.

    Args:
        pattern: Regular expression of a whole match.
        keywords: In lower case; one of them stands in every match.
    """
    head = _HEAD.match(pattern)
    if head is None or ("|" in head[1] and not pattern.startswith("(?P<prefix>")):
        return False
    heads = [_ESCAPED.sub(r"\1", each).lower() for each in head[1].split("|")]
    return all(heads) and all(any(keyword.startswith(each) for each in heads) for keyword in keywords)


def following(pattern: str, keyword: str) -> str | None:
    """What must follow a keyword where a match begins.

    Args:
        pattern: Regular expression of a whole match that begins with the keyword.
        keyword: The keyword, in lower case.

    Returns:
        A regular expression without groups, for any case; None where nothing so simple can be said.
    """
    body = _BODY.match(pattern)
    if body is None or re.fullmatch(body["mark"], keyword, re.IGNORECASE) is None:
        return None
    return f"[{body['kinds']}]{{{body['least']}}}"


@cache
def any_of(alternatives: frozenset[str]) -> re.Pattern[bytes]:
    """One pattern for UTF-8 in lower case out of several expressions.

    Args:
        alternatives: At least one.
    """
    return re.compile("|".join(sorted(alternatives)).encode(), re.IGNORECASE)
