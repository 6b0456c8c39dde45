"""YAML whose tags name Python objects: what PyYAML's unsafe loaders would call."""

from __future__ import annotations

import re
from pathlib import Path

from stsec_magic.artifacts.inspection import inspect_members
from stsec_magic.artifacts.reason import reason
from stsec_magic.model.inspection import Closed, Inspection, Remark, Verdict
from stsec_magic.pickles.meaning import today
from stsec_magic.pickles.operands import Buffer
from stsec_magic.pickles.verdict import judged
from stsec_magic.regular import mapped

_TAG = re.compile(rb"(?:!!|tag:yaml\.org,2002:)python/(object/apply|object/new|object|name|module):([\w.]{1,300})")
"""Tags of https://pyyaml.org/wiki/PyYAMLDocumentation, "Python-specific types"."""

_REDEFINED = re.compile(rb"^%TAG[ \t]", re.MULTILINE)
_CALLS = frozenset((b"object/apply", b"object/new", b"object"))


def inspect_yaml(data: Buffer) -> Inspection:
    """Inspect YAML.

    Args:
        data: Its bytes.
    """
    found: dict[str, Remark] = {}
    for match in _TAG.finditer(data):
        module, _, last = match[2].decode("utf-8", "replace").rpartition(".")
        name = today(module or "builtins", last) if match[1] != b"module" else match[2].decode("utf-8", "replace")
        verdict, says = judged(name)
        found.setdefault(name, Remark(verdict, name, says, f"{name}(...)" if match[1] in _CALLS else None))
    if _REDEFINED.search(data):
        found[""] = Remark(Verdict.SUSPICIOUS, "", "gives tags names of its own", None)
    rows = sorted(found.values(), key=lambda each: -each.verdict.rank)
    verdict = rows[0].verdict if rows else Verdict.CLEAN
    why = reason(verdict, rows, (), len(rows)) if rows else "names no Python objects"
    return Inspection(verdict, why, tuple(rows))


def inspect_yaml_path(path: Path) -> Inspection:
    """Inspect a YAML file.

    Args:
        path: The file.
    """
    try:
        with mapped(path) as data:
            return inspect_yaml(data)
    except (OSError, ValueError) as error:
        return inspect_members([Closed("", f"it can't be read ({type(error).__name__})")])
