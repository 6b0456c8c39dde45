"""Which files the notebook itself writes, and what it writes into them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stsec_magic.source.names import Names, Order, Use

Key = str | int
"""A file as far as it can be told: a literal path, the value that a name holds, or the text of an expression."""

_DOWNLOADERS = frozenset(
    (
        "urllib.request.urlretrieve",
        "urllib.urlretrieve",
        "six.moves.urllib.request.urlretrieve",
        "wget.download",
        "gdown.download",
        "torch.hub.download_url_to_file",
    )
)
_SAVERS = frozenset(
    ("dump", "to_pickle", "save", "savez", "savez_compressed", "save_model", "to_hdf", "save_pretrained")
)
_WRITERS = frozenset(("write", "write_bytes", "copyfileobj"))
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Write:
    """A call that writes a file.

    Attributes:
        use: The call.
        downloaded: Whether what it writes comes from the network.
    """

    use: Use
    downloaded: bool


class Writes:
    """Looks up writes by the file that they go to."""

    def __init__(self, names: Names, is_network: Callable[[ast.expr, Use], bool]) -> None:
        """Collect them.

        Args:
            names: The program.
            is_network: Whether an expression's value comes from the network.
        """
        self._names = names
        self._is_network = is_network
        self._by_key: dict[Key, list[Write]] = {}
        for use in names.calls:
            for write, target in self._targets(use):
                for key in self.keys(target, use):
                    self._by_key.setdefault(key, []).append(write)

    def of(self, node: ast.expr, use: Use, before: Order) -> Write | None:
        """The write that a path's content comes from.

        Args:
            node: The path.
            use: Where the path stands.
            before: The load: what is written later is not what it reads.

        Returns:
            A download wherever it stands; else a write before the load; None where there is neither.
        """
        rows = [row for key in self.keys(node, use) for row in self._by_key.get(key, ())]
        downloads = [row for row in rows if row.downloaded]
        earlier = [row for row in rows if row.use.order < before]
        return next(iter([*downloads, *earlier]), None)

    def keys(self, node: ast.expr, use: Use) -> list[Key]:
        """What a path can be recognised by."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) and len(node.value) >= _SHORTEST else []
        if isinstance(node, ast.Name):
            binding = self._names.binding(node.id, use.scope, use.order)
            if binding is None or binding.value is None or binding.opened:
                return []
            value = binding.value
            return [id(value), *([value.value] if _is_path(value) else [])]  # type: ignore[attr-defined]
        if any(_is_path(child) for child in ast.walk(node)):
            return [ast.dump(node)]
        return []

    def _targets(self, use: Use) -> Iterator[tuple[Write, ast.expr]]:
        call = use.node
        if not isinstance(call, ast.Call):
            return
        name = self._names.qualified(call.func, use.scope, use.order) or ""
        last = call.func.attr if isinstance(call.func, ast.Attribute) else name.rpartition(".")[2]
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        if name in _DOWNLOADERS:
            yield from ((Write(use, downloaded=True), argument) for argument in arguments)
        elif last in _SAVERS:
            for argument in arguments:
                yield Write(use, downloaded=False), self._path_of(argument, use)
        elif last in _WRITERS and call.args and self._is_network(call.args[0], use):
            receiver = call.func.value if isinstance(call.func, ast.Attribute) else call.func
            target = call.args[-1] if last == "copyfileobj" else receiver
            yield Write(use, downloaded=True), self._path_of(target, use)

    def _path_of(self, node: ast.expr, use: Use) -> ast.expr:
        """The path behind a file handle: ``open(path, "wb")``, or a name bound to that."""
        if isinstance(node, ast.Name):
            binding = self._names.binding(node.id, use.scope, use.order)
            if binding is not None and isinstance(binding.value, ast.Call) and _is_open(binding.value):
                node = binding.value
        if isinstance(node, ast.Call) and _is_open(node):
            if isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name):
                return node.func.value  # Path("model.pkl").open("wb")
            return node.args[0] if node.args else node
        return node


def _is_open(call: ast.Call) -> bool:
    func = call.func
    return (isinstance(func, ast.Name) and func.id == "open") or (
        isinstance(func, ast.Attribute) and func.attr == "open"
    )


def _is_path(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) >= _SHORTEST
