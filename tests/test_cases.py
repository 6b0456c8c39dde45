"""The chapters in tests/cases keep their promises, and so does their runner."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic import check
from stsec_magic.rules.catalogue import rules
from tests.cases_runner import FOLDER, Case, all_cases, cases
from tests.notebooks_in_memory import markdown, notebook

ALL = list(all_cases())


@pytest.mark.parametrize("case", [case for _, case in ALL], ids=[name for name, _ in ALL])
def test_every_promise_is_kept(case: Case):
    seeds = (0, 1, 2) if case.filled else (0,)
    faults = {seed: found for seed in seeds if (found := case.faults(seed))}
    assert not faults, "\n".join(f"seed {seed}: {fault}" for seed, found in faults.items() for fault in found)


def test_titles_are_unique():
    names = [name for name, _ in ALL]
    assert sorted(set(names)) == sorted(names)


def test_every_notebook_has_a_cell():
    assert [name for name, case in ALL if not case.fences] == []


def test_promised_rules_exist():
    promised = {promise.rule for _, case in ALL for promise in case.build()[1]}
    assert promised <= set(rules())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_a_case_file_is_named_by_a_rule(path: Path):
    """A long chapter may have several files: untrusted-load-hubs."""
    assert any(path.stem == rule or path.stem.startswith(f"{rule}-") for rule in rules())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_no_whole_credential_stands_in_the_tree(path: Path):
    report = check(notebook(markdown(path.read_text(encoding="utf-8"))))
    surest = {id for id, rule in rules().items() if rule.provider is not None}
    assert [(f.rule, f.location.line) for f in report.findings if f.rule in surest] == []


# -- the runner itself --------------------------------------------------------------------------

LOAD = "import pickle\nmodel = pickle.load(file)"


def _only(text: str) -> Case:
    (case,) = cases(text)
    return case


def test_the_runner_takes_promises_out():
    book, promises = _only(f"## One\n```python\n{LOAD}  # error: [untrusted-load] origin=unknown\n```").build()
    assert book["cells"][0]["source"] == LOAD
    assert [(p.cell, p.output, p.line, p.rule, p.facts) for p in promises] == [
        (1, None, 2, "untrusted-load", (("origin", "unknown"),))
    ]


def test_the_runner_misses_what_is_not_found():
    assert _only("## One\n```python\nx = 1  # error: [untrusted-load]\n```").faults() == [
        "missing: cell 1, line 1: untrusted-load"
    ]


def test_the_runner_sees_what_was_not_promised():
    (fault,) = _only(f"## One\n```python\n{LOAD}\n```").faults()
    assert fault.startswith("not promised: cell 1, line 2: untrusted-load")


def test_the_runner_compares_facts():
    (fault,) = _only(f"## One\n```python\n{LOAD} # error: [untrusted-load] origin=network\n```").faults()
    assert fault.startswith("differs:") and fault.endswith("origin is unknown")


def test_the_runner_fills_only_where_it_is_told():
    plain, filled = cases("## One\n```python\n{hex:4}\n```\n## Two\n<!-- fill -->\n```python\n{hex:4}\n```")
    assert plain.build()[0]["cells"][0]["source"] == "{hex:4}"
    assert len(filled.build()[0]["cells"][0]["source"]) == 4


def test_the_runner_knows_cells_and_outputs():
    text = (
        "## One\n````markdown\n```\nx\n```\n````\n```bash\nls # error: [x-y]\n```\n```output\na\nb # error: [x-z]\n```"
    )
    book, promises = _only(text).build()
    assert [cell["cell_type"] for cell in book["cells"]] == ["markdown", "code"]
    assert book["cells"][0]["source"] == "```\nx\n```"
    assert book["cells"][1]["source"] == "%%bash\nls"
    assert book["cells"][1]["outputs"][0]["text"] == "a\nb\n"
    assert [str(p) for p in promises] == ["cell 2, line 2: x-y", "cell 2, output 1, line 2: x-z"]


def test_several_promises_may_share_a_line():
    _, promises = _only("## One\n```python\nx # error: [a-a] severity=low # error: [b-b]\n```").build()
    assert [p.rule for p in promises] == ["a-a", "b-b"]


@pytest.mark.parametrize("text", ["## One\n```\nx\n```", "## One\n```cobol\nx\n```", "## One\n```python\nx"])
def test_a_case_file_without_sense_is_refused(text: str):
    with pytest.raises(ValueError, match=r"fence|called"):
        cases(text)
