"""malicious-artifact: the file that a load reads would run code that no data file needs.

**What it does**: where the file that a load reads lies beside the notebook (or under ``--artifact-root``), or its
bytes stand in the cell, they are read opcode by opcode, never loaded: raw pickles, what joblib, torch, NumPy, pandas
and Keras write, archives and compressed streams, shelves, HDF5, SQLite. What it would call when loaded is listed.

**Why is this bad**: a pickle is a program. This one starts processes, runs code that it brings along, imports modules,
reaches for files or the network: not what a model or a table is made of.

**Use instead**: delete it and get the file anew from a source that you trust, as safetensors, Parquet, ONNX or skops.
If you have loaded it already, treat the machine as broken into, and rotate the credentials that it had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stsec_magic.artifacts.reason import said
from stsec_magic.model.hit import Hit, Note
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.rules.artifacts import Artifact

RULE = Rule(
    id="malicious-artifact",
    title="Malicious artifact",
    group=Group.ARTIFACTS,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_MOST = 10
"""Calls that are told."""


def malicious(load: Hit, artifact: Artifact) -> Hit:
    """The hit at a load whose artifact is malicious.

    Args:
        load: The hit of the load itself.
        artifact: What it reads.
    """
    first = artifact.inspection.harms[0]
    name = "bytes in this cell" if artifact.path is None else artifact.path.rpartition("/")[2]
    sink = load.properties.get("sink", "the load")
    return replace(
        load,
        rule=RULE,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message=f"{sink} of {name} {said(first)}",
        properties={**load.properties, "verdict": artifact.inspection.verdict.value},
        notes=tuple(notes(artifact)),
    )


def notes(artifact: Artifact) -> Sequence[Note]:
    """The calls, one by one, for a finding's related places."""
    found = artifact.inspection.harms
    return [Note(artifact.path, said(each)) for each in found[:_MOST]]
