"""What puts bytes into files: calls of a program, and the shell commands in it."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from stsec_magic.source import shell_files
from stsec_magic.source.names import Names
from stsec_magic.source.origin_calls import FETCHING
from stsec_magic.source.paths import ANY, Paths
from stsec_magic.source.program import CodeCell
from stsec_magic.source.provenance import Origin
from stsec_magic.source.reach import Reach
from stsec_magic.source.same_file import is_spelled
from stsec_magic.source.scopes import Use, may_name
from stsec_magic.source.writes import Write

# Calls that save an object, and the place of the file among their positional arguments.
_SAVERS = {
    "dump": 1,
    "torch.save": 1,
    "save_model": 0,
    "keras.models.save_model": 1,
    "tensorflow.keras.models.save_model": 1,
    "mlflow.sklearn.save_model": 1,
    "save": 0,
    "to_pickle": 0,
    "to_hdf": 0,
    "savez": 0,
    "savez_compressed": 0,
    "save_pretrained": 0,
    "save_local": 0,
    "save_weights": 0,
    "save_checkpoint": 0,
    "save_learner": 0,
    "export": 0,
    "store": 0,
}
_FILE_KEYWORDS = frozenset("file filename path f fname fp filepath path_or_buf stream filepath_or_buffer".split())
_WRITERS = frozenset(("write", "write_bytes", "copyfileobj", "writelines"))
_UNPACKERS = frozenset(("extractall", "extract", "unpack_archive"))
_COPIERS = frozenset(("copy", "copy2", "copyfile", "move", "rename", "replace"))
_RUNNERS = frozenset("run call check_call check_output Popen".split())
_OF_COPIERS = ("shutil.", "os.")
_CALLS = (*(name.rpartition(".")[2] for name in _SAVERS), *_WRITERS, *_UNPACKERS)
# Words as common as "replace" are worth a walk only beside these.
_HINTS = ("download", "shutil", ".rename(", ".replace(", "subprocess")
_FETCHERS = ("urlretrieve", "get_file", "retrieve", "retrbinary", "GetContentFile", "fget_object")
_COMPOUND = (ast.If, ast.Try, ast.For, ast.While)
_SHORTEST = 3
_LAST = 1 << 30
"""Behind every line."""

_VARIABLE = re.compile(r"\{([A-Za-z_]\w{0,60})\}|\$([A-Za-z_]\w{0,60})")


class WriteCalls:
    """Collects the writes of one program."""

    def __init__(self, names: Names, reach: Reach, paths: Paths, comes_from: Callable[[Use], Origin | None]) -> None:
        """Take a program.

        Args:
            names: The program.
            reach: A way back along its data.
            paths: Spells its paths.
            comes_from: The origin of an expression's value, if it is outside of the notebook.
        """
        self._names = names
        self._reach = reach
        self._paths = paths
        self._comes_from = comes_from
        self._blocks: dict[CodeCell, list[tuple[int, int]]] = {}

    def __iter__(self) -> Iterator[Write]:
        """Every write, those of shell commands last."""
        numbers, words = self._names.cells_naming((*_CALLS, *_FETCHERS))
        cells = self._names.program.cells
        hinted = {number for number, cell in enumerate(cells) if any(hint in cell.fragment.text for hint in _HINTS)}
        words |= {*_COPIERS, *_RUNNERS}
        for number in sorted({*numbers, *hinted}):
            for use in self._names.calls(number):
                if isinstance(use.node, ast.Call) and (may_name(use.node.func, words) or _fetches(use.node)):
                    yield from self._of_call(use, use.node)
        for index, cell in enumerate(cells):
            yield from self._of_shell(cell, index)

    def _of_shell(self, cell: CodeCell, index: int) -> Iterator[Write]:
        text = cell.fragment.text
        if not any(word in text for word in _SHELL):
            return

        def spell(command: str) -> str:
            return _filled(command, lambda name: self._value(name, cell, index))

        for offset, made in shell_files.moved(text, spell):
            origin = Origin.NETWORK if made.source is None else None
            how = "downloaded here" if origin else "unpacked here" if made.folder else "copied here"
            order = (index, text.count("\n", 0, offset) + 1, 0)
            yield Write(made.path, made.folder, cell, offset, (order,), origin, how, made.source)

    def _value(self, name: str, cell: CodeCell, index: int) -> str:
        """What a Python name in a shell command stands for."""
        use = Use(ast.Name(name, ast.Load()), self._names.module, cell, (index, _LAST, 0))
        return self._paths.of(use)[0]

    def _of_call(self, use: Use, call: ast.Call) -> Iterator[Write]:
        name = self._names.qualified(call.func, use.scope, use.order) or ""
        last = call.func.attr if isinstance(call.func, ast.Attribute) else name.rpartition(".")[2]
        if FETCHING.fullmatch(last):
            yield from self._fetched(use, call)
        elif name in _SAVERS or last in _SAVERS:
            # The file alone: what is saved doesn't become the notebook's own by being saved.
            place = _SAVERS[name] if name in _SAVERS else _SAVERS[last]
            targets = [*call.args[place : place + 1], *_named(call, _FILE_KEYWORDS)]
            if last == "dump" and len(call.args) == 1 and isinstance(call.func, ast.Attribute):
                targets.append(call.func.value)  # Pickler(file).dump(model)
            for target in targets:
                yield from self._written(use, target, Origin.OWN, "written here")
        elif last in _WRITERS and call.args:
            receiver = call.func.value if isinstance(call.func, ast.Attribute) else call.func
            target = call.args[-1] if last == "copyfileobj" else receiver
            origin = Origin.OWN if is_dump(call.args[0]) else self._comes_from(use.at(call.args[0]))
            if origin is not None:
                how = {Origin.OWN: "written here", Origin.UPLOAD: "uploaded here"}.get(origin, "downloaded here")
                yield from self._written(use, target, origin, how)
        else:
            yield from self._of_mover(use, call, name, last)

    def _of_mover(self, use: Use, call: ast.Call, name: str, last: str) -> Iterator[Write]:
        """A call that unpacks, copies or moves files, or has a command do so."""
        if last in _UNPACKERS:
            yield from self._unpacked(use, call, is_method=last != "unpack_archive")
        elif last in _RUNNERS:
            yield from self._run(use, call)
        elif last in _COPIERS:
            # shutil.copy(one, other), path.rename(other)
            called_on = [call.func.value] if isinstance(call.func, ast.Attribute) else []
            given = call.args if name.startswith(_OF_COPIERS) else [*called_on, *call.args]
            if len(given) == 2:
                for source in (path for path in self._paths.of(use.at(given[0])) if is_spelled(path)):
                    yield from self._written(use, given[1], None, "copied here", source)

    def _run(self, use: Use, call: ast.Call) -> Iterator[Write]:
        """``subprocess.run(["wget", "-O", path, url])``."""
        if not call.args or not isinstance(call.args[0], (ast.List, ast.Tuple)):
            return
        words = [self._paths.of(use.at(each))[0] for each in call.args[0].elts]
        for made in shell_files.moved_by(words):
            origin = Origin.NETWORK if made.source is None else None
            how = "downloaded here" if origin else "unpacked here" if made.folder else "copied here"
            yield self._row(made.path, use, origin, how, is_folder=made.folder, source=made.source)

    def _fetched(self, use: Use, call: ast.Call) -> Iterator[Write]:
        for argument in [*call.args, *(each.value for each in call.keywords if each.arg is not None)]:
            for path in self._paths.of(use.at(argument)):
                if "://" not in path and (is_spelled(path) or ANY not in path) and len(path) >= _SHORTEST:
                    yield self._row(path, use, Origin.NETWORK, "downloaded here")
                    yield self._row(path, use, Origin.NETWORK, "downloaded here", is_folder=True)

    def _unpacked(self, use: Use, call: ast.Call, *, is_method: bool) -> Iterator[Write]:
        archive = call.func.value if is_method and isinstance(call.func, ast.Attribute) else next(iter(call.args), None)
        if archive is None:
            return
        given = call.args if is_method else call.args[1:]
        member = is_method and isinstance(call.func, ast.Attribute) and call.func.attr == "extract"
        targets = [*given[member : member + 1], *_named(call, frozenset(("path", "extract_dir")))]
        folders = [path for target in targets[:1] for path in self._paths.of(use.at(target))] or [""]
        origin = self._comes_from(use.at(archive))
        sources = [None] if origin is not None else self._paths.of(use.at(archive))
        for folder in folders:
            for source in sources:
                yield self._row(folder, use, origin, "unpacked here", is_folder=True, source=source)

    def _written(
        self, use: Use, target: ast.expr, origin: Origin | None, how: str, source: str | None = None
    ) -> Iterator[Write]:
        for path in self._paths.of(use.at(target)):
            if path != ANY and len(path) >= _SHORTEST:
                yield self._row(path, use, origin, how, source=source)
                if "." not in path.rpartition("/")[2]:
                    yield self._row(path, use, origin, how, is_folder=True, source=source)

    def _row(
        self,
        path: str,
        use: Use,
        origin: Origin | None,
        how: str,
        *,
        is_folder: bool = False,
        source: str | None = None,
    ) -> Write:
        orders = tuple(self._reach.entered(use.scope)) or (use.order,)
        block = self._block(use.cell, use.order[1])
        return Write(path, is_folder, use.cell, use.cell.span(use.node)[0], orders, origin, how, source, block)

    def _block(self, cell: CodeCell, line: int) -> tuple[int, int]:
        """The lines of the cell's branch or loop that a line stands in."""
        if cell not in self._blocks:
            tree = cell.tree or cell.mended
            compound = [] if tree is None else [node for node in tree.body if isinstance(node, _COMPOUND)]
            self._blocks[cell] = [(node.lineno, node.end_lineno or node.lineno) for node in compound]
        blocks = self._blocks[cell]
        first, last = blocks[max(0, bisect_right(blocks, (line, _LAST)) - 1)] if blocks else (0, 0)
        return (first, last) if first <= line <= last else (0, 0)


_SHELL = (*shell_files.WORDS, "unzip", "tar ", "gunzip", "bunzip2", "unxz", "mv ", "cp ")


def _filled(command: str, value: Callable[[str], str]) -> str:
    """A shell command with the Python names in it filled in, as IPython does."""
    return _VARIABLE.sub(lambda match: value(match[1] or match[2]), command)


def _fetches(call: ast.Call) -> bool:
    func = call.func
    last = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    return FETCHING.fullmatch(last) is not None


def _named(call: ast.Call, keywords: frozenset[str]) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords if keyword.arg in keywords]


def is_dump(node: ast.expr) -> bool:
    """Whether an expression is what the notebook itself serialises: ``pickle.dumps(model)``."""
    match node:
        case ast.Call(func=ast.Attribute(attr="dumps") | ast.Name(id="dumps")):
            return True
    return False
