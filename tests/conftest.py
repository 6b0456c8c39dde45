"""How hard hypothesis tries: the same examples each time, so that a commit either passes or doesn't.

HYPOTHESIS_PROFILE=long looks for new ones, before a release.
"""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

settings.register_profile(
    "short", max_examples=60, deadline=None, suppress_health_check=_SLOW, database=None, derandomize=True
)
settings.register_profile("long", max_examples=3000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


def pytest_collection_finish() -> None:
    """The tests themselves are many objects, which nobody needs to search for circles again and again."""
    gc.collect()
    gc.freeze()
