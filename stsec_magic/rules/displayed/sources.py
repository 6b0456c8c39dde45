"""Where secrets are read from, as data, and when a name says that what is read there is one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from stsec_magic.model.levels import Confidence
from stsec_magic.rules import plausible
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.secret_names import NameKind, kind_of
from stsec_magic.source.constant import constant_text
from stsec_magic.source.scopes import Use

WORDS = frozenset(
    "environ environb getenv secrets getpass userdata dotenv_values get_password get_secret usersecretsclient".split()
)
"""Identifiers in lower case, one of which stands wherever a secret is read."""

READERS = ("open", "read_text")
"""What reads a file, which may be one of secrets."""

WHOLE = {
    "os.environ": "os.environ",
    "os.environb": "os.environ",
    "streamlit.secrets": "st.secrets",
    "dotenv.dotenv_values": ".env",
}
"""The stores, and how they are called."""

BY_KEY = frozenset(("os.getenv", "os.getenvb", "google.colab.userdata.get"))
"""Functions that take a secret's key."""

HIDDEN = {"getpass.getpass": "getpass()", "keyring.get_password": "keyring.get_password()"}
"""Functions that give nothing but secrets."""

OPENING = frozenset(("open", "io.open", "pathlib.Path"))
"""What names a file that is then read."""

READING = frozenset(("read", "readlines", "read_text"))
"""Methods that give all that is in a file."""

ONE = frozenset("get pop setdefault __getitem__".split())
"""Methods of a store that take a secret's key."""

KAGGLE = "kaggle_secrets.UserSecretsClient"
"""The class whose ``get_secret`` gives one."""

_LIKELY = ("key", "credentials", "credentials_json")
"""How names end that promise more than others of their kind."""

ACCOUNT = "service_account"
"""How the name of a section of st.secrets ends that holds a private key among other things."""

# A password stands in most of these addresses.
_LOGIN = re.compile(
    r"(?i)(?:(?:^|_)(?:database|db|mongo|mongodb|postgres|postgresql|mysql|redis|rabbitmq|amqp|broker|sqlalchemy)_ur[il]"
    r"|(?:^|_)(?:conn|connection)_?str(?:ing)?|webhook_url)$"
)


@dataclass(frozen=True, slots=True)
class Read:
    """A secret, or all of a store's, where it is read.

    Attributes:
        name: What it is called: ``OPENAI_API_KEY``, ``os.environ``.
        is_all: Whether all secrets of a store are meant.
        confidence: How sure it is one.
        use: Where it is read.
        is_mapping: Whether going through it gives names alone.
    """

    name: str
    is_all: bool
    confidence: Confidence
    use: Use
    is_mapping: bool = False

    def at_most(self, confidence: Confidence) -> Read:
        """The same, less sure."""
        return self if self.confidence.rank <= confidence.rank else replace(self, confidence=confidence)


def by_name(key: str, called: str, use: Use, *, is_section: bool = False) -> Read | None:
    """One secret by its key, or by the name that its value was given.

    Args:
        key: Its key in a store.
        called: The name that the value has in the program.
        use: Where it is read.
        is_section: Whether it is a whole section of a store of secrets.

    Returns:
        The secret; None where neither name says that it is one.
    """
    for name in (key, called):
        kind = kind_of(name) if name else None
        if kind is not None:
            sure = kind is not NameKind.KEY
            likely = Confidence.MEDIUM if name.lower().endswith(_LIKELY) else Confidence.LOW
            return Read(name, False, Confidence.HIGH if sure else likely, use)
        if _LOGIN.search(name):
            return Read(name, False, Confidence.MEDIUM, use)
    return Read(key, False, Confidence.MEDIUM, use) if is_section else None


def literal(use: Use, called: str) -> Read | None:
    """A credential that is written out under a name that says so.

    Args:
        use: The expression.
        called: Its name.
    """
    text = constant_text(use.node) if called else None
    confidence = None if text is None else is_credential(called, text)
    return None if confidence is None else Read(called, False, confidence, use)


def is_credential(name: str, text: str) -> Confidence | None:
    """How sure it is that a text is a credential; None where it is none.

    Args:
        name: What it is called.
        text: The text.
    """
    kind = kind_of(name)
    if kind is NameKind.PASSWORD:
        # Lessons print the passwords that they make up.
        return Confidence.LOW if plausible.is_password(text) else None
    if kind is None or not plausible.is_token(text) or (kind is NameKind.KEY and not is_random(text, 16)):
        return None
    return Confidence.MEDIUM if kind is NameKind.SECRET else Confidence.LOW
