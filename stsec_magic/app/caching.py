"""Heavy loads kept from one run of the app to the next, where that can't change what it does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from stsec_magic.app.code import Code
from stsec_magic.app.streamlit import ST

_DATA = re.compile(
    r"(?:pandas|polars)\.read_(?:csv|excel|parquet|json|feather|table|fwf|html|xml|ods|stata|sas|spss)"
    r"|seaborn\.load_dataset|sklearn\.datasets\.(?:load|fetch)_\w{1,60}|plotly\.express\.data\.\w{1,40}"
    r"|vega_datasets\.data\.\w{1,40}|statsmodels\.api\.datasets\.\w{1,40}\.load_pandas"
)
"""Readers of data: what they give is copied for whoever asks the cache, so that nobody changes it for others."""

_MODELS = re.compile(
    r"transformers\.pipeline|(?:transformers|diffusers)\.\w{1,80}\.from_pretrained|sentence_transformers\.SentenceTransformer"
    r"|sentence_transformers\.CrossEncoder|spacy\.load|whisper\.load_model|easyocr\.Reader|gensim\.downloader\.load"
)
"""What gives a model, which the cache hands to everybody as it is."""

_ONLY_READS = frozenset(
    """encode decode predict predict_proba transcribe readtext rank similarity most_similar wv batch_decode
    convert_ids_to_tokens convert_tokens_to_ids tokenize encode_plus batch_encode_plus pipe""".split()
)
"""Methods of models that leave them as they are."""

_NETWORK = re.compile(r"[A-Za-z][\w+.-]{1,20}://")


def translate(code: Code) -> None:
    """Put the heavy loads of a cell into functions that Streamlit caches.

    Args:
        code: The cell; gets the changes.
    """
    for statement in code.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                cache = _cache(name, call, code)
                if cache and code.text[: code.span(statement)[0]].rpartition("\n")[2] == "":
                    _wrap(statement, name, call, cache, code)


def _cache(name: str, call: ast.Call, code: Code) -> str:
    """Which cache is safe for a call; "" for none."""
    called = code.qualified(call.func)
    arguments = [*call.args, *(each.value for each in call.keywords)]
    if not called or not all(map(_is_literal, arguments)) or any(each.arg is None for each in call.keywords):
        return ""
    if len(code.names.rows(code.names.module, name)) != 1 or code.names.binds(f"load_{name}"):
        return ""
    texts = [each.value for each in arguments if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if _DATA.fullmatch(called):
        # What the notebook itself writes changes; what comes from elsewhere is pickled by the cache.
        is_safe = not any(_NETWORK.match(text) or _is_named_elsewhere(text, code) for text in texts)
        return "cache_data" if is_safe else ""
    return "cache_resource" if _MODELS.fullmatch(called) and _is_only_read(name, code) else ""


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(map(_is_literal, node.elts))
    if isinstance(node, ast.Dict):
        return all(each is not None and _is_literal(each) for each in (*node.keys, *node.values))
    if isinstance(node, ast.UnaryOp):
        return _is_literal(node.operand)
    return isinstance(node, ast.Constant)


def _is_named_elsewhere(path: str, code: Code) -> bool:
    cells = code.names.program.cells
    return len(path) > 2 and sum(cell.fragment.text.count(path) for cell in cells) > 1


def _is_only_read(name: str, code: Code) -> bool:
    """Whether a model is only called, or asked by methods that don't change it, in the whole notebook."""
    return all(_is_harmless(use, parents) for use, parents in _uses(name, code))


def _uses(name: str, code: Code) -> Iterator[tuple[ast.Name, dict[int, ast.AST]]]:
    for cell in code.names.program.cells:
        nodes: Iterable[ast.AST] = () if cell.tree is None else ast.walk(cell.tree)
        parents: dict[int, ast.AST] = {}
        found: list[ast.Name] = []
        for node in nodes:
            parents |= {id(child): node for child in ast.iter_child_nodes(node)}
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                found.append(node)
        yield from ((each, parents) for each in found)


def _is_harmless(use: ast.Name, parents: dict[int, ast.AST]) -> bool:
    outer = parents.get(id(use))
    if isinstance(outer, ast.Call):
        return outer.func is use
    if isinstance(outer, ast.Attribute) and outer.attr in _ONLY_READS:
        further = parents.get(id(outer))
        return isinstance(further, ast.Call) and further.func is outer
    return False


def _wrap(statement: ast.Assign, name: str, call: ast.Call, cache: str, code: Code) -> None:
    start, _ = code.span(statement)
    code.edits.insert(start, f"@{ST}.{cache}\ndef load_{name}():\n    return {code.written(call)}\n\n\n")
    code.replace(call, f"load_{name}()")
