"""The cells in which a secret may be shown, told by the names that may hold one; nothing is parsed for others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stsec_magic.model.location import Part
from stsec_magic.rules.base import Subject
from stsec_magic.rules.displayed.given import Given, Parameters, given
from stsec_magic.rules.displayed.secret_files import KEYWORDS as FILES
from stsec_magic.rules.displayed.sources import READERS, WORDS, is_credential
from stsec_magic.rules.secret_names import WORDS as SECRETIVE
from stsec_magic.source.names import Names

_ROUNDS = 3
"""A secret goes from name to name so often."""

# os.environ["KEY"] = value: nothing is read, and most notebooks read nothing.
_IS_WRITTEN = re.compile(r"environ[ \t]{0,5}(?:\[[^\]\n]{1,100}\][ \t]{0,20}=(?!=)|\.(?:update|setdefault)\()")
# From the sign of equality on: few characters begin it, while every word may be a name.
_LITERAL = re.compile(r"=[ \t]{0,20}[rRbBuU]?[\"']([^\"'\n]{4,400})[\"']")
_NAME = re.compile(r"([A-Za-z_]\w{1,60})[ \t]{0,40}\Z")
_REACH = 110
_SPELLINGS = {
    "usersecretsclient": "UserSecretsClient",
    "withdecryption": "get_parameter",
    "basesettings": "BaseSettings",
}
"""What stands in a value where a word stands in the code."""


class Where:
    """Where to look in one program.

    Attributes:
        numbers: The cells, by their numbers in the program.
        words: The identifiers that may stand for a secret there.
    """

    def __init__(self, subject: Subject, given: Iterable[str] = ()) -> None:
        """Take a notebook.

        Args:
            subject: The notebook.
            given: Variables that hold what a line of a shell shows.
        """
        self.numbers: list[int] = []
        self.words: set[str] = {*_sources(subject), *_literals(subject), *given}
        if self.words:
            self._spread(subject.names)

    def _spread(self, names: Names) -> None:
        """Add the names that are given what others stand for, as far as that goes."""
        rows: dict[int, list[Given]] = {}
        parameters = Parameters(names)
        for _ in range(_ROUNDS):
            self.numbers, known = names.cells_naming(self.words)
            for number in self.numbers:
                if number not in rows:
                    rows[number] = [*given(names.program.cells[number], parameters)]
            new = {name for number in self.numbers for held, to in rows[number] if held & known for name in to}
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
