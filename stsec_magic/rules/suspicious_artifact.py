"""suspicious-artifact: a file that no notebook loads asks for something that needs a person's eye.

**What it does**: ``stsec audit --artifacts PATH`` inspects the pickles and models under a path, whether or not a
notebook loads them. What is malicious is a ``malicious-artifact``. This rule names the others that are not clean:
*suspicious* (of medium severity) where the file asks for what can be turned into anything, such as ``getattr``,
``functools.partial``, or functions that cloudpickle or dill brought along; *unknown* (low) where it asks for classes
that no list of ours has: your own, or those of a rare library.

**Why is this bad**: perhaps it isn't. Whether such a file is harmless depends on code that isn't in it.

**Use instead**: look at the calls with ``stsec artifact FILE``; save data in a format that holds nothing else (Parquet,
safetensors, ONNX, skops).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.rules.base import Subject

RULE = Rule(
    id="suspicious-artifact",
    title="Suspicious artifact",
    group=Group.ARTIFACTS,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    help=__doc__,
)


class SuspiciousArtifact:
    """The rule's place in the catalogue; what it finds stands in no notebook (``checker.check_artifact``)."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = ()
    code_words: Sequence[str] = ()
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({})

    def hits(self, _: Subject) -> Iterator[Hit]:
        """Nothing: at a load the verdict is told by ``untrusted-load``."""
        yield from ()
