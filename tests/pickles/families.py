"""What the tests of the tables share: what is said of names, and by whom."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from stsec_magic.pickles.denied import denied
from stsec_magic.pickles.meaning import today

TABLES = Path(str(files("stsec_magic.pickles"))) / "tables"
CODE = "runs code that it brings along"
PROCESS = "starts a process"
IMPORTS = "imports modules"
FILES = "reads or changes files"
NETWORK = "uses the network"
MEMORY = "reaches into memory or the interpreter"
PICKLE = "loads another pickle"


def of(name: str) -> str | None:
    """What is said of a name as a pickle spells it."""
    module, _, last = name.rpartition(".")
    return denied(today(module, last))
