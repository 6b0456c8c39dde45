"""Where a scope gives the name of a module to something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (
    *(*FUNCTIONS, ast.Lambda, ast.ClassDef),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_ALWAYS = 1 << 62


def bindings(node: ast.AST, name: str, module: str) -> Iterator[int]:
    """Up to which lines a name means something else than the module in a scope.

    Args:
        node: A function, a class or a comprehension.
        name: The name.
        module: The module.

    Yields:
        Lines, from 1; beyond all lines where it never means the module.
    """
    own = {id(each) for each in getattr(node, "body", ())} if isinstance(node, FUNCTIONS) else set()
    for each in ast.walk(node):
        match each:
            case ast.Import(names=aliases):
                bound = [row for row in aliases if (row.asname or row.name.partition(".")[0]) == name]
                # An import in a branch makes the name a local one that may not be there.
                is_sure = id(each) in own and all(row.name.partition(".")[0] == module for row in bound)
                yield from [each.lineno if is_sure else _ALWAYS] * bool(bound)
            case ast.ImportFrom(names=aliases) if any((row.asname or row.name) == name for row in aliases):
                yield _ALWAYS
            case (
                ast.Name(id=found, ctx=ast.Store() | ast.Del())
                | ast.arg(arg=found)
                | ast.ExceptHandler(name=found)
                | ast.MatchAs(name=found)
                | ast.MatchStar(name=found)
                | ast.MatchMapping(rest=found)
                | ast.FunctionDef(name=found)
                | ast.AsyncFunctionDef(name=found)
                | ast.ClassDef(name=found)
            ) if found == name and each is not node:
                yield _ALWAYS
