"""Where the bytes of a load come from, as far as names and literals tell.

Follows a value through assignments across cells, a bounded number of steps; what it can't follow
has the origin "unknown", which is never the same as safe.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from enum import StrEnum

from stsec_magic.source.names import Names, Order, Scope, Use
from stsec_magic.source.program import CodeCell

_MAX_STEPS = 24
_URL = re.compile(r"(?:https?|ftp|s3|gs|gcs|abfss?|wasbs?|hf)://", re.IGNORECASE)
_SHARED = re.compile(r"(?:/tmp/|/var/tmp/|/dev/shm/|/mnt/|/media/|/content/drive/|/gdrive/|\\\\)")


class Origin(StrEnum):
    """Who could have written the bytes."""

    NETWORK = "network"
    UPLOAD = "upload"
    INPUT = "input"
    DATABASE = "database"
    SHARED = "shared"
    FILE = "file"
    OWN = "own"
    LITERAL = "literal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """An origin and the place that shows it.

    Attributes:
        origin: Who could have written the bytes.
        cell: The cell where that is seen; None where it is the load itself.
        offset: Where in that cell.
        how: A few words for the reader: "downloaded here".
    """

    origin: Origin
    cell: CodeCell | None = None
    offset: int = 0
    how: str = ""


# Dotted names whose result, or whose file, comes from elsewhere. A trailing dot means: anything below.
_CALLS: tuple[tuple[str, Origin, str], ...] = (
    ("requests.", Origin.NETWORK, "downloaded here"),
    ("httpx.", Origin.NETWORK, "downloaded here"),
    ("urllib.request.", Origin.NETWORK, "downloaded here"),
    ("urllib.urlretrieve", Origin.NETWORK, "downloaded here"),
    ("urllib.urlopen", Origin.NETWORK, "downloaded here"),
    ("urllib2.", Origin.NETWORK, "downloaded here"),
    ("wget.", Origin.NETWORK, "downloaded here"),
    ("gdown.", Origin.NETWORK, "downloaded here"),
    ("huggingface_hub.", Origin.NETWORK, "downloaded here"),
    ("torch.hub.", Origin.NETWORK, "downloaded here"),
    ("boto3.", Origin.NETWORK, "fetched here"),
    ("s3fs.", Origin.NETWORK, "fetched here"),
    ("gcsfs.", Origin.NETWORK, "fetched here"),
    ("socket.", Origin.NETWORK, "received here"),
    ("input", Origin.INPUT, "typed in here"),
    ("raw_input", Origin.INPUT, "typed in here"),
    ("sys.argv", Origin.INPUT, "given on the command line"),
    ("streamlit.file_uploader", Origin.UPLOAD, "uploaded here"),
    ("streamlit.sidebar.file_uploader", Origin.UPLOAD, "uploaded here"),
    ("google.colab.files.upload", Origin.UPLOAD, "uploaded here"),
    ("streamlit.text_input", Origin.INPUT, "typed in here"),
    ("streamlit.query_params", Origin.INPUT, "given in the URL"),
    ("redis.", Origin.DATABASE, "read from a database here"),
    ("sqlite3.", Origin.DATABASE, "read from a database here"),
)
_RANK = (
    Origin.UPLOAD,
    Origin.INPUT,
    Origin.NETWORK,
    Origin.DATABASE,
    Origin.SHARED,
    Origin.FILE,
    Origin.OWN,
    Origin.LITERAL,
)

_DOWNLOADERS = frozenset(
    (
        "urllib.request.urlretrieve",
        "urllib.urlretrieve",
        "wget.download",
        "gdown.download",
        "torch.hub.download_url_to_file",
    )
)
_SAVERS = ("dump", "to_pickle", "save", "savez", "savez_compressed", "save_model", "write_bytes", "to_hdf")


class Origins:
    """Asks where expressions come from, in one notebook."""

    def __init__(self, names: Names) -> None:
        """Take the program's names; what it writes is collected when first needed."""
        self._names = names
        self._written: dict[str | int, Source] | None = None

    def of(self, node: ast.expr | None, use: Use) -> Source:
        """The origin of an expression's value.

        Args:
            node: The argument of a load; None where it has none.
            use: The load.

        Returns:
            Its origin, the most dangerous one where several meet.
        """
        if node is None:
            return Source(Origin.UNKNOWN)
        return self._trace(node, use.scope, use.order, use.cell)

    def _trace(self, node: ast.expr, scope: Scope, order: Order, cell: CodeCell) -> Source:
        found: list[Source] = []
        stack: list[tuple[ast.expr, Scope, Order, CodeCell]] = [(node, scope, order, cell)]
        seen: set[int] = set()
        steps = 0
        while stack and steps < _MAX_STEPS:
            steps += 1
            expression, where, when, home = stack.pop()
            if id(expression) in seen:
                continue
            seen.add(id(expression))
            direct = self._direct(expression, where, when, home)
            if direct is not None:
                found.append(direct)
                continue
            for child in _parts(expression):
                stack.append((child, where, when, home))
            if isinstance(expression, ast.Name):
                binding = self._names.binding(expression.id, where, when)
                if binding is not None and binding.value is not None:
                    written = self._files().get(id(binding.value))
                    if written is not None:
                        found.append(written)
                        continue
                    stack.append((binding.value, where, binding.order, binding.cell))
        return min(found, key=lambda s: _RANK.index(s.origin)) if found else Source(Origin.UNKNOWN)

    def _direct(self, node: ast.expr, scope: Scope, order: Order, cell: CodeCell) -> Source | None:
        if isinstance(node, ast.Constant):
            return self._literal(node, order, cell)
        target = node.func if isinstance(node, ast.Call) else node
        if isinstance(target, (ast.Name, ast.Attribute)):
            name = self._names.qualified(target, scope, order)
            for prefix, origin, how in _CALLS:
                if name is not None and (name == prefix or (prefix[-1] == "." and name.startswith(prefix))):
                    return Source(origin, cell, cell.span(node)[0], how)
        return None

    def _literal(self, node: ast.Constant, order: Order, cell: CodeCell) -> Source | None:
        if isinstance(node.value, bytes):
            return Source(Origin.LITERAL, cell, cell.span(node)[0], "written here")
        if not isinstance(node.value, str) or len(node.value) < 3:
            return None
        offset = cell.span(node)[0]
        if _URL.match(node.value):
            return Source(Origin.NETWORK, cell, offset, "fetched from this URL")
        written = self._files().get(node.value)
        if written is not None and written.cell is not None:
            return written
        if _SHARED.match(node.value):
            return Source(Origin.SHARED, cell, offset, "in a shared folder")
        return Source(Origin.FILE, cell, offset, "a file of unknown origin")

    def _files(self) -> dict[str | int, Source]:
        """What the notebook itself writes or downloads: literal paths, and values held by a name."""
        if self._written is None:
            self._written = {}
            for use in self._names.calls:
                self._writes(use, self._written)
        return self._written

    def _writes(self, use: Use, written: dict[str | int, Source]) -> None:
        call = use.node
        if not isinstance(call, ast.Call):
            return
        name = self._names.qualified(call.func, use.scope, use.order) or ""
        last = call.func.attr if isinstance(call.func, ast.Attribute) else name.rpartition(".")[2]
        downloads = name in _DOWNLOADERS
        if not (downloads or last in _SAVERS or (last == "open" and _opens_to_write(call))):
            return
        origin, how = (Origin.NETWORK, "downloaded here") if downloads else (Origin.OWN, "written here")
        source = Source(origin, use.cell, use.cell.span(call)[0], how)
        for argument in [*call.args, *(k.value for k in call.keywords)]:
            for key in self._keys(argument, use):
                if key not in written or downloads:
                    written[key] = source

    def _keys(self, node: ast.expr, use: Use) -> list[str | int]:
        keys: list[str | int] = []
        if isinstance(node, ast.Name):
            binding = self._names.binding(node.id, use.scope, use.order)
            if binding is None or binding.value is None or binding.opened:
                return []
            node = binding.value
            keys.append(id(node))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) >= 3:
            keys.append(node.value)
        return keys


def _opens_to_write(call: ast.Call) -> bool:
    method = isinstance(call.func, ast.Attribute) and not isinstance(call.func.value, ast.Name)
    given = [*call.args[0 if method else 1 :][:1], *(k.value for k in call.keywords if k.arg == "mode")]
    return any(_mode(argument) for argument in given)


def _mode(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:1] in ("w", "x", "a")


def _parts(node: ast.expr) -> list[ast.expr]:
    """The expressions that the value of an expression is made from."""
    match node:
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Await(value=value):
            return [value]
        case ast.NamedExpr(value=value) | ast.Starred(value=value):
            return [value]
        case ast.Call(func=func, args=args):
            # open(path).read(), Path(folder) / name, io.BytesIO(response.content)
            receiver = [func.value] if isinstance(func, ast.Attribute) else []
            return [*args[:1], *receiver]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BoolOp(values=values):
            return values
        case ast.JoinedStr(values=values):
            return [v.value if isinstance(v, ast.FormattedValue) else v for v in values]
        case _:
            return []
