"""Secrets that a known client takes by their place in the call: ``login(user, "...")``, ``OAuthHandler("...", "...")``.

The value is followed to where it is written, through names, dicts and other cells.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from stsec_magic.model.hit import Clue, Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Rule
from stsec_magic.model.secret import Secret
from stsec_magic.rules import plausible
from stsec_magic.rules.base import Subject
from stsec_magic.rules.clients import AUTH, BY_CLASS, CLIENTS, FUNCTIONS, WORDS, Client
from stsec_magic.rules.hardcoded_secret import RULE
from stsec_magic.rules.secret_names import NameKind
from stsec_magic.rules.words import WEAK_PASSWORDS
from stsec_magic.source.flow import Flow, Written
from stsec_magic.source.names import Names
from stsec_magic.source.scopes import Use, may_name

_STRENGTH = 12
_IS_PAIR = re.compile(rb"[ ]{0,3}=[ ]{0,3}\(")
_MESSAGES = {
    NameKind.PASSWORD: "a literal password, given to {}; read it from os.environ or st.secrets",
    NameKind.SECRET: "a literal key, given to {}; read it from os.environ or st.secrets",
}


class ClientArgument:
    """The check for arguments of known clients; its hits are of the rule hardcoded-secret."""

    rules: Sequence[Rule] = ()
    keywords: Sequence[str] = ()
    code_words: Sequence[str] = sorted(WORDS | AUTH)
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType(dict.fromkeys(AUTH, _IS_PAIR))

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find literals in the arguments of clients."""
        functions = _functions(subject)
        if not functions:
            return
        names = subject.names
        flow = Flow(names)
        numbers, words = names.cells_naming(functions)
        for number in (each for each in numbers if each >= names.first):
            for use in names.calls(number):
                if isinstance(use.node, ast.Call):
                    yield from _pair(use, use.node, flow)
                    if may_name(use.node.func, words):
                        yield from _arguments(use, use.node, names, flow)


def _functions(subject: Subject) -> set[str]:
    """The last parts of the clients that the code may call; empty for most notebooks."""
    spoken = subject.code_words.keys()
    found = {function for library, functions in FUNCTIONS.items() if library in spoken for function in functions}
    found |= {name for name in BY_CLASS if name.lower() in spoken}
    found |= AUTH & spoken
    return found


def _arguments(use: Use, call: ast.Call, names: Names, flow: Flow) -> Iterator[Hit]:
    client = _client(use, call, names, flow)
    if client is None:
        return
    for position, called in client.arguments.items():
        if position < len(call.args) and not any(isinstance(each, ast.Starred) for each in call.args[: position + 1]):
            for written in flow.written(called, call.args[position], use.cell, use.scope, use.order):
                yield from _hit(written, client.kind, client.name, use, call)


def _client(use: Use, call: ast.Call, names: Names, flow: Flow) -> Client | None:
    qualified = names.qualified(call.func, use.scope, use.order)
    if qualified is not None:
        for name in names.candidates(qualified):
            if name in CLIENTS:
                return CLIENTS[name]
        if "." not in qualified and not names.binds(qualified):
            return BY_CLASS.get(qualified)
    if isinstance(call.func, ast.Attribute):
        made_by = flow.constructor(call.func.value, use.scope, use.order)
        return None if made_by is None else CLIENTS.get(f"{made_by}().{call.func.attr}")
    return None


def _pair(use: Use, call: ast.Call, flow: Flow) -> Iterator[Hit]:
    """``requests.get(url, auth=("user", "..."))``."""
    for keyword in call.keywords:
        match keyword:
            case ast.keyword(arg=str(name), value=ast.Tuple(elts=[_, password])) if name in AUTH:
                for written in flow.written("password", password, use.cell, use.scope, use.order):
                    yield from _hit(written, NameKind.PASSWORD, f"{name}=", use, call)


def _hit(written: Written, kind: NameKind, where: str, use: Use, call: ast.Call) -> Iterator[Hit]:
    value, cell = written.value, written.cell
    if kind is NameKind.SECRET:
        sure, weak = plausible.is_token(value.value), False
    else:
        # "changeme" is a bad password, and one all the same where it opens something.
        sure = plausible.is_password(value.value)
        weak = not sure and value.value.lower() in WEAK_PASSWORDS and not plausible.is_template(value.value)
    if not sure and not weak:
        return
    start, end = use.cell.span(call)
    near = cell is use.cell and start <= value.start < end
    yield Hit(
        rule=RULE,
        fragment=cell.fragment,
        start=value.start,
        end=value.end,
        severity=Severity.LOW if weak or plausible.is_public(value.value) else Severity.HIGH,
        confidence=Confidence.MEDIUM if weak else Confidence.HIGH,
        message=_MESSAGES[kind].format(where.replace("()", "")),
        secret=Secret(value.value),
        strength=_STRENGTH,
        name=value.name,
        clues=() if near else (Clue(use.cell.fragment, start, "used here"),),
    )
