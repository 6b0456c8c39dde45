"""Terminal colour codes taken out of outputs and tracebacks."""

from __future__ import annotations

import re

from stsec_magic.model.offsets import OffsetMap, substitute

# ECMA-48 CSI and OSC sequences, which IPython, rich and tqdm write.
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,256}(?:\x07|\x1b\\))")


def strip(text: str) -> tuple[str, OffsetMap | None]:
    """Take escape sequences out.

    Args:
        text: Text as a terminal program wrote it.

    Returns:
        The text as a person sees it, and the map back; no map where nothing was taken out.
    """
    if "\x1b" not in text:
        return text, None
    return substitute(_ESCAPE, "", text)
