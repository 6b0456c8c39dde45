"""persisted-cache: Streamlit keeps pickles on disk, and unpickles whatever it finds there.

**What it does**: finds ``persist="disk"`` and ``persist=True`` in ``st.cache_data(...)``, ``st.cache(...)``
and ``st.experimental_memo(...)``.

**Why is this bad**: the cache's files are pickles without a signature, in ``~/.streamlit/cache`` of the
server. Whoever can write there (a shared volume, an image, an upload that chooses its own path)
runs code in the app at the next hit.

**Use instead**: the cache in memory, which is the default, with ``ttl`` and ``max_entries``; or write
Parquet or JSON files yourself. If the cache must outlive the app, keep its folder writable by the
app's own user alone.
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
from stsec_magic.rules.streamlit_calls import MODULE, PICKLING, Caches, spelt
from stsec_magic.source.scopes import Use

RULE = Rule(
    id="persisted-cache",
    title="Persisted cache",
    group=Group.LOADS,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_KEYWORD = "persist"


class PersistedCache:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = ()
    code_words: Sequence[str] = (MODULE, _KEYWORD)
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find caches on disk."""
        # In {"persist": "disk"} the word stands in code as well.
        if MODULE not in subject.code_words or _KEYWORD not in subject.code_words:
            return
        caches = Caches(subject, PICKLING)
        for name, use in caches.calls():
            place = _persisted(use, caches)
            if place is not None:
                start, end = use.cell.span(place)
                yield Hit(
                    rule=RULE,
                    fragment=use.cell.fragment,
                    start=start,
                    end=end,
                    severity=RULE.severity,
                    confidence=RULE.confidence,
                    message=f"{spelt(name)} keeps pickles on disk and unpickles what it finds there, whoever wrote it; "
                    "leave persist out, or let nobody else write to the app's .streamlit/cache",
                )


def _persisted(use: Use, caches: Caches) -> ast.expr | None:
    """What says that a call's cache is kept on disk."""
    if not isinstance(use.node, ast.Call):
        return None
    for keyword in use.node.keywords:
        given = caches.functions.at(keyword.value, use)
        if keyword.arg == _KEYWORD and _is_disk(given, caches):
            return keyword.value
        if keyword.arg is None and any(_holds(each, caches) for each in caches.functions.values(given)):
            return use.node
    return None


def _is_disk(use: Use, caches: Caches) -> bool:
    return any(
        isinstance(each.node, ast.Constant) and (each.node.value is True or each.node.value == "disk")
        for each in caches.functions.values(use)
    )


def _holds(use: Use, caches: Caches) -> bool:
    """Whether options in a dict, ``**options``, hold the keyword."""
    pairs: list[tuple[object, ast.expr]] = []
    match use.node:
        case ast.Dict(keys=keys, values=values):
            pairs = [(k.value, v) for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant)]
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            pairs = [(k.arg, k.value) for k in keywords]
    return any(key == _KEYWORD and _is_disk(caches.functions.at(value, use), caches) for key, value in pairs)
