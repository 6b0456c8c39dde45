"""Which calls of a program are dangerous loads: the catalogue's names and parameters met with the program's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stsec_magic.model.levels import Confidence
from stsec_magic.notebook.lines import line_end
from stsec_magic.rules.base import Subject
from stsec_magic.rules.loads import Danger, Sink, sinks
from stsec_magic.source.flow import Flow
from stsec_magic.source.names import Names
from stsec_magic.source.scopes import Use, may_name

_CALL_REACH = 400


class Called(NamedTuple):
    """A sink that an expression names.

    Attributes:
        sink: Its entry in the catalogue.
        name: Its dotted name, as reports show it.
    """

    sink: Sink
    name: str


@dataclass(frozen=True, slots=True)
class Load:
    """A dangerous call.

    Attributes:
        sink: What is called.
        name: Its dotted name, as reports show it.
        use: The call, where it stands.
        argument: What it reads from; None where it takes nothing.
        confidence: How sure it is dangerous.
        since: Where the deciding parameter isn't given: which version of the library is safe all the same.
    """

    sink: Sink
    name: str
    use: Use
    argument: ast.expr | None
    confidence: Confidence
    since: str = ""


class Loads:
    """The dangerous calls of one program, and the cells in which they may stand."""

    def __init__(self, subject: Subject) -> None:
        """Take a notebook; nothing is parsed where no sink is named."""
        self._subject = subject
        self.functions = _functions(subject)
        self.numbers: list[int] = []
        self.words: set[str] = set()
        if self.functions:
            self.names = subject.names
            self._flow = Flow(subject.names)
            numbers, self.words = self.names.cells_naming(self.functions)
            self.numbers = [number for number in numbers if number >= self.names.first]

    def __iter__(self) -> Iterator[Load]:
        """Every dangerous call, cell by cell."""
        for number in self.numbers:
            for use in self.names.calls(number):
                load = self.of(use)
                if load is not None:
                    yield load

    def of(self, use: Use) -> Load | None:
        """The dangerous load that a call is; None for any other expression."""
        call = use.node
        if not isinstance(call, ast.Call) or not may_name(call.func, self.words):
            return None
        called = self._called(use, call)
        if called is None:
            return None
        sink, name = called
        partial = self.names.partial(call.func, use.scope, use.order)
        parameter = _parameter(sink, call) or (None if partial is None else _parameter(sink, partial))
        argument = _argument(sink, call)
        confidence = _danger(sink, parameter, use, self.names)
        if confidence is not None and parameter is None and sink.is_vendors(argument):
            confidence = Confidence.LOW
        if confidence is None or (parameter is None and sink.is_harmless(argument)):
            return None
        if self._subject.origins.is_checked(argument, use):
            return None
        return Load(sink, name, use, argument, confidence, sink.since if parameter is None else "")

    def named(self, node: ast.expr, use: Use) -> Called | None:
        """The sink that an expression names, and its name."""
        return _sink(self.names.qualified(node, use.scope, use.order), self.names)

    def _called(self, use: Use, call: ast.Call) -> Called | None:
        sink = self.named(call.func, use)
        if sink is None and isinstance(call.func, ast.Attribute) and call.func.attr in sinks().methods:
            made_by = self._flow.constructor(call.func.value, use.scope, use.order)
            sink = _sink(made_by and f"{made_by}().{call.func.attr}", self.names)
        return sink or self._of_object(use, call.func)

    def _of_object(self, use: Use, function: ast.expr) -> Called | None:
        """The load of an unpickler that only a session knows; else the place where it is made is the finding's."""
        match function:
            case ast.Attribute(value=ast.Name(id=name), attr="load"):
                return _sink(self.names.made_by(name, use.scope, use.order), self.names)
        return None


def _functions(subject: Subject) -> set[str]:
    """The last parts of the sinks that the code may call; empty for most notebooks, which need no syntax tree."""
    spoken = subject.code_words.keys()
    found: set[str] = set()
    for (module, parameter), functions in sinks().functions.items():
        if module in spoken:
            said = {function for function in functions if function.lower() in spoken}
            if parameter == "" or parameter in spoken or any(_by_place(subject, function) for function in said):
                found |= said
    return found


def _by_place(subject: Subject, function: str) -> bool:
    """Whether a call may give the parameter that decides by its place: ``np.load(path, None, True)``."""
    before = sinks().positions.get(function)
    return before is not None and any(
        fragment.text[offset : line_end(fragment.text, offset, _CALL_REACH)].count(",") >= before
        for fragment, offsets in subject.code_words.get(function.lower(), {}).items()
        for offset in offsets
    )


def _sink(qualified: str | None, names: Names) -> Called | None:
    for name in () if qualified is None else names.candidates(qualified):
        sink = sinks().named(name)
        if sink is not None:
            return Called(sink, sink.shown(name))
    return None


def _argument(sink: Sink, call: ast.Call) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == sink.source:
            return keyword.value
    return call.args[sink.place] if 0 <= sink.place < len(call.args) else None


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
    if value is None:
        return sink.unset
    known = _literal(value, use, names) or _named(value, sink, use, names)
    if known is None:
        return Confidence.LOW if sink.danger is Danger.IF and not sink.values else Confidence.MEDIUM
    return Confidence.HIGH if sink.decides(known[0]) is (sink.danger is Danger.IF) else None


def _named(value: ast.expr, sink: Sink, use: Use, names: Names) -> tuple[str] | None:
    """The last part of the dotted name that an expression is: ``SafeLoader``; None where it may be anything."""
    qualified = names.qualified(value, use.scope, use.order) if sink.values else None
    last = (
        value.attr if qualified is None and isinstance(value, ast.Attribute) else (qualified or "").rpartition(".")[2]
    )
    # A name that nothing binds tells something only if it is one of those that decide.
    known = last in sink.values or (sink.danger is Danger.UNLESS and "." in (qualified or ""))
    return (last,) if sink.values and known else None


def _literal(value: ast.expr, use: Use, names: Names) -> tuple[object] | None:
    """The constant that an expression is, directly or by one name."""
    if isinstance(value, ast.Name):
        binding = names.binding(value.id, use.scope, use.order)
        value = binding.value if binding is not None and binding.value is not None else value
    try:
        return (ast.literal_eval(value),)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
