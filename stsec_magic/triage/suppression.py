"""What a user silenced: a comment on the line, or a tag on the cell."""

from __future__ import annotations

import re

from stsec_magic.model.finding import Suppression
from stsec_magic.model.hit import Hit
from stsec_magic.model.location import Part
from stsec_magic.notebook.lines import line_end, line_start
from stsec_magic.triage.foreign import foreign

_COMMENT = re.compile(
    r"(?:#|//|--|<!--|%)\s{0,4}stsec:\s{0,4}ignore(?![\w-])(?:\[(?P<rules>[^\]\n]{0,400})\])?(?P<reason>[^\n]{0,300})"
)

_REACH = 4000
_TAG_ALL = "stsec-ignore"
_TAG_RULE = "stsec-allow-"
_WRITTEN = (Part.SOURCE, Part.MARKDOWN)


def suppression(hit: Hit) -> Suppression | None:
    """Who silenced a hit.

    Args:
        hit: A grounded hit.

    Returns:
        The comment on the first or last line of its span (``# stsec: ignore[rule] reason``, or one for
        another checker) or the cell's tag (``stsec-ignore``, ``stsec-allow-<rule>``); None where there is none.
    """
    by_comment = _comment(hit)
    if by_comment is not None:
        return by_comment
    for tag in sorted(hit.fragment.tags):
        if tag == _TAG_ALL or (tag.startswith(_TAG_RULE) and tag.removeprefix(_TAG_RULE) in _names(hit)):
            return Suppression("tag", tag)
    # Of what was printed nobody says that it is meant.
    others = [foreign(line, hit.rule.group) for line in _lines(hit)] if hit.fragment.part in _WRITTEN else []
    return next((Suppression("foreign", each) for each in others if each is not None), None)


def _lines(hit: Hit) -> list[str]:
    """The first line of a hit's span, and the last one."""
    text = hit.fragment.text
    lines = [_line(text, hit.start)]
    if text.find("\n", hit.start, hit.end) >= 0:
        lines.append(_line(text, max(hit.start, hit.end - 1)))
    return lines


def _comment(hit: Hit) -> Suppression | None:
    for line in _lines(hit):
        for match in _COMMENT.finditer(line):
            rules = match["rules"]
            if rules is None or _names(hit) & {rule.strip() for rule in rules.split(",")}:
                return Suppression("comment", match["reason"].strip().removesuffix("-->").strip())
    return None


def _names(hit: Hit) -> set[str]:
    return {hit.rule.id, hit.rule.group.value}


def _line(text: str, offset: int) -> str:
    return text[line_start(text, offset, _REACH) : line_end(text, offset, _REACH)]
