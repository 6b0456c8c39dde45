"""``print`` in an app: what it would write, shown."""

from __future__ import annotations

import ast

from stsec_magic.app.code import Code
from stsec_magic.app.inferred import kind_of
from stsec_magic.app.kind import CALLS, Kind
from stsec_magic.app.streamlit import ST

_NOT_IN_BRACES = (ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await, ast.GeneratorExp)


def translate(call: ast.Call, code: Code) -> None:
    """Put what shows a text in the place of ``print(...)``; one that writes to a file stays.

    Args:
        call: The call.
        code: The cell.
    """
    given = {each.arg: each.value for each in call.keywords}
    if None in given or ("file" in given and code.qualified(given["file"]) != "sys.stdout"):
        return
    sep = given.get("sep", ast.Constant(" "))
    if len(call.args) == 1 and not isinstance(call.args[0], ast.Starred):
        kind = kind_of(call.args[0], code)
        code.replace(call, f"{CALLS[kind if kind is Kind.DATAFRAME else Kind.TEXT]}({code.written(call.args[0])})")
    elif not call.args:
        code.replace(call, f'{ST}.text("")')
    else:
        joint = sep.value if isinstance(sep, ast.Constant) and isinstance(sep.value, str) else None
        text = None if joint is None else _in_one(call, joint, code)
        code.replace(call, f"{ST}.text({text or _joined(call, sep, code)})")


def _in_one(call: ast.Call, joint: str, code: Code) -> str | None:
    """The arguments as one f-string; None where they can't stand in one."""
    parts: list[str] = []
    for each in call.args:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            parts.append(_as_text(each.value))
            continue
        written = code.written(each)
        is_odd = isinstance(each, ast.Starred) or any(isinstance(node, _NOT_IN_BRACES) for node in ast.walk(each))
        # Before Python 3.12 an f-string's quotes may not stand inside of its braces, nor a backslash or a comment.
        if is_odd or any(sign in written for sign in '"\\\n\r#'):
            return None
        parts.append(f"{{{' ' if written.startswith('{') else ''}{written}{' ' if written.endswith('}') else ''}}}")
    text = _as_text(joint).join(parts)
    if "\n" in text or len(text) > 200:
        return None
    return f'f"{text}"' if "{" in text else f'"{text}"'


def _as_text(text: str) -> str:
    """A text as it stands in an f-string between double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("{", "{{").replace("}", "}}")
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in escaped)


def _joined(call: ast.Call, sep: ast.expr, code: Code) -> str:
    joint = '" "' if isinstance(sep, ast.Constant) and sep.value in (" ", None) else f"str({code.written(sep)})"
    if isinstance(sep, ast.Constant) and isinstance(sep.value, str) and sep.value != " ":
        joint = code.written(sep)
    return f"{joint}.join(map(str, ({', '.join(code.written(each) for each in call.args)},)))"
