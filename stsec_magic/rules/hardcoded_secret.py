"""hardcoded-secret: a literal value given to a name that says it is a secret.

**What it does**: reads every text of a notebook for values beside secret-like names: assignments,
keyword arguments, dict keys, defaults, ``os.environ["K"] = ...``, the fallback of ``os.getenv``,
shell exports, ``%env`` lines, headers, YAML and JSON inside strings, printed dicts, metadata.

**Why is this bad**: whoever gets the notebook, its repository or its history gets the secret.

**Use instead**: ``os.environ["DB_PASSWORD"]`` or ``st.secrets["DB_PASSWORD"]``, with the value in
``.streamlit/secrets.toml`` and that file in ``.gitignore``. Then rotate the secret: whatever was
saved once counts as known.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import Part
from stsec_magic.model.rule import Group, Rule
from stsec_magic.model.secret import Secret
from stsec_magic.notebook.lines import line_start
from stsec_magic.rules import plausible, presigned
from stsec_magic.rules.base import Subject
from stsec_magic.rules.randomness import alternates, is_random
from stsec_magic.rules.secret_names import FOLLOWED_BY, WORDS, NameKind, kind_of
from stsec_magic.rules.standing import stands_as_text
from stsec_magic.source.keyvalue import Name, named_values, names
from stsec_magic.source.literals import named_literals
from stsec_magic.source.namedvalue import Form, NamedValue
from stsec_magic.source.program import CodeCell
from stsec_magic.source.tables import column_values
from stsec_magic.source.tokens import commands

RULE = Rule(
    id="hardcoded-secret",
    title="Hard-coded secret",
    group=Group.CREDENTIALS,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    help=__doc__,
)

_STRENGTH = 10
_LEAST_UNQUOTED = 10
"""Characters of an unquoted token: shorter ones are mostly ids, or cut off."""

_NEAR = 400
"""So far from a name a statement's literals are looked for before it is parsed."""
# Quotes are not paired: what stands between two literals is looked at too, which costs a tree at most.
_LITERAL = re.compile(r"[\"']\s{0,3}([^\"'\n]{4,4096})")
# Too short, or letters alone in one case, or several words: nothing that a token-like name's value may be.
_WORD = re.compile(r"(?!(?i:bearer|basic|token|key|api-?key)\s)(?:.{0,7}|[a-z_\-.]{1,15}|[A-Z_\-]{1,15}|\S{0,40}[ ].*)")
_DIGIT = re.compile(r"\d")
_MESSAGES = {
    Part.SOURCE: "a literal value for {!r}; read it from os.environ or st.secrets",
    Part.OUTPUT: "the value of {!r} is shown; clear this output",
    Part.MARKDOWN: "a value for {!r} in the text; take it out",
    Part.METADATA: "a value for {!r} in the metadata; take it out",
    Part.ATTACHMENT: "a value for {!r} in an attachment; take it out",
}
_CELL_ENDS = frozenset(" \t\r\n|,;\"'`")
_HASHED = re.compile(r"(?i)(?:hash|hashed|encrypted|salted|encoded|bcrypt|sha\d*|md5)[ _]{1,3}(?:of )?(?:the )?\Z")
_ENV_LINE = re.compile(
    r"(?:^|\n)[ \t]{0,40}+(?:[%!][ \t]{0,20}+)?(?:export|set_env|setenv|set|env|ENV|ARG)?[:% \t]{0,20}\Z"
)
_EXPORT = re.compile(r"(?:^|[\s;&|\"'`])(?:export|setx)[ \t]{1,20}\Z")


