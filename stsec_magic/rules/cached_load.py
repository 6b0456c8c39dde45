"""cached-load: what Streamlit's cache pickles was itself unpickled, or downloaded as it is.

**What it does**: finds functions under ``@st.cache_data`` (``@st.cache``, ``@st.experimental_memo``) that
load a pickle, themselves or in a function of the notebook that they call, and those that return a
download as it came: bytes, a response, a model. Functions that parse data (``pd.read_csv(url)``,
``requests.get(url).json()``) are not meant, nor is anything under ``@st.cache_resource``.

**Why is this bad**: ``st.cache_data`` pickles whatever the function returns and unpickles it at every
hit. An object that came out of a foreign pickle goes through pickle again and again, in the app's
server, and may bring its own code along each time.

**Use instead**: ``@st.cache_resource`` for models and other objects: it keeps the object and never
pickles it. For data, a format that holds data only (Parquet, JSON, safetensors).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from stsec_magic.model.hit import Clue, Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.rules.base import Subject
from stsec_magic.rules.downloaded import Downloaded
from stsec_magic.rules.functions import Function
from stsec_magic.rules.load_calls import Load, Loads
from stsec_magic.rules.loads import Danger
from stsec_magic.rules.origin_severity import clues_of, described, severity_of
from stsec_magic.rules.streamlit_calls import MODULE, PICKLING, Cached, Caches, spelt
from stsec_magic.source.origin import Origins
from stsec_magic.source.provenance import Origin, Source

RULE = Rule(
    id="cached-load",
    title="Cached load",
    group=Group.LOADS,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_CURE = "use st.cache_resource, which keeps the object and never pickles it"

_Traced = tuple[Load, Source]


class CachedLoad:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = ()
    code_words: Sequence[str] = (MODULE,)
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({})

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find caches over loads and downloads."""
        if MODULE not in subject.code_words:
            return
        caches = Caches(subject, PICKLING)
        if not caches.numbers:
            return
        found = _Found(caches, Loads(subject), subject.origins)
        for cached in caches:
            hit = found.load(cached) or found.download(cached)
            if hit is not None:
                yield hit


class _Found:
    """What stands in cached functions; each function is looked through once."""

    def __init__(self, caches: Caches, loads: Loads, origins: Origins) -> None:
        self._caches = caches
        self._loads = loads
        self._origins = origins
        self._downloaded = Downloaded(caches.names, caches.functions, origins)
        self._own: dict[Function, _Traced | None] = {}

    def load(self, cached: Cached) -> Hit | None:
        """The worst load that a cached function reaches."""
        if not self._loads.numbers:
            return None
        if cached.function is None:
            return self._handed_on(cached)
        # Whatever is under a cache of its own is kept on that cache's terms, and reported there.
        reached = self._caches.functions.reached(cached.function, self._caches.is_cached)
        found = [each for each in map(self._worst_of, (cached.function, *reached)) if each is not None]
        if not found:
            return None
        load, source = _worst(found)
        unpickled = Clue(load.use.cell.fragment, load.use.cell.span(load.use.node)[0], "unpickled here")
        message = (
            f"{spelt(cached.name)} pickles what this function returns, and it calls {load.name} of "
            f"{described(source.origin)}; {_CURE}, or load a format that holds data only"
        )
        properties = {"sink": load.name, "origin": source.origin.value}
        clues = clues_of(source, load.use.cell, *load.use.cell.span(load.use.node))
        return _hit(cached, _severity(source), load.confidence, message, properties, (unpickled, *clues))

    def download(self, cached: Cached) -> Hit | None:
        """A download that a cached function returns as it came."""
        if cached.function is None:
            return None
        for value in self._caches.functions.returned(cached.function):
            found = self._downloaded.of(value)
            if found is not None:
                source, is_object = found
                message = f"{spelt(cached.name)} pickles what this function returns, " + (
                    f"a downloaded object; {_CURE}"
                    if is_object
                    else "a download as it came; return data that was parsed (JSON, a table)"
                )
                clues = clues_of(source, cached.place.cell, *cached.place.cell.span(cached.place.node))
                return _hit(cached, Severity.LOW, Confidence.MEDIUM, message, {"origin": source.origin.value}, clues)
        return None

    def _handed_on(self, cached: Cached) -> Hit | None:
        """``st.cache_data(pd.read_pickle)``."""
        if cached.argument is None:
            return None
        called = self._loads.named(cached.argument.node, cached.argument)
        if called is None or called.sink.danger is not Danger.ALWAYS:
            return None
        message = f"{spelt(cached.name)} pickles what {called.name} returns, and that was unpickled already; {_CURE}"
        properties = {"sink": called.name, "origin": Origin.UNKNOWN.value}
        return _hit(cached, Severity.LOW, Confidence.MEDIUM, message, properties, ())

    def _worst_of(self, function: Function) -> _Traced | None:
        """The worst load in a function's own body."""
        if function not in self._own:
            loads = [load for load in map(self._loads.of, function.called) if load is not None]
            traced = [(load, self._origins.of(load.argument, load.use)) for load in loads]
            self._own[function] = _worst(traced) if traced else None
        return self._own[function]


def _worst(found: Sequence[_Traced]) -> _Traced:
    """The first one of those that are worst."""
    return max(found, key=lambda each: _severity(each[1]).rank)


def _severity(source: Source) -> Severity:
    """High where others choose the bytes; whatever else is loaded has its own finding, and this is a hint."""
    severity = severity_of(source.origin)
    return severity if severity is Severity.HIGH else Severity.LOW


def _hit(
    cached: Cached,
    severity: Severity,
    confidence: Confidence,
    message: str,
    properties: Mapping[str, str],
    clues: tuple[Clue, ...],
) -> Hit:
    start, end = cached.place.cell.span(cached.place.node)
    return Hit(
        rule=RULE,
        fragment=cached.place.cell.fragment,
        start=start,
        end=end,
        severity=severity,
        confidence=confidence,
        message=message,
        properties=properties,
        clues=clues,
    )
