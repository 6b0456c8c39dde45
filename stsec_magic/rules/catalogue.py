"""The list of all checks and rules: explicit, greppable, ids unique."""

from __future__ import annotations

from functools import lru_cache

from stsec_magic.model.rule import Group, Rule
from stsec_magic.rules.base import Check
from stsec_magic.rules.cached_load import CachedLoad
from stsec_magic.rules.client_argument import ClientArgument
from stsec_magic.rules.connection_string import ConnectionString
from stsec_magic.rules.displayed_secret import DisplayedSecret
from stsec_magic.rules.hardcoded_secret import HardcodedSecret
from stsec_magic.rules.known_secret import KnownSecret
from stsec_magic.rules.persisted_cache import PersistedCache
from stsec_magic.rules.private_key import PrivateKey
from stsec_magic.rules.project_rules import RULES as PROJECT_RULES
from stsec_magic.rules.providers import ProviderFormats
from stsec_magic.rules.removed_cache import RemovedCache
from stsec_magic.rules.session_state_load import SessionStateLoad
from stsec_magic.rules.suspicious_artifact import SuspiciousArtifact
from stsec_magic.rules.untrusted_load import UntrustedLoad
from stsec_magic.rules.unused_suppression import UnusedSuppression


@lru_cache(maxsize=1)
def checks() -> tuple[Check, ...]:
    """Every check, in the order in which they run."""
    return (
        KnownSecret(),
        ProviderFormats(),
        PrivateKey(),
        ConnectionString(),
        HardcodedSecret(),
        ClientArgument(),
        DisplayedSecret(),
        UntrustedLoad(),
        SuspiciousArtifact(),
        CachedLoad(),
        PersistedCache(),
        SessionStateLoad(),
        RemovedCache(),
        UnusedSuppression(),
    )


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Every rule by its id.

    Raises:
        ValueError: Two rules share an id.
    """
    found: dict[str, Rule] = {}
    for rule in (*(rule for check in checks() for rule in check.rules), *PROJECT_RULES):
        if rule.id in found or rule.id in set(Group):
            raise ValueError(f"two rules have the id {rule.id!r}")
        found[rule.id] = rule
    return found
