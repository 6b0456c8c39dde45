"""displayed-secret: code that shows a secret when it runs.

**What it does**: finds code that puts a secret into the notebook's outputs, into the app's page or into a log:
``print(api_key)``, ``st.write(st.secrets)``, ``logger.info("key %s", token)``, ``raise ValueError(password)``,
a variable on the cell's last line, ``!env``, ``%env OPENAI_API_KEY``, ``!cat .env``, ``!gh auth token``. A secret is
what is read from ``os.environ``, ``st.secrets``, ``getpass``, Colab's or Kaggle's secrets, a .env file, a keyring, a
settings class of pydantic or a secret manager, what ``gcloud auth print-access-token`` and its like give, and a
literal credential under a name that says so. It is followed through names, other cells and the notebook's functions;
a copy in which it is masked shows nothing.

**Why is this bad**: the code keeps the secret out of the notebook, and its output puts it back: it is saved with
the file, committed, and rendered by every viewer. In an app every visitor reads it.

**Use instead**: show that it is set, ``print("OPENAI_API_KEY" in os.environ)``, or a few of its characters. Ask for
it by ``st.text_input(..., type="password")`` or ``getpass.getpass()``, and end a cell's last line with a semicolon.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from stsec_magic.model.hit import Clue, Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.rules import secret_names
from stsec_magic.rules.base import Subject
from stsec_magic.rules.displayed import lines
from stsec_magic.rules.displayed.calls import Displayed, Displays, Way
from stsec_magic.rules.displayed.lines import Line
from stsec_magic.rules.displayed.reads import Reads
from stsec_magic.rules.displayed.secret_files import shown_file
from stsec_magic.rules.displayed.sources import WORDS, Read, is_credential
from stsec_magic.rules.displayed.values import mentions
from stsec_magic.rules.displayed.where import Where
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.streamlit_calls import MODULE
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Use

RULE = Rule(
    id="displayed-secret",
    title="Displayed secret",
    group=Group.CREDENTIALS,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_NAME = re.compile(r"[A-Za-z_][\w.\-]{0,59}(?:\(\))?")
_ALL = {
    Way.LOG: "{label} writes all values of {name} to the log; leave them out",
    Way.ERROR: "{label}'s text holds all values of {name}; leave them out",
}
_ONE = {
    Way.LOG: "{label} writes the value of {name} to the log; leave it out",
    Way.ERROR: "{label}'s text holds the value of {name}, and every traceback shows it; leave it out",
    Way.INPUT: '{label} shows the value of {name}; give type="password" and no value',
    Way.LAST: "{label} shows the value of {name}, its last expression; take it out, or end it with a semicolon",
    Way.ALONE: "{label} shows the value of {name}, which stands on a line of its own; take it out",
}
_WHOLE = "{label} shows all values of {name}; show their names alone"
_SHOWN = "{label} shows the value of {name}; show only that it is set: bool(...)"
_LESS_SURE = frozenset((Way.LOG, Way.ERROR, Way.ALONE))


class DisplayedSecret:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = (*secret_names.WORDS, *lines.KEYWORDS)
    code_words: Sequence[str] = sorted({*WORDS, MODULE, *lines.CODE_WORDS})
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({**secret_names.FOLLOWED_BY, **lines.FOLLOWED_BY})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find what shows secrets."""
        reads = Reads(subject.names)
        yield from _in_lines(subject, reads)
        where = Where(subject, reads.given)
        if not where.numbers:
            return
        displays = Displays(subject.names, has_streamlit=MODULE in subject.code_words)
        for number in (each for each in where.numbers if each >= subject.names.first):
            for displayed in displays.of(number):
                if mentions(displayed.use.node, where.words) and not _is_told(displayed):
                    read = reads.shown(displayed.use, names_alone=displayed.names_alone)
                    if read is not None:
                        yield _hit(displayed, read)


def _in_lines(subject: Subject, reads: Reads) -> Iterator[Hit]:
    """What shells and magics show."""
    places = subject.code_places(lines.CODE_WORDS) | subject.places(lines.KEYWORDS)
    for fragment in places:
        cell = subject.program.cell_of(fragment)
        if cell is not None:
            for line in lines.lines(cell):
                if line.given_to:
                    reads.give(line, _use_of(line, cell, subject))
                    continue
                hit = _of_line(line, cell, subject, reads)
                if hit is not None:
                    yield hit


def _of_line(line: Line, cell: CodeCell, subject: Subject, reads: Reads) -> Hit | None:
    confidence, name = line.confidence, line.name
    if line.is_python:
        read = reads.shown(_use_of(line, cell, subject))
        if read is None:
            return None
        confidence, name = read.confidence, read.name
    return Hit(
        rule=RULE,
        fragment=cell.fragment,
        start=line.start,
        end=line.end,
        severity=RULE.severity,
        confidence=confidence,
        message=_said(line, name),
    )


def _use_of(line: Line, cell: CodeCell, subject: Subject) -> Use:
    """A line's variable as an expression, where the line stands."""
    number = cell.line_of(line.start)
    text = cell.fragment.text
    column = len(text[text.rfind("\n", 0, line.start) + 1 : line.start].encode())
    node = ast.Name(line.given_to or line.name, ast.Load(), lineno=number, col_offset=column)
    node.end_lineno, node.end_col_offset = number, column + 1
    return Use(node, subject.names.module, cell, (subject.program.cells.index(cell), number, 0))


def _said(line: Line, name: str) -> str:
    if line.is_printed:
        return f"{line.label} prints {name}; assign the result to a variable instead"
    if line.is_file:
        file = shown_file(name)
        return f"{line.label} shows the secrets in {file}; look at it outside of the notebook"
    if not name:
        some = " but those named key, token or secret" if line.label == "%env" else ""
        return f"{line.label} shows all environment variables{some}; show which are there: sorted(os.environ)"
    if line.is_set:
        return (
            f"{line.label} prints the value that it sets, of {_shown(name)}; use os.environ[...] = ..., which doesn't"
        )
    return _SHOWN.format(label=line.label, name=_shown(name))


def _is_told(displayed: Displayed) -> bool:
    """``os.getenv("KEY", "...")`` alone: what is shown stands in the code, of which another rule tells."""
    match displayed.use.node:
        case ast.Call(args=[ast.Constant(value=str(name)), ast.Constant(value=str(text))]):
            return displayed.way is Way.LAST and is_credential(name, text) is not None
    return False


def _hit(displayed: Displayed, read: Read) -> Hit:
    cell = displayed.use.cell
    start, end = cell.span(displayed.use.node)
    confidence = read.confidence
    if displayed.way in _LESS_SURE and confidence is Confidence.HIGH:
        confidence = Confidence.MEDIUM
    texts = _ALL if read.is_all else _ONE
    text = texts.get(displayed.way, _WHOLE if read.is_all else _SHOWN)
    at = read.use.cell.span(read.use.node)[0]
    is_near = read.use.cell is cell and cell.line_of(at) == cell.line_of(start)
    return Hit(
        rule=RULE,
        fragment=cell.fragment,
        start=start,
        end=end,
        severity=RULE.severity,
        confidence=confidence,
        message=text.format(label=displayed.label, name=read.name if read.is_all else _shown(read.name)),
        clues=() if is_near else (Clue(read.use.cell.fragment, at, "read here"),),
    )


def _shown(name: str) -> str:
    """A name in quotes; people also write the secret itself where its name belongs."""
    return repr(name) if _NAME.fullmatch(name) and not is_random(name, 16) else "a secret"
