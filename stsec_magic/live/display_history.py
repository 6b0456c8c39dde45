"""What IPython keeps of a cell's streams for ``%notebook``: whatever was written, before anybody looked at it."""

from __future__ import annotations

from typing import Any

from stsec_magic.live.display_texts import withheld
from stsec_magic.live.known import KnownSecrets

_OF_STREAMS = ("out_stream", "err_stream")


def mask_streams(shell: Any, known: KnownSecrets) -> None:  # noqa: ANN401
    """Mask what was kept of the last cell.

    Args:
        shell: The shell; IPython before 9 keeps nothing.
        known: The secrets.
    """
    outputs = getattr(getattr(shell, "history_manager", None), "outputs", None)
    if not isinstance(outputs, dict):
        return
    now = shell.execution_count
    for count in (now - 1, now):
        for output in outputs.get(count, ()):
            pieces = output.bundle.get("stream") if output.output_type in _OF_STREAMS else None
            if pieces:
                output.bundle["stream"] = _masked(pieces, known)


def _masked(pieces: list[str], known: KnownSecrets) -> list[str]:
    try:
        text = "".join(pieces)
        return [known.mask(text)] if known.places(text) else pieces
    except Exception as fault:
        return [withheld(fault)]
