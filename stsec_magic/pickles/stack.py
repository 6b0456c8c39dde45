"""The stack, its marks, and the memo."""

from __future__ import annotations

from stsec_magic.pickles.operands import Buffer, FaultError, Operands
from stsec_magic.pickles.symbols import Symbol

_MOST = 5_000_000
"""Objects in the memo: what a walk may remember is bounded, whatever the file says."""


class Stack(Operands):
    """Where a machine keeps its symbols.

    Attributes:
        stack: The stack; marks are no part of it.
    """

    def __init__(self, data: Buffer, start: int) -> None:
        """Begin at an offset, with nothing on the stack."""
        super().__init__(data, start)
        self.stack: list[Symbol] = []
        self._marks: list[int] = []
        self._fence = 0  # the last mark: what is below it can't be taken
        self._memo: list[Symbol] = []
        self._far: dict[int, Symbol] = {}

    def push(self, symbol: Symbol) -> None:
        """Put a symbol on the stack."""
        self.stack.append(symbol)

    def take_top(self) -> Symbol:
        """Take the topmost symbol off the stack.

        Raises:
            FaultError: There is none above the last mark.
        """
        if len(self.stack) <= self._fence:
            raise FaultError("its stack is empty")
        return self.stack.pop()

    def top(self) -> Symbol:
        """The topmost symbol.

        Raises:
            FaultError: There is none above the last mark.
        """
        if len(self.stack) <= self._fence:
            raise FaultError("its stack is empty")
        return self.stack[-1]

    def taken(self, count: int) -> list[Symbol]:
        """Take so many symbols off the stack, the topmost last.

        Raises:
            FaultError: There are fewer above the last mark.
        """
        stack = self.stack
        if len(stack) < self._fence + count:
            raise FaultError("its stack is empty")
        taken = stack[-count:]
        del stack[-count:]
        return taken

    def mark(self) -> None:
        """MARK."""
        self._fence = len(self.stack)
        self._marks.append(self._fence)

    def to_mark(self) -> list[Symbol]:
        """Take everything above the last mark, and the mark.

        Raises:
            FaultError: There is no mark.
        """
        if not self._marks:
            raise FaultError("it has no mark")
        stack = self.stack
        begin = self._marks.pop()
        self._fence = self._marks[-1] if self._marks else 0
        above = stack[begin:]
        del stack[begin:]
        return above

    def pop(self) -> None:
        """POP: a symbol, or the mark where nothing is above it."""
        if len(self.stack) > self._fence:
            self.stack.pop()
        elif self._marks:
            self.to_mark()
        else:
            raise FaultError("its stack is empty")

    def put(self, index: int) -> None:
        """PUT, BINPUT, LONG_BINPUT."""
        memo, symbol = self._memo, self.top()
        if index < 0:
            raise FaultError("a memo's number in it is negative")
        if index == len(memo):
            if index >= _MOST:
                raise FaultError("it has too many objects to follow")
            memo.append(symbol)
        elif index < len(memo):
            memo[index] = symbol
        else:
            self._keep_far(index, symbol)

    def _keep_far(self, index: int, symbol: Symbol) -> None:
        if len(self._far) >= _MOST // 4:
            raise FaultError("it has too many objects to follow")
        self._far[index] = symbol

    def get(self, index: int) -> None:
        """GET, BINGET, LONG_BINGET."""
        if 0 <= index < len(self._memo):
            self.stack.append(self._memo[index])
        elif index in self._far:
            self.push(self._far[index])
        else:
            raise FaultError("it asks for what it never kept")

    def memoize(self) -> None:
        """MEMOIZE: under the number of what is kept so far."""
        if self._far:
            self.put(len(self._memo) + len(self._far))
            return
        if len(self.stack) <= self._fence:
            raise FaultError("its stack is empty")
        if len(self._memo) >= _MOST:
            raise FaultError("it has too many objects to follow")
        self._memo.append(self.stack[-1])
