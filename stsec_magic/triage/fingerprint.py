"""A name for a finding that survives moved cells, new lines above it and another machine."""

from __future__ import annotations

import hashlib
from collections import Counter

from stsec_magic.model.hit import Hit
from stsec_magic.notebook.lines import line_end, line_start
from stsec_magic.triage.masking import Masker

_AROUND = 300
"""Of a very long line, so many characters on either side of the span enter."""

_INSTEAD = "<secret>"


class Fingerprints:
    """Fingerprints of one notebook's findings, asked for in document order."""

    def __init__(self, masker: Masker) -> None:
        """Begin to count."""
        self._masker = masker
        self._seen: Counter[str] = Counter()

    def of(self, hit: Hit) -> str:
        """The fingerprint of a hit.

        SHA-256 over rule, provider, the statement's lines with every secret taken out, and "n-th
        same one in this notebook". The value enters only where its format guarantees 64 random
        bits, so that nothing can be guessed from the fingerprint; passwords never enter.

        Args:
            hit: A grounded hit.

        Returns:
            64 hex digits.
        """
        text = hit.fragment.text
        start = line_start(text, hit.start, _AROUND)
        end = line_end(text, hit.end, _AROUND)
        statement = self._masker.window(hit.fragment, start, end, (hit.start, hit.end), _INSTEAD).text
        value = hit.secret.value if hit.secret is not None and hit.random else ""
        parts = (hit.rule.id, hit.rule.provider or "", hit.fragment.name or "", " ".join(statement.split()), value)
        same = "\0".join(parts)
        self._seen[same] += 1
        return hashlib.sha256(f"{same}\0{self._seen[same]}".encode("utf-8", "replace")).hexdigest()
