"""Every text of a notebook becomes a fragment with its address; nothing else does."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.notebook.read import from_mapping
from stsec_magic.notebook.walk import fragments, language_of
from tests.credentials import openai_key
from tests.notebooks_in_memory import code, display, error, markdown, notebook, raw, result, stream
from tests.results import only, rules_of

KEY = openai_key("walk")
WORDS = f"the key {KEY} stands here"
IMAGE = base64.b64encode(bytes(range(256)) * 16).decode()


def texts(book: dict[str, Any]) -> list[Fragment]:
    return list(fragments(from_mapping(book, "nb.ipynb")))


def own(book: dict[str, Any]) -> list[Fragment]:
    """The fragments that stand in the notebook as they are."""
    return [fragment for fragment in texts(book) if fragment.base is None]


PLACES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "code": (
        notebook(code(WORDS, id="ab", count=7)),
        {"part": "source", "cell": 1, "cell_id": "ab", "execution_count": 7},
    ),
    "markdown": (notebook(code("x"), markdown(WORDS)), {"part": "markdown", "cell": 2}),
    "raw": (notebook(raw(WORDS)), {"part": "source", "cell": 1}),
    "notebook metadata": (
        notebook(metadata={"a": [{"b/c~": WORDS}]}),
        {"part": "metadata", "cell": None, "pointer": "/metadata/a/0/b~1c~0"},
    ),
    "widget state": (
        notebook(
            metadata={"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"1": {"value": WORDS}}}}}
        ),
        {
            "part": "metadata",
            "cell": None,
            "pointer": "/metadata/widgets/application~1vnd.jupyter.widget-state+json/state/1/value",
        },
    ),
    "cell metadata": (
        notebook(code("x", metadata={"papermill": {"parameters": {"k": WORDS}}})),
        {"part": "metadata", "cell": 1, "pointer": "/cells/0/metadata/papermill/parameters/k"},
    ),
    "attachment": (
        notebook(markdown("x", attachments={"note.txt": {"text/plain": WORDS}})),
        {"part": "attachment", "cell": 1, "pointer": "/cells/0/attachments/note.txt/text~1plain"},
    ),
    "attachment's name": (
        notebook(markdown("x"), metadata={"y": WORDS}),
        {"part": "metadata", "pointer": "/metadata/y"},
    ),
    "stream": (notebook(code("x", [stream("a"), stream(WORDS, "stderr")])), {"part": "output", "cell": 1, "output": 2}),
    "traceback": (
        notebook(code("x", [error("E", "boom", ["\x1b[0;31mline\x1b[0m", f"\x1b[1m{WORDS}\x1b[0m"])])),
        {"part": "output", "cell": 1, "output": 1, "line": 2, "column": 9},
    ),
    "evalue": (notebook(code("x", [error("E", WORDS, ["other words"])])), {"part": "output", "output": 1}),
    "evalue that the traceback repeats": (
        notebook(code("x", [error("E", WORDS, ["File x", f"E: {WORDS}"])])),
        {"part": "output", "output": 1, "line": 2},
    ),
    "text/plain": (notebook(code("x", [result({"text/plain": [WORDS]})])), {"part": "output", "mime": "text/plain"}),
    "text/html": (
        notebook(code("x", [display({"text/html": f"<b>{WORDS}</b>"})])),
        {"part": "output", "mime": "text/html"},
    ),
    "text/markdown": (
        notebook(code("x", [display({"text/markdown": WORDS})])),
        {"part": "output", "mime": "text/markdown"},
    ),
    "text/latex": (notebook(code("x", [display({"text/latex": WORDS})])), {"part": "output", "mime": "text/latex"}),
    "javascript": (
        notebook(code("x", [display({"application/javascript": WORDS})])),
        {"part": "output", "mime": "application/javascript"},
    ),
    "application/json": (
        notebook(code("x", [display({"application/json": {"a": [1, {"b": WORDS}]}})])),
        {"part": "output", "mime": "application/json"},
    ),
    "json as a list": (
        notebook(code("x", [display({"application/json": ["a", WORDS]})])),
        {"part": "output", "mime": "application/json"},
    ),
    "vendor json": (
        notebook(code("x", [display({"application/vnd.plotly.v1+json": {"layout": {"title": WORDS}}})])),
        {"part": "output", "mime": "application/vnd.plotly.v1+json"},
    ),
    "svg": (
        notebook(code("x", [display({"image/svg+xml": f"<svg><text>{WORDS}</text></svg>"})])),
        {"part": "output", "mime": "image/svg+xml"},
    ),
    "output metadata": (notebook(code("x", [display({}, {"note": WORDS})])), {"part": "output", "output": 1}),
    "a key of the notebook that nobody knows": (
        {**notebook(), "custom": {"x": WORDS}},
        {"part": "metadata", "pointer": "/custom/x"},
    ),
    "a key of a cell that nobody knows": (
        notebook({**code("x"), "custom": {"x": WORDS}}),
        {"part": "metadata", "cell": 1, "pointer": "/cells/0/custom/x"},
    ),
    "an unknown kind of cell": (
        notebook({"cell_type": "heading", "source": WORDS, "metadata": {}}),
        {"part": "source"},
    ),
    "a cell that is a string": (notebook(WORDS), {"part": "metadata", "cell": 1}),
}


@pytest.mark.parametrize(("book", "address"), PLACES.values(), ids=list(PLACES))
def test_a_secret_is_found_wherever_text_stands(book: dict[str, Any], address: dict[str, Any]) -> None:
    location = only(book).location
    assert {name: getattr(location, name) for name in address} == address


def test_the_address_names_nothing_that_does_not_apply() -> None:
    location = only(notebook(code(WORDS))).location
    nothing = (location.output, location.mime, location.pointer, location.cell_id, location.execution_count)
    assert nothing == (None,) * 5
    assert (location.file_line, location.file_column) == (None, None)


@pytest.mark.parametrize("mime", ["image/png", "image/jpeg", "application/pdf", "audio/wav", "video/mp4"])
@pytest.mark.parametrize("as_list", [False, True])
def test_base64_of_an_output_is_no_text(mime: str, as_list: bool) -> None:
    given = [IMAGE[i : i + 76] + "\n" for i in range(0, len(IMAGE), 76)] if as_list else IMAGE
    (fragment,) = texts(notebook(code("x", [display({mime: given})])))
    assert fragment.part is Part.SOURCE


@pytest.mark.parametrize("lead", ["", "data:image/png;base64,"])
def test_base64_in_attachments_and_metadata_is_no_text(lead: str) -> None:
    book = notebook(markdown("x", attachments={"a.png": {"image/png": IMAGE}}), metadata={"icon": lead + IMAGE})
    assert [fragment.text for fragment in texts(book)] == ["x"]


def test_text_beside_an_image_is_still_text() -> None:
    data = {"image/png": IMAGE, "text/plain": WORDS, "text/html": f'<img src="data:image/png;base64,{IMAGE}">'}
    assert rules_of(notebook(code("x", [display(data)]))) == ["openai-api-key"]


def test_jupyters_own_metadata_is_no_text() -> None:
    metadata = {"kernelspec": {"name": "python3", "display_name": "x"}, "language_info": {"name": "python"}}
    assert own(notebook(metadata=metadata)) == []


def test_fragments_come_in_document_order() -> None:
    book = notebook(
        code("1", [stream("2"), display({"text/plain": "3", "text/html": "4"})], metadata={"a": "5"}),
        markdown("6"),
        metadata={"b": "7"},
    )
    assert [fragment.text for fragment in own(book)] == list("1234567")


def test_a_list_of_lines_is_one_text_and_a_traceback_is_lines() -> None:
    book = notebook(code(["a\n", "b"], [stream(["c\n", "d"]), error("E", "x", ["x", "f"])]))
    assert [fragment.text for fragment in own(book)] == ["a\nb", "c\nd", "x\nf", "E"]


def test_colours_are_taken_out_of_what_programs_wrote() -> None:
    coloured = "\x1b[38;5;196mred\x1b[0m and \x1b]8;;http://x\x07link\x1b]8;;\x1b\\ plain"
    (_, fragment) = texts(notebook(code("x", [stream(coloured)])))
    assert fragment.text == "red and link plain"


def test_html_is_also_read_as_a_person_sees_it() -> None:
    half = len(KEY) // 2
    split = f"<span>{KEY[:half]}</span><span>{KEY[half:]}</span>"
    finding = only(notebook(code("x", [display({"text/html": f"<pre>{split}</pre>"})])))
    assert finding.masked == f"sk-proj-...({len(KEY)})"
    assert (finding.location.column, finding.location.end_column) == (12, 12 + len(split) - len("<span></span>"))


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({}, "python"),
        ({"language_info": {"name": "R"}}, "r"),
        ({"kernelspec": {"language": "julia"}}, "julia"),
        ({"kernelspec": {"name": "python3"}}, "python"),
        ({"kernelspec": {"name": "conda-env-ml-py"}}, "python"),
        ({"language_info": {"name": "ipython"}, "kernelspec": {"language": "R"}}, "python"),
        ({"language_info": "python", "kernelspec": []}, "python"),
        ({"language_info": {"name": 3}}, "python"),
    ],
)
def test_the_language_is_the_kernels(metadata: dict[str, Any], language: str) -> None:
    assert language_of(notebook(metadata=metadata)) == language


def test_code_of_another_language_is_searched_for_credentials_but_not_parsed() -> None:
    book = notebook(code(f'password <- "x"\nkey <- "{KEY}"\npickle.load(f)'), metadata={"language_info": {"name": "R"}})
    assert rules_of(book) == ["openai-api-key"]
