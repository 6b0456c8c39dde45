"""Where the stages stand among preprocessors."""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import ClearOutputPreprocessor, ExecutePreprocessor, TagRemovePreprocessor

from stsec_magic.conversion.stages import arrange, enabled_executing, is_executing


def _step(name: str) -> Any:
    def step(notebook: Any, resources: Any) -> Any:
        return notebook, resources

    step.__name__ = name
    return step


BEGIN, BEFORE, AFTER, LAST, OTHER = map(_step, ("begin", "before", "after", "last", "other"))


def _names(row: list[Any]) -> list[str]:
    return [getattr(each, "__name__", type(each).__name__) for each in row]


def test_before_all_that_may_run_something_and_behind_the_execution() -> None:
    row = [BEGIN, TagRemovePreprocessor(), ClearOutputPreprocessor(), ExecutePreprocessor(), OTHER, LAST, OTHER]
    for _ in range(2):  # each conversion anew
        arrange(row, BEGIN, BEFORE, AFTER, LAST)
        assert _names(row) == [
            "begin",
            "TagRemovePreprocessor",
            "ClearOutputPreprocessor",
            "before",
            "ExecutePreprocessor",
            "after",
            "other",
            "other",
            "last",
        ]


def test_a_class_made_from_one_that_takes_out_may_do_anything() -> None:
    class Odd(TagRemovePreprocessor):
        pass

    row = [OTHER, BEGIN, Odd(), ExecutePreprocessor()]
    arrange(row, BEGIN, BEFORE, AFTER, LAST)
    assert _names(row) == ["other", "begin", "before", "Odd", "ExecutePreprocessor", "after", "last"]


def test_without_an_execution() -> None:
    row = [BEGIN, OTHER]
    arrange(row, BEGIN, BEFORE, AFTER, LAST)
    assert _names(row) == ["begin", "before", "after", "other", "last"]


def test_what_executes() -> None:
    class Own(ExecutePreprocessor):
        pass

    on, off = Own(enabled=True), ExecutePreprocessor()
    assert is_executing(on)
    assert not is_executing(OTHER)
    assert list(enabled_executing([off, OTHER, on])) == [on]
