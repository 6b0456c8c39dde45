"""Whether an expression is what was downloaded, as it came: bytes, a response, an object; parsed data is not."""

from __future__ import annotations

import ast
from typing import NamedTuple

from stsec_magic.rules.functions import Functions
from stsec_magic.source.flow import Flow
from stsec_magic.source.names import Names
from stsec_magic.source.origin import Origins
from stsec_magic.source.provenance import Origin, Source
from stsec_magic.source.scopes import Use

_MAX_WRAPPERS = 4
_BYTES = frozenset(("content", "raw"))
_READ = frozenset(("read", "read_bytes", "download_as_bytes", "download_as_string", "getvalue"))
_WRAPPERS = frozenset(("io.BytesIO", "bytes", "bytearray", "memoryview"))
_VERBS = frozenset(("get", "post", "put", "request", "send"))
_RESPONSES = frozenset(
    [f"{module}.{verb}" for module in ("requests", "httpx") for verb in _VERBS] + ["urllib.request.urlopen"]
)
_SESSIONS = frozenset(("requests.Session", "requests.session", "httpx.Client"))
_OBJECTS = frozenset(
    "torch.hub.load tensorflow_hub.load gensim.downloader.load transformers.pipeline "
    "sentence_transformers.SentenceTransformer".split()
)


class Download(NamedTuple):
    """What was downloaded.

    Attributes:
        source: Where.
        is_object: Whether it is an object, such as a model, rather than bytes or a response.
    """

    source: Source
    is_object: bool


class Downloaded:
    """Tells downloads apart from data, in one program."""

    def __init__(self, names: Names, functions: Functions, origins: Origins) -> None:
        """Take the program, its functions and the origins of its values."""
        self._names = names
        self._functions = functions
        self._origins = origins
        self._flow = Flow(names)

    def of(self, use: Use) -> Download | None:
        """Where a value was downloaded, if it is kept as it came; None for anything else.

        Args:
            use: The value, followed to what it is.
        """
        for _ in range(_MAX_WRAPPERS):
            if not isinstance(use.node, ast.Call) or len(use.node.args) != 1:
                break
            if self._names.qualified(use.node.func, use.scope, use.order) not in _WRAPPERS:
                break
            use = next(self._functions.values(self._functions.at(use.node.args[0], use)), use)
        if self._is_object(use):
            source = Source(Origin.NETWORK, use.cell, use.cell.span(use.node)[0], "downloaded here")
            return Download(source, is_object=True)
        if not self._is_raw(use):
            return None
        source = self._origins.of(use.node, use)
        return Download(source, is_object=False) if source.origin is Origin.NETWORK else None

    def _is_raw(self, use: Use) -> bool:
        match use.node:
            case ast.Attribute(attr=attr):
                return attr in _BYTES
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in _READ:
                return True
            case ast.Call(func=func):
                name = self._names.qualified(func, use.scope, use.order)
                if name is None and isinstance(func, ast.Attribute) and func.attr in _VERBS:
                    return self._flow.constructor(func.value, use.scope, use.order) in _SESSIONS
                return name in _RESPONSES
        return False

    def _is_object(self, use: Use) -> bool:
        if not isinstance(use.node, ast.Call):
            return False
        func = use.node.func
        if isinstance(func, ast.Attribute) and func.attr == "from_pretrained":
            return True
        return self._names.qualified(func, use.scope, use.order) in _OBJECTS
