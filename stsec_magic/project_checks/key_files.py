"""Private keys, stores of them, and keys of accounts in JSON: told by what is in a file."""

from __future__ import annotations

import base64
import binascii
import json
import re

from stsec_magic.project_checks.holding import Holds, SecretFile
from stsec_magic.project_checks.tree import File, Tree
from stsec_magic.rules import plausible

_LARGEST = 1 << 20
_LARGEST_JSON = 1 << 14
_LARGEST_STORE = 1 << 24
_LOST = "whether it holds secrets is not known"

_PEM = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]{1,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----\s{0,4}"
    rb"(?P<headers>(?:[A-Za-z-]{1,40}: [^\n]{0,200}\n){0,8}\s{0,4})(?P<body>[^-]{60,60000})"
)
_ENCRYPTED = (b"ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED")
_OPENSSH = b"openssh-key-v1\0"
"""How OpenSSH's own format begins; the length and the name of the cipher follow (openssh, PROTOCOL.key)."""

_PUTTY = re.compile(
    rb"PuTTY-User-Key-File-[123]: [^\r\n]{1,60}\r?\nEncryption: (?P<cipher>[^\r\n]{1,40})\r?\n"
    rb"(?:[^\r\n]{0,400}\r?\n){1,400}?Private-Lines: \d{1,3}\r?\n(?P<body>[A-Za-z0-9+/=]{8})"
)
"""PuTTY's own format: https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html"""

_OPEN = b"\0\0\0\x04none"
_JKS, _DER = b"\xfe\xed\xfe\xed", b"\x30\x82"


def private_key(file: File, tree: Tree) -> SecretFile | None:
    """Look for a private key in a file; a certificate, a public key or a presentation holds none.

    Args:
        file: The file.
        tree: Gets a problem where it can't be read.
    """
    data = tree.content(file, _LARGEST, _LOST) if size(file) <= _LARGEST else None
    putty = _PUTTY.match(data or b"")
    if putty is not None:
        return SecretFile(file, "a private key", Holds.SECRETS if putty["cipher"] == b"none" else Holds.LOCKED)
    match = _PEM.search(data or b"")
    if data is None or match is None or len(set(match["body"][:60])) < 8:
        return None
    is_locked = any(mark in data for mark in _ENCRYPTED) or _is_locked_by_openssh(match["body"])
    return SecretFile(file, "a private key", Holds.LOCKED if is_locked else Holds.SECRETS)


def _is_locked_by_openssh(body: bytes) -> bool:
    letters = b"".join(body.split())[:64]
    try:
        begun = base64.b64decode(letters, validate=True)
    except binascii.Error:
        return False
    return begun.startswith(_OPENSSH) and not begun.startswith(_OPENSSH + _OPEN)


def key_store(file: File, tree: Tree) -> SecretFile | None:
    """Tell a store of keys: PKCS #12, or Java's.

    Args:
        file: The file.
        tree: Gets a problem where it can't be read.
    """
    data = tree.content(file, _LARGEST_STORE, _LOST)
    if data is None or not data.startswith((_JKS, _DER)):
        return None
    return SecretFile(file, "a store of keys", Holds.LOCKED)


def key_in_json(file: File, tree: Tree) -> SecretFile | None:
    """Look for a key of a service account, or of Kaggle; most JSON files are neither.

    Args:
        file: The file.
        tree: Gets a problem where it can't be read.
    """
    is_kaggle = file.path.name.lower().startswith("kaggle")
    if size(file) > _LARGEST_JSON:
        return None
    data = tree.content(file, _LARGEST_JSON, _LOST) or b""
    if not is_kaggle and not (b"service_account" in data and b"private_key" in data):
        return None
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    if given.get("type") == "service_account":
        key = str(given.get("private_key", ""))
        match = _PEM.search(key.encode("utf-8", "replace"))
        return SecretFile(file, "a key of a service account", Holds.SECRETS, (key,)) if match else None
    key = str(given.get("key", ""))
    is_real = is_kaggle and "username" in given and len(key) >= 20 and not plausible.is_placeholder(key)
    return SecretFile(file, "a key for Kaggle", Holds.SECRETS, (key,)) if is_real else None


def size(file: File) -> int:
    """A file's size in bytes; 0 where it can't be asked."""
    try:
        return file.path.stat().st_size
    except OSError:
        return 0
