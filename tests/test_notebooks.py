"""The demo notebooks show what they promise, and no credential stands elsewhere in the tree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsec_magic import check
from stsec_magic.model.location import Part
from stsec_magic.notebook.read import read
from stsec_magic.notebook.walk import fragments
from stsec_magic.rules.catalogue import rules

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
LEAKY = NOTEBOOKS / "leaky_prototype.ipynb"
TEXTS = (".py", ".md", ".toml", ".yml", ".ipynb", ".svg", "")
LEFT_OUT = {".git", ".venv", ".hypothesis", "__pycache__", "build", "dist"}


def tree() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and path.suffix in TEXTS and not LEFT_OUT & set(parts) and "cache" not in parts[0]:
            yield path


def source(cell: int) -> str:
    return "".join(json.loads(LEAKY.read_text(encoding="utf-8"))["cells"][cell - 1]["source"])


def test_the_leaky_prototype_says_that_its_values_are_made_up() -> None:
    assert "made up" in source(1) and "None was ever issued" in source(1)


def test_something_is_found_in_every_kind_of_place() -> None:
    report = check(LEAKY)
    assert report.problems == ()
    secrets = [f for f in report.findings if f.masked is not None]
    assert {f.location.part for f in secrets} == {Part.SOURCE, Part.MARKDOWN, Part.OUTPUT, Part.METADATA}
    lines = {
        source(f.location.cell or 0).split("\n")[f.location.line - 1] for f in secrets if f.location.part is Part.SOURCE
    }
    assert any(line.startswith("%env") for line in lines)
    assert any(line.startswith("!") for line in lines)
    assert any(line.startswith("export") for line in lines)
    assert any(f.location.cell is None for f in secrets)
    cells = json.loads(LEAKY.read_text(encoding="utf-8"))["cells"]
    shown = [cells[(f.location.cell or 0) - 1]["outputs"][f.location.output - 1] for f in secrets if f.location.output]
    assert {output["output_type"] for output in shown} >= {"stream", "error", "execute_result"}


def test_its_loads_are_told_apart_by_origin() -> None:
    found = {f.properties["sink"]: f.properties["origin"] for f in check(LEAKY).findings if "sink" in f.properties}
    assert found == {
        "pandas.read_pickle": "network",
        "pickle.load": "file",
        "numpy.load": "file",
        "pickle.loads": "network",
        "torch.load": "file",
        "joblib.load": "own",
    }


@pytest.mark.parametrize("name", ["clean_prototype.ipynb", "tour.ipynb"])
def test_the_others_are_clean(name: str) -> None:
    report = check(NOTEBOOKS / name)
    assert [f for f in report.findings if f.masked is not None] == []
    assert report.problems == ()


def test_no_format_that_a_code_host_would_stop_stands_in_the_tree() -> None:
    formats = {rule.id for rule in rules().values() if rule.provider is not None} | {"private-key"}
    found = [
        (path.relative_to(ROOT).as_posix(), finding.rule, finding.location.line)
        for path in tree()
        for finding in check(path).findings
        if finding.rule in formats
    ]
    assert found == []


def test_the_leaky_values_stand_nowhere_else() -> None:
    raw = read(str(LEAKY))
    texts = {fragment.path: fragment.text for fragment in fragments(raw) if fragment.base is None}
    lines = [line for text in texts.values() for line in text.split("\n")]
    values = set()
    for finding in check(LEAKY).findings:
        if finding.masked is not None and finding.location.part is Part.SOURCE:
            line = source(finding.location.cell or 0).split("\n")[finding.location.line - 1]
            values.add(line[finding.location.column - 1 : finding.location.end_column - 1])
    assert len(values) >= 6
    assert all(any(value in line for line in lines) for value in values)
    elsewhere = "\n".join(path.read_text(encoding="utf-8") for path in tree() if path != LEAKY)
    assert [value[:3] for value in values if value in elsewhere] == []
