"""known-secret: a value that the project keeps in secrets.toml or .env stands in a notebook too.

**What it does**: takes the values of ``.streamlit/secrets.toml`` and ``.env`` files beside and above
the notebook, and looks for each exactly, in every text of the notebook: as it stands, and as
base64, percent-encoding (URLs) and JSON write it; of a connection URL the password alone, too. Values
under 8 characters and plain words are left out.

**Why is this bad**: the secret was put where it belongs, and has come back: typed once more, or
printed by a cell. Whoever gets the notebook gets it.

**Use instead**: ``st.secrets["NAME"]`` or ``os.environ["NAME"]``; clear the outputs that show the
value, and rotate it if the notebook was ever shared.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import ahocorasick_rs

from stsec_magic.model import percent
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.model.secret import Secret
from stsec_magic.project.secret_files import Kept, secret_files
from stsec_magic.rules import plausible
from stsec_magic.rules.base import Subject
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.secret_names import kind_of

RULE = Rule(
    id="known-secret",
    title="Secret of the project",
    group=Group.CREDENTIALS,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_STRENGTH = 50
_STRENGTH_LIVE = 9
"""What a session holds may come from the very literal that is found: whoever else sees it there says more."""

_SHORTEST = 8
_SHORTEST_BASE64 = 10
_PLAIN = re.compile(r"[A-Za-z]+|[\d.,:/ _-]+|(?i:true|false|none|null|localhost)")
_BASE64_BITS = 6
_URL_PASSWORD = re.compile(r"[A-Za-z][\w+.\-]{1,40}://[^\s/@:]{0,100}:([^\s/@]{1,400})@")


class KnownSecret:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = ()
    code_words: Sequence[str] = ()
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find the project's own values."""
        files = secret_files(subject.path)
        subject.problems.extend(files.problems)
        for several, strength in ((files.kept, _STRENGTH), (subject.known, _STRENGTH_LIVE)):
            known = _known(several)
            for fragment, start, end, kept in () if known is None else known.places(subject):
                message = (
                    f"the value of {kept.name!r} in {kept.file}; take it out, and rotate it if anybody has seen it"
                )
                yield _hit(fragment, start, end, kept, message, strength)


def _hit(fragment: Fragment, start: int, end: int, kept: Kept, message: str, strength: int = _STRENGTH) -> Hit:
    return Hit(
        rule=RULE,
        fragment=fragment,
        start=start,
        end=end,
        severity=RULE.severity,
        confidence=RULE.confidence,
        message=message,
        secret=Secret(kept.value),
        strength=strength,
        name=kept.name,
    )


def copies(subject: Subject, values: Mapping[str, str]) -> Iterator[Hit]:
    """Every place where some values stand, in whatever way they are written there.

    Args:
        subject: The notebook.
        values: Each value's name.

    Yields:
        Hits; none for values so short or plain that they stand in many a place by chance.
    """
    kept = [Kept(name, value, "") for value, name in values.items()]
    wanted = [each for each in kept if len(each.value) >= _SHORTEST and not _PLAIN.fullmatch(each.value)]
    if not wanted:
        return
    for fragment, start, end, each in _Known(wanted).places(subject):
        yield _hit(fragment, start, end, each, "the same secret once more")


class _Known:
    """The values that are looked for, in every way they may be written.

    Attributes:
        automaton: Finds them, each way with a number.
        kept: By number, the value.
    """

    def __init__(self, kept: Iterable[Kept]) -> None:
        written: dict[bytes, Kept] = {}
        for each in kept:
            for way in ways(each.value):
                written.setdefault(way.encode("utf-8", "surrogatepass"), each)
        self.kept = list(written.values())
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self.automaton = ahocorasick_rs.BytesAhoCorasick(list(written), matchkind=kind)

    def places(self, subject: Subject) -> Iterator[tuple[Fragment, int, int, Kept]]:
        """Where any of them stands in a notebook."""
        for fragment, start, end, number in subject.literals(self.automaton):
            yield fragment, start, end, self.kept[number]

    def __repr__(self) -> str:
        return f"_Known({len(self.kept)} ways)"


@lru_cache(maxsize=64)
def _known(kept: tuple[Kept, ...]) -> _Known | None:
    wanted = [each for each in (*kept, *passwords_of_urls(kept)) if is_wanted(each)]
    return _Known(wanted) if wanted else None


def passwords_of_urls(kept: Iterable[Kept]) -> Iterator[Kept]:
    """The password inside a kept connection URL, as it stands there and decoded: a notebook may hold it alone.

    Args:
        kept: Values, connection URLs among them.

    Yields:
        Each URL's password, under the URL's name and ``.password``.
    """
    for each in kept:
        match = _URL_PASSWORD.match(each.value)
        if match is not None:
            for password in dict.fromkeys((match[1], percent.decode(match[1]))):
                yield replace(each, name=f"{each.name}.password", value=password)


def is_wanted(kept: Kept) -> bool:
    """Whether a value is a secret, and long and odd enough to stand nowhere by chance.

    Args:
        kept: The value and its name.
    """
    value = kept.value
    if len(value) < _SHORTEST or plausible.is_placeholder(value) or plausible.is_public(value):
        return False
    if _PLAIN.fullmatch(value) and not is_random(value, _SHORTEST, margin=0):
        return False
    # A section's name may be the telling part: [connections.db] password, [openai] key.
    named = any(kind_of(name) is not None for name in (kept.name, kept.name.rpartition(".")[2]))
    return named or plausible.is_token(value)


def ways(value: str) -> set[str]:
    """A value as it stands, and as JSON, a URL and base64 write it.

    Args:
        value: The value.
    """
    data = value.encode("utf-8", "surrogatepass")
    return {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        percent.encode(value),
        percent.encode(value, "/"),
        *(each for each in (_in_base64(data, before) for before in range(3)) if len(each) >= _SHORTEST_BASE64),
    }


def _in_base64(data: bytes, before: int) -> str:
    """The characters that stay the same whatever stands around a value that begins so many bytes into a group."""
    encoded = base64.b64encode(b"." * before + data).decode("ascii").rstrip("=")
    first = -(-8 * before // _BASE64_BITS)
    last = 8 * (before + len(data)) // _BASE64_BITS
    return encoded[first:last]
