"""A notebook's JSON to fragments: every text that a person or a program could read in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.model.location import Part
from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook import html_text, outputs
from stsec_magic.notebook.leaves import pointer, string_leaves
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.notebook.text import text_of
from stsec_magic.notebook.unescape import unescape

_DEFAULT_LANGUAGE = "python"
# Written by Jupyter itself: no place for a secret, and in every notebook.
_DULL_METADATA = frozenset(("kernelspec", "language_info"))


def fragments(raw: RawNotebook) -> Iterator[Fragment]:
    """Walk a notebook.

    Args:
        raw: The notebook; faults met on the way are added to its problems.

    Yields:
        Every text with its address, in document order.
    """
    if raw.data is None:
        if raw.text:
            yield from _raw_file(raw.text)
        return
    language = language_of(raw.data)
    for number, cell in enumerate(raw.data["cells"], 1):
        if isinstance(cell, Mapping):
            yield from _cell(raw, cell, number, language)
        else:
            raw.problem(ProblemKind.INVALID_NOTEBOOK, "the cell is not an object", number)
            yield from _leaves(cell, ("cells", number - 1), Part.METADATA, {"cell": number})
    for key, value in raw.data.items():
        if key == "metadata" and isinstance(value, Mapping):
            kept = {k: v for k, v in value.items() if k not in _DULL_METADATA}
            yield from _leaves(kept, ("metadata",), Part.METADATA, {})
        elif key not in ("cells", "nbformat", "nbformat_minor"):
            yield from _leaves(value, (key,), Part.METADATA, {})


def language_of(notebook: Mapping[str, Any]) -> str:
    """The kernel's language in lower case; Python where the notebook names none."""
    metadata = notebook.get("metadata")
    if isinstance(metadata, Mapping):
        for section, key in (("language_info", "name"), ("kernelspec", "language"), ("kernelspec", "name")):
            entry = metadata.get(section)
            name = entry.get(key) if isinstance(entry, Mapping) else None
            if isinstance(name, str) and name:
                return _language(name)
    return _DEFAULT_LANGUAGE


def _language(name: str) -> str:
    lowered = name.lower()
    # "ipython", "python3", "conda-env-ml-py", "pyspark" kernels all speak Python.
    return "python" if "py" in lowered.split("-")[-1] else lowered


def _raw_file(text: str) -> Iterator[Fragment]:
    base = Fragment(text=text, part=Part.SOURCE, path=())
    yield base
    if "\\" in text:
        decoded, origins = unescape(text)
        yield Fragment(text=decoded, part=Part.SOURCE, path=(), origins=origins, base=base)


def _cell(raw: RawNotebook, cell: Mapping[str, Any], number: int, language: str) -> Iterator[Fragment]:
    address: dict[str, Any] = {
        "cell": number,
        "cell_id": _string(cell.get("id")),
        "execution_count": _count(cell.get("execution_count")),
        "tags": _tags(cell),
    }
    path: JsonPath = ("cells", number - 1)
    if not _is_text(cell.get("source")):
        raw.problem(ProblemKind.INVALID_NOTEBOOK, _no_source(cell), number)
    yield from _source(cell, (*path, "source"), language, address)
    yield from outputs.fragments(raw, cell.get("outputs"), (*path, "outputs"), address)
    yield from _leaves(cell.get("attachments"), (*path, "attachments"), Part.ATTACHMENT, address)
    known = ("cell_type", "source", "outputs", "attachments", "id", "execution_count")
    # An id leaves in reports, so it is searched like any other text.
    yield from _leaves(cell.get("id"), (*path, "id"), Part.METADATA, address)
    for key, value in cell.items():
        if key not in known:
            yield from _leaves(value, (*path, key), Part.METADATA, address)


def _source(cell: Mapping[str, Any], path: JsonPath, language: str, address: dict[str, Any]) -> Iterator[Fragment]:
    value = cell.get("source")
    text = text_of(value)
    kind = cell.get("cell_type")
    if text is not None and kind == "markdown":
        yield from _markdown(text, path, address)
    elif text is not None:
        spoken = language if kind == "code" else "text"
        yield Fragment(text=text, part=Part.SOURCE, path=path, language=spoken, **address)
    if not _is_text(value):
        # Nothing in it is passed over, whatever it should have been.
        odd = (
            {i: item for i, item in enumerate(value) if not isinstance(item, str)} if isinstance(value, list) else value
        )
        yield from _leaves(odd, path, Part.METADATA, address)


def _is_text(source: object) -> bool:
    """Whether a cell's source is what nbformat says: a string, or a list of strings."""
    return isinstance(source, str) or (isinstance(source, list) and all(isinstance(item, str) for item in source))


def _no_source(cell: Mapping[str, Any]) -> str:
    if "source" not in cell:
        return "the cell has no source"
    if isinstance(cell["source"], list):
        return "the cell's source holds something that is not text; what text it holds was searched"
    return f"the cell's source is a {type(cell['source']).__name__}, not text; what text it holds was searched"


def _markdown(source: str, path: JsonPath, address: dict[str, Any]) -> Iterator[Fragment]:
    base = Fragment(text=source, part=Part.MARKDOWN, path=path, language="markdown", **address)
    yield base
    if "</" in source or "&" in source:
        text, origins = html_text.seen(source)
        yield Fragment(text=text, part=Part.MARKDOWN, path=path, language="text", origins=origins, base=base, **address)


def _leaves(value: object, path: JsonPath, part: Part, address: Mapping[str, Any]) -> Iterator[Fragment]:
    for leaf_path, name, text in string_leaves(value, path):
        yield Fragment(
            text=text, part=part, path=leaf_path, pointer=pointer(leaf_path), name=name, language="text", **address
        )


def _tags(cell: Mapping[str, Any]) -> frozenset[str]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    return frozenset(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else frozenset()


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: object) -> int | None:
    # JSON reports hold 64 bits.
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53 else None


def cells_of(raw: RawNotebook) -> int:
    """How many cells the notebook has."""
    return len(raw.data["cells"]) if raw.data is not None else 0
