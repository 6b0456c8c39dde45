"""IPython's display objects, and what shows the same in an app."""

from __future__ import annotations

import ast

from stsec_magic.app.code import Code
from stsec_magic.app.streamlit import ST

_MODULES = ("IPython.display.", "IPython.core.display.", "IPython.lib.display.")

_CALLS = {
    "HTML": f"{ST}.html", "Markdown": f"{ST}.markdown", "Latex": f"{ST}.markdown", "Math": f"{ST}.latex",
    "Image": f"{ST}.image",
    "SVG": f"{ST}.image", "Audio": f"{ST}.audio", "Video": f"{ST}.video", "JSON": f"{ST}.json", "Pretty": f"{ST}.text",
    "Code": f"{ST}.code",
}  # fmt: skip
_DATA = ("data", "filename", "url")


def shown(node: ast.expr, code: Code) -> str | None:
    """The call that shows an object of IPython's.

    Args:
        node: An expression, such as ``HTML("<b>x</b>")``.
        code: The cell.

    Returns:
        Such as ``st.html("<b>x</b>")``; None for any other expression.
    """
    if not isinstance(node, ast.Call):
        return None
    name = code.qualified(node.func)
    module = next((each for each in _MODULES if name.startswith(each)), None)
    if module is None or any(isinstance(each, ast.Starred) for each in node.args):
        return None
    kind = name.removeprefix(module)
    given = {each.arg: code.written(each.value) for each in node.keywords if each.arg}
    data = next((given[key] for key in _DATA if key in given), None)
    first = code.written(node.args[0]) if node.args else data
    if first is None:
        return None
    return _special(kind, first, given, node, code) or (f"{_CALLS[kind]}({first})" if kind in _CALLS else None)


def _special(kind: str, first: str, given: dict[str, str], node: ast.Call, code: Code) -> str | None:
    if kind == "IFrame":
        height = given.get("height") or (code.written(node.args[2]) if len(node.args) > 2 else "400")
        return f"{ST}.iframe({first}, height={height})"
    if kind == "YouTubeVideo":
        return f'{ST}.video("https://www.youtube.com/watch?v=" + {first})'
    width = given.get("width", "")
    if kind == "Image" and width.isdecimal():
        return f"{ST}.image({first}, width={width})"
    if kind == "Audio" and "rate" in given:
        return f"{ST}.audio({first}, sample_rate={given['rate']})"
    return None
