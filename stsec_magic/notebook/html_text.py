"""HTML as the text that a person sees, with a way back to the markup."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from stsec_magic.model.offsets import OffsetMap, substitute

# Bounded by the next "<" or ">", so that hostile markup costs linear time. What stands in script
# and style is kept as text: a key in a script is as public as one in a paragraph.
_MARKUP = re.compile(
    r"<!--|-->|<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})[^<>]{0,4000}>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});"
)

_INLINE = frozenset("a b i u s em strong span code tt kbd samp font small big sub sup mark var cite q abbr wbr".split())
_SHORT = 24
_CELLS = frozenset(("td", "th"))


def seen(markup: str) -> tuple[str, OffsetMap]:
    """Read HTML as a person does.

    Inline tags vanish, so that a value split by highlighting is whole again; table cells become
    a tab, other tags a line break; entities become their characters.

    Args:
        markup: HTML, well-formed or not.

    Returns:
        The visible text, and the map from its offsets to the markup's.
    """
    return substitute(_MARKUP, _replacement, markup)


def _replacement(match: re.Match[str]) -> str:
    markup = match[0]
    # A table repeats a few tags thousands of times.
    return _seen_as(markup) if len(markup) < _SHORT else _shown(match)


@lru_cache(maxsize=512)
def _seen_as(markup: str) -> str:
    match = _MARKUP.fullmatch(markup)
    return markup if match is None else _shown(match)


def _shown(match: re.Match[str]) -> str:
    tag = match[2]
    if tag is None:
        return html.unescape(match[0]) if match[0].startswith("&") else "\n"
    if tag.lower() in _INLINE:
        return ""
    return "\t" if tag.lower() in _CELLS else "\n"
