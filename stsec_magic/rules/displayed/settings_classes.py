"""Classes whose fields are filled from the environment: pydantic's ``BaseSettings``.

Such an object shows its fields where it is shown, those of ``SecretStr`` and ``SecretBytes`` alone as stars
(https://docs.pydantic.dev/latest/concepts/pydantic_settings/).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stsec_magic.rules.secret_names import kind_of
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Use

BASE = "BaseSettings"
_HIDING = ("SecretStr", "SecretBytes", "Secret", "repr=False", "exclude=True")
_MOST = 20
"""Classes that are looked at for one object."""


def secret_fields(call: ast.Call, use: Use, names: Names) -> frozenset[str]:
    """The fields of an object that show a secret.

    Args:
        call: What makes the object.
        use: Its place.
        names: The program's names.

    Returns:
        Their names; none where the call makes an object of another kind.
    """
    fields = dict(_fields(call.func, use, names, set()))
    return frozenset(name for name, is_shown in fields.items() if is_shown) if BASE in fields else frozenset()


def _fields(made_by: ast.expr, use: Use, names: Names, seen: set[str]) -> Iterator[tuple[str, bool]]:
    """Each field with whether it shows a secret, those of the bases first, which others replace."""
    if isinstance(made_by, ast.Attribute) and made_by.attr == BASE:
        yield BASE, False
    if not isinstance(made_by, ast.Name) or made_by.id in seen or len(seen) > _MOST:
        return
    seen.add(made_by.id)
    binding = names.binding(made_by.id, use.scope, use.order)
    if binding is None:
        return
    if binding.imported is not None and binding.imported.rpartition(".")[2] == BASE:
        yield BASE, False
    defined = None if binding.inner is None else binding.inner.definition
    if isinstance(defined, ast.ClassDef):
        for base in defined.bases:
            yield from _fields(base, use, names, seen)
        for node in defined.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name = node.target.id
                yield name, kind_of(name) is not None and not _hides(node, binding.cell)


def _hides(field: ast.AnnAssign, cell: CodeCell) -> bool:
    text = cell.fragment.text[cell.span(field.annotation)[0] : cell.span(field)[1]]
    return any(word in text for word in _HIDING)
