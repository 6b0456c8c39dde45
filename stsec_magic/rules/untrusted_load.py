"""untrusted-load: bytes are unpickled, or loaded by something that unpickles.

**What it does**: finds calls of pickle, dill, cloudpickle, joblib, shelve, marshal, ``pd.read_pickle``,
``torch.load``, ``np.load(allow_pickle=True)`` and ``yaml.load`` in all cells taken as one program,
whatever the function is called there, and says where the bytes come from.

**Why is this bad**: a pickle is a program. Whoever wrote the file runs code in your kernel, and
later in your app's server, with all its secrets.

**Use instead**: a format that holds data only (Parquet, JSON, safetensors, skops), the loader's
safe parameter (``weights_only=True``, ``allow_pickle=False``, ``yaml.safe_load``), or a check of
the file's hash before it is loaded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from stsec_magic.model.hit import Clue, Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.notebook.lines import line_end
from stsec_magic.rules.base import Subject
from stsec_magic.rules.loads import BY_NAME, FUNCTIONS, SAFE_YAML_LOADERS, WORDS, Danger, Sink
from stsec_magic.rules.loads_in_text import loads_in_text
from stsec_magic.source.names import Names
from stsec_magic.source.origin import Origin, Origins, Source
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Use, may_name

RULE = Rule(
    id="untrusted-load",
    title="Untrusted load",
    group=Group.LOADS,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_SEVERITY = {
    Origin.NETWORK: Severity.HIGH,
    Origin.UPLOAD: Severity.HIGH,
    Origin.INPUT: Severity.HIGH,
    Origin.DATABASE: Severity.HIGH,
    Origin.OWN: Severity.LOW,
    Origin.LITERAL: Severity.LOW,
}
_FROM = {
    Origin.NETWORK: "bytes from the network",
    Origin.UPLOAD: "an uploaded file",
    Origin.INPUT: "what a person typed in",
    Origin.DATABASE: "bytes from a database",
    Origin.SHARED: "a file in a shared folder",
    Origin.FILE: "a file of unknown origin",
    Origin.OWN: "a file that this notebook wrote",
    Origin.LITERAL: "a literal in the notebook",
    Origin.UNKNOWN: "bytes of unknown origin",
}

_CALL_REACH = 400
_ARGUMENTS_BEFORE = 2
"""A parameter that decides is no sooner than the third."""


class UntrustedLoad:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = ()
    code_words: Sequence[str] = sorted(WORDS)
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find calls of sinks, and sinks handed on as values."""
        functions = _functions(subject)
        if not functions:
            return
        names = subject.names
        origins = Origins(names)
        numbers, words = names.cells_naming(functions)
        for number in numbers:
            called: set[int] = set()
            for use in names.calls(number):
                if isinstance(use.node, ast.Call) and may_name(use.node.func, words):
                    called |= _callees(use, use.node, names)
                    yield from _call(use, use.node, names, origins)
            for use in names.references(number):
                if id(use.node) not in called and may_name(use.node, words):
                    yield from _reference(use, names)
        for load in loads_in_text(names, numbers):
            yield _hit(load.sink, load.cell, load.start, load.end, Confidence.MEDIUM, Source(load.origin))


def _functions(subject: Subject) -> set[str]:
    """The last parts of the sinks that the code may call; empty for most notebooks, which need no syntax tree."""
    spoken = subject.code_words.keys()
    found: set[str] = set()
    for (module, parameter), functions in FUNCTIONS.items():
        if module in spoken:
            said = {function for function in functions if function.lower() in spoken}
            if parameter == "" or parameter in spoken or any(_by_place(subject, function) for function in said):
                found |= said
    return found


def _by_place(subject: Subject, function: str) -> bool:
    """Whether a call may give the parameter that decides by its place: ``np.load(path, None, True)``."""
    return any(
        fragment.text[offset : line_end(fragment.text, offset, _CALL_REACH)].count(",") >= _ARGUMENTS_BEFORE
        for fragment, offsets in subject.code_words.get(function.lower(), {}).items()
        for offset in offsets
    )


def _sink(qualified: str | None, names: Names) -> Sink | None:
    if qualified is None:
        return None
    return next((BY_NAME[name] for name in names.candidates(qualified) if name in BY_NAME), None)


