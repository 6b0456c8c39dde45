"""A secret in a shell line or an ``%env`` line: the shell reads the variable that the kernel hands on."""

from __future__ import annotations

import re

from stsec_magic.fix import in_text
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Edit, Fix, Need, Refusal, Style
from stsec_magic.fix.naming import suggested
from stsec_magic.model.hit import Hit
from stsec_magic.notebook.lines import line_end, line_start
from stsec_magic.source.program import CodeCell
from stsec_magic.source.regions import Region

_REACH = 4000
_SETTING = re.compile(
    r"[ \t]{0,40}%(?:env|set_env)[ \t]{1,20}(?P<name>[A-Za-z_]\w{0,99})(?:[ \t]{0,20}=|[ \t])[ \t]{0,20}"
    r"(?P<value>\S[^\n]{0,4000})"
)
_EXPANDED = re.compile(r"[${]")


def mend(hit: Hit, cell: CodeCell, region: Region, context: Context) -> Fix | Refusal:
    """Mend a place in a shell's text, or in a line of ``NAME=value``.

    Args:
        hit: What was found there.
        cell: The cell.
        region: The stretch, or the whole cell.
        context: The notebook.
    """
    text = cell.fragment.text
    line = line_start(text, hit.start, _REACH)
    setting = _SETTING.match(text, line, line_end(text, hit.end, _REACH))
    if setting is not None and cell.is_python:
        return _environment(hit, cell, setting, context)
    if region.lexed.language != "bash":
        return in_text.blanked(hit, context, is_safe=False)
    before = text[region.start : hit.start]
    if "<<" in before or context.style is Style.SECRETS:
        # A here-document may be taken literally, and st.secrets is no variable of a shell.
        return in_text.blanked(hit, context, is_safe=False)
    value = text[hit.start : hit.end]
    if "\\" in value:
        return Refusal(hit, "the shell reads the secret's signs otherwise than they stand there")
    name = context.names.of(value, suggested(hit))
    quote, following = _open_quote(before), text[hit.end : hit.end + 1]
    reading = _reading(name, quote, following, is_ipythons=_is_expanded_by_ipython(cell, region))
    start, end = hit.start, hit.end
    if quote == "'":
        # What would be an empty text between two quotes gives way, too.
        start, reading = (start - 1, reading[1:]) if text[start - 1] == "'" else (start, reading)
        end, reading = (end + 1, reading[:-1]) if following == "'" else (end, reading)
    edit = Edit(hit.fragment, start, end, reading)
    return Fix(hit, (edit,), needs=frozenset((Need.LOADER,)), name=name, value=value)


def _environment(hit: Hit, cell: CodeCell, setting: re.Match[str], context: Context) -> Fix | Refusal:
    """``%env K=v``: from now on the line loads what is kept."""
    value = setting["value"].rstrip()
    if _EXPANDED.search(value):
        return Refusal(hit, "IPython fills in parts of this line")
    name = context.names.of(value, suggested(hit, setting["name"]))
    start = setting.start() + len(setting[0]) - len(setting[0].lstrip())
    end = setting.end("value")
    if context.style is Style.ENVIRON and name == setting["name"]:
        edit = Edit(hit.fragment, start, end, f"%stsec env {name}")
        return Fix(hit, (edit,), needs=frozenset((Need.LOADER,)), name=name, value=value)
    # "%env K={...}" would print what it sets.
    needs = frozenset((Need.OS, *context.needs))
    if not all(context.is_usable(need, cell) for need in needs - {Need.LOADER}):
        return Refusal(hit, "'os' or 'st' means something else in this notebook")
    edit = Edit(hit.fragment, start, end, f'os.environ["{setting["name"]}"] = {context.reading(name)}')
    return Fix(hit, (edit,), needs=needs, name=name, value=value)


def _is_expanded_by_ipython(cell: CodeCell, region: Region) -> bool:
    return cell.is_python or cell.fragment.text[: region.start].rstrip(" \t").endswith("!")


def _open_quote(before: str) -> str:
    """The quote that a shell's text leaves open; empty for none."""
    quote, at = "", 0
    while at < len(before):
        character = before[at]
        if character == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        at += 1
    return quote


def _reading(name: str, quote: str, following: str, *, is_ipythons: bool) -> str:
    """A variable so that its value is one word, and ends where it ends."""
    # In a line that IPython hands to the shell one $ is IPython's own, and so are braces.
    variable = f"$${name}" if is_ipythons else f"${name}"
    if quote == "'":
        return f"'\"{variable}\"'"
    if not quote:
        return f'"{variable}"'
    if following.isalnum() or following in ("_", "."):
        return f'{variable}""' if is_ipythons else f"${{{name}}}"
    return variable
