"""Python that shell text runs."""

from __future__ import annotations

import time

import pytest

from stsec_magic.source.tokens.pythoncode import python_in_shell


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('python -c "import pickle"', ["import pickle"]),
        ("python3 -c 'a = \"b\"' && ls", ['a = "b"']),
        ("/usr/bin/python3.11 -u -c 'a'", ["a"]),
        ("sudo env A=b python -W ignore -c 'a'", ["a"]),
        ("python -Ic 'a'", ["a"]),
        ("python -c 'a\nb'\n", ["a\nb"]),
        ("python3 - <<'EOF'\na\nb\nEOF\nls", ["a\nb\n"]),
        ("python <<EOF\na\nEOF\n", ["a\n"]),
        ("python <<-EOF\n\ta\n\tEOF\n", ["\ta\n"]),
        ("python3 - x y <<EOF\na\n", ["a\n"]),
        ("x=$(python -c 'a')", ["a"]),
        ("echo \"$(python -c 'a')\"", ["a"]),
        ("ls | python -c 'a'; python -c 'b'", ["a", "b"]),
        ("cat <<EOF\na\nEOF\n", []),
        ("cat <<EOF | python\na\nEOF\n", []),
        ("python script.py -c 'a'", []),
        ("python script.py <<EOF\na\nEOF\n", []),
        ("python -m pip install -c 'a'", []),
        ("pytest -c 'a'", []),
        ("# python -c 'a'", []),
        ("python -c", []),
        ("", []),
    ],
)
def test_the_code_that_python_is_given(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in python_in_shell(text)] == expected


@pytest.mark.parametrize("text", ["python -c '", 'python -c "$(', "python <<E\n", "`", "${", "<<", "\\", "\n"])
def test_hostile_text_costs_little_time(text: str) -> None:
    began = time.process_time()
    list(python_in_shell(text * (200_000 // len(text))))
    assert time.process_time() - began < 4
