"""A secret in a shell line or an ``%env`` line: the shell reads the variable that the kernel hands on."""

from __future__ import annotations

import re

from stsec_magic.fix import in_text
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Edit, Fix, Need, Refusal, Style
from stsec_magic.fix.naming import suggested
from stsec_magic.model.hit import Hit
from stsec_magic.notebook.lines import line_end, line_start
from stsec_magic.source.dollars import filled_in
from stsec_magic.source.program import CodeCell
from stsec_magic.source.regions import Region

_REACH = 4000
_SETTING = re.compile(
    r"[ \t]{0,40}%(?:env|set_env)[ \t]{1,20}(?P<name>[A-Za-z_]\w{0,99})(?:[ \t]{0,20}=|[ \t])[ \t]{0,20}"
    r"(?P<value>\S[^\n]{0,4000})"
)
_EXPANDED = re.compile(r"[${]")
_EXPANDING = re.compile(r"\s{0,200}%%(?:sx|system|!)")
_SPECIAL = re.compile(r"[$`]")


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
    # What stands in a cell magic's own line is IPython's to read, and no shell's.
    if region.lexed.language != "bash" or text.startswith("%%", line):
        return in_text.blanked(hit, context, is_safe=False)
    if text.find("<<", region.start, hit.start) >= 0 or context.style is Style.SECRETS:
        # A here-document may be taken literally, and st.secrets is no variable of a shell.
        return in_text.blanked(hit, context, is_safe=False)
    shell = context.shell(cell.fragment, region)
    value, quote = text[hit.start : hit.end], shell.quote_at(hit.start)
    if "\\" in value or quote in ("$'", "$(") or (quote != "'" and _SPECIAL.search(value)):
        return Refusal(hit, "the shell reads the secret's signs otherwise than they stand there")
    suggestion = suggested(hit)
    if shell.sets_otherwise(suggestion, hit.start):
        suggestion = f"{suggestion}_VALUE"
    return _read(hit, cell, region, context, context.name(value, suggestion), quote)


def _read(hit: Hit, cell: CodeCell, region: Region, context: Context, name: str, quote: str) -> Fix | Refusal:
    """The variable in the secret's place, written so that it arrives at the shell."""
    value = hit.fragment.text[hit.start : hit.end]
    is_ipythons = _is_expanded_by_ipython(cell, region)
    # Where no cell before it can load the secret, whoever starts the kernel has to.
    is_set = context.shell(cell.fragment, region).sets_otherwise(name, hit.start)
    is_safe = context.host(cell) is not None and not is_set
    for variable in (f"$${name}", f"${name}") if is_ipythons else (f"${name}",):
        edit = _edit(hit, variable, quote)
        told = _arrives(name, edit, cell, region, context) if is_ipythons else True
        if told is not False:
            is_safe = is_safe and told is True
            return Fix(hit, (edit,), needs=frozenset((Need.LOADER,)), name=name, value=value, is_safe=is_safe)
    return Refusal(hit, "IPython fills in parts of this line")


def _edit(hit: Hit, variable: str, quote: str) -> Edit:
    """The variable in the secret's place, as one word that ends where the secret did."""
    text, start, end = hit.fragment.text, hit.start, hit.end
    following = text[end : end + 1]
    reading = f'"{variable}"'
    if quote == '"':
        # Without the empty text IPython, and without braces the shell, would take what follows for a part of the name.
        is_part = following.isalnum() or following in ("_", ".", "{", "$")
        apart = f'{variable}""' if variable.startswith("$$") else f"${{{variable[1:]}}}"
        reading = apart if is_part else variable
    elif quote == "'":
        # What would be an empty text between two quotes gives way, too.
        is_first, is_last = text[start - 1] == "'", following == "'"
        start, end = start - is_first, end + is_last
        reading = ("" if is_first else "'") + reading + ("" if is_last else "'")
    return Edit(hit.fragment, start, end, reading)


def _arrives(name: str, edit: Edit, cell: CodeCell, region: Region, context: Context) -> bool | None:
    """Whether the shell gets one variable more than it did; None where nobody can tell."""
    text = cell.fragment.text

    def counted(line: str) -> int | None:
        told = filled_in(line, lambda each: context.has(each, cell, region.start))
        return None if told is None else len(re.findall(rf"(?<![$\\])\$(?:{name}(?![\w.])|{{{name}}})", told))

    line = text[region.start : region.end]
    start, end = edit.start - region.start, edit.end - region.start
    before, after = counted(line), counted(line[:start] + edit.text + line[end:])
    return None if before is None or after is None else after == before + 1


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
    if not all(context.modules.is_usable(need, cell) for need in needs - {Need.LOADER}):
        return Refusal(hit, "'os' or 'st' means something else in this notebook")
    edit = Edit(hit.fragment, start, end, f'os.environ["{setting["name"]}"] = {context.reading(name)}')
    return Fix(hit, (edit,), needs=needs, name=name, value=value)


def _is_expanded_by_ipython(cell: CodeCell, region: Region) -> bool:
    text = cell.fragment.text
    return cell.is_python or text[: region.start].rstrip(" \t").endswith("!") or _EXPANDING.match(text) is not None
