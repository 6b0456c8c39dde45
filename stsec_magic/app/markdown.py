"""Markdown cells: texts, and the pictures that Streamlit's Markdown doesn't show."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from stsec_magic.app.plain import quoted
from stsec_magic.app.streamlit import ST

_IMAGE_LINE = re.compile(
    r"^[ \t]{0,3}(?:!\[([^\]\n]{0,300})\]\(<?([^\s()<>\n]{1,1000})>?(?:[ \t]{1,9}[\"'][^\"'\n]{0,300}[\"'])?\)"
    r"|<img\b[^>\n]{0,500}?\bsrc\s{0,3}=\s{0,3}[\"']?([^\s\"'>\n]{1,1000})[\"']?[^>\n]{0,500}>)[ \t]{0,9}$",
    re.MULTILINE,
)
_INLINE_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\(<?([^\s()<>\n]{1,1000})")
_ELSEWHERE = re.compile(r"[A-Za-z][\w+.-]{1,20}:|//")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,20})((?:\s[^<>]{0,2000})?)/?>|<!--")
_CODE = re.compile(r"```[\s\S]{0,100000}?(?:```|\Z)|~~~[\s\S]{0,100000}?(?:~~~|\Z)|``[^`]{1,2000}``|`[^`\n]{1,2000}`")
_HARMLESS = frozenset(
    """a abbr b big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption
    figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub
    summary sup table tbody td tfoot th thead tr tt u ul var""".split()
)
_HARM = re.compile(
    r"\bon[a-z]{2,30}\s{0,5}=|javascript:|data:text|position\s{0,5}:|expression\s{0,5}\(|url\s{0,5}\(", re.IGNORECASE
)
_ENVIRONMENT = re.compile(
    r"^([ \t]{0,9}\\begin\{((?:align|equation|gather|multline|eqnarray|cases|matrix|pmatrix|bmatrix)\*?)\}"
    r"[\s\S]{0,5000}?\\end\{\2\}[ \t]{0,9})$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a notebook.

    Attributes:
        folder: Where files of the app go, seen from the app.
        has: Whether there is a file, by its path as the notebook has it.
    """

    folder: str
    has: Callable[[str], bool]


@dataclass(slots=True)
class Text:
    """A Markdown cell as code.

    Attributes:
        code: What shows it.
        files: Attachments that must stand beside the app, by path.
        notes: What could not be translated.
    """

    code: str = ""
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    notes: list[str] = field(default_factory=list)


def markdown(source: str, attachments: Mapping[str, Any], around: Around) -> Text:
    """Translate a Markdown cell.

    Args:
        source: Its text.
        attachments: Its attachments, as nbformat has them.
        around: Where files are, and where those of the app go.
    """
    made = Text()
    parts: list[str] = []
    fenced = [match.span() for match in _CODE.finditer(source)]
    last = 0
    for match in _IMAGE_LINE.finditer(source):
        path = match[2] or match[3]
        if _is_inside(match.start(), fenced) or (_ELSEWHERE.match(path) and not path.startswith("attachment:")):
            continue
        where = _placed(path, attachments, around, made)
        if where is not None:
            parts += [_text(source[last : match.start()], made), _image(where, match[1] or "")]
            last = match.end()
    parts.append(_text(source[last:], made))
    made.code = "\n".join(part for part in parts if part)
    return made


def _is_inside(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _image(path: str, caption: str) -> str:
    told = f", caption={quoted(caption)}" if caption and not caption.endswith((".png", ".jpg", ".gif")) else ""
    return f"{ST}.image({quoted(path)}{told})"


def _placed(path: str, attachments: Mapping[str, Any], around: Around, made: Text) -> str | None:
    """Where the app finds a picture; None where it has none."""
    if not path.startswith("attachment:"):
        path = path.partition("?")[0].partition("#")[0]
        if around.has(path):
            return path
        # A notebook shows an empty frame where Streamlit stops.
        made.notes.append("a picture that isn't beside the notebook was left out")
        return None
    name = path.removeprefix("attachment:")
    bundle = attachments.get(name)
    data = (
        next((value for mime, value in bundle.items() if str(mime).startswith("image/")), None)
        if isinstance(bundle, Mapping)
        else None
    )
    try:
        content = base64.b64decode("".join(data) if isinstance(data, list) else data or "", validate=False)
    except (binascii.Error, TypeError, ValueError):
        content = b""
    if not content:
        made.notes.append("a picture that is attached to the cell can't be read, and was left out")
        return None
    where = f"{around.folder}/{_safe(name)}"
    made.files[where] = content
    return where


def _safe(name: str) -> str:
    """An attachment's name as that of a file: no way out of the folder."""
    return re.sub(r"[^\w.\-]", "_", PurePosixPath(name.replace("\\", "/")).name).lstrip(".") or "picture"


def _text(text: str, made: Text) -> str:
    if not text.strip():
        return ""
    outside = _CODE.sub("", text)
    if any(not _ELSEWHERE.match(match[1]) for match in _INLINE_IMAGE.finditer(outside)):
        made.notes.append(
            "a picture inside of a paragraph isn't shown: Streamlit's Markdown shows none of the app's files"
        )
    tags = list(_TAG.finditer(outside))
    is_harmless = not _HARM.search(outside) and all(not tag[1] or tag[1].lower() in _HARMLESS for tag in tags)
    if tags and not is_harmless:
        made.notes.append("HTML with styles, scripts or forms in a text is shown as it is written")
    text = _outside_code(text, lambda part: _ENVIRONMENT.sub(r"$$\n\1\n$$", part) if "$$" not in part else part)
    option = ", unsafe_allow_html=True" if tags and is_harmless else ""
    return f"{ST}.markdown({quoted(text.strip())}{option})"


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    out: list[str] = []
    last = 0
    for match in _CODE.finditer(text):
        out += (change(text[last : match.start()]), match[0])
        last = match.end()
    return "".join([*out, change(text[last:])])
