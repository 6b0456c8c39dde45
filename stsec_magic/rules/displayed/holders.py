"""Which objects an attribute's value may have been given to: ``row.key`` is no ``client.key``."""

from __future__ import annotations

import ast
import re

from stsec_magic.rules.secret_names import NameKind, kind_of
from stsec_magic.source.names import Names
from stsec_magic.source.scopes import Use

_COMMON = frozenset(("token", "tokens"))
"""Attributes of words, of rows and of objects in a bucket, besides all that may be a key of anything."""


class Holders:
    """Tells objects that hold secrets from others with attributes of the same name."""

    def __init__(self, names: Names) -> None:
        """Take a program's names."""
        self._names = names
        self._set: dict[str, set[str]] = {}

    def may_hold(self, holder: Use, key: str) -> bool:
        """Whether an object may have got what the program gives to an attribute of that name somewhere.

        Args:
            holder: The object.
            key: The attribute.
        """
        if key.lower() not in _COMMON and kind_of(key) is not NameKind.KEY:
            return True
        if not isinstance(holder.node, ast.Name):
            return True
        name = holder.node.id
        binding = self._names.binding(name, holder.scope, holder.order)
        if binding is None or binding.imported is not None or binding.parameter or self.is_set(holder, key):
            return True
        match binding.value:
            case ast.Call(func=ast.Name(id=made_by)) if not binding.opened:
                made = self._names.binding(made_by, holder.scope, binding.order)
                return made is not None and made.inner is not None
        return binding.inner is not None

    def hides(self, made: Use) -> bool:
        """Whether an object shows its secrets as stars: LangChain's models keep them in ``SecretStr``.

        Args:
            made: The call that makes it.
        """
        if not isinstance(made.node, ast.Call):
            return False
        func = made.node.func
        name = self._names.qualified(func, made.scope, made.order) or (func.id if isinstance(func, ast.Name) else "")
        return name.startswith("langchain") or name.rpartition(".")[2].startswith("Chat")

    def is_set(self, holder: Use, key: str) -> bool:
        """Whether the program gives a value to an attribute of a name: ``client.token = None``.

        Args:
            holder: The name.
            key: The attribute.
        """
        if not isinstance(holder.node, ast.Name):
            return False
        if key not in self._set:
            pattern = re.compile(rf"(?<![\w.])([A-Za-z_]\w{{0,80}}+)\.{re.escape(key)}[ \t]{{0,20}}=(?!=)")
            texts = (cell.fragment.text for cell in self._names.program.cells)
            self._set[key] = {name for text in texts if f".{key}" in text for name in pattern.findall(text)}
        return holder.node.id in self._set[key]
