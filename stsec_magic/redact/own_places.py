"""What was found, masked at its very place: a short value or a word is masked nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.model.hit import Hit
from stsec_magic.model.location import Part
from stsec_magic.notebook import ansi
from stsec_magic.notebook.oldpaths import OldPlace, old_place
from stsec_magic.redact.keys import renamed
from stsec_magic.redact.known import Place
from stsec_magic.redact.readings import markup_in
from stsec_magic.redact.unit import Json, Unit, unit_of


def mask_own(
    notebook: dict[str, Any], hits: Iterable[Hit], original: Mapping[str, Any] | None, *, whole: bool = False
) -> int:
    """Mask hits where they stand.

    Args:
        notebook: A copy, which is changed.
        hits: Hits with secrets, led back to the texts that are stored.
        original: The notebook as it is, where the hits' paths are those of an upgraded one.
        whole: Whether all of a text gives way, because its secrets could not be masked before.

    Returns:
        How many places were masked.
    """
    by_fragment: dict[Fragment, list[Hit]] = {}
    for hit in hits:
        by_fragment.setdefault(hit.fragment, []).append(hit)
    found, keys = 0, []
    for fragment, several in by_fragment.items():
        place = OldPlace(fragment.path, 0) if original is None else old_place(fragment.path, original)
        if place is None or not place.path:
            continue
        unit = _unit(notebook, place.path, fragment)
        if unit is not None and (whole or _says(unit, fragment, place.shift)):
            found += unit.mask(lambda text, f=fragment, s=several, n=place.shift: _places(text, f, s, n, whole=whole))  # type: ignore[misc]
        elif place.path[-1] == fragment.text:
            keys.append((place.path, several))
    # Paths lead through keys: they change last, the deepest first.
    for path, several in sorted(keys, key=lambda row: -len(row[0])):
        found += _rename(notebook, path, several)
    return found


def _unit(notebook: dict[str, Any], path: JsonPath, fragment: Fragment) -> Unit | None:
    holder = _at(notebook, path[:-1])
    if not _has(holder, path[-1]):
        return None
    cell = _at(notebook, path[:-1]) if path[-1] == "source" else None
    is_code = isinstance(cell, dict) and cell.get("cell_type") == "code" and fragment.part is Part.SOURCE
    return unit_of(holder, path[-1], fragment.joint, fragment.language if is_code else None)


def _says(unit: Unit, fragment: Fragment, shift: int) -> bool:
    """Whether a value is what the fragment was made of."""
    text = unit.text
    said = text if fragment.origins is None else ansi.strip(text)[0]
    return said == fragment.text[shift:]


def _places(text: str, fragment: Fragment, hits: Iterable[Hit], shift: int, *, whole: bool) -> list[Place]:
    found = []
    for hit in hits:
        if hit.secret is None:
            continue
        start, end = hit.start - shift, hit.end - shift
        if fragment.origins is not None:
            start, end = fragment.origins.start(start), fragment.origins.end(end)
        stood = text[max(0, start) : end]
        kept = "" if stood == hit.secret.value else markup_in(stood)
        if whole:
            start, end, kept = 0, len(text), ""
        found.append(Place(max(0, start), end, hit.secret.masked, kept))
    return found


def _rename(notebook: dict[str, Any], path: JsonPath, hits: Iterable[Hit]) -> int:
    holder, key = _at(notebook, path[:-1]), path[-1]
    if not isinstance(holder, dict) or key not in holder:
        return 0
    places = [Place(hit.start, hit.end, hit.secret.masked) for hit in hits if hit.secret is not None]
    return renamed(holder, lambda text: places if text == key else [])


def _at(value: Json, path: JsonPath) -> Json:
    for key in path:
        if not _has(value, key):
            return None
        value = value[key]
    return value


def _has(holder: Json, key: str | int) -> bool:
    if isinstance(holder, dict):
        return key in holder
    return isinstance(holder, list) and isinstance(key, int) and key < len(holder)
