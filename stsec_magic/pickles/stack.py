"""The stack, its marks, and the memo."""

from __future__ import annotations

from stsec_magic.pickles.operands import Buffer, FaultError, Operands
from stsec_magic.pickles.symbols import Symbol

_MOST = 5_000_000
"""Objects in the memo: what a walk may remember is bounded, whatever the file says."""


class Mark:
    """The mark object on the stack."""


MARK = Mark()


class Stack(Operands):
    """Where a machine keeps its symbols.

    Attributes:
        stack: The stack.
    """

    def __init__(self, data: Buffer, start: int) -> None:
        """Begin at an offset, with nothing on the stack."""
        super().__init__(data, start)
        self.stack: list[Symbol | Mark] = []
        self._memo: list[Symbol] = []
        self._far: dict[int, Symbol] = {}

    def push(self, symbol: Symbol) -> None:
        """Put a symbol on the stack."""
        self.stack.append(symbol)

    def take_top(self) -> Symbol:
        """Take the topmost symbol off the stack."""
        symbol = self.top()
        self.stack.pop()
        return symbol

    def top(self) -> Symbol:
        """The topmost symbol.

        Raises:
            FaultError: There is none above the last mark.
        """
        if not self.stack:
            raise FaultError("its stack is empty")
        symbol = self.stack[-1]
        if isinstance(symbol, Mark):
            raise FaultError("its stack is empty")
        return symbol

    def to_mark(self) -> list[Symbol]:
        """Take everything above the last mark, and the mark.

        Raises:
            FaultError: There is no mark.
        """
        stack = self.stack
        for i in range(len(stack) - 1, -1, -1):
            if stack[i] is MARK:
                above = [each for each in stack[i + 1 :] if not isinstance(each, Mark)]
                del stack[i:]
                return above
        raise FaultError("it has no mark")

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
            self.push(self._memo[index])
        elif index in self._far:
            self.push(self._far[index])
        else:
            raise FaultError("it asks for what it never kept")

    def memoize(self) -> None:
        """MEMOIZE: under the number of what is kept so far."""
        self.put(len(self._memo) + len(self._far))
