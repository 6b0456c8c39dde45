"""Where names get their meaning: imports, assignments and scopes of all cells, collected in one walk."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cached_property

from stsec_magic.source.binder import Binder, Collected
from stsec_magic.source.occurrences import Occurrences
from stsec_magic.source.program import Program
from stsec_magic.source.scopes import Binding, Scope, Use

_STAR = re.compile(r"import[ \t]*\*")


class Bindings:
    """The bindings and the uses of a program, each cell walked when something in it is asked for.

    Attributes:
        program: The notebook's code.
        module: The scope that all cells share.
    """

    def __init__(self, program: Program) -> None:
        """Take a program.

        Args:
            program: The notebook's code. Cells that don't parse give their imports only.
        """
        self.program = program
        self.module = Scope()
        self._collected = Collected()
        self._stars_looked_for = False
        self._looked_for: set[str] = set()
        self._looked_for_words: set[str] = set()
        self._in_order: dict[str, int] = {}

    def calls(self, index: int) -> list[Use]:
        """All calls in the cell of a number."""
        self._walked(index)
        return self._collected.calls[index]

    def references(self, index: int) -> list[Use]:
        """All names and attributes that are read in the cell of a number."""
        self._walked(index)
        return self._collected.references[index]

    @property
    def stars(self) -> list[str]:
        """Modules of which everything is imported."""
        if not self._stars_looked_for:
            self._stars_looked_for = True
            for index, cell in enumerate(self.program.cells):
                if _STAR.search(cell.fragment.text):
                    self._walked(index)
        return self._collected.stars

    def rows(self, scope: Scope, name: str) -> list[Binding]:
        """What binds a name in a scope, in document order; finds it in whatever cell it stands."""
        if scope is self.module and name not in self._looked_for:
            self._looked_for.add(name)
            for index in self._occurrences.binding(name):
                self._walked(index)
        rows = scope.bindings.get(name, [])
        # Cells are walked in any order: what they add to a name has to be put in its place.
        if scope is self.module and self._in_order.get(name) != len(rows):
            rows.sort(key=lambda binding: binding.order)
            self._in_order[name] = len(rows)
        return rows

    def assigned(self, key: str) -> list[Use]:
        """What is assigned to an attribute or under a constant key, of whatever object: ``self.path = ...``.

        Args:
            key: The attribute's name or the key.
        """
        self._look_for(key)
        return self._collected.assigned.get(key, [])

    def calls_named(self, name: str) -> list[Use]:
        """The calls of whatever has a name, or another name that was given to it, as the last part of its own.

        Args:
            name: The name.
        """
        _, words = self.cells_naming([name])
        return [use for word in sorted(words) for use in self._collected.named_calls.get(word, ())]

    def added(self, name: str) -> list[Use]:
        """What is put into containers of a name: ``parts.append(...)``, ``parts[i] = ...``."""
        self._look_for(name)
        return self._collected.assigned.get(f"{name}[]", [])

    def functions(self, name: str) -> list[Scope]:
        """The scopes of all functions and methods of a name, in whatever cell they are defined."""
        self._look_for(name)
        return self._collected.functions.get(name, [])

    def lambda_scope(self, node: ast.Lambda) -> Scope | None:
        """The scope of a lambda; its cell was walked by whoever met it."""
        return self._collected.lambdas.get(id(node))

    def binds(self, name: str) -> bool:
        """Whether any cell gives a name a meaning."""
        return bool(self.rows(self.module, name))

    def cells_naming(self, words: Iterable[str]) -> tuple[list[int], set[str]]:
        """The cells that hold any of some identifiers, or another name that a cell gave to one.

        Args:
            words: Identifiers, such as the last parts of functions' dotted names.

        Returns:
            The cells' numbers in order; the identifiers and their other names.
        """
        found: set[int] = set()
        known: set[str] = set()
        new = set(words)
        while new:
            known |= new
            found |= self._walk_cells_naming(new)
            new = {alias for alias, meant in self._collected.aliases.items() if meant & known} - known
        return sorted(found), known

    @cached_property
    def _occurrences(self) -> Occurrences:
        return Occurrences([cell.fragment.text for cell in self.program.cells])

    def _walk_cells_naming(self, words: Iterable[str]) -> set[int]:
        found = self._occurrences.naming(words)
        for index in found:
            self._walked(index)
        return found

    def _look_for(self, word: str) -> None:
        if word not in self._looked_for_words:
            self._looked_for_words.add(word)
            self._walk_cells_naming([word])

    def _walked(self, index: int) -> None:
        if index in self._collected.calls:
            return
        Binder(self.program.cells[index], index, self.module, self._collected).collect()
