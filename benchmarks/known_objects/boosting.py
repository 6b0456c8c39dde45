"""Fitted models of the libraries that boost trees."""

from collections.abc import Iterator

import numpy as np
from make import COUNTS

_RANDOM = np.random.RandomState(0)
X = _RANDOM.rand(60, 4)
LABELS = np.arange(60) % 3
TWO = np.arange(60) % 2
NUMBERS = X[:, 0] + _RANDOM.rand(60)
_GROUPS = [10] * 6


def fitted(classes: "list[type]", **given: "object") -> "Iterator[object]":
    """Every model as it is made, and fitted to labels, numbers and ranks, with what gets along with it."""
    for cls in classes:
        yield COUNTS.attempt(cls.__name__, cls)
        for target in (LABELS, TWO, NUMBERS, abs(NUMBERS)):
            yield COUNTS.attempt(cls.__name__ + ".fit", lambda cls=cls, target=target: cls(**given).fit(X, target))
        yield COUNTS.attempt(cls.__name__ + ".fit", lambda cls=cls: cls(**given).fit(X, TWO, group=_GROUPS))
        yield COUNTS.attempt(cls.__name__ + ".fit", lambda cls=cls: cls(**given).fit(X, TWO, group_id=TWO * 0))
        yield COUNTS.attempt(cls.__name__ + ".fit", lambda cls=cls: cls(**given).fit(X, TWO, eval_set=[(X, TWO)]))
