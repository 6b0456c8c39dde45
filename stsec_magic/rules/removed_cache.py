"""removed-cache: a cache that Streamlit has taken away.

**What it does**: finds ``st.cache`` (gone since Streamlit 1.62), ``st.experimental_memo`` and
``st.experimental_singleton`` (gone since 1.37), as decorators and as calls, and says which successor
fits what the function returns.

**Why is this bad**: the app stops at that line with an AttributeError. On the old Streamlit that still
has it, ``st.cache`` hashes and pickles objects that were never meant for it.

**Use instead**: ``@st.cache_resource`` for a model, a connection, a client: it keeps the object itself.
``@st.cache_data`` for a table, a dict, a text, numbers: everybody gets a copy, by pickle.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.rules.base import Subject
from stsec_magic.rules.functions import Function
from stsec_magic.rules.load_calls import Loads
from stsec_magic.rules.returned import Kind, Returned
from stsec_magic.rules.streamlit_calls import MODULE, REMOVED, Caches, spelt
from stsec_magic.source.scopes import Use

RULE = Rule(
    id="removed-cache",
    title="Removed cache",
    group=Group.LOADS,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_SUCCESSORS = {
    Kind.RESOURCE: ("cache_resource", "use st.cache_resource, which keeps the object and never pickles it"),
    Kind.DATA: ("cache_data", "use st.cache_data, which gives everybody a copy of the data"),
}
_EITHER = "use st.cache_resource for a model or a connection, st.cache_data for data"
_LIKE = {"experimental_memo": Kind.DATA, "experimental_singleton": Kind.RESOURCE}
"""What the experimental ones were renamed to."""


class RemovedCache:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = ()
    code_words: Sequence[str] = (MODULE,)
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find caches that are gone."""
        if MODULE not in subject.code_words:
            return
        caches = Caches(subject, REMOVED)
        if not caches.numbers:
            return
        returned = Returned(caches.names, caches.functions, Loads(subject))
        for place in _places(caches):
            if not place.has_successor(caches):
                yield place.hit(returned)


class _Place:
    """An expression that names a removed cache, and what it is put upon."""

    def __init__(self, name: str, use: Use) -> None:
        self.name = name
        self.use = use
        self.functions: list[Function] = []
        self.call: ast.Call | None = None

    def has_successor(self, caches: Caches) -> bool:
        """Whether its name is also given to what came after it, in a version that has no such cache."""
        node, scope = self.use.node, self.use.scope
        if not isinstance(node, ast.Name):
            return False
        rows = caches.names.rows(scope, node.id) or caches.names.rows(caches.names.module, node.id)
        return any(
            name in ("streamlit.cache_data", "streamlit.cache_resource")
            for row in rows
            for name in [row.imported or (row.value and caches.names.qualified(row.value, scope, row.order))]
        )

    def hit(self, returned: Returned) -> Hit:
        kind = self._kind(returned)
        successor, instead = ("", _EITHER) if kind is None else _SUCCESSORS[kind]
        start, end = self.use.cell.span(self.use.node)
        return Hit(
            rule=RULE,
            fragment=self.use.cell.fragment,
            start=start,
            end=end,
            severity=RULE.severity,
            confidence=RULE.confidence,
            message=f"{spelt(self.name)} is gone since Streamlit {REMOVED[self.name]}; {instead}",
            properties={"successor": successor} if successor else {},
        )

    def _kind(self, returned: Returned) -> Kind | None:
        kinds = {returned.kind(function) for function in self.functions}
        if len(kinds) == 1 and None not in kinds:
            return kinds.pop()
        if len(kinds - {None}) > 1:
            return None
        if self.name in _LIKE:
            return Kind.RESOURCE if Kind.RESOURCE in kinds else _LIKE[self.name]
        # As Streamlit 1.36 itself did, in which st.cache was a name for one or the other.
        if self._is_set("persist"):
            return Kind.DATA
        return Kind.RESOURCE if self._is_set("allow_output_mutation") else None

    def _is_set(self, keyword: str) -> bool:
        keywords = [] if self.call is None else self.call.keywords
        return any(
            each.arg == keyword and isinstance(each.value, ast.Constant) and bool(each.value.value) for each in keywords
        )


def _places(caches: Caches) -> Iterator[_Place]:
    found: dict[int, _Place] = {}
    for cached in caches:
        place = found.setdefault(id(cached.named.node), _Place(cached.name, cached.named))
        if cached.function is not None:
            place.functions.append(cached.function)
    for name, use in caches.calls():
        if isinstance(use.node, ast.Call):
            named = use.node.func if caches.named(use.node.func, use) else use.node.args[0]
            place = found.setdefault(id(named), _Place(name, caches.functions.at(named, use)))
            place.call = use.node
    yield from found.values()
