"""Files that nbconvert made of a notebook's outputs and attachments, without secrets."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Any

from stsec_magic.hits import masker_of
from stsec_magic.triage.masking import Masker

_KEYS = ("outputs", "attachments")


def mask_files(resources: MutableMapping[str, Any], maskers: Iterable[Masker]) -> int:
    """Mask the secrets in files that are about to be written beside the result.

    Args:
        resources: nbconvert's; changed in place.
        maskers: Of the checks of this notebook.

    Returns:
        How many files were changed.
    """
    texts = {
        (key, name): text
        for key in _KEYS
        if isinstance(resources.get(key), dict)
        for name, data in resources[key].items()
        if (text := _text(data)) is not None
    }
    if not texts:
        return 0
    every = [*maskers, masker_of(list(texts.values()))]
    changed = 0
    for (key, name), text in texts.items():
        masked = text
        for masker in every:
            masked = masker.mask(masked)
        if masked != text:
            resources[key][name] = masked.encode("utf-8")
            changed += 1
    return changed


def _text(data: object) -> str | None:
    """A file's text; None for an image and whatever else is none."""
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8") if isinstance(data, bytes) else None
    except UnicodeDecodeError:
        return None
