"""Plant secrets in the string literals of real notebooks, mend them, and compare the syntax trees.

    python benchmarks/mending.py FOLDER [--each 5] [--seed 1]

A mended cell must parse, must not hold the secret, and must mean the same: with each ``os.environ["NAME"]`` replaced by
what is kept under that name, its tree is that of the cell before. Prints what was mended, what was left alone and why,
and each cell that came out otherwise.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from stsec_magic.checker import examine
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Style
from stsec_magic.fix.naming import Names
from stsec_magic.fix.plan import needed, plan
from stsec_magic.model.config import Config
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.notebook.read import from_mapping
from stsec_magic.notebook.script import as_notebook
from stsec_magic.source.program import CodeCell

_PRELUDE = ("import os", "%load_ext stsec_magic", "%stsec env")
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class _Folded(ast.NodeTransformer):
    """Reads of the environment and f-strings as the constants that they give."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        self._kept = kept

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Subscript(
                value=ast.Attribute(attr="environ", value=ast.Name(id="os")), slice=ast.Constant(value=str(name))
            ) if name in self._kept:
                return ast.Constant(self._kept[name])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(attr="encode", value=ast.Constant(value=str(text))), args=[]):
                return ast.Constant(text.encode())
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        node.kind = None
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        self.generic_visit(node)
        parts: list[ast.expr] = []
        for each in node.values:
            part = each
            match each:
                case ast.FormattedValue(value=ast.Constant(value=str(text)), conversion=-1, format_spec=None):
                    part = ast.Constant(text)
            if parts and isinstance(part, ast.Constant) and isinstance(parts[-1], ast.Constant):
                parts[-1] = ast.Constant(parts[-1].value + part.value)
            else:
                parts.append(part)
        if all(isinstance(each, ast.Constant) for each in parts):
            return ast.Constant("".join(each.value for each in parts))
        return ast.JoinedStr(parts)


def _folded(tree: ast.Module, kept: Mapping[str, str]) -> str:
    return ast.dump(_Folded(kept).visit(tree))


def _cells(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.ipynb")):
        try:
            data = orjson.loads(path.read_bytes())
            for cell in data.get("cells", ()):
                if cell.get("cell_type") == "code":
                    yield "".join(cell["source"])
        except (ValueError, KeyError, TypeError, AttributeError):
            continue


def _parsed(source: str) -> CodeCell:
    return CodeCell(Fragment(source, Part.SOURCE, ("cells", 0, "source"), "python", 1))


def _literals(cell: CodeCell) -> list[tuple[int, int]]:
    tree = cell.tree
    if tree is None:
        return []
    inside = {id(each) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for each in ast.walk(node)}
    found = [
        cell.span(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant | ast.JoinedStr)
        and (isinstance(node, ast.JoinedStr) or isinstance(node.value, str | bytes))
        and (id(node) not in inside or isinstance(node, ast.JoinedStr))
    ]
    return [span for span in found if span[1] - span[0] > 1]


def _planted(source: str, span: tuple[int, int], secret: str, rng: random.Random) -> str | None:
    """The cell with a secret as the whole or as a part of a literal."""
    text = source[span[0] : span[1]]
    opening = re.match(r"([A-Za-z]{0,2})(\"\"\"|'''|\"|')", text)
    if opening is None or not text.endswith(opening[2]):
        return None
    body = text[opening.end() : len(text) - len(opening[2])]
    if rng.random() < 0.4:
        body = secret
    else:
        at = rng.randrange(len(body) + 1)
        body = f"{body[:at]} {secret} {body[at:]}"
    return source[: span[0]] + opening[0] + body + opening[2] + source[span[1] :]


def _mended(source: str) -> tuple[str, dict[str, str], list[str]]:
    made = as_notebook(source)
    examined = examine(from_mapping(made, "x"), Config(select=frozenset(("openai-api-key",))), b"k")
    assert examined.subject is not None
    result = plan(examined.hits, Context(examined.subject, Style.ENVIRON, Names({})))
    text = source
    for edit in sorted(result.edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        if not edit.text.strip().startswith(_PRELUDE):  # new lines change no other line
            text = text[: edit.start] + edit.text + text[edit.end :]
    return text, needed(result.fixes), [each.why for each in result.refusals]


def _tree(text: str) -> ast.Module | None:
    return _parsed(text).tree


def _main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=3, help="literals in each cell")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rng = random.Random(options.seed)
    counts: Counter[str] = Counter()
    for source in _cells(options.folder):
        if len(source) > 20_000 or "environ" in source or "getenv" in source:
            continue  # what is set for a variable of its own is put otherwise, on purpose
        literals = _literals(_parsed(source))
        for span in rng.sample(literals, min(options.each, len(literals))):
            outcome = _tried(source, span, rng)
            counts[outcome] += 1
            if outcome.isupper():
                print(f"{outcome}: {source[span[0] : span[1]][:150]}")
    for name, n in counts.most_common():
        print(f"{n:7,}  {name}")
    return int(any(name.isupper() for name in counts))


def _tried(source: str, span: tuple[int, int], rng: random.Random) -> str:
    secret = "".join(("sk-proj-", *rng.choices(_LETTERS, k=48), "T3BlbkFJ", *rng.choices(_LETTERS, k=48)))
    planted = _planted(source, span, secret, rng)
    before = None if planted is None else _tree(planted)
    if planted is None or before is None:
        return "not planted"
    text, kept, why = _mended(planted)
    if not kept:
        return f"left alone: {why[0] if why else 'not found'}"
    after = _tree(text)
    if secret in text:
        return "SECRET STILL THERE"
    if after is None:
        return "NO LONGER PARSES"
    if "<OPENAI_API_KEY" in text:
        return "taken out of a text"
    return "means the same" if _folded(before, kept) == _folded(after, kept) else "MEANS SOMETHING ELSE"


if __name__ == "__main__":
    sys.exit(_main())
