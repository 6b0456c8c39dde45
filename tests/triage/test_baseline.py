"""Which findings and problems a baseline knows again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from stsec_magic import Finding, check
from stsec_magic.checker import check_raw
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Suppression
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.notebook.read import from_mapping
from stsec_magic.triage.baseline import Baseline, KnownFinding, KnownProblem, Matched, match, record
from tests.credentials import password
from tests.notebooks_in_memory import code, markdown, notebook, stream

SECRET = f"password = '{password('baseline')}'"
OTHER = f"token_secret = '{password('other')}'"
LOAD = "import pickle\nm = pickle.load(f)"


def found(path: str, *cells: dict[str, Any]) -> list[Finding]:
    """The findings of a notebook at a path."""
    return list(check_raw(from_mapping(notebook(*cells), path), Config(), b"").findings)


def same(path: str) -> str:
    return path


def known(baseline: Baseline, findings: Sequence[Finding]) -> list[bool]:
    matched = match(baseline, findings, (), same)
    return [finding.suppressed == Suppression("baseline", "") for finding in matched.findings]


def of(*findings: Finding) -> Baseline:
    return record(findings, (), same)


BOOK = found("nb.ipynb", code(SECRET), code(LOAD))


def test_a_baseline_holds_no_value_no_message_and_no_mask() -> None:
    assert of(*BOOK).findings == tuple(KnownFinding("nb.ipynb", f.rule, f.fingerprint) for f in BOOK)


def test_what_is_known_is_suppressed_and_the_rest_stays() -> None:
    findings = found("nb.ipynb", code(SECRET), code(OTHER), code(LOAD))
    assert known(of(*BOOK), findings) == [True, False, True]
    assert known(Baseline(), findings) == [False] * 3


@pytest.mark.parametrize(
    "cells",
    [
        [code(LOAD), code(SECRET)],
        [markdown("new"), code(SECRET), code("x = 1"), code(LOAD)],
        [code(f"# new\n{SECRET}\n\nx = 1"), code(LOAD)],
        [code(SECRET, id="another", count=7), code(LOAD, [stream("done")], count=8)],
        [code(SECRET.splitlines(keepends=True)), code(LOAD.splitlines(keepends=True))],
        [code(f"{SECRET}\n{LOAD}")],
    ],
    ids=["moved", "inserted", "lines inserted", "run again", "saved anew", "joined"],
)
def test_it_is_stable(cells: list[dict[str, Any]]) -> None:
    assert known(of(*BOOK), found("nb.ipynb", *cells)) == [True, True]


def test_a_second_copy_is_new_in_the_same_notebook() -> None:
    assert known(of(*BOOK[:1]), found("nb.ipynb", code(SECRET), code(SECRET))) == [True, False]


def test_a_second_copy_is_new_in_another_notebook() -> None:
    both = [*found("a.ipynb", code(SECRET)), *found("nb.ipynb", code(SECRET))]
    for findings in (both, both[::-1]):
        assert known(of(*BOOK[:1]), findings) == [f.location.path == "nb.ipynb" for f in findings]


def test_a_moved_notebook_is_known_again() -> None:
    findings = found("sub/new.ipynb", code(SECRET), code(LOAD))
    assert known(of(*BOOK), findings) == [True, True]
    twice = [*findings, *found("sub/copy.ipynb", code(SECRET), code(LOAD))]
    assert known(of(*BOOK), twice) == [True, True, False, False]


def test_an_entry_is_spent_as_often_as_it_was_written() -> None:
    (one,) = found("a.ipynb", code(SECRET))
    twins = [one, one, one]
    assert known(of(one, one), twins) == [True, True, False]


def test_a_checkpoint_is_its_notebooks_past() -> None:
    copy = "x/.ipynb_checkpoints/nb-checkpoint.ipynb"
    findings = [*found("x/nb.ipynb", code(f"{SECRET}\n# changed")), *found(copy, code(SECRET), code(OTHER))]
    assert known(of(*found("x/nb.ipynb", code(SECRET))), findings) == [True, True, False]
    assert known(of(*found("nb.ipynb", code(OTHER + "  # else"))), findings) == [False] * 3


def test_what_was_silenced_by_other_means_is_not_recorded_and_stays_so() -> None:
    findings = found("nb.ipynb", code(f"{SECRET}  # stsec: ignore mine"), code(LOAD))
    assert [each.rule for each in of(*findings).findings] == ["untrusted-load"]
    all_of_them = Baseline(tuple(KnownFinding("nb.ipynb", f.rule, f.fingerprint) for f in findings))
    matched = match(all_of_them, findings, (), same)
    assert [f.suppressed and f.suppressed.how for f in matched.findings] == ["comment", "baseline"]
    assert matched.left == Baseline()


def test_what_is_known_is_recorded_again() -> None:
    matched = match(of(*BOOK), BOOK, (), same)
    assert record(matched.findings, (), same) == of(*BOOK)


def test_what_matches_nothing_is_left() -> None:
    extra = KnownFinding("nb.ipynb", "jwt", "0" * 64)
    baseline = Baseline((extra, *of(*BOOK).findings, extra))
    assert match(baseline, BOOK, (), same).left == Baseline((extra, extra))
    assert len(match(baseline, (), (), same).left) == 4


# -- problems --------------------------------------------------------------------------------


def problem(path: str, cell: int | None, kind: ProblemKind = ProblemKind.UNPARSED_CELL) -> Problem:
    return Problem(path, cell, kind, "a message")


def matched(entries: Sequence[Problem], problems: Sequence[Problem], gone: Sequence[str] = ()) -> Matched:
    return match(record((), entries, same), (), problems, same, lambda path: path in gone)


def test_a_problem_is_known_again() -> None:
    assert record((), [problem("a", 3)], same).problems == (KnownProblem("a", "unparsed-cell", 3),)
    for entry, other in [
        (problem("a", 3), problem("a", 3)),
        (problem("a", 3), problem("a", 5)),
        (problem("a", None, ProblemKind.INVALID_JSON), problem("a", None, ProblemKind.INVALID_JSON)),
    ]:
        assert matched([entry], [other]).problems == {other}


def test_another_problem_is_new() -> None:
    for other in (problem("b", 3), problem("a", 3, ProblemKind.INVALID_NOTEBOOK)):
        assert matched([problem("a", 3)], [other]).problems == frozenset()
    both = [problem("a", 2), problem("a", 3)]
    result = matched([problem("a", 3)], both)
    assert (result.problems, result.left.problems) == ({both[1]}, ())


def test_a_problem_of_a_moved_file_is_known_again() -> None:
    moved = problem("b", 3)
    assert matched([problem("a", 3)], [moved], ["a"]).problems == {moved}
    assert matched([problem("a", 3)], [problem("b", 4)], ["a"]).problems == frozenset()


def test_many_entries_take_their_share_of_time() -> None:
    import time

    rows = [problem(f"{i % 50}.ipynb", i) for i in range(20_000)]
    (one,) = found("a.ipynb", code(SECRET))
    baseline = Baseline((KnownFinding("a.ipynb", one.rule, one.fingerprint),) * 20_000, record((), rows, same).problems)
    began = time.process_time()
    result = match(baseline, [one] * 20_000, rows[::-1], same)
    assert len(result.problems) == 20_000 and not result.left
    assert time.process_time() - began < 2


def test_a_report_in_memory_has_no_baseline() -> None:
    assert [f.suppressed for f in check(notebook(code(SECRET))).findings] == [None]
