"""What shows a value: print and its like, Streamlit's elements, loggers, errors, expressions on lines of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from stsec_magic.rules.displayed.lines import is_captured
from stsec_magic.rules.streamlit_calls import MODULE
from stsec_magic.source.flow import Flow
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Use

_LEVELS = frozenset("debug info warning warn error critical exception fatal log success trace msg".split())
_ELEMENTS = frozenset(
    "write text code markdown json success error warning info title header subheader caption toast metric dataframe "
    "table exception write_stream html latex badge text_input text_area expander button checkbox data_editor spinner "
    "progress status link_button image selectbox radio multiselect pills segmented_control select_slider".split()
)
_CHOICES = frozenset("selectbox radio multiselect pills segmented_control select_slider".split())
"""Elements that show the names of what they are given, where it has names."""

_INPUTS = frozenset(("text_input", "text_area"))
_PRINTING = frozenset(
    "print builtins.print display IPython.display.display IPython.core.display.display pprint.pprint pprint.pp "
    "rich.print rich.pretty.pprint sys.stdout.write sys.stderr.write sys.stdout.writelines sys.exit click.echo "
    "click.secho warnings.warn typer.echo typer.secho tqdm.write tqdm.tqdm.write tqdm.auto.tqdm.write".split()
)
_LOGGERS = frozenset(
    "logging.getLogger structlog.get_logger structlog.getLogger structlog.stdlib.get_logger loguru.logger.bind "
    "loguru.logger.opt absl.logging logging.Logger".split()
)
_LOG_MODULES = ("logging", "loguru.logger", "absl.logging")
_LOG_NAMES = frozenset("logger log logging _logger _log LOGGER LOG".split())
_CONSOLES = {"rich.console.Console": ("print", "log"), "pprint.PrettyPrinter": ("pprint",)}
_SCREENS = frozenset(("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"))

# What these are given says how to show, not what.
_ASIDE = frozenset(
    "sep end flush file key type format icon language on_click on_change args kwargs exc_info stack_info extra "
    "stacklevel category err nl fg bg style width height".split()
)
# Below another %% line than these nothing of the last expression's value is shown.
_SHOWS_LAST = re.compile(r"\s{0,200}(?!%%)|\s{0,200}%%(?:time|capture)\b")
_SILENCED = re.compile(r"[ \t)]{0,20};")


class Way(Enum):
    """How a value comes to be read by others.

    Attributes:
        PRINT: A call that prints or draws it.
        INPUT: A field of a form that it stands in.
        LOG: A line of a log.
        ERROR: An error's text.
        LAST: A cell's last expression.
        ALONE: An expression on a line of its own, which Streamlit writes into the page.
    """

    PRINT = "print"
    INPUT = "input"
    LOG = "log"
    ERROR = "error"
    LAST = "last"
    ALONE = "alone"


@dataclass(frozen=True, slots=True, eq=False)
class Displayed:
    """An expression whose value is shown.

    Attributes:
        way: How.
        label: What shows it, as everybody writes it: ``st.write``.
        use: The expression.
        names_alone: Whether of a mapping the names are shown, and not the values.
    """

    way: Way
    label: str
    use: Use
    names_alone: bool = False


class Displays:
    """Finds what the cells of a program show."""

    def __init__(self, names: Names, *, has_streamlit: bool) -> None:
        """Take a program's names.

        Args:
            names: The names.
            has_streamlit: Whether the program is made to be an app.
        """
        self._names = names
        self._flow = Flow(names)
        self._has_streamlit = has_streamlit

    def of(self, number: int) -> Iterator[Displayed]:
        """All expressions that the cell of a number shows.

        Args:
            number: The cell's number in the program.
        """
        cell = self._names.program.cells[number]
        if is_captured(cell.fragment.text):
            return
        raised = {id(node.exc) for node in cell.nodes_on(None) if isinstance(node, ast.Raise)}
        for use in self._names.calls(number):
            if isinstance(use.node, ast.Call):
                yield from self._call(use, use.node, is_raised=id(use.node) in raised)
        yield from self._asserted(cell, number)
        yield from self._alone(cell, number)

    def _asserted(self, cell: CodeCell, number: int) -> Iterator[Displayed]:
        """``assert key.startswith("sk-"), f"bad key {key}"``."""
        for node in cell.nodes_on(None):
            # Where the message is what is tested, it is shown if there is none.
            if isinstance(node, ast.Assert) and node.msg is not None and ast.dump(node.msg) != ast.dump(node.test):
                order = (number, node.msg.lineno, node.msg.col_offset)
                yield Displayed(Way.ERROR, "the error", Use(node.msg, self._names.module, cell, order))

    def _call(self, use: Use, call: ast.Call, *, is_raised: bool) -> Iterator[Displayed]:
        found = (Way.ERROR, "the error") if is_raised else self._way(use, call)
        if found is None:
            return
        way, label = found
        for argument in (*call.args, *(each.value for each in call.keywords if each.arg not in _ASIDE)):
            yield Displayed(way, label, use.at(argument), label.removeprefix("st.") in _CHOICES)

    def _way(self, use: Use, call: ast.Call) -> tuple[Way, str] | None:
        if not isinstance(call.func, ast.Name | ast.Attribute):
            return None
        last = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
        if last not in _LASTS and isinstance(call.func, ast.Attribute):
            return None
        qualified = self._names.qualified(call.func, use.scope, use.order)
        for name in () if qualified is None else self._names.candidates(qualified):
            if name in _PRINTING:
                return None if self._goes_elsewhere(call, use) else (Way.PRINT, name.removeprefix("IPython.display."))
            if name.startswith(f"{MODULE}.") and last in _ELEMENTS:
                return _element(last, call)
        return self._method(call.func, last, call, use, qualified)

    def _method(
        self, func: ast.expr, last: str, call: ast.Call, use: Use, qualified: str | None
    ) -> tuple[Way, str] | None:
        """The same for methods of objects: a logger, a console, a column of a page."""
        if not isinstance(func, ast.Attribute):
            return None
        if last in _LEVELS:
            module = (qualified or "").rpartition(".")[0]
            if module in _LOG_MODULES or _last_word(func.value) in _LOG_NAMES:
                return Way.LOG, f"{_last_word(func.value)}.{last}"
        receiver = func.value
        while isinstance(receiver, ast.Subscript):
            receiver = receiver.value  # st.columns(3)[0]
        made_by = self._flow.constructor(receiver, use.scope, use.order) or ""
        if last == "update" and made_by == f"{MODULE}.status":
            return Way.PRINT, "st.status"
        if last in _LEVELS and made_by in _LOGGERS:
            return Way.LOG, f"{_last_word(func.value) or 'logger'}.{last}"
        if last in _CONSOLES.get(made_by, ()):
            return Way.PRINT, f"{_last_word(func.value) or 'console'}.{last}"
        if last in _ELEMENTS and made_by.startswith(f"{MODULE}."):
            return _element(last, call)
        return None

    def _goes_elsewhere(self, call: ast.Call, use: Use) -> bool:
        """``print(..., file=f)``: written into a file, not shown."""
        given = next((each.value for each in call.keywords if each.arg == "file"), None)
        return given is not None and self._names.qualified(given, use.scope, use.order) not in _SCREENS

    def _alone(self, cell: CodeCell, number: int) -> Iterator[Displayed]:
        """Expressions whose values IPython or Streamlit show without being asked to."""
        tree = cell.tree
        if tree is None or not tree.body:
            return
        text = cell.fragment.text
        is_file = any(each.kind == "write" for each in cell.resolved.references)
        last = None if is_file or not _SHOWS_LAST.match(text) else tree.body[-1]
        nodes = cell.nodes_on(None) if self._has_streamlit else [] if last is None else [last]
        for node in nodes:
            if not isinstance(node, ast.Expr) or _SILENCED.match(text, cell.span(node)[1]):
                continue
            use = Use(node.value, self._names.module, cell, (number, node.lineno, node.col_offset))
            if node is last:
                yield Displayed(Way.LAST, "the cell", use)
            elif not isinstance(node.value, ast.Call | ast.Await):
                yield Displayed(Way.ALONE, "Streamlit", use)


_LASTS = _LEVELS | _ELEMENTS | {name.rpartition(".")[2] for name in _PRINTING} | {"warn", "print", "update"}
"""The last parts of all that shows something."""


def _element(last: str, call: ast.Call) -> tuple[Way, str] | None:
    if last not in _INPUTS:
        return Way.PRINT, f"st.{last}"
    for keyword in call.keywords:
        if keyword.arg == "type" and isinstance(keyword.value, ast.Constant) and keyword.value.value == "password":
            return None
    return Way.INPUT, f"st.{last}"


def _last_word(node: ast.expr) -> str:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word):
            return word
    return ""
