"""A machine that only takes notes: which globals a pickle asks for, which calls it makes.

Nothing is imported, built or called. It goes as far as Python would go.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass, field

from stsec_magic.pickles.operands import Buffer, FaultError, Operands
from stsec_magic.pickles.symbols import Call, How, Items, Name, Persistent, Plain, Symbol

_LONGEST_TEXT = 10_000
"""Bytes; a longer text is no name and no command."""

_KEPT = 200
"""Items of a container, and of a call's arguments, that are kept."""

_LATEST = 5
"""Protocol."""


class Mark:
    """The mark object on the stack."""


_MARK = Mark()


@dataclass(slots=True)
class Walk:
    """What a pickle would do.

    Attributes:
        names: The globals it asks for, in order.
        calls: The calls it makes, in order.
        end: Offset just past its last opcode that was walked.
        fault: Why it ends before its own end; None where it doesn't.
        opcodes: How many were walked.
    """

    names: list[Name] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    end: int = 0
    fault: str | None = None
    opcodes: int = 0


class Machine(Operands):
    """The stack, the memo, and the notes; a method for each opcode.

    Attributes:
        walk: The notes.
        stack: The stack.
    """

    def __init__(self, data: Buffer, start: int) -> None:
        """Begin at an offset, with nothing on the stack."""
        super().__init__(data, start)
        self.walk = Walk()
        self.stack: list[Symbol | Mark] = []
        self._memo: list[Symbol] = []
        self._far: dict[int, Symbol] = {}

    def push(self, symbol: Symbol) -> None:
        """Put a symbol on the stack."""
        self.stack.append(symbol)

    def take_top(self) -> Symbol:
        """Take the topmost symbol off the stack."""
        symbol = self._top()
        self.stack.pop()
        return symbol

    def _top(self) -> Symbol:
        if not self.stack:
            raise FaultError("its stack is empty")
        symbol = self.stack[-1]
        if isinstance(symbol, Mark):
            raise FaultError("its stack is empty")
        return symbol

    def _to_mark(self) -> list[Symbol]:
        """Everything above the last mark, which is taken away."""
        stack = self.stack
        for i in range(len(stack) - 1, -1, -1):
            if stack[i] is _MARK:
                above = [each for each in stack[i + 1 :] if not isinstance(each, Mark)]
                del stack[i:]
                return above
        raise FaultError("it has no mark")

    # -- names and calls ------------------------------------------------------------------------

    def ask(self, module: Symbol, name: Symbol) -> None:
        """A global by its module and name, which must be texts."""
        if isinstance(module, str) and isinstance(name, str):
            asked = Name(module, name)
            self.walk.names.append(asked)
            self.push(asked)
        elif isinstance(module, Plain) and isinstance(name, Plain) and Plain.UNKNOWN not in (module, name):
            raise FaultError("a name in it is no text")
        else:
            # A name that is itself the result of a call.
            self.walk.names.append(Name(_spelt(module), _spelt(name)))
            self.push(Plain.UNKNOWN)

    def call(self, function: Symbol, arguments: Iterable[Symbol], how: How) -> None:
        """Note a call, whose result takes its place on the stack."""
        self.push(self.note(function, arguments, how))

    def note(self, function: Symbol, arguments: Iterable[Symbol], how: How) -> Call:
        """Note a call."""
        made = Call(function, [*arguments][:_KEPT], how, self.at - 1)
        self.walk.calls.append(made)
        return made

    def fill(self, items: list[Symbol]) -> None:
        """Put items into the container on top; of another object a method is called."""
        holder = self._top()
        if isinstance(holder, Items) and holder.kind != "tuple":
            holder.items += items[: max(0, _KEPT - len(holder.items))]
        elif items:
            self.note(holder, items, How.FILL)

    # -- opcodes --------------------------------------------------------------------------------

    def mark(self) -> None:
        """MARK."""
        self.stack.append(_MARK)

    def pop(self) -> None:
        """POP."""
        if not self.stack:
            raise FaultError("its stack is empty")
        self.stack.pop()

    def dup(self) -> None:
        """DUP."""
        self.push(self._top())

    def pop_mark(self) -> None:
        """POP_MARK."""
        self._to_mark()

    def proto(self) -> None:
        """PROTO."""
        if self.take(1)[0] > _LATEST:
            raise FaultError("its protocol is unknown")

    def frame(self) -> None:
        """FRAME: only its length matters."""
        length = self.number("<Q")
        if length > self.size - self.at:
            raise FaultError("a frame in it is cut off")

    def line_number(self) -> None:
        """INT, LONG, FLOAT: a number as text."""
        self.line()
        self.push(Plain.NUMBER)

    def sized_number(self, form: str) -> None:
        """LONG1, LONG4."""
        length = self.number(form)
        if length < 0:
            raise FaultError("a length in it is negative")
        self.skip(length)
        self.push(Plain.NUMBER)

    def _text(self, length: int, encoding: str, errors: str) -> None:
        """A text of so many bytes; what is too long to be a name is only counted."""
        if length < 0:
            raise FaultError("a length in it is negative")
        if length > _LONGEST_TEXT:
            self.skip(length)
            self.push(Plain.BYTES)
            return
        try:
            self.push(self.take(length).decode(encoding, errors))
        except UnicodeDecodeError:
            raise FaultError("a text in it is no text") from None

    def quoted(self) -> None:
        """A text as Python 2 wrote it, in quotes."""
        line = self.line().strip()
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"'):
            raise FaultError("a text in it has no quotes")
        raw, _ = codecs.escape_decode(line[1:-1])
        self.push(raw.decode("latin-1"))

    def escaped(self) -> None:
        """UNICODE: a text with escapes."""
        self.push(self.line().decode("raw-unicode-escape", "replace"))

    def short_text(self) -> None:
        """The commonest opcode of large pickles."""
        start = self.at + 1
        end = start + self.data[self.at]
        if end > self.size:
            raise FaultError("it is cut off")
        try:
            self.stack.append(self.data[start:end].decode("utf-8", "surrogatepass"))
        except UnicodeDecodeError:
            raise FaultError("a text in it is no text") from None
        self.at = end

    def short_get(self) -> None:
        """BINGET."""
        self.get(self.data[self.at])
        self.at += 1

    def text(self, form: str, encoding: str = "utf-8", errors: str = "surrogatepass") -> None:
        """BINSTRING, BINUNICODE and their like."""
        self._text(self.number(form), encoding, errors)

    def raw(self, form: str) -> None:
        """BINBYTES and its like, BYTEARRAY8."""
        length = self.number(form)
        if length < 0:
            raise FaultError("a length in it is negative")
        self.skip(length)
        self.push(Plain.BYTES)

    def buffer(self) -> None:
        """NEXT_BUFFER: out of band, which no file has."""
        raise FaultError("it needs buffers from outside")

    def empty(self, kind: str) -> None:
        """EMPTY_TUPLE, EMPTY_LIST, EMPTY_DICT, EMPTY_SET."""
        self.push(Items(kind))

    def gathered(self, kind: str) -> None:
        """TUPLE, LIST, DICT, FROZENSET: what stands above the mark."""
        self.push(Items(kind, self._to_mark()[:_KEPT]))

    def tuple_of(self, length: int) -> None:
        """TUPLE1, TUPLE2, TUPLE3."""
        if len(self.stack) < length:
            raise FaultError("its stack is empty")
        items = [self.take_top() for _ in range(length)]
        self.push(Items("tuple", items[::-1]))

    def append(self) -> None:
        """APPEND."""
        item = self.take_top()
        self.fill([item])

    def set_item(self) -> None:
        """SETITEM."""
        value, key = self.take_top(), self.take_top()
        self.fill([key, value])

    def append_many(self) -> None:
        """APPENDS, SETITEMS, ADDITEMS."""
        self.fill(self._to_mark())

    def put(self, index: int) -> None:
        """PUT, BINPUT, LONG_BINPUT."""
        memo, symbol = self._memo, self._top()
        if index < 0:
            raise FaultError("a memo's number in it is negative")
        if index == len(memo):
            memo.append(symbol)
        elif index < len(memo):
            memo[index] = symbol
        else:
            self._far[index] = symbol

    def get(self, index: int) -> None:
        """GET, LONG_BINGET."""
        if 0 <= index < len(self._memo):
            self.push(self._memo[index])
        elif index in self._far:
            self.push(self._far[index])
        else:
            raise FaultError("it asks for what it never kept")

    def memoize(self) -> None:
        """MEMOIZE."""
        self.put(len(self._memo) + len(self._far))

    def global_line(self) -> None:
        """GLOBAL."""
        module, name = self.line(), self.line()
        self.ask(_utf8(module), _utf8(name))

    def global_stack(self) -> None:
        """STACK_GLOBAL."""
        name, module = self.take_top(), self.take_top()
        self.ask(module, name)

    def instance(self) -> None:
        """INST."""
        module, name = self.line(), self.line()
        arguments = self._to_mark()
        self.ask(_utf8(module), _utf8(name))
        self.call(self.take_top(), arguments, How.CALL)

    def object(self) -> None:
        """OBJ."""
        items = self._to_mark()
        if not items:
            raise FaultError("its stack is empty")
        self.call(items[0], items[1:], How.CALL)

    def reduce(self) -> None:
        """REDUCE."""
        arguments, function = self.take_top(), self.take_top()
        self.call(function, _arguments(arguments), How.CALL)

    def new(self) -> None:
        """NEWOBJ."""
        arguments, cls = self.take_top(), self.take_top()
        self.call(cls, _arguments(arguments), How.NEW)

    def new_with_keywords(self) -> None:
        """NEWOBJ_EX."""
        keywords, arguments, cls = self.take_top(), self.take_top(), self.take_top()
        self.call(cls, [*_arguments(arguments), keywords], How.NEW)

    def build(self) -> None:
        """BUILD."""
        state = self.take_top()
        self.note(self._top(), [state], How.STATE)

    def extension(self, form: str) -> None:
        """EXT1, EXT2, EXT4."""
        code = self.number(form)
        if code <= 0:
            raise FaultError("it asks for an extension that can't be")
        self.ask("copyreg", f"extension {code}")

    def persistent_line(self) -> None:
        """PERSID."""
        self.push(Persistent(self.line().decode("latin-1")))

    def persistent_stack(self) -> None:
        """BINPERSID."""
        self.push(Persistent(self.take_top()))

    def number_of_line(self) -> int:
        """A memo's number as text."""
        return int(self.line())

    def number_of(self, form: str) -> int:
        """A memo's number."""
        return self.number(form)


def _arguments(symbol: Symbol) -> list[Symbol]:
    """What is called with: a tuple's items; Python refuses anything else that is known."""
    if isinstance(symbol, Items):
        if symbol.kind != "tuple":
            raise FaultError("it calls with what is no tuple")
        return symbol.items
    if isinstance(symbol, str) or symbol in (Plain.NUMBER, Plain.NONE, Plain.BYTES):
        raise FaultError("it calls with what is no tuple")
    return [symbol]


def _spelt(symbol: Symbol) -> str:
    return symbol if isinstance(symbol, str) else "?"


def _utf8(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise FaultError("a name in it is no text") from None
