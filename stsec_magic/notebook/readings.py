"""Other readings of a text, each with a way back: HTML as seen, JSON's escapes decoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.model.offsets import OffsetMap
from stsec_magic.notebook import html_text
from stsec_magic.notebook.unescape import unescape

_MARKUP = frozenset(("html", "markdown"))


def readings(fragment: Fragment) -> Iterator[Fragment]:
    """What else a text says.

    Args:
        fragment: A text that stands in the notebook as it is.

    Yields:
        HTML, in Markdown too, as a person sees it; what is JSON, or may be JSON in a string, with
        its escapes decoded. Code is left to its own syntax.
    """
    text = fragment.text
    if fragment.language in _MARKUP and ("</" in text or "&" in text or "<br" in text):
        yield _reading(fragment, *html_text.seen(text))
    if "\\" in text and (not fragment.path or _may_hold_json(fragment)):
        yield _reading(fragment, *unescape(text))


def _may_hold_json(fragment: Fragment) -> bool:
    is_code = fragment.part is Part.SOURCE and fragment.language != "text"
    return not is_code and ('\\"' in fragment.text or "\\n" in fragment.text)


def _reading(base: Fragment, text: str, origins: OffsetMap) -> Fragment:
    return replace(base, text=text, language="text", origins=origins, base=base, joint="")
