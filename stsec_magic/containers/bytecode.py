"""The names in a function's code, as ``marshal`` writes it. Nothing is unmarshalled: texts tell by their lengths."""

from __future__ import annotations

import base64
import binascii
import re

_SHORT = re.compile(rb"[zZ\xfa\xda](.)", re.DOTALL)
_LONG = re.compile(rb"[aAtus\xe1\xc1\xf4\xf5\xf3](.{4})", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w{0,60}")
_LARGEST = 1 << 20

_REACHING = frozenset(
    "os sys nt posix subprocess system popen Popen spawn exec eval execfile compile open io __import__ importlib "
    "builtins import_module socket urllib urlopen requests httpx http shutil ctypes pickle marshal dill base64 codecs "
    "globals getattr setattr vars __builtins__ __globals__ __class__ __subclasses__ __mro__ __code__ runpy pty "
    "platform webbrowser get_file tempfile pathlib glob multiprocessing threading signal input breakpoint".split()
)
"""Names by which code gets beyond numbers: what computes a layer needs none of them."""


def reaching(code: str) -> list[str] | None:
    """The names in a function's code by which it gets beyond numbers.

    Args:
        code: The code in base64.

    Returns:
        The names, sorted; None where there is no telling.
    """
    try:
        data = base64.b64decode(code.encode("ascii", "replace"))
    except (ValueError, binascii.Error):
        return None
    names = _names(data) if len(data) <= _LARGEST else set()
    return sorted(names & _REACHING) if names else None


def _names(data: bytes) -> set[str]:
    found: set[str] = set()
    for pattern in (_SHORT, _LONG):
        for match in pattern.finditer(data):
            length = int.from_bytes(match[1], "little")
            text = data[match.end() : match.end() + length]
            if 0 < len(text) == length <= 60 and text.isascii() and _NAME.fullmatch(text.decode("ascii")):
                found.add(text.decode("ascii"))
    return found
