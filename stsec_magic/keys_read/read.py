"""A file, and what it asks for."""

from __future__ import annotations

from stsec_magic.keys_read.asked import KeysRead
from stsec_magic.keys_read.program import Keys
from stsec_magic.notebook.script import read_code
from stsec_magic.notebook.walk import Walk
from stsec_magic.source.program import Program


def keys_of(path: str) -> KeysRead | None:
    """The keys that a notebook or a script asks for.

    Args:
        path: A notebook, or a Python file.

    Returns:
        None where the file can't be read, which its own check reports, or asks for nothing.
    """
    try:
        raw = read_code(path)
        walk = Walk(raw)
        found = Keys(raw, Program(walk.fragment(i) for i in sorted(walk.code))).found()
    # A fault here tells of no key that is missing.
    except Exception:
        return None
    return found if found.reads or found.whole or found.put or found.puts_any else None
