"""Where secrets are read from, as data, and when a name says that what is read there is one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from stsec_magic.model.levels import Confidence
from stsec_magic.rules import plausible
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.secret_names import NameKind, kind_of
from stsec_magic.source.constant import constant_text
from stsec_magic.source.scopes import Use

WORDS = frozenset(
    "environ environb getenv secrets getpass userdata dotenv_values get_password get_secret usersecretsclient "
    "get_secret_value access_secret_version withdecryption get_credential get_token read_secret read_secret_version "
    "get_key decouple environs basesettings".split()
)
"""Identifiers in lower case, one of which stands wherever a secret is read."""

READERS = ("open", "read_text", "load", "safe_load")
"""What reads a file, which may be one of secrets."""

WHOLE = {
    "os.environ": "os.environ",
    "os.environb": "os.environ",
    "streamlit.secrets": "st.secrets",
    "dotenv.dotenv_values": ".env",
}
"""The stores, and how they are called."""

BY_KEY = frozenset(("os.getenv", "os.getenvb", "google.colab.userdata.get", "dotenv.get_key", "decouple.config"))
"""Functions that take a secret's key."""

READING_ENV = frozenset(
    ("environs.Env", "environ.Env", "environ.FileAwareEnv", "decouple.AutoConfig", "decouple.Config")
)
"""What makes objects that are called with a secret's key, as is their ``str``."""

HIDDEN = {
    "getpass.getpass": "getpass()",
    "keyring.get_password": "keyring.get_password()",
    "huggingface_hub.get_token": "get_token()",
    "huggingface_hub.HfFolder.get_token": "get_token()",
}
"""Functions that give nothing but secrets."""

READING = frozenset(("read", "readline", "readlines", "read_text", "read_bytes"))
"""Methods that give what is in a file."""

LOADING = frozenset(("load", "safe_load"))
"""Functions that give what is in a file as a mapping."""

ONE = frozenset("get pop setdefault __getitem__".split())
"""Methods of a store that take a secret's key."""

KAGGLE = "kaggle_secrets.UserSecretsClient"
"""The class whose ``get_secret`` gives one."""

_LIKELY = ("key", "credentials", "credentials_json")
"""How names end that promise more than others of their kind."""

_ENVIRONMENT = ("os.environ", ".env")

# What people set in their environment under this name is the path of a file, for Google's libraries look there.
_PATH = re.compile(r"(?i)(?:^|_)application_credentials$")

ACCOUNT = "service_account"
"""How the name of a section of st.secrets ends that holds a private key among other things."""

# A password stands in most of these addresses.
_LOGIN = re.compile(
    r"(?i)(?:(?:^|_)(?:database|db|mongo|mongodb|postgres|postgresql|mysql|redis|rabbitmq|amqp|broker|sqlalchemy)_ur[il]"
    r"|(?:^|_)(?:conn|connection)_?str(?:ing)?|webhook_url)$"
)


class Form(Enum):
    """What a secret stands in, where it is read.

    Attributes:
        TEXT: The secret itself, or something in which all of it can be read.
        MAPPING: The same under a key: going through it gives names alone.
        PARSED: A mapping that a secret was parsed to, of which each entry's name says whether it is one.
        SECTION: A part of a store of which nobody knows whether it is a secret; its entries may be.
        FILE: A file that is open, or the path of one.
        OBJECT: An answer of which some fields alone are secrets, and which doesn't show them.
    """

    TEXT = "text"
    MAPPING = "mapping"
    PARSED = "parsed"
    SECTION = "section"
    FILE = "file"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a secret manager's method gives.

    Attributes:
        fields: The fields that lead to the secret; none where it is the secret.
        form: What the answer is as a whole.
        given: An argument without which it is no secret.
        maker: The last part of the name of what makes the object; empty where the method's name says enough.
    """

    fields: frozenset[str] = frozenset()
    form: Form = Form.TEXT
    given: str = ""
    maker: str = ""


ANSWERS = {
    # Amazon's, whose answer has fields, and pydantic's, which is asked for nothing.
    "get_secret_value": (Answer(frozenset(("SecretString", "SecretBinary")), Form.MAPPING),),
    "get_parameter": (Answer(frozenset(("Parameter", "Value")), Form.MAPPING, given="WithDecryption"),),
    "access_secret_version": (Answer(frozenset(("payload", "data")), Form.MAPPING),),
    "read_secret_version": (Answer(frozenset(("data",)), Form.PARSED),),
    "read_secret": (Answer(frozenset(("data",)), Form.PARSED),),
    "get_credential": (Answer(frozenset(("password",)), Form.OBJECT),),
    "get_secret": (
        Answer(frozenset(("value",)), Form.OBJECT, maker="SecretClient"),
        Answer(maker="get_default_keyvault"),
    ),
}
"""Methods of secret managers that give nothing but secrets, by their names."""

FIELDS = frozenset(field for answers in ANSWERS.values() for answer in answers for field in answer.fields)
"""All names of fields that lead to secrets."""


@dataclass(frozen=True, slots=True)
class Read:
    """A secret, or all of a store's, where it is read.

    Attributes:
        name: What it is called: ``OPENAI_API_KEY``, ``os.environ``.
        is_all: Whether all secrets of a store are meant.
        confidence: How sure it is one.
        use: Where it is read.
        form: What it stands in.
        fields: Where it stands in an answer of a secret manager: the fields that lead to it.
        is_entry: Whether it is one entry after another of something that a loop goes through.
    """

    name: str
    is_all: bool
    confidence: Confidence
    use: Use
    form: Form = Form.TEXT
    fields: frozenset[str] = frozenset()
    is_entry: bool = False

    @property
    def is_mapping(self) -> bool:
        """Whether going through it gives names alone."""
        return self.form in (Form.MAPPING, Form.PARSED, Form.SECTION)

    @property
    def is_silent(self) -> bool:
        """Whether nothing of it is read where it is shown as it is."""
        return self.form in (Form.SECTION, Form.FILE, Form.OBJECT)

    @property
    def has_entries(self) -> bool:
        """Whether its entries' names say which of them are secrets."""
        return self.is_all or self.form in (Form.PARSED, Form.SECTION)

    def at_most(self, confidence: Confidence) -> Read:
        """The same, less sure."""
        return self if self.confidence.rank <= confidence.rank else replace(self, confidence=confidence)


def by_name(key: str, called: str, use: Use, *, store: str = "", is_section: bool = False) -> Read | None:
    """One secret by its key, or by the name that its value was given.

    Args:
        key: Its key in a store.
        called: The name that the value has in the program.
        use: Where it is read.
        store: What it is read from.
        is_section: Whether it is a whole section of a store of secrets.

    Returns:
        The secret; None where neither name says that it is one.
    """
    if store in _ENVIRONMENT and _PATH.search(key):
        return None
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
