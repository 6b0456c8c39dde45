"""What the digest in a comparison was made of: by which the check of some bytes is known again at their load."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from stsec_magic.source.names import Names
from stsec_magic.source.paths import HOLE, Paths
from stsec_magic.source.program import children
from stsec_magic.source.reach import Reach
from stsec_magic.source.same_file import is_spelled
from stsec_magic.source.scopes import Use

Roots = set[str | int]
"""What tells one value from another: the expressions that names are bound to, and the paths of files."""

# MD5 and SHA-1 say nothing against somebody who made both files.
_HASH = re.compile(r"hashlib\.(?:sha(?:224|256|384|512|3_\w+)|blake2[bs]|new|file_digest)|hmac\.(?:new|digest|HMAC)")
_CHOOSING = frozenset(("hashlib.new", "hashlib.file_digest"))
_WEAK = re.compile(r"md[245]|sha-?1|crc32|adler32", re.IGNORECASE)
_ALIKE = frozenset(("lower", "upper", "strip", "encode", "fromhex", "unhexlify", "b64decode"))
"""Methods that give a literal in another form."""

PINS = ("known_hash", "file_hash")
"""Parameters of functions that fetch a file and compare its digest: pooch, Keras."""

_HOPS = 4
_MOST = 60
_SHORTEST = 16
"""Characters of a digest, at least."""

_BUILTIN = frozenset(dir(builtins))


class Digests:
    """Looks at comparisons of digests, in one program."""

    def __init__(self, names: Names, reach: Reach, paths: Paths) -> None:
        """Take a program.

        Args:
            names: The program.
            reach: A way back along its data.
            paths: Spells its paths.
        """
        self._names = names
        self._reach = reach
        self._paths = paths
        self._known: dict[tuple[int, int], tuple[Use, Roots]] = {}

    def is_pinned(self, start: Use) -> bool:
        """Whether a value was fetched by a call that was given its digest: ``pooch.retrieve(url, known_hash=...)``.

        Args:
            start: An expression.
        """
        return any(
            keyword.arg in PINS and self._is_fixed(use.at(keyword.value))
            for use in self._behind(start)
            if isinstance(use.node, ast.Call)
            for keyword in use.node.keywords
        )

    def compared(self, use: Use) -> Roots:
        """What the digest in a comparison was made of; empty where nothing fixed is compared with it.

        Args:
            use: The comparison.
        """
        key = id(use.node), id(None if use.frame is None else use.frame.call.node)
        if key not in self._known:
            self._known[key] = use, self._compared(use)
        return self._known[key][1]

    def _compared(self, use: Use) -> Roots:
        node = use.node
        sides = node.args if isinstance(node, ast.Call) else _sides(node)
        roots: Roots = set()
        keyed = fixed = False
        for side in sides[:2]:
            made, is_keyed = self._digested(use.at(side))
            roots |= made
            keyed |= is_keyed
            fixed |= not made and self._is_fixed(use.at(side))
        return roots if keyed or fixed else set()

    def _digested(self, start: Use) -> tuple[Roots, bool]:
        """The roots of what a digest is made of, and whether a key is in it."""
        roots: Roots = set()
        keyed = False
        for use in self._behind(start):
            call = use.node
            if not isinstance(call, ast.Call):
                continue
            name = self._names.qualified(call.func, use.scope, use.order) or ""
            if _HASH.fullmatch(name) and not (name in _CHOOSING and _is_weak(call)):
                is_keyed = name.startswith("hmac.")
                keyed |= is_keyed
                given = call.args[1:] if is_keyed or name == "hashlib.new" else call.args
                for each in [*given, *(k.value for k in call.keywords if k.arg in ("msg", "data", "string"))]:
                    roots |= self.roots(use.at(each))
                roots |= self._updated(use)
        return roots, keyed

    def _updated(self, made: Use) -> Roots:
        """``h.update(data)``: what a hash object was fed with in the scope where it is made."""
        roots: Roots = set()
        numbers, _ = self._names.cells_naming(["update"])
        for use in (use for number in numbers for use in self._names.calls(number)):
            match use.node:
                case ast.Call(func=ast.Attribute(attr="update", value=ast.Name() as receiver), args=[data, *_]):
                    if use.scope is made.scope and any(
                        v.node is made.node for v in self._reach.values(use.at(receiver))
                    ):
                        within = Use(data, use.scope, use.cell, use.order, made.frame)
                        roots |= self.roots(within)
        return roots

    def _is_fixed(self, use: Use, hops: int = _HOPS) -> bool:
        """Whether an expression is a literal, directly or by its name, or one out of several."""
        match use.node:
            case ast.Constant(value=str() | bytes() as value):
                return len(value) >= _SHORTEST
            case ast.Set(elts=several) | ast.List(elts=several) | ast.Tuple(elts=several) | ast.Dict(values=several):
                return bool(several) and hops > 0 and all(self._is_fixed(use.at(each), hops - 1) for each in several)
            case ast.Call(func=ast.Attribute(attr=name, value=value), args=args) if name in _ALIKE and hops:
                return self._is_fixed(use.at(args[0] if args else value), hops - 1)
            case ast.Subscript(value=holder) if not isinstance(use.node.slice, (ast.Slice, ast.Constant)) and hops:
                return self._is_fixed(use.at(holder), hops - 1)
        values = self._reach.values(use) if hops else []
        return bool(values) and all(self._is_fixed(value, hops - 1) for value in values)

    def _behind(self, start: Use) -> Iterator[Use]:
        """An expression, its parts, and what its names stand for."""
        stack, seen = [start], set[int]()
        while stack and len(seen) < _MOST:
            use = stack.pop()
            if id(use.node) in seen:
                continue
            seen.add(id(use.node))
            yield use
            stack += self._reach.values(use)
            stack += self._reach.returned(use) or []
            stack += [use.at(each) for each in children(use.node) if isinstance(each, ast.expr)]

    def roots(self, start: Use) -> Roots:
        """What tells a value from another.

        Args:
            start: An expression.
        """
        found: Roots = set()
        for use in self._behind(start):
            values = self._reach.values(use)
            found |= {id(value.node) for value in values if not isinstance(value.node, ast.Constant)}
            if isinstance(use.node, ast.Name) and not values and use.node.id not in _BUILTIN:
                found |= set() if self._reach.is_module(use) else {f"{HOLE}{use.node.id}"}
            if isinstance(use.node, (ast.Name, ast.Constant, ast.Call)):
                found |= {text for text in self._paths.of(use) if is_spelled(text) and "." in text}
        return found


def _is_weak(call: ast.Call) -> bool:
    """Whether the algorithm that a call names says nothing against somebody who made both files."""
    said = (each.value if isinstance(each, ast.Constant) else getattr(each, "attr", "") for each in call.args)
    return any(isinstance(each, str) and _WEAK.fullmatch(each) for each in said)


def _sides(node: ast.expr) -> list[ast.expr]:
    return [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
