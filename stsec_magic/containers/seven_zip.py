"""7z archives, where py7zr is installed."""

from __future__ import annotations

import io
from importlib import import_module
from types import ModuleType

from stsec_magic.containers.found import Inside, LimitError, Limits, Opened, View, within
from stsec_magic.model.inspection import Closed

_MAGIC = b"7z\xbc\xaf\x27\x1c"
_LARGEST = 64 << 20
"""Bytes of an archive, which is copied."""


def recognises(data: View) -> bool:
    """Whether it is a 7z archive.

    Args:
        data: The bytes.
    """
    return bytes(data[: len(_MAGIC)]) == _MAGIC


def opened(inside: Inside, limits: Limits) -> Opened:
    """Unpack an archive, to memory.

    Args:
        inside: The archive.
        limits: How much may be unpacked.

    Yields:
        Its members.
    """
    try:
        module = import_module("py7zr")  # A large package that few need.
    except ImportError:
        yield Closed(inside.path, "7z: install py7zr to look inside")
        return
    if len(inside.data) > _LARGEST:
        yield Closed(inside.path, "the archive is too large")
        return
    factory = _Factory(limits)
    why = _unpack(module, bytes(inside.data), factory)
    for name, data in factory.made.items():
        yield Inside(within(inside.path, name), data, loose=True)
    if why is not None:
        yield Closed(inside.path, why)


def _unpack(module: ModuleType, data: bytes, factory: _Factory) -> str | None:
    """Unpack all that goes; why there is more."""
    try:
        with module.SevenZipFile(io.BytesIO(data)) as archive:
            if archive.needs_password():
                return "it is encrypted"
            archive.extractall(factory=factory)
    except LimitError as error:
        return str(error)
    # py7zr raises whatever lying bytes lead to; what came out before that is looked at.
    except Exception as error:
        return f"the archive can't be read ({type(error).__name__})"
    return None


class _Factory:
    """What py7zr asks for a place for each member.

    Attributes:
        made: The members by name.
    """

    def __init__(self, limits: Limits) -> None:
        self.made: dict[str, bytearray] = {}
        self._limits = limits

    def create(self, filename: str) -> _Kept:
        """A place in memory."""
        self._limits.row()
        return _Kept(self.made.setdefault(filename, bytearray()), self._limits)


class _Kept:
    """A member in memory, with the methods that py7zr calls."""

    def __init__(self, data: bytearray, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        self._at = 0

    def write(self, data: bytes | bytearray) -> int:
        """Some more, if that may be."""
        self._limits.take(len(data))
        self._data += data
        return len(data)

    def read(self, size: int | None = None) -> bytes:
        """What was written: for a checksum."""
        end = len(self._data) if size is None or size < 0 else self._at + size
        taken = bytes(self._data[self._at : end])
        self._at += len(taken)
        return taken

    def seek(self, offset: int, _whence: int = 0) -> int:
        """Go to an offset."""
        self._at = offset
        return offset

    def flush(self) -> None:
        """Nothing is held back."""

    def size(self) -> int:
        """How much was written."""
        return len(self._data)

    def close(self) -> None:
        """It stays."""
