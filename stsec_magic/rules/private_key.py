r"""private-key: a PEM, OpenSSH or PGP private key.

**What it does**: finds ``-----BEGIN ... PRIVATE KEY-----`` with key material after it, whether on
lines of its own, in a string with ``\n``, or as the ``private_key`` of a Google service account.

**Why is this bad**: the key signs and decrypts as its owner; a service-account key is the account.

**Use instead**: a key file outside the repository, or ``st.secrets["gcp_service_account"]``.
Revoke the key at its issuer and make a new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.model.secret import Secret
from stsec_magic.rules import plausible
from stsec_magic.rules.base import Subject
from stsec_magic.rules.randomness import entropy

RULE = Rule(
    id="private-key",
    title="Private key",
    group=Group.CREDENTIALS,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_STRENGTH = 30
_LONGEST = 20_000
_LEAST = 64
"""Base64 characters: an Ed25519 key, the shortest in use, has this many."""

_BEGIN = re.compile(r"-----BEGIN[ ](?:[A-Z0-9]{2,12}[ ]){0,3}PRIVATE[ ]KEY(?:[ ]BLOCK)?-----")
_END = re.compile(r"-----END[ ](?:[A-Z0-9]{2,12}[ ]){0,3}PRIVATE[ ]KEY(?:[ ]BLOCK)?-----")
_BODY = re.compile(r"[A-Za-z0-9+/=\s\\\"',:.\-+#]{0,20000}")
_ESCAPES = re.compile(r"\\+[nrt]|[\s\\\"',+#]")
_HEADERS = re.compile(r"(?:Proc-Type|DEK-Info|Version|Comment)[^\n]{0,120}")


class PrivateKey:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = ("-----begin",)
    code_words: Sequence[str] = ()
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find key blocks, whole or cut off."""
        for fragment, offsets in subject.places(self.keywords).items():
            text = fragment.text
            for offset in offsets:
                begin = _BEGIN.match(text, offset)
                if begin is None:
                    continue
                # The next dashes end the key, whether they belong to it or to another one.
                dashes = text.find("-----", begin.end(), begin.end() + _LONGEST)
                end = _END.match(text, dashes) if dashes >= 0 else None
                body = _BODY.match(text, begin.end(), dashes if dashes >= 0 else begin.end() + _LONGEST)
                stop = end.end() if end else body.end() if body else begin.end()
                # What no key holds (a template's braces, prose) ends the material before the dashes.
                material = _material(text[begin.end() : body.end() if body else begin.end()])
                if len(material) < _LEAST or plausible.is_placeholder(material) or entropy(material) < 4:
                    continue
                yield Hit(
                    rule=RULE,
                    fragment=fragment,
                    start=offset,
                    end=stop,
                    severity=RULE.severity,
                    confidence=RULE.confidence,
                    message="a private key; revoke it where it was issued",
                    secret=Secret(text[offset:stop]),
                    strength=_STRENGTH,
                    random=True,
                )


def _material(block: str) -> str:
    return re.sub(r"[^A-Za-z0-9/]", "", _ESCAPES.sub("", _HEADERS.sub("", block)))
