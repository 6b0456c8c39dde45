"""unused-suppression: a comment, a tag or an entry of the metadata that silences nothing.

**What it does**: finds each ``# stsec: ignore[rule]``, each cell tag (``stsec-ignore``, ``stsec-allow-<rule>``) and
each entry of ``metadata.stsec`` by which nothing is silenced, and says which of their names is no rule's. Comments for
other checkers are theirs. Of rules that are not selected, and of those that depend on files beside the notebook,
nobody can tell: such suppressions are left alone. To keep one that is in vain today, name this rule in it, too.

**Why is this bad**: what was silenced is gone, or stands elsewhere and is not silenced, or the rule's name is wrong.
And the next secret that somebody writes on that line, in that cell, will be silenced with nobody having looked at it.

**Use instead**: take the suppression away, or put it where the finding is: a comment counts for its own line,
on the first or last line of a statement for all of it, in Markdown also for the next line, or the block of code, where
it stands alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from stsec_magic.model.config import Config
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import Part
from stsec_magic.model.rule import Group, Rule
from stsec_magic.notebook.address import address_of
from stsec_magic.notebook.leaves import pointer
from stsec_magic.notebook.lines import line_start
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.notebook.silencers import COMMENT, KEYWORD, TAG, UNUSED, Silencer, comments, fences, standing_orders
from stsec_magic.rules.base import Subject
from stsec_magic.source.ipython import resolve

if TYPE_CHECKING:
    from stsec_magic.source.regions import Region

RULE = Rule(
    id=UNUSED,
    title="Suppression that silences nothing",
    # What is in vain is neither credential nor load nor artifact: it is about how the project keeps its notebooks, and
    # who asks for the findings of one family alone has not asked for this.
    group=Group.PROJECT,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_ELSEWHERE = frozenset(
    ("known-secret", "malicious-artifact", "suspicious-artifact", "missing-secret", Group.ARTIFACTS.value)
)
"""Whether they find anything depends on files beside the notebook, which may be missing on this machine."""

_LAST = 1 << 62
"""Entries come after everything else in their cell."""
_REACH = 4000
_INDENTED = ("    ", "\t")
_QUOTES = "\"'`"
_LONGEST_NAME = 60
_MOST_ADVICE = 20
"""Wrong names of one notebook for which the nearest right one is looked for, which takes a while."""
_SHOWN = re.compile(rf"[\w.-]{{1,{_LONGEST_NAME}}}")


class UnusedSuppression:
    """The rule's place in the catalogue; what it finds is known only when all others have found (``written``)."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = (KEYWORD,)
    code_words: Sequence[str] = ()
    followed_by: Mapping[str, re.Pattern[bytes]] = MappingProxyType({KEYWORD: re.compile(rb"\s{0,4}ignore")})

    def hits(self, _: Subject) -> Iterator[Hit]:
        """Nothing: triage knows what was silenced."""
        yield from ()


def written(subject: Subject, raw: RawNotebook, config: Config, quotes: Quotes) -> list[Hit]:
    """A hit for each suppression of which it can be told whether it silences anything.

    Args:
        subject: The notebook as rules saw it.
        raw: The notebook.
        config: Choices.
        quotes: Tells what stands in string literals.

    Returns:
        The hits, true only where nothing is silenced.
    """
    if not config.selects(RULE, raw.path):
        return []
    found = [*_in_texts(subject, quotes), *_in_metadata(raw)]
    if not found:
        return []
    names = _Names(config, raw.path)
    hits = [names.hit(fragment, silencer) for fragment, silencer in found]
    return [hit for hit in hits if hit is not None]


def _in_texts(subject: Subject, quotes: Quotes) -> Iterator[tuple[Fragment, Silencer]]:
    for fragment in subject.words.get(KEYWORD, ()):
        # A comment that was printed, or stands in another reading of a text, is nobody's; nor is one in what was to be
        # a notebook and is none.
        is_written = fragment.part in (Part.SOURCE, Part.MARKDOWN) and fragment.base is None
        if is_written and fragment.cell is not None:
            found = [*comments(fragment, 0, len(fragment.text))]
            for silencer in _meant(fragment, found, quotes):
                yield fragment, silencer


def meant(quotes: Quotes, fragment: Fragment) -> frozenset[int]:
    """Where the comments of ours in a text begin, without those that only look like some.

    Args:
        quotes: Tells what stands in string literals.
        fragment: A cell's text.
    """
    return frozenset(each.start for each in _meant(fragment, comments(fragment, 0, len(fragment.text)), quotes))


def _in_metadata(raw: RawNotebook) -> Iterator[tuple[Fragment, Silencer]]:
    orders, _ = standing_orders(raw)
    for number, silencers in orders.items():
        for i, each in enumerate(silencers):
            at = address_of(raw.data["cells"][number - 1], number) if raw.data is not None and number else None
            name = next((key for key in reversed(each.path) if isinstance(key, str)), None)
            yield (
                Fragment(
                    each.text,
                    Part.METADATA,
                    each.path,
                    cell=None if at is None else at.cell,
                    cell_id=None if at is None else at.cell_id,
                    execution_count=None if at is None else at.execution_count,
                    pointer=pointer(each.path),
                    name=name,
                    tags=frozenset() if at is None else at.tags,
                    order=_LAST + i,
                ),
                each,
            )


