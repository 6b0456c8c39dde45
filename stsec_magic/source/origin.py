"""Where the bytes of a load come from, as far as names and literals tell.

Follows a value through assignments across cells, a bounded number of steps; what it can't follow
has the origin "unknown", which is never the same as safe.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Use
from stsec_magic.source.writes import Write, Writes, is_dump

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
    ("ipywidgets.FileUpload", Origin.UPLOAD, "uploaded here"),
    ("google.colab.files.upload", Origin.UPLOAD, "uploaded here"),
    ("streamlit.text_input", Origin.INPUT, "typed in here"),
    ("streamlit.query_params", Origin.INPUT, "given in the URL"),
    ("redis.", Origin.DATABASE, "read from a database here"),
    ("sqlite3.", Origin.DATABASE, "read from a database here"),
)
_DECODERS = frozenset(
    (
        "base64.b64decode",
        "base64.standard_b64decode",
        "base64.urlsafe_b64decode",
        "base64.b85decode",
        "base64.b16decode",
        "bytes.fromhex",
        "binascii.unhexlify",
        "binascii.a2b_base64",
    )
)
_RANK = (
    Origin.UPLOAD,
    Origin.INPUT,
    Origin.NETWORK,
    Origin.DATABASE,
    Origin.SHARED,
    Origin.FILE,
    Origin.UNKNOWN,
    Origin.OWN,
    Origin.LITERAL,
)


class Origins:
    """Asks where expressions come from, in one notebook."""

    def __init__(self, names: Names) -> None:
        """Take the program's names; what it writes is collected when first needed."""
        self._names = names
        self._writes: Writes | None = None

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
        if self._writes is None:
            self._writes = Writes(self._names, self._is_network)
        found = self._trace(node, use, self._writes)
        return min(found, key=lambda source: _RANK.index(source.origin), default=Source(Origin.UNKNOWN))

    def _is_network(self, node: ast.expr, use: Use) -> bool:
        return any(source.origin is Origin.NETWORK for source in self._trace(node, use, None))

    def _trace(self, node: ast.expr, use: Use, writes: Writes | None) -> Iterator[Source]:
        """Walk from an expression to whatever its value is made from; what leads nowhere is unknown."""
        stack = [Use(node, use.scope, use.cell, use.order)]
        seen: set[int] = set()
        while stack and len(seen) < _MAX_STEPS:
            at = stack.pop()
            if id(at.node) in seen:
                continue
            seen.add(id(at.node))
            write = None if writes is None else writes.of(at.node, at, use.order)
            direct = self._direct(at) if write is None else _written(write)
            if direct is not None:
                yield direct
                continue
            behind = self._behind(at)
            if not behind and not isinstance(at.node, ast.Constant):
                yield Source(Origin.UNKNOWN)
            stack += behind
        if stack:
            yield Source(Origin.UNKNOWN)

    def _behind(self, use: Use) -> list[Use]:
        """What an expression's value is made from."""
        if not isinstance(use.node, ast.Name):
            func = use.node.func if isinstance(use.node, ast.Call) else None
            receiver = func.value if isinstance(func, ast.Attribute) else None
            parts = [part for part in _parts(use.node) if part is not receiver or not self._is_module(part, use)]
            return [Use(part, use.scope, use.cell, use.order) for part in parts]
        binding = self._names.binding(use.node.id, use.scope, use.order)
        if binding is None or binding.value is None:
            return []
        return [Use(binding.value, use.scope, binding.cell, binding.order)]

    def _is_module(self, node: ast.expr, use: Use) -> bool:
        """Whether a receiver is an imported module, ``gzip`` in ``gzip.open(path)``: no part of the value."""
        while isinstance(node, ast.Attribute):
            node = node.value
        binding = self._names.binding(node.id, use.scope, use.order) if isinstance(node, ast.Name) else None
        return binding is not None and binding.imported is not None

    def _direct(self, use: Use) -> Source | None:
        node = use.node
        if isinstance(node, ast.Constant):
            return _literal(node, use.cell)
        if is_dump(node):
            return Source(Origin.OWN, use.cell, use.cell.span(node)[0], "made here")
        target = node.func if isinstance(node, ast.Call) else node
        if isinstance(target, (ast.Name, ast.Attribute)):
            name = self._names.qualified(target, use.scope, use.order)
            for prefix, origin, how in _CALLS:
                if name is not None and (name == prefix or (prefix[-1] == "." and name.startswith(prefix))):
                    return Source(origin, use.cell, use.cell.span(node)[0], how)
            if (
                name in _DECODERS
                and isinstance(node, ast.Call)
                and isinstance(next(iter(node.args), None), ast.Constant)
            ):
                return Source(Origin.LITERAL, use.cell, use.cell.span(node)[0], "written here")
        return None


def _written(write: Write) -> Source:
    origin, how = (Origin.NETWORK, "downloaded here") if write.downloaded else (Origin.OWN, "written here")
    return Source(origin, write.cell, write.offset, how)


def _literal(node: ast.Constant, cell: CodeCell) -> Source | None:
    offset = cell.span(node)[0]
    if isinstance(node.value, bytes):
        return Source(Origin.LITERAL, cell, offset, "written here")
    if not isinstance(node.value, str) or len(node.value) < 3:
        return None
    if _URL.match(node.value):
        return Source(Origin.NETWORK, cell, offset, "fetched from this URL")
    if _SHARED.match(node.value):
        return Source(Origin.SHARED, cell, offset, "named here")
    return Source(Origin.FILE, cell, offset, "named here")


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