class HardcodedSecret:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = WORDS
    code_words: Sequence[str] = sorted(commands.WORDS)
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType(FOLLOWED_BY)

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find values beside secret-like names."""
        for fragment, offsets in subject.places(self.keywords).items():
            cell = subject.program.cell_of(fragment)
            wanted = [name for name in names(fragment.text, offsets) if _is_wanted(name.text)]
            for value in named_values(fragment.text, wanted):
                hit = _judge(fragment, value)
                if hit is not None and (cell is None or stands_as_text(subject, cell, value)):
                    yield hit
            if cell is not None:
                yield from _in_syntax(cell, wanted)
                yield from _in_regions(cell, offsets)
            elif fragment.part in (Part.OUTPUT, Part.MARKDOWN):
                yield from _in_columns(fragment, wanted)
        for fragment, offsets in subject.code_places(self.code_words).items():
            cell = subject.program.cell_of(fragment)
            yield from () if cell is None else _in_regions(cell, offsets)
        for fragment in subject.leaves:
            # A leaf of metadata or of a JSON output: its key is its name.
            if fragment.name is not None and kind_of(fragment.name) is not None and "\n" not in fragment.text:
                value = NamedValue(fragment.name, fragment.text, 0, len(fragment.text), Form.LITERAL)
                hit = _judge(fragment, value)
                if hit is not None:
                    yield hit


def _is_wanted(name: str) -> bool:
    return kind_of(name) is not None


def _in_columns(fragment: Fragment, wanted: Sequence[Name]) -> Iterator[Hit]:
    """Values in a column of a table that is shown, judged by its head."""
    entries: set[int] = set()
    text = fragment.text
    for name in wanted:
        kind = kind_of(name.text)
        # A cell of its own; and what stands in a column heads none.
        if kind is None or text[name.end : name.end + 1] not in _CELL_ENDS or name.start in entries:
            continue
        for value in column_values(text, name):
            entries.add(value.start)
            # Nobody writes a table of placeholders, but one of words is common: "token" heads many.
            sure = kind is NameKind.PASSWORD and _is_bare_password(value.value)
            hit = _judge(fragment, replace(value, form=Form.QUOTED if sure else Form.SPACED))
            if hit is not None:
                yield hit


def _in_syntax(cell: CodeCell, wanted: Sequence[Name]) -> Iterator[Hit]:
    """Literals that Python's syntax ties to a name; parsed only where a literal near the name may be a secret."""
    if not cell.is_python:
        return
    text = cell.fragment.text
    if not any(_may_name_a_secret(text, name) for name in wanted):
        return
    for value in named_literals(cell, sorted({cell.line_of(name.start) for name in wanted})):
        hit = _judge(cell.fragment, value)
        if hit is not None:
            yield hit


def _in_regions(cell: CodeCell, offsets: Sequence[int]) -> Iterator[Hit]:
    """Values that other languages' tokens tie to a name; Python's, too, where it was found not to parse."""
    text = cell.fragment.text
    offsets = sorted(offsets)
    doubtful = not cell.is_python or (cell.was_parsed and cell.tree is None)
    for region in cell.regions if doubtful else cell.stretches:
        inside = offsets[bisect_left(offsets, region.start) : bisect_left(offsets, region.end)]
        if not inside or not (region.lexed.has_bare_values or _may_hold_a_secret(text, inside)):
            continue
        for value in region.lexed.named_values():
            hit = _judge(cell.fragment, value.moved(region.start)) if _is_wanted(value.name) else None
            if hit is not None:
                yield hit


def _may_hold_a_secret(text: str, offsets: Sequence[int]) -> bool:
    return any(_is_wanted(name.text) and _may_name_a_secret(text, name) for name in names(text, offsets))


def _may_name_a_secret(text: str, name: Name) -> bool:
    """Whether a string literal around a name is no mere word; cheaper than the syntax tree."""
    start = line_start(text, name.start, _NEAR)
    kind = kind_of(name.text)
    return any(
        kind is NameKind.PASSWORD or not _WORD.fullmatch(literal[1])
        for literal in _LITERAL.finditer(text, start, name.end + _NEAR)
    )


