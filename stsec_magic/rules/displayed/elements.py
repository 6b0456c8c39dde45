"""What stands at a place of something that is written out: in a list of tuples, in what a function returns."""

from __future__ import annotations

import ast

from stsec_magic.source.names import Names
from stsec_magic.source.reach import Reach, entry_of
from stsec_magic.source.scopes import Use

_MOST = 8


class Elements:
    """Looks up parts of the lists, tuples and dicts of one program."""

    def __init__(self, names: Names, reach: Reach) -> None:
        """Take a program.

        Args:
            names: Its names.
            reach: Takes steps back through it.
        """
        self._names = names
        self._reach = reach

    def in_rows(self, given: Use, place: int | None) -> list[Use] | None:
        """What a loop gives one of its variables.

        Args:
            given: What it goes through: ``[("KEY", key), ("TOKEN", token)]``, ``zip(names, keys)``.
            place: The variable's place among the loop's.

        Returns:
            The expressions, or what they are elements of; None where nothing is written out.
        """
        for each in self._behind(given):
            match each.node:
                case ast.List(elts=elements) | ast.Tuple(elts=elements):
                    tuples = [row for row in elements if isinstance(row, ast.Tuple | ast.List)]
                    return [each.at(row.elts[place]) for row in tuples if place is not None and place < len(row.elts)]
                case ast.Call(func=ast.Name(id="zip"), args=arguments):
                    return [each.at(arguments[place])] if place is not None and place < len(arguments) else []
        return None

    def at(self, use: Use, place: int) -> list[Use]:
        """What stands at a place of a tuple: of one that has a name, or that one of the notebook's functions returns.

        Args:
            use: The tuple.
            place: The place, from 0.
        """
        found = [each for each in self._made(use) if isinstance(each.node, ast.Tuple | ast.List)]
        return [
            each.at(each.node.elts[place])
            for each in found
            if isinstance(each.node, ast.Tuple | ast.List) and -len(each.node.elts) <= place < len(each.node.elts)
        ]

    def under(self, use: Use, key: str) -> list[Use]:
        """What stands under a key of a dict that one of the notebook's functions returns.

        Args:
            use: The dict.
            key: The key.
        """
        return [each.at(found) for each in self._made(use) if (found := entry_of(each.node, key)) is not None]

    def _made(self, use: Use) -> list[Use]:
        """What an expression is, behind names and a call of one of the notebook's functions."""
        rows = self._behind(use.at(use.node.value) if isinstance(use.node, ast.Await) else use)
        rows = [each for row in rows for each in (self._reach.returned(row) or [row])]
        return [each for row in rows[:_MOST] for each in self._behind(row)][:_MOST]

    def _behind(self, use: Use) -> list[Use]:
        """What a name was given; nothing where that was taken out of something else."""
        if not isinstance(use.node, ast.Name):
            return [use]
        binding = self._names.binding(use.node.id, use.scope, use.order)
        return [] if binding is None or binding.opened else self._reach.values(use)[:_MOST]
