"""Which files the notebook itself writes, and what it writes into them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Order, Use, may_name

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
# Calls that save an object, and the place of the file among their positional arguments.
_SAVERS = {
    "dump": 1,
    "torch.save": 1,
    "keras.models.save_model": 1,
    "tensorflow.keras.models.save_model": 1,
    "save": 0,
    "to_pickle": 0,
    "to_hdf": 0,
    "savez": 0,
    "savez_compressed": 0,
    "save_model": 0,
    "save_pretrained": 0,
}
_FILE_KEYWORDS = frozenset("file filename path f fname fp filepath path_or_buf stream".split())
# wget URL, wget -O name URL, curl -o name URL, curl -O URL, in a shell line or cell.
_SHELL = re.compile(r"\b(?:wget|curl)[ \t][^\n;|]{0,600}")
_OUTPUT = re.compile(r"(?:-O|-o|--output-document|--output)[ =]{1,2}[\"']?([\w./~{}$-]{3,200})")
_REMOTE_NAME = re.compile(r"\s-\w*O|--remote-name")
_URL_NAME = re.compile(r"(?:https?|ftp)://[^\s\"'?#]{1,300}/([\w.%-]{1,120})")
_WRITERS = frozenset(("write", "write_bytes", "copyfileobj"))
_WORDS = frozenset(name.rpartition(".")[2] for name in (*_DOWNLOADERS, *_SAVERS, *_WRITERS))
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Write:
    """A call or a shell command that writes a file.

    Attributes:
        cell: The cell it stands in.
        offset: Where in that cell.
        order: Where in the program.
        downloaded: Whether what it writes comes from the network.
    """

    cell: CodeCell
    offset: int
    order: Order
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
        numbers, words = names.cells_naming(_WORDS)
        for use in (use for number in numbers for use in names.calls(number)):
            if isinstance(use.node, ast.Call) and may_name(use.node.func, words):
                for write, target in self._targets(use):
                    for key in self.keys(target, use):
                        self._by_key.setdefault(key, []).append(write)
        for index, cell in enumerate(names.program.cells):
            for match in _SHELL.finditer(cell.fragment.text) if _may_download(cell.fragment.text) else ():
                for name in _saved_as(match[0]):
                    write = Write(cell, match.start(), (index, 0, 0), downloaded=True)
                    self._by_key.setdefault(name, []).append(write)

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
        earlier = [row for row in rows if row.order < before]
        return next(iter([*downloads, *earlier]), None)

    def keys(self, node: ast.expr, use: Use) -> list[Key]:
        """What a path can be recognised by."""
        if isinstance(node, ast.Name):
            binding = self._names.binding(node.id, use.scope, use.order)
            if binding is None or binding.value is None or binding.opened:
                return []
            return [id(binding.value), *_spelt(binding.value)]
        return _spelt(node)

    def _targets(self, use: Use) -> Iterator[tuple[Write, ast.expr]]:
        call = use.node
        if not isinstance(call, ast.Call):
            return
        name = self._names.qualified(call.func, use.scope, use.order) or ""
        last = call.func.attr if isinstance(call.func, ast.Attribute) else name.rpartition(".")[2]
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        if name in _DOWNLOADERS:
            yield from ((_write(use, downloaded=True), argument) for argument in arguments)
        elif name in _SAVERS or last in _SAVERS:
            # The file alone: what is saved doesn't become the notebook's own by being saved.
            place = _SAVERS[name] if name in _SAVERS else _SAVERS[last]
            for argument in [*call.args[place : place + 1], *_file_keywords(call)]:
                yield _write(use, downloaded=False), self._path_of(argument, use)
        elif last in _WRITERS and call.args:
            receiver = call.func.value if isinstance(call.func, ast.Attribute) else call.func
            target = call.args[-1] if last == "copyfileobj" else receiver
            if self._is_network(call.args[0], use):
                yield _write(use, downloaded=True), self._path_of(target, use)
            elif is_dump(call.args[0]):
                yield _write(use, downloaded=False), self._path_of(target, use)

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


def _file_keywords(call: ast.Call) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords if keyword.arg in _FILE_KEYWORDS]


def _write(use: Use, *, downloaded: bool) -> Write:
    return Write(use.cell, use.cell.span(use.node)[0], use.order, downloaded)


def _may_download(text: str) -> bool:
    return "wget" in text or "curl" in text


def _saved_as(command: str) -> list[str]:
    """The names under which a wget or curl command saves what it fetches."""
    named = _OUTPUT.search(command)
    if named is not None:
        return [named[1]]
    if command.startswith("curl") and _REMOTE_NAME.search(command) is None:
        return []  # it prints what it fetches
    return [name for name in _URL_NAME.findall(command) if len(name) >= _SHORTEST]


def is_dump(node: ast.expr) -> bool:
    """Whether an expression is what the notebook itself serialises: ``pickle.dumps(model)``."""
    return isinstance(node, ast.Call) and _last(node.func) == "dumps"


def _spelt(node: ast.expr) -> list[Key]:
    """The literal path that an expression is, or its own text where a literal is a part of it."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and _last(node.func) in ("Path", "PurePath", "str", "fspath"):
        node = node.args[0]
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and len(node.value) >= _SHORTEST else []
    return [ast.dump(node)] if any(_is_path(child) for child in ast.walk(node)) else []


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _is_open(call: ast.Call) -> bool:
    func = call.func
    return (isinstance(func, ast.Name) and func.id == "open") or (
        isinstance(func, ast.Attribute) and func.attr == "open"
    )


def _is_path(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) >= _SHORTEST
