"""session-state-load: an unpickled object, or one that can't be pickled, goes into ``st.session_state``.

**What it does**: finds values that are put into ``st.session_state`` (by attribute, by key, by ``update`` or
``setdefault``) and come out of a load that unpickles. Where ``.streamlit/config.toml`` sets
``runner.enforceSerializableSessionState`` it also finds what can't be pickled: a lambda, a generator,
an open file, a lock, a database connection.

**Why is this bad**: the object lives on in the session with whatever code its pickle brought along. With
the setting, Streamlit pickles every value, and the app stops at one that can't be.

**Use instead**: a function under ``@st.cache_resource`` for models and connections, which are never
pickled and are shared by all sessions; plain data in the session's state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from stsec_magic.model.hit import Clue, Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.project.streamlit_config import enforces_serializable_state
from stsec_magic.rules.base import Subject
from stsec_magic.rules.load_calls import Load, Loads
from stsec_magic.rules.origin_severity import clues_of, described, severity_of
from stsec_magic.rules.session_values import SessionValues, inside
from stsec_magic.rules.streamlit_calls import ALL, MODULE, Caches
from stsec_magic.rules.unpicklable import unpicklable
from stsec_magic.source.origin import Origins
from stsec_magic.source.provenance import Source
from stsec_magic.source.scopes import Use

RULE = Rule(
    id="session-state-load",
    title="Load in session state",
    group=Group.LOADS,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_STATE = "session_state"
_SETTING = "runner.enforceSerializableSessionState"
_CURE = "keep it in a function under @st.cache_resource, which never pickles"


class SessionStateLoad:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = ()
    code_words: Sequence[str] = (MODULE, _STATE)
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find values that go into the session's state."""
        if MODULE not in subject.code_words or _STATE not in subject.code_words:
            return
        is_enforced = enforces_serializable_state(subject.path, subject.problems)
        loads = Loads(subject)
        if not loads.numbers and not is_enforced:
            return
        caches = Caches(subject, ALL)
        for given in SessionValues(subject.names, caches.functions):
            # What a cache keeps is that cache's business, and st.cache_resource the very cure.
            values = [*inside(given, caches.functions, caches.is_cached)]
            load = _worst(values, loads, subject.origins)
            if load is not None:
                yield _of_load(given, *load, is_enforced=is_enforced)
            elif is_enforced:
                found = (unpicklable(value, subject.names, caches.functions) for value in values)
                what = next((each for each in found if each is not None), None)
                if what is not None:
                    yield _unpicklable(given, what)


def _worst(values: Sequence[Use], loads: Loads, origins: Origins) -> tuple[Load, Source] | None:
    if not loads.numbers:
        return None
    found = [load for load in map(loads.of, values) if load is not None]
    sources = [(load, origins.of(load.argument, load.use)) for load in found]
    return max(sources, key=lambda each: severity_of(each[1].origin).rank, default=None)


def _of_load(given: Use, load: Load, source: Source, *, is_enforced: bool) -> Hit:
    start, end = given.cell.span(given.node)
    at = load.use.cell.span(load.use.node)[0]
    is_here = load.use.cell is given.cell and start <= at < end
    loaded = () if is_here else (Clue(load.use.cell.fragment, at, "unpickled here"),)
    why = f", where {_SETTING} has it pickled" if is_enforced else ""
    return Hit(
        rule=RULE,
        fragment=given.cell.fragment,
        start=start,
        end=end,
        severity=severity_of(source.origin) if is_enforced else Severity.LOW,
        confidence=load.confidence,
        message=f"{load.name} of {described(source.origin)} goes into st.session_state{why}; {_CURE}",
        properties={"sink": load.name, "origin": source.origin.value},
        clues=(*loaded, *clues_of(source, given.cell, start, end)),
    )


def _unpicklable(given: Use, what: str) -> Hit:
    start, end = given.cell.span(given.node)
    return Hit(
        rule=RULE,
        fragment=given.cell.fragment,
        start=start,
        end=end,
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        message=f"{what} can't be pickled: the app stops here with an UnserializableSessionStateError, as "
        f".streamlit/config.toml sets {_SETTING}; {_CURE}",
    )
