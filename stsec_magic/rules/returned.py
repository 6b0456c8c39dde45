"""What a function returns, as a cache sees it: a resource that stays one object, or data that may be copied.

Told by the expressions that it returns, then by its annotation, and at last by the names of what it returns.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from enum import StrEnum

from stsec_magic.rules.functions import Function, Functions
from stsec_magic.rules.load_calls import Loads
from stsec_magic.source.names import Names
from stsec_magic.source.scopes import Use

_MAX_CHAIN = 12
_MAX_ELEMENTS = 50

# Matched against the last part of what is called, or of an annotation.
_RESOURCE = re.compile(
    r"(?:[A-Z]\w*)?(?:Model|Client|Engine|Tokenizer|Transformer|Classifier|Regressor|Regression|Vectorizer|Pipeline"
    r"|Connection|Session|Retriever|Embeddings|Sequential|Redis|OpenAI|Anthropic|Elasticsearch|KeyedVectors|Module|LLM)"
    r"|from_pretrained|from_config|load_model|create_engine|connect|connection|pipeline|client|resource|getOrCreate"
    r"|load_local|from_documents|from_texts|authorize|sessionmaker"
)
_RESOURCE_CALLS = frozenset(
    "spacy.load torch.hub.load tensorflow_hub.load tensorflow.saved_model.load gensim.downloader.load easyocr.Reader "
    "streamlit.connection".split()
)
_DATA = re.compile(
    r"read_(?!pickle)\w+|DataFrame|Series|ndarray|json|decode|to_(?:dict|list|numpy|json|csv|pandas|frame)|tolist|predict"
    r"|predict_proba|encode|fetchall|fetchone|fetchmany|readlines|splitlines|split|strip|replace|format|join|items|keys|values"
)
_DATA_CALLS = frozenset(
    "len sum min max sorted list dict set tuple str int float bool round range enumerate zip json.load json.loads "
    "yaml.safe_load tomllib.load csv.reader csv.DictReader time.time os.listdir".split()
)
_DATA_MODULES = ("pandas.", "numpy.", "polars.", "datetime.", "math.", "statistics.")
_DATA_TYPES = frozenset(
    ("dict", "list", "str", "int", "float", "bool", "tuple", "set", "Dict", "List", "Tuple", "bytes")
)
_RESOURCE_NAMES = frozenset("model tokenizer engine conn connection client session pipeline pipe".split())
_DATA_NAMES = frozenset(("df", "data", "dataframe"))
_LITERALS = (ast.Dict, ast.List, ast.Set, ast.Tuple)
_TEXTS_AND_NUMBERS = (ast.JoinedStr, ast.BinOp, ast.Compare, ast.DictComp, ast.ListComp, ast.SetComp)


class Kind(StrEnum):
    """What a value is to a cache.

    Attributes:
        RESOURCE: A model, a connection, a client: one object for all.
        DATA: A table, a dict, a text, a number: anybody may have a copy.
    """

    RESOURCE = "resource"
    DATA = "data"


class Returned:
    """Tells what the functions of one program return."""

    def __init__(self, names: Names, functions: Functions, loads: Loads) -> None:
        """Take the program, its functions and its dangerous loads."""
        self._names = names
        self._functions = functions
        self._loads = loads

    def kind(self, function: Function) -> Kind | None:
        """What a function returns; None where it can't be told."""
        values = list(self._functions.returned(function))
        found = _together(self._of(value) for value in values)
        if found is None and not isinstance(function.node, ast.Lambda) and function.node.returns is not None:
            found = _annotated(function.node.returns)
        if found is None:
            found = _together(_called_so(node) for node in function.returned)
        return found

    def is_load(self, use: Use) -> bool:
        """Whether an expression is a dangerous load."""
        return bool(self._loads.numbers) and self._loads.of(use) is not None

    def _of(self, use: Use) -> Kind | None:
        """The kind of a value, told by what it is or what it is called upon."""
        for _ in range(_MAX_CHAIN):
            node = use.node
            if isinstance(node, _LITERALS):
                return self._of_literal(node, use)
            if isinstance(node, _TEXTS_AND_NUMBERS) or (isinstance(node, ast.Constant) and node.value is not None):
                return Kind.DATA
            if isinstance(node, ast.Call):
                found = self._of_call(node, use)
                if found is not None or not isinstance(node.func, ast.Attribute):
                    return found
                node = node.func
            elif isinstance(node, ast.Attribute) and node.attr in ("text", "shape", "columns", "content"):
                return Kind.DATA
            if not isinstance(node, ast.Attribute | ast.Subscript):
                return None
            # df.groupby("day").mean() is what df is; what a model or a connection gives may be anything.
            behind = list(self._functions.values(self._functions.at(node.value, use)))
            if len(behind) != 1 or behind[0].node is use.node:
                return None
            use = behind[0]
            if isinstance(use.node, ast.Call) and self._of_call(use.node, use) is Kind.RESOURCE:
                return Kind.RESOURCE if isinstance(node, ast.Attribute) and node.attr in ("fit", "eval", "to") else None
        return None

    def _of_call(self, node: ast.Call, use: Use) -> Kind | None:
        if self.is_load(use):
            return Kind.RESOURCE
        name = self._names.qualified(node.func, use.scope, use.order) or ""
        last = name.rpartition(".")[2] or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
        if name in _RESOURCE_CALLS:
            return Kind.RESOURCE
        if name in _DATA_CALLS or name.startswith(_DATA_MODULES) or _DATA.fullmatch(last):
            return Kind.DATA
        return Kind.RESOURCE if _RESOURCE.fullmatch(last) else None

    def _of_literal(self, node: ast.expr, use: Use) -> Kind:
        """A dict or a list is data, unless a resource is in it."""
        elements = node.values if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        for element in elements[:_MAX_ELEMENTS]:
            for value in self._functions.values(self._functions.at(element, use)):
                if isinstance(value.node, ast.Call) and self._of_call(value.node, value) is Kind.RESOURCE:
                    return Kind.RESOURCE
        return Kind.DATA


def _together(kinds: Iterable[Kind | None]) -> Kind | None:
    """One resource among what may be returned makes it one."""
    found = set(kinds)
    return next((kind for kind in (Kind.RESOURCE, Kind.DATA) if kind in found), None)


def _annotated(node: ast.expr) -> Kind | None:
    while isinstance(node, ast.Subscript):
        node = node.value
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        name = node.value.partition("[")[0].rpartition(".")[2]
    if name in _DATA_TYPES or _DATA.fullmatch(name):
        return Kind.DATA
    return Kind.RESOURCE if _RESOURCE.fullmatch(name) else None


def _called_so(node: ast.expr) -> Kind | None:
    """What the name of a value says of it, where nothing else does: ``return model``."""
    name = node.id.lower() if isinstance(node, ast.Name) else ""
    if name in _RESOURCE_NAMES:
        return Kind.RESOURCE
    return Kind.DATA if name in _DATA_NAMES else None
