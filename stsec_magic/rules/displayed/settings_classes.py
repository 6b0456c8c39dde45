"""Classes whose fields are filled from the environment: pydantic's ``BaseSettings``.

Such an object shows its fields where it is shown, those of ``SecretStr`` and ``SecretBytes`` alone as stars
(https://docs.pydantic.dev/latest/concepts/pydantic_settings/).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from stsec_magic.rules.displayed.sources import Form, Read, by_name
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Scope, Use

_BASE = "BaseSettings"
_TEXT = re.compile(r"\b(?:str|bytes|Any|\w{0,20}(?:Url|Dsn))\b")
_HIDING = re.compile(r"\bSecret(?:Str|Bytes)?\b|\bClassVar\b|\b(?:repr|exclude)[ ]?=|\bPrivateAttr\b")
_MOST = 20
"""Classes that are looked at for one object."""


class SettingsClasses:
    """The classes of one program; each is looked at once."""

    def __init__(self, names: Names) -> None:
        """Take a program's names."""
        self._names = names
        self._known: dict[int, tuple[Read, ...]] = {}

    def made(self, call: ast.Call, use: Use) -> Read | None:
        """The secrets in an object, where a call makes one of such a class.

        Args:
            call: The call.
            use: Its place.
        """
        scope = self._scope(call.func, use)
        if scope is None:
            return None
        if id(scope) not in self._known:
            fields = dict(self._fields(scope, use, set()))
            self._known[id(scope)] = tuple(each for each in fields.values() if each) if _BASE in fields else ()
        found = self._known[id(scope)]
        if not found:
            return None
        surest = max(found, key=lambda each: each.confidence.rank)
        return replace(surest, use=use, form=Form.MAPPING, fields=frozenset(each.name for each in found))

    def _scope(self, made_by: ast.expr, use: Use) -> Scope | None:
        if not isinstance(made_by, ast.Name):
            return None
        binding = self._names.binding(made_by.id, use.scope, use.order)
        inner = None if binding is None else binding.inner
        return inner if inner is not None and isinstance(inner.definition, ast.ClassDef) else None

    def _fields(self, scope: Scope, use: Use, seen: set[int]) -> Iterator[tuple[str, Read | None]]:
        """Each field with the secret in it, those of the bases first, which others replace."""
        defined = scope.definition
        if not isinstance(defined, ast.ClassDef) or id(scope) in seen or len(seen) > _MOST:
            return
        seen.add(id(scope))
        for base in defined.bases[:_MOST]:
            name = self._names.qualified(base, use.scope, use.order) or (
                base.attr if isinstance(base, ast.Attribute) else ""
            )
            if name.rpartition(".")[2] == _BASE:
                yield _BASE, None
            known = self._scope(base, use)
            if known is not None:
                yield from self._fields(known, use, seen)
        for node in defined.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and scope.cell is not None:
                yield node.target.id, _secret(node, node.target.id, scope.cell, use)


def _secret(field: ast.AnnAssign, name: str, cell: CodeCell, use: Use) -> Read | None:
    text = cell.fragment.text
    start, end = cell.span(field.annotation)
    given = "" if field.value is None else text[slice(*cell.span(field.value))]
    if name.startswith("_") or not _TEXT.search(text, start, end) or _HIDING.search(text, start, end):
        return None
    return None if _HIDING.match(given) or _HIDING.search(_unquoted(given)) else by_name(name, "", use)


def _unquoted(text: str) -> str:
    return re.sub(r"\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'", "", text)
