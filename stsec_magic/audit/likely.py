"""Whether a file may hold a pickle, told by how it begins and by its name's ending."""

from __future__ import annotations

from pathlib import Path

from stsec_magic.containers.worth import is_worth_it
from stsec_magic.regular import mapped

_HEAD = 1024
_ENDINGS = frozenset(
    ".pkl .pickle .pk .p .joblib .jl .dill .pt .pth .bin .ckpt .npy .npz .h5 .hdf5 .keras .skops .model .sav .mar "
    ".cloudpickle .dat .db .dump".split()
)


def is_artifact(path: Path) -> bool:
    """Whether a file is worth an inspection.

    Args:
        path: The file; one that can't be read, or is empty, is worth it if its name says so.
    """
    by_name = path.suffix.lower() in _ENDINGS
    try:
        with mapped(path) as data:
            head, size = bytes(data[:_HEAD]), len(data)
    except (OSError, ValueError):
        return by_name
    if not head:
        return by_name
    # Text may begin like a pickle of the oldest protocol: there the name has to say so, too.
    return is_worth_it((path.name,), head, size) and (by_name or not _is_text(head))


def _is_text(head: bytes) -> bool:
    return b"\0" not in head and "\ufffd" not in head.decode("utf-8", "replace").removesuffix("\ufffd")
