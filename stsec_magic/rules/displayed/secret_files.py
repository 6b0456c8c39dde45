"""Files that hold nothing but secrets, by their names."""

from __future__ import annotations

import re

from stsec_magic.rules.randomness import is_random

_SHORTEST_RANDOM = 12

KEYWORDS = (
    *(".env", "secrets.toml", ".netrc", ".pgpass", ".git-credentials", ".pypirc", ".my.cnf", ".databrickscfg"),
    *(".aws/credentials", ".docker/config.json", ".kube/config", "huggingface/token", ".ssh/id_"),
    *("kaggle.json", "application_default_credentials.json", "service_account.json", "service-account.json"),
)
"""What stands in every such path, in lower case."""

FOLLOWED_BY = {".env": re.compile(rb"(?![a-z])")}
"""What may follow where a file is meant and no attribute: ``gym.envs``."""

_PATH = re.compile(
    r"(?:.{0,400}[\\/])?(?:\.env(?:\.(?!example|sample|template|dist|default|schema)[\w.\-]{1,40})?|secrets\.toml"
    r"|\.netrc|\.pgpass|\.git-credentials|\.pypirc|\.my\.cnf|\.databrickscfg|\.aws[\\/]credentials"
    r"|\.docker[\\/]config\.json|\.kube[\\/]config|\.?huggingface[\\/]token|\.ssh[\\/]id_(?:rsa|dsa|ecdsa|ed25519)"
    r"|kaggle\.json|application_default_credentials\.json|service[_-]account\.json)"
)


def is_secret_file(path: str) -> bool:
    """Whether a path is one of a file that holds nothing but secrets; ``.env.example`` holds none.

    Args:
        path: As written.
    """
    return _PATH.fullmatch(path) is not None


def shown_file(path: str) -> str:
    """A file's name as it may be shown: people also write the secret itself into one.

    Args:
        path: As written.
    """
    name = path.replace("\\", "/").rpartition("/")[2]
    return "a file" if any(is_random(part, _SHORTEST_RANDOM) for part in re.split("[._-]", name)) else name