def _meant(fragment: Fragment, found: Iterable[Silencer], quotes: Quotes) -> Iterator[Silencer]:
    """Those that are comments where they stand: none in a string literal, none that a text only quotes."""
    text = fragment.text
    found = [each for each in found if text[max(0, each.start - 1) : each.start] not in _QUOTES or not each.start]
    if fragment.part is Part.MARKDOWN:
        marks = fences(text)
        # A "#" begins a heading there, and in code it explains how to write such a comment.
        found = [each for each in found if text.startswith("<!--", each.start)]
        yield from (each for each in found if not _is_code(text, each.start, marks))
    elif fragment.language == "text":
        yield from found  # a raw cell may be anything
    else:
        yield from (each for each in found if not quotes.hold(fragment, each.start))


class Quotes:
    """Tells which places in cells stand in string literals; a cell is taken apart once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._regions: dict[Fragment, list[Region]] = {}

    def hold(self, fragment: Fragment, offset: int) -> bool:
        """Whether a place in a cell's code stands in a string literal.

        Args:
            fragment: The cell's text.
            offset: The place.
        """
        if fragment.language == "text":
            return False
        if fragment not in self._regions:
            from stsec_magic.source.regions import stretches, whole  # most notebooks have no such comment

            resolved = resolve(fragment.text, fragment.language)
            self._regions[fragment] = [*whole(resolved), *stretches(resolved)]
        region = next(region for region in reversed(self._regions[fragment]) if region.holds(offset))
        return region.lexed.around(offset - region.start) is not None


def _is_code(text: str, offset: int, marks: Sequence[int]) -> bool:
    """Whether Markdown shows a place as code."""
    before = text[line_start(text, offset, _REACH) : offset]
    return before.startswith(_INDENTED) or before.count("`") % 2 == 1 or bisect_left(marks, offset) % 2 == 1


class _Names:
    """What the names in suppressions name, under the choices of one run."""

    def __init__(self, config: Config, path: str) -> None:
        from stsec_magic.rules.catalogue import rules  # which lists this rule, too

        self._config = config
        self._path = path
        self._rules = rules()
        self._groups = {group.value for group in Group}
        self._told: dict[str, bool] = {}
        self._advice: dict[str, str] = {}

    def hit(self, fragment: Fragment, silencer: Silencer) -> Hit | None:
        """What is to be said of a suppression, if it silences nothing; None where nobody can tell."""
        names = silencer.names
        if names is not None and not names.isdisjoint((RULE.id, RULE.group.value)):
            return None  # somebody wants to keep it, or it silences others of its kind
        if names is not None and not all(map(self._can_tell, names)):
            return None
        return Hit(
            rule=RULE,
            fragment=fragment,
            start=silencer.start,
            end=silencer.end,
            severity=RULE.severity,
            confidence=RULE.confidence,
            message=self._no_rule(silencer) or _in_vain(fragment, silencer),
        )

    def _can_tell(self, name: str) -> bool:
        if name not in self._told:
            rules = self._rules
            of_group = [rule for rule in rules.values() if rule.group == name] if name in self._groups else ()
            named = [rules[name]] if name in rules else of_group
            selected = all(self._config.selects(rule, self._path) for rule in named)
            self._told[name] = selected and name not in _ELSEWHERE
        return self._told[name]

    def _no_rule(self, silencer: Silencer) -> str | None:
        """What is to be said where a name is no rule's."""
        if silencer.names is None:
            return None
        if not silencer.names:
            return f"the {_what(silencer)} names no rule, so it silences nothing"
        unknown = sorted(silencer.names - self._groups - self._rules.keys())
        if not unknown:
            return None
        return f"the {_what(silencer)} silences nothing: {_shown(unknown[0])} is no rule{self._nearest(unknown[0])}"

    def _nearest(self, name: str) -> str:
        if name not in self._advice and len(self._advice) < _MOST_ADVICE:
            import difflib  # most notebooks have no such name

            known = sorted({*self._rules, *self._groups})
            close = difflib.get_close_matches(name[:_LONGEST_NAME], known, 1, 0.5)
            self._advice[name] = f"; did you mean {close[0]!r}?" if close else ""
        return self._advice.get(name, "")


def _in_vain(fragment: Fragment, silencer: Silencer) -> str:
    if silencer.how != COMMENT:
        where = "notebook" if fragment.cell is None else "cell"
        return f"the {_what(silencer)} silences nothing in its {where}; take it away"
    text = fragment.text
    is_first = not text[line_start(text, silencer.start, _REACH) : silencer.start].strip()
    if is_first and fragment.part is Part.SOURCE:
        return (
            "the comment silences nothing, as it counts for its own line alone; put it behind the code, or take it away"
        )
    return "the comment silences nothing; take it away"


def _what(silencer: Silencer) -> str:
    return {COMMENT: "comment", TAG: "tag"}.get(silencer.how, "entry in metadata.stsec")


def _shown(name: str) -> str:
    """A name that may be shown: what looks like none may be anything."""
    return repr(name) if _SHOWN.fullmatch(name) else "what it names"
