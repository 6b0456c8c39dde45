"""untrusted-load: bytes are unpickled, or loaded by something that unpickles.

**What it does**: finds the calls of some fifty libraries that run code from what they read (pickle, joblib,
shelve, ``pd.read_pickle``, ``torch.load``, ``np.load(allow_pickle=True)``, ``yaml.load``, Keras, mlflow,
``trust_remote_code=True`` and others), in all cells taken as one program, whatever the function is called
there, and follows the bytes back to where they come from: the network, an upload, a file, the notebook itself.

**Why is this bad**: a pickle is a program. Whoever wrote the file runs code in your kernel, and
later in your app's server, with all its secrets.

**Use instead**: a format that holds data only (Parquet, JSON, safetensors, skops), the loader's
safe parameter (``weights_only=True``, ``allow_pickle=False``, ``yaml.safe_load``), or the file's SHA-256
compared with a literal before it is loaded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.rules.base import Subject
from stsec_magic.rules.inspected_load import inspected, read_by
from stsec_magic.rules.load_calls import Load, Loads
from stsec_magic.rules.loads import Danger, Sink, sinks
from stsec_magic.rules.loads_in_text import loads_in_text
from stsec_magic.rules.malicious_artifact import RULE as MALICIOUS
from stsec_magic.rules.malicious_artifact import malicious
from stsec_magic.rules.origin_severity import clues_of, described, severity_of
from stsec_magic.source.names import Names
from stsec_magic.source.origin import Origins
from stsec_magic.source.program import CodeCell
from stsec_magic.source.provenance import Origin, Source
from stsec_magic.source.scopes import Use, may_name

RULE = Rule(
    id="untrusted-load",
    title="Untrusted load",
    group=Group.LOADS,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_HAZARD = {Origin.UPLOAD: ": whoever uploads one runs code in your app"}
"""What is worth saying of an origin in this rule's own messages."""


class UntrustedLoad:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE, MALICIOUS)
    keywords: Sequence[str] = ()

    @property
    def code_words(self) -> Sequence[str]:
        """The names of modules, functions and deciding parameters."""
        return sorted(sinks().words)

    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find calls of sinks, and sinks handed on as values."""
        loads = Loads(subject)
        for number in loads.numbers:
            called: set[int] = set()
            taken: dict[int, Use] = {}
            for use in subject.names.calls(number):
                if not isinstance(use.node, ast.Call):
                    continue
                taken |= {id(each): use for each in use.node.args if may_name(each, loads.words)}
                if may_name(use.node.func, loads.words):
                    called |= _callees(use, use.node, subject.names)
                    load = loads.of(use)
                    if load is not None:
                        yield from _of_call(load, subject)
            for use in subject.names.references(number):
                if id(use.node) not in called and may_name(use.node, loads.words):
                    yield from _reference(use, taken.get(id(use.node)), loads, subject)
        if loads.numbers:
            for each in loads_in_text(subject.names, loads.numbers, loads.words):
                source = Source(each.origin)
                yield _hit(each.sink, each.name, each.cell, each.start, each.end, Confidence.MEDIUM, source)


def _of_call(load: Load, subject: Subject) -> Iterator[Hit]:
    """The load, and what is to be said of the file that it reads."""
    start, end = load.use.cell.span(load.use.node)
    source = subject.origins.of(load.argument, load.use)
    hit = _hit(load.sink, load.name, load.use.cell, start, end, load.confidence, source)
    read = read_by(load, subject)
    hit = inspected(hit, load.sink.instead, read)
    yield replace(hit, message=f"{hit.message} ({load.since})") if load.since else hit
    bad = next((each for each in read.artifacts if each.inspection.harms), None)
    if bad is not None:
        yield malicious(hit, bad)


def _callees(use: Use, call: ast.Call, names: Names) -> set[int]:
    """The expressions that a call calls: no values that are handed on."""
    callees = {id(call.func)}
    if isinstance(call.func, ast.Call):
        partial = names.partial(call.func, use.scope, use.order)
        if partial is not None and partial.args:
            callees.add(id(partial.args[0]))
    return callees


def _reference(use: Use, call: Use | None, loads: Loads, subject: Subject) -> Iterator[Hit]:
    """``map(pickle.loads, rows)``, ``load = pickle.load``: a sink as a value, perhaps as a call's argument."""
    sink, name = loads.named(use.node, use) or (None, "")
    if sink is None or sink.danger is not Danger.ALWAYS or not sink.as_value:
        return
    if isinstance(use.node, ast.Name) and not _is_value(use, subject.names):
        return
    start, end = use.cell.span(use.node)
    source = Source(Origin.UNKNOWN) if call is None else _handed_over(call, use, subject.origins)
    yield _hit(sink, name, use.cell, start, end, Confidence.MEDIUM, source)


def _handed_over(call: Use, function: Use, origins: Origins) -> Source:
    """Where the bytes come from that a function which is handed on will read."""
    if not isinstance(call.node, ast.Call):
        return Source(Origin.UNKNOWN)
    others = [each for each in call.node.args if each is not function.node]
    receiver = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None  # df["x"].apply(loads)
    return origins.of(others[0] if others else receiver, call)


def _is_value(use: Use, names: Names) -> bool:
    """Whether a bare name is bound by an import: an alias was reported where it was made."""
    binding = names.binding(use.node.id, use.scope, use.order) if isinstance(use.node, ast.Name) else None
    return binding is not None and binding.imported is not None


def _hit(sink: Sink, name: str, cell: CodeCell, start: int, end: int, confidence: Confidence, source: Source) -> Hit:
    return Hit(
        rule=RULE,
        fragment=cell.fragment,
        start=start,
        end=end,
        severity=severity_of(source.origin),
        confidence=confidence,
        message=f"{name} of {described(source.origin)}{_HAZARD.get(source.origin, '')}; {sink.instead}",
        properties={"sink": name, "origin": source.origin.value},
        clues=clues_of(source, cell, start, end),
        artifact=source.path,
    )
