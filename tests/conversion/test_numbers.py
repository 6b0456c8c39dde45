"""Cells' numbers, whatever was taken out."""

from __future__ import annotations

from stsec_magic import Config
from stsec_magic.conversion.checked import checked
from stsec_magic.conversion.numbers import Numbers
from tests.conversion.books import book, key
from tests.notebooks_in_memory import code, markdown


def test_a_finding_has_the_number_that_the_user_sees() -> None:
    notebook = book(
        markdown("away"),
        code("import joblib"),
        code("joblib.load('m')"),
        code("1", metadata={"x": {"api_key": key("meta")}}),
        code("joblib.load(1\nx = = 1"),
    )
    numbers = Numbers(notebook)
    del notebook["cells"][0]
    found = numbers.as_they_were(checked(notebook, None, Config()), notebook)
    assert [(each.rule, each.location.cell) for each in found.report.findings] == [
        ("untrusted-load", 3),
        ("openai-api-key", 4),
        ("untrusted-load", 5),
    ]
    assert found.report.findings[1].location.pointer == "/cells/3/metadata/x/api_key"
    assert found.failing == tuple(each for each in found.report.findings if each in found.failing)
    assert [each.location.cell for each in found.failing] == [3, 4, 5]
    assert [each.cell for each in found.report.problems] == [5]


def test_nothing_is_made_anew_where_nothing_was_taken_out() -> None:
    notebook = book(code(f'k = "{key(1)}"'))
    found = checked(notebook, None, Config())
    assert Numbers(notebook).as_they_were(found, notebook) is found


def test_a_cell_that_came_later_has_the_number_of_its_place() -> None:
    notebook = book(code("1"))
    numbers = Numbers(notebook)
    notebook["cells"] = [*notebook["cells"], *book(code(f'k = "{key(2)}"'))["cells"]]
    found = numbers.as_they_were(checked(notebook, None, Config()), notebook)
    assert [each.location.cell for each in found.failing] == [2]
