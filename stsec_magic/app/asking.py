"""``input()`` and ``getpass()`` as widgets: the app waits for an answer as the notebook did."""

from __future__ import annotations

import ast
from itertools import count

from stsec_magic.app.code import Code
from stsec_magic.app.dropping import shares_line
from stsec_magic.app.streamlit import ST

QUESTIONS = frozenset(("input", "getpass.getpass"))

_NUMBERS = {"int": "step=1", "float": 'format="%g"'}


def asking_again(call: ast.Call, code: Code) -> ast.stmt | None:
    """The statement of the cell that asks again and again, which no widget can.

    Args:
        call: Any call.
        code: The cell.
    """
    if code.qualified(call.func) not in QUESTIONS or not code.is_in_loop(call):
        return None
    code.note("a statement that asks in a loop was left out: a widget asks once")
    return [each for each in code.above(call) if isinstance(each, ast.stmt)][-1]


def translate(call: ast.Call, code: Code, *, is_password: bool = False) -> None:
    """Put a widget in the place of a question.

    Args:
        call: ``input(...)`` or ``getpass(...)``.
        code: The cell.
        is_password: Whether the answer is not to be seen.
    """
    whole, number = _number(call, code)
    label = _label(call, code)
    widget = _widget(label, number, is_password, code)
    statement = next(each for each in code.above(call) if isinstance(each, ast.stmt))
    if statement not in code.tree.body or code.is_in_function(call) or shares_line(statement, code):
        code.replace(whole, widget)
        code.note("a question inside of a function or a block became a widget, which doesn't wait for its answer")
        return
    start, end = code.span(statement)
    target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
    if isinstance(target, ast.Name) and statement.value is whole:  # type: ignore[attr-defined]
        code.replace(whole, widget)
        code.edits.insert(end, "\n" + _waiting(target.id, number))
        return
    name = next(
        each for each in map(_numbered, count(1)) if not code.names.binds(each) and each not in code.wanted.keys
    )
    code.wanted.keys.add(name)
    code.replace(whole, name)
    code.edits.insert(start, f"{name} = {widget}\n{_waiting(name, number)}\n")


def _numbered(n: int) -> str:
    return "answer" if n == 1 else f"answer_{n}"


def _number(call: ast.Call, code: Code) -> tuple[ast.Call, str]:
    """``int(input())`` as a whole, and what the widget must be told of it."""
    outer = code.parents.get(id(call))
    match outer:
        case ast.Call(func=ast.Name(id="int" | "float" as name), args=[only], keywords=[]) if only is call:
            return outer, _NUMBERS[name]
    return call, ""


def _label(call: ast.Call, code: Code) -> str:
    given = call.args[0] if call.args else next((each.value for each in call.keywords if each.arg == "prompt"), None)
    if given is None:
        return '"Answer"'
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return code.written(given) if given.value.strip() else '"Answer"'
    return code.written(given)


def _widget(label: str, number: str, is_password: bool, code: Code) -> str:
    options = ["value=None", number] if number else ['type="password"'] if is_password else []
    if label in code.wanted.keys:
        options.append(f'key="cell {code.number}, {sum(key == label for key in code.wanted.keys) + 1}"')
    code.wanted.keys.add(label)
    return f"{ST}.{'number_input' if number else 'text_input'}({', '.join([label, *options])})"


def _waiting(name: str, number: str) -> str:
    return f"if {f'{name} is None' if number else f'not {name}'}:\n    {ST}.stop()"
