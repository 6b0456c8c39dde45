"""A notebook's texts searched for the words of all rules, and what holds one made into fragments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial

from ahocorasick_rs import BytesAhoCorasick

from stsec_magic.model.fragment import Fragment
from stsec_magic.notebook.readings import readings
from stsec_magic.notebook.walk import Walk
from stsec_magic.rules.base import Subject
from stsec_magic.rules.scan import KeywordScanner, characters, encoded

# Where markup may split or encode a keyword, so that only the text as a person sees it holds one.
_BROKEN_UP = re.compile(r"&(?:#|quot;|apos;)|</(?:span|[biua]|em|strong|code|font|small|mark|kbd|tt|samp)>")

_FEW = 8
# A secret, its name before it and its value after it, reach no farther.
_BEFORE, _AFTER = 200, 4200

_Found = dict[int, list[tuple[int, str, bool]]]
"""By number of the text: offset, keyword, and whether it is an identifier in code."""


def search(walk: Walk, scanner: KeywordScanner, first: int = 1) -> Subject:
    """Search a notebook.

    What holds no keyword is left behind as it is; other readings of a text and the leaves of
    metadata are made, and searched in their turn, where a keyword stands.

    Args:
        walk: The notebook's texts.
        scanner: Knows all keywords.
        first: The number of the first cell that is searched; those before only tell what names mean.

    Returns:
        The notebook as rules see it.
    """
    subject = Subject(walk.raw.path, walk.language)
    subject.sources = lru_cache(maxsize=1)(lambda: [walk.fragment(i) for i in sorted(walk.code)])
    texts = [encoded(text) if first == 1 or walk.cell_of(i) >= first else b"" for i, text in enumerate(walk.texts)]
    others = walk.others()
    subject.literals = lambda automaton: _literals(walk, texts, others, automaton)
    found = _grouped(scanner, [*texts, *(text or b"" for text in others)], walk.code)
    spoken = [i for i, other in enumerate(others) if found.pop(i + len(texts), []) or other is None]
    fragments = {i: walk.fragment(i) for i in sorted(found)}
    for i, fragment in fragments.items():
        _add(subject, fragment, texts[i], found[i])
    more = [each for fragment in fragments.values() for each in readings(fragment)]
    more += [each for i in walk.markup if i not in found for each in _hidden(walk, i)]
    more += [each for leaf in _leaves(subject, walk, spoken, scanner) for each in readings(leaf)]
    look_in(subject, more, scanner)
    return subject


def _literals(
    walk: Walk, texts: Sequence[bytes], others: Sequence[bytes | None], automaton: BytesAhoCorasick
) -> Iterator[tuple[Fragment, int, int, int]]:
    """Where any pattern of an automaton stands: in texts, and in the leaves of what else there is."""
    for i, text in enumerate(texts):
        yield from _matches(automaton, text, partial(walk.fragment, i))
    for i, other in enumerate(others):
        if other is None or automaton.find_matches_as_indexes(other):
            for n, leaf in enumerate(walk.leaves(i)):
                yield from _matches(automaton, encoded(leaf[2]), partial(walk.leaf, i, n, leaf))


def _matches(
    automaton: BytesAhoCorasick, text: bytes, fragment: Callable[[], Fragment]
) -> Iterator[tuple[Fragment, int, int, int]]:
    found = automaton.find_matches_as_indexes(text)
    if found:
        made = fragment()
        ends = characters(text, [at for _, start, end in found for at in (start, end)], len(made.text))
        for k, (number, _, _) in enumerate(found):
            yield made, ends[2 * k], ends[2 * k + 1], number


def _leaves(subject: Subject, walk: Walk, numbers: Sequence[int], scanner: KeywordScanner) -> Sequence[Fragment]:
    """Make fragments of the leaves in which a keyword stands, or in their names."""
    rows = [(i, n, leaf) for i in numbers for n, leaf in enumerate(walk.leaves(i))]
    if not rows:
        return ()
    names = sorted({name for _, _, (_, name, _) in rows if name})
    texts = [encoded(text) for _, _, (_, _, text) in rows]
    # As JSON writes it: some keywords are a name's end with what follows it.
    found = _grouped(scanner, [*texts, *(encoded(f'"{name}":') for name in names)], set())
    speaking = {name for i, name in enumerate(names, len(rows)) if i in found}
    for number, (i, n, leaf) in enumerate(rows):
        if number in found or leaf[1] in speaking:
            fragment = walk.leaf(i, n, leaf)
            subject.leaves.append(fragment)
            _add(subject, fragment, texts[number], found.get(number, []))
    return subject.leaves


def _hidden(walk: Walk, i: int) -> Iterable[Fragment]:
    return readings(walk.fragment(i)) if _BROKEN_UP.search(walk.texts[i]) else ()


def look_in(subject: Subject, fragments: Sequence[Fragment], scanner: KeywordScanner) -> list[Fragment]:
    """Search fragments that are already made.

    Args:
        subject: Learns which words stand where.
        fragments: The texts.
        scanner: Knows all keywords.

    Returns:
        Those in which a keyword stands.
    """
    if not fragments:
        return []
    texts = [encoded(fragment.text) for fragment in fragments]
    found = _grouped(scanner, texts, set())
    for i, places in sorted(found.items()):
        _add(subject, fragments[i], texts[i], places)
    return [fragments[i] for i in sorted(found)]


def _grouped(scanner: KeywordScanner, texts: Sequence[bytes], code: set[int]) -> _Found:
    found: _Found = {}
    for i, keyword, offset, named in scanner.scan(texts, code):
        found.setdefault(i, []).append((offset, keyword, named))
    return found


def _add(subject: Subject, fragment: Fragment, data: bytes, places: list[tuple[int, str, bool]]) -> None:
    places.sort()
    offsets = characters(data, [offset for offset, _, _ in places], len(fragment.text))
    is_new = _differs if fragment.base is not None and len(offsets) > _FEW else _counts
    for offset, (_, keyword, named) in zip(offsets, places, strict=True):
        if not is_new(fragment, offset):
            continue
        subject.words.setdefault(keyword, {}).setdefault(fragment, []).append(offset)
        if named:
            subject.code_words.setdefault(keyword, {}).setdefault(fragment, []).append(offset)


def _counts(_fragment: Fragment, _offset: int) -> bool:
    return True


def _differs(fragment: Fragment, offset: int) -> bool:
    """Whether another reading of a text differs from the text near a keyword: else the text itself says all."""
    start, end = max(0, offset - _BEFORE), min(len(fragment.text), offset + _AFTER)
    return fragment.origins is None or fragment.origins.is_changed(start, end)