def _callees(use: Use, call: ast.Call, names: Names) -> set[int]:
    """The expressions that a call calls: no values that are handed on."""
    callees = {id(call.func)}
    if isinstance(call.func, ast.Call):
        partial = names.partial(call.func, use.scope, use.order)
        if partial is not None and partial.args:
            callees.add(id(partial.args[0]))
    return callees


def _call(use: Use, call: ast.Call, names: Names, origins: Origins) -> Iterator[Hit]:
    sink = _sink(names.qualified(call.func, use.scope, use.order), names)
    if sink is None:
        return
    partial = names.partial(call.func, use.scope, use.order)
    parameter = _parameter(sink, call) or (None if partial is None else _parameter(sink, partial))
    confidence = _danger(sink, parameter, use, names)
    if confidence is None:
        return
    source = origins.of(_argument(sink, call), use)
    start, end = use.cell.span(call)
    yield _hit(sink, use.cell, start, end, confidence, source)


def _reference(use: Use, names: Names) -> Iterator[Hit]:
    """``map(pickle.loads, rows)``, ``load = pickle.load``: a sink as a value."""
    sink = _sink(names.qualified(use.node, use.scope, use.order), names)
    if sink is None or sink.danger is not Danger.ALWAYS or not sink.value_only:
        return
    if isinstance(use.node, ast.Name) and not _is_value(use, names):
        return
    start, end = use.cell.span(use.node)
    yield _hit(sink, use.cell, start, end, Confidence.MEDIUM, Source(Origin.UNKNOWN))


def _is_value(use: Use, names: Names) -> bool:
    """Whether a bare name is bound by an import: an alias was reported where it was made."""
    binding = names.binding(use.node.id, use.scope, use.order) if isinstance(use.node, ast.Name) else None
    return binding is not None and binding.imported is not None


def _argument(sink: Sink, call: ast.Call) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == sink.source:
            return keyword.value
    return call.args[0] if call.args else None


def _parameter(sink: Sink, call: ast.Call) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg is not None and keyword.arg == sink.parameter:
            return keyword.value
    if sink.position is not None and sink.position < len(call.args):
        return call.args[sink.position]
    return None


def _danger(sink: Sink, value: ast.expr | None, use: Use, names: Names) -> Confidence | None:
    """How sure the call is dangerous; None where its parameter makes it safe."""
    if sink.danger is Danger.ALWAYS:
        return Confidence.HIGH
    if sink.danger is Danger.UNLESS_SAFE_LOADER:
        return _yaml_danger(value, use, names)
    wanted = sink.danger is Danger.IF_TRUE
    if value is None:
        # torch.load without weights_only is safe by default since 2.6, and was not before.
        return None if wanted else Confidence.MEDIUM
    known = _literal(value, use, names)
    if known is None:
        return Confidence.LOW if wanted else Confidence.MEDIUM
    return Confidence.HIGH if bool(known[0]) is wanted else None


def _literal(value: ast.expr, use: Use, names: Names) -> tuple[object] | None:
    """The constant that an expression is, directly or by one name."""
    if isinstance(value, ast.Name):
        binding = names.binding(value.id, use.scope, use.order)
        value = binding.value if binding is not None and binding.value is not None else value
    try:
        return (ast.literal_eval(value),)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _yaml_danger(value: ast.expr | None, use: Use, names: Names) -> Confidence | None:
    if value is None:
        # PyYAML 6 refuses the call, older versions take an unsafe loader.
        return Confidence.MEDIUM
    qualified = names.qualified(value, use.scope, use.order)
    if qualified is None and isinstance(value, ast.Attribute):
        qualified = value.attr
    last = (qualified or "").rpartition(".")[2]
    if last in SAFE_YAML_LOADERS:
        return None
    return Confidence.HIGH if last.endswith("Loader") else Confidence.MEDIUM


def _hit(sink: Sink, cell: CodeCell, start: int, end: int, confidence: Confidence, source: Source) -> Hit:
    clues: tuple[Clue, ...] = ()
    if source.cell is not None and (source.cell is not cell or not start <= source.offset < end):
        clues = (Clue(source.cell.fragment, source.offset, source.how),)
    return Hit(
        rule=RULE,
        fragment=cell.fragment,
        start=start,
        end=end,
        severity=_SEVERITY.get(source.origin, Severity.MEDIUM),
        confidence=confidence,
        message=f"{sink.name} of {_FROM[source.origin]}; {sink.instead}",
        properties={"sink": sink.name, "origin": source.origin.value},
        clues=clues,
    )
