"""Which values of a session are secrets: told by their names, and by how they look.

A notebook's variables are named in passing (``for key in columns``, ``for token in words``): there a value
must look like a secret, too. Who sets a variable of the environment means what its name says.
"""

from __future__ import annotations

import re
from functools import lru_cache

from stsec_magic.project.secret_files import Kept
from stsec_magic.rules import plausible
from stsec_magic.rules.known_secret import is_wanted
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.secret_names import NameKind, kind_of

ENVIRONMENT = "the environment"
SESSION = "this session"

SHORTEST = 8
LONGEST = 8192

_LEAST_RANDOM = 16
_PRIVATE_KEY = "PRIVATE KEY-----"
_FOLDERS = frozenset(("PWD", "OLDPWD", "INIT_CWD"))
"""Shells set them; their names end as a password's."""

_OF_IPYTHON = frozenset(("In", "Out"))
_PERHAPS_URL = re.compile(r"ur[il]|dsn|conn|engine|database|(?:^|_)db(?:_|$)|broker", re.IGNORECASE)


@lru_cache(maxsize=4096)
def may_hold(name: str) -> bool:
    """Whether a variable of this name is worth a look: a secret's name, or a connection URL's.

    Args:
        name: Of the user's namespace.
    """
    if name.startswith("_") or name in _OF_IPYTHON:
        return False
    return kind_of(name) is not None or _PERHAPS_URL.search(name) is not None


def is_secret(kept: Kept) -> bool:
    """Whether a value of the environment or of this session is a secret.

    Args:
        kept: The value, the name it has there, and which of the two.
    """
    kind = kind_of(_last(kept.name))
    if kind is None or not is_wanted(kept):
        return False
    value = kept.value
    if _PRIVATE_KEY in value:
        return True
    if kept.file == ENVIRONMENT and kind is not NameKind.KEY:
        return kept.name not in _FOLDERS and not ("/" in value and plausible.is_reference(value))
    if kind is NameKind.PASSWORD:
        return plausible.is_password(value)
    return plausible.is_token(value) and (kind is NameKind.SECRET or is_random(value, _LEAST_RANDOM))


def _last(name: str) -> str:
    """``config['api_key']`` is named by its key, ``DATABASE_URL.password`` by its part."""
    if name.endswith("']"):
        return name.rpartition("['")[2][:-2]
    return name.rpartition(".")[2]
