"""The cells in which a secret may be shown, told by the names that may hold one; nothing is parsed for others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from stsec_magic.model.location import Part
from stsec_magic.rules.base import Subject
from stsec_magic.rules.displayed.lines import KEYWORDS as FILES
from stsec_magic.rules.displayed.sources import READERS, WORDS, is_credential
from stsec_magic.rules.displayed.values import names_in
from stsec_magic.rules.secret_names import WORDS as SECRETIVE
from stsec_magic.rules.secret_names import kind_of
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell

_ROUNDS = 3
"""A secret goes from name to name so often."""

# os.environ["KEY"] = value: nothing is read, and most notebooks read nothing.
_IS_WRITTEN = re.compile(r"environ[ \t]{0,5}(?:\[[^\]\n]{1,100}\][ \t]{0,20}=(?!=)|\.(?:update|setdefault)\()")
# From the sign of equality on: few characters begin it, while every word may be a name.
_LITERAL = re.compile(r"=[ \t]{0,20}[rRbBuU]?[\"']([^\"'\n]{4,400})[\"']")
_NAME = re.compile(r"([A-Za-z_]\w{1,60})[ \t]{0,40}\Z")
_REACH = 110
_Given = tuple[set[str], list[str]]
_SPELLINGS = {"usersecretsclient": "UserSecretsClient"}


class Where:
    """Where to look in one program.

    Attributes:
        numbers: The cells, by their numbers in the program.
        words: The identifiers that may stand for a secret there.
    """

    def __init__(self, subject: Subject) -> None:
        """Take a notebook.

        Args:
            subject: The notebook.
        """
        self.numbers: list[int] = []
        self.words: set[str] = {*_sources(subject), *_literals(subject)}
        if self.words:
            self._spread(subject.names)

    def _spread(self, names: Names) -> None:
        """Add the names that are given what others stand for, as far as that goes."""
        rows: dict[int, list[_Given]] = {}
        for _ in range(_ROUNDS):
            self.numbers, known = names.cells_naming(self.words)
            for number in self.numbers:
                if number not in rows:
                    rows[number] = [*_given(names.program.cells[number])]
            new = {name for number in self.numbers for given, to in rows[number] if given & known for name in to}
            self.words = known | new
            if new <= known:
                return
        self.numbers, self.words = names.cells_naming(self.words)


def _sources(subject: Subject) -> Iterator[str]:
    """The words that read secrets and stand in this notebook's code for more than being written to."""
    for word in WORDS & subject.code_words.keys():
        places = subject.code_words[word].items()
        if word != "environ" or any(not _IS_WRITTEN.match(each.text, at) for each, offsets in places for at in offsets):
            yield _SPELLINGS.get(word, word)
    if any(fragment.part is Part.SOURCE for fragment in subject.places(FILES)):
        yield from READERS


def _literals(subject: Subject) -> Iterator[str]:
    """Names that are given a literal credential."""
    # Where in the fragments the words stand doesn't matter, and putting that together costs more than all the rest.
    for fragment in dict.fromkeys(each for word in SECRETIVE for each in subject.words.get(word, ())):
        if fragment.part is Part.SOURCE and fragment.language != "text" and fragment.base is None:
            for match in _LITERAL.finditer(fragment.text):
                name = _NAME.search(fragment.text, max(0, match.start() - _REACH), match.start())
                if name is not None and is_credential(name[1], match[1]) is not None:
                    yield name[1]


def _given(cell: CodeCell) -> Iterator[_Given]:
    """What a cell assigns and returns: the names in a value, and those that it is given."""
    for node in cell.nodes_on(None):
        match node:
            case ast.Assign(value=value, targets=targets):
                yield {*names_in(value)}, [name for target in targets for name in _targets(target)]
            case ast.AnnAssign(value=ast.expr() as value, target=target) | ast.NamedExpr(value=value, target=target):
                yield {*names_in(value)}, [*_targets(target)]
            case ast.For(iter=value, target=target) | ast.comprehension(iter=value, target=target):
                yield {*names_in(value)}, [*_targets(target)]
            case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
                yield {*names_in(value)}, [name]
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                returned = (each.value for each in ast.walk(node) if isinstance(each, ast.Return))
                yield {found for value in returned if value is not None for found in names_in(value)}, [name]


def _targets(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str(name))) if kind_of(name) is not None and name.isidentifier():
            yield name
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for each in targets:
                yield from _targets(each)
