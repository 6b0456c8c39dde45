"""A machine that only takes notes: which globals a pickle asks for, which calls it makes.

Nothing is imported, built or called. It goes as far as any of Python's unpicklers would go.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from stsec_magic.pickles.notes import Notes, Walk
from stsec_magic.pickles.operands import Buffer, FaultError
from stsec_magic.pickles.stack import Stack
from stsec_magic.pickles.symbols import Blob, Call, How, Items, Persistent, Plain, Symbol, is_constant

_LONGEST_TEXT = 10_000
"""Bytes; a longer text is no name and no command."""

_LONGEST_NUMBER = 16
"""Bytes of a number that is kept."""

_HEAD = 80
"""Bytes of a blob that may be shown."""

_KEPT = 200
"""Items of a container that are kept."""

_LATEST = 5
"""Protocol."""


class Machine(Stack):
    """A method for each opcode.

    Attributes:
        walk: The notes.
        frame_end: Offset at which an opcode begins, if the pickle's frames are sound; -1 outside of frames.
        built: The object of the last BUILD.
    """

    def __init__(self, data: Buffer, start: int, walk: Walk) -> None:
        """Begin at an offset.

        Args:
            data: The bytes.
            start: The offset.
            walk: The notes to go on with.
        """
        super().__init__(data, start)
        self.walk = walk
        self.frame_end = -1
        self.built: Symbol = Plain.NONE
        self._notes = Notes(walk)

    # -- names and calls ------------------------------------------------------------------------

    def ask(self, module: Symbol, name: Symbol) -> None:
        """A global by its module and name, which must be texts."""
        if isinstance(module, str) and isinstance(name, str):
            self.push(self._notes.name(module, name))
        elif is_constant(module) or is_constant(name):
            raise FaultError("a name in it is no text")
        else:
            # A name that is itself the result of a call.
            self.push(self._notes.name(_spelt(module), _spelt(name)))

    def call(self, function: Symbol, arguments: Sequence[Symbol], how: How) -> None:
        """Note a call, whose result takes its place on the stack."""
        self.push(self.note(function, arguments, how))

    def note(self, function: Symbol, arguments: Sequence[Symbol], how: How) -> Call:
        """Note a call."""
        return self._notes.call(function, arguments, how, self.at - 1)

    def fill(self, items: Sequence[Symbol]) -> None:
        """Put items into the container on top; of another object a method is called."""
        holder = self.top()
        if type(holder) is Items:
            room = _KEPT - len(holder.items)
            if room > 0 and items:
                if isinstance(holder.items, list):
                    holder.items += items[:room]
                else:
                    holder.items = [*items[:room]]
        elif items:
            self.note(holder, items, How.FILL)

    # -- opcodes --------------------------------------------------------------------------------

    def dup(self) -> None:
        """DUP."""
        self.push(self.top())

    def pop_mark(self) -> None:
        """POP_MARK."""
        self.to_mark()

    def proto(self) -> None:
        """PROTO."""
        if self.take(1)[0] > _LATEST:
            raise FaultError("its protocol is unknown")

    def frame(self) -> None:
        """FRAME: what one reader fetches at once, another only checks, and a third lets end where it likes."""
        begun = self.at - 1
        length = self.number("<Q")
        if length > self.size - self.at:
            self.dispute("a frame in it is cut off")
        if begun < self.frame_end:
            self.dispute("a frame begins inside another")
        self.frame_end = self.at + length

    def dispute(self, why: str) -> None:
        """Note why Python's unpicklers would not agree on what comes next."""
        self.walk.disputed = self.walk.disputed or why

    def line_number(self) -> None:
        """INT, LONG: a number as text, or a truth value."""
        line = self.line().strip().rstrip(b"L")
        if line in (b"00", b"01"):
            self.push(line == b"01")
        else:
            self.push(int(line, 0) if len(line) <= _LONGEST_NUMBER else Plain.NUMBER)

    def float_line(self) -> None:
        """FLOAT: a number as text."""
        self.push(float(self.line()))

    def sized_number(self, form: str) -> None:
        """LONG4."""
        length = self.number(form)
        if length < 0:
            raise FaultError("a length in it is negative")
        self._number_of(length)

    def short_number(self) -> None:
        """LONG1."""
        length = self.data[self.at]
        self.at += 1
        self._number_of(length)

    def _number_of(self, length: int) -> None:
        start = self.at
        self.skip(length)
        is_kept = length <= _LONGEST_NUMBER
        self.stack.append(
            int.from_bytes(self.data[start : self.at], "little", signed=True) if is_kept else Plain.NUMBER
        )

    def _text(self, length: int, encoding: str, errors: str) -> None:
        """A text of so many bytes; what is too long to be a name is only counted."""
        if length < 0:
            raise FaultError("a length in it is negative")
        if length > _LONGEST_TEXT:
            self.skip(length)
            self.push(Plain.TEXT)
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
        index = self.data[self.at]
        self.at += 1
        self.get(index)

    def text(self, form: str, encoding: str = "utf-8", errors: str = "surrogatepass") -> None:
        """BINSTRING, BINUNICODE and their like."""
        self._text(self.number(form), encoding, errors)

    def raw(self, form: str) -> None:
        """BINBYTES and its like, BYTEARRAY8."""
        length = self.number(form)
        if length < 0:
            raise FaultError("a length in it is negative")
        start = self.at
        self.skip(length)
        self.push(Blob(start, length, bytes(self.data[start : start + min(length, _HEAD)])))

    def buffer(self) -> None:
        """NEXT_BUFFER: out of band, which no file has."""
        raise FaultError("it needs buffers from outside")

    def empty(self, kind: str) -> None:
        """EMPTY_LIST, EMPTY_DICT, EMPTY_SET."""
        self.push(Items(kind))

    def gathered(self, kind: str) -> None:
        """LIST, DICT, FROZENSET: what stands above the mark."""
        self.push(Items(kind, self.to_mark()[:_KEPT]))

    def gathered_tuple(self) -> None:
        """TUPLE."""
        self.push(tuple(self.to_mark()[:_KEPT]))

    def tuple_of(self, length: int) -> None:
        """TUPLE1, TUPLE2, TUPLE3."""
        self.stack.append(tuple(self.taken(length)))

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
        self.fill(self.to_mark())

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
        arguments = self.to_mark()
        self.ask(_utf8(module), _utf8(name))
        self.call(self.take_top(), arguments, How.CALL)

    def object(self) -> None:
        """OBJ."""
        items = self.to_mark()
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
        state, holder = self.take_top(), self.top()
        if isinstance(holder, Call):
            holder.state = state
        self.built = holder
        self.note(holder, [state], How.STATE)

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


def _arguments(symbol: Symbol) -> Sequence[Symbol]:
    """What is called with: a tuple's items. The unpickler that is written in Python takes whatever has items."""
    if isinstance(symbol, tuple):
        return symbol
    if isinstance(symbol, Items):
        return symbol.items[::2] if symbol.kind == "dict" else symbol.items
    if isinstance(symbol, str):
        return [*symbol]
    if is_constant(symbol) and not isinstance(symbol, Blob):
        raise FaultError("it calls with what is no tuple")
    return [symbol]


def _spelt(symbol: Symbol) -> str:
    return symbol if isinstance(symbol, str) else "?"


def _utf8(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise FaultError("a name in it is no text") from None