def _judge(fragment: Fragment, value: NamedValue) -> Hit | None:
    kind = kind_of(value.name)
    if kind is None or value.value.lower() == value.name.lower():
        return None
    confidence = _confidence(kind, value, fragment)
    if confidence is None or (kind is NameKind.PASSWORD and _is_hash(fragment.text, value)):
        return None
    expired = presigned.is_expired(fragment.text, value.start)
    if expired and not presigned.is_signature(fragment.text, value.start):
        return None
    harmless = expired or plausible.is_public(value.value)
    return Hit(
        rule=RULE,
        fragment=fragment,
        start=value.start,
        end=value.end,
        severity=Severity.LOW if harmless else Severity.HIGH,
        confidence=Confidence.LOW if harmless else confidence,
        message=_MESSAGES.get(fragment.part, _MESSAGES[Part.SOURCE]).format(_shown(value.name)),
        secret=Secret(value.value),
        strength=_STRENGTH + (value.form is Form.LITERAL),
        name=value.name,
    )


def _confidence(kind: NameKind, value: NamedValue, fragment: Fragment) -> Confidence | None:
    sure = value.form in (Form.LITERAL, Form.QUOTED) or _is_exact(fragment, value)
    text = value.value
    if kind is NameKind.PASSWORD:
        if sure:
            return Confidence.MEDIUM if plausible.is_password(text) else None
        if fragment.part is not Part.OUTPUT and (value.form is Form.BARE or _is_quoted(fragment, value)):
            return Confidence.MEDIUM if _is_bare_password(text) else None
        return Confidence.MEDIUM if _is_bare_password(text) and is_random(text, 8) else None
    if kind is NameKind.SECRET:
        if sure and (value.form is not Form.BARE or len(text) >= _LEAST_UNQUOTED):
            return Confidence.MEDIUM if plausible.is_token(text) else None
        least = 12 if value.form is Form.BARE else 16
        looks_made = is_random(text, least, margin=0) or (len(text) >= 20 and alternates(text))
        return Confidence.MEDIUM if looks_made and plausible.is_token(text) else None
    return Confidence.MEDIUM if _is_vague_key(text, 16 if sure else 20) else None


def _is_vague_key(text: str, least: int) -> bool:
    """Under a name as common as ``key`` neither an id counts nor letters alone: they are an identifier."""
    if len(text) < least or " " in text or _DIGIT.search(text) is None:
        return False
    return is_random(text, least) and plausible.is_token(text) and not plausible.is_uuid(text)


def _is_hash(text: str, value: NamedValue) -> bool:
    """``Hashed password = 5f4d...``: a digest that a program printed."""
    return value.name_start >= 0 and _HASHED.search(text, max(0, value.name_start - 40), value.name_start) is not None


def _is_bare_password(text: str) -> bool:
    """Unquoted text is a password only where it is no word, name or number."""
    return (
        plausible.is_password(text)
        and any(c.isdigit() for c in text)
        and any(c.isalpha() for c in text)
        and text[-1] != ")"
    )


def _is_exact(fragment: Fragment, value: NamedValue) -> bool:
    """``export K=v``, ``%env K=v``, a line of a .env file, ``?apikey=v`` in a URL: unquoted, yet exact."""
    if value.form is not Form.BARE or value.name_start < 0:
        return False
    text = fragment.text
    if text[value.name_start : value.start].count("=") != 1 or " " in text[value.name_start : value.start]:
        return False
    if text[value.name_start - 1 : value.name_start] in ("?", "&") and value.name_start > 0:
        return True
    before = text[max(0, value.name_start - 40) : value.name_start]
    if _EXPORT.search(before) is not None:
        return True
    if value.name != value.name.upper():
        return False
    return _ENV_LINE.search(before) is not None or before.endswith(("-e ", "--env ", "ENV ", "; "))


def _is_quoted(fragment: Fragment, value: NamedValue) -> bool:
    """``-Password "..."``, the password is `...`: nothing but quotes between the name and the value."""
    return fragment.text[value.start - 1 : value.start] in ("'", '"', "`")


def _shown(name: str) -> str:
    return name if len(name) <= 60 else name[:57] + "..."
