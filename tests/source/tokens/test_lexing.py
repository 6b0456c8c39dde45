"""Lexers by the names that kernels give to languages, and their tokens within bounds."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from stsec_magic.source.tokens.aliases import alias_of
from stsec_magic.source.tokens.lexing import lexemes, lexer_for


@pytest.mark.parametrize(
    ("language", "alias"),
    [
        ("python", "python"),
        ("python3", "python"),
        ("python2", "python2"),
        ("ir", "r"),
        ("R", "r"),
        ("julia-1.10", "julia"),
        ("julia", "julia"),
        ("scala", "scala"),
        ("spylon-kernel", "scala"),
        ("Apache Toree - Scala", "scala"),
        ("bash", "bash"),
        ("shell", "bash"),
        ("sql", "sql"),
        ("bigquery", "sql"),
        ("dotenv", "dotenv"),
        ("octave", "octave"),
        ("matlab", "matlab"),
        ("c++17", "cpp"),
        ("xcpp17", "cpp"),
        ("javascript", "javascript"),
        ("typescript", "typescript"),
        ("fsharp", "fsharp"),
        (".net-csharp", "csharp"),
        ("c#", "csharp"),
        ("C#", "csharp"),
        ("powershell", "powershell"),
        ("pwsh", "powershell"),
        ("gophernotes", "go"),
        ("evcxr", "rust"),
        ("sos", "python"),
        ("sas", "sas"),
        ("stata", "stata"),
        ("haskell", "haskell"),
        ("iruby", "ruby"),
        ("perl", "perl"),
        ("kotlin", "kotlin"),
        ("groovy", "groovy"),
        ("java", "java"),
        ("dockerfile", "docker"),
        ("text", None),
        ("markdown", None),
        ("html", None),
        ("", None),
        ("no such language", None),
        ("x" * 10_000, None),
    ],
)
def test_a_language_by_any_of_its_names(language: str, alias: str | None) -> None:
    assert alias_of(language) == alias
    assert (lexer_for(language) is None) is (alias in (None, "dotenv"))


def test_nothing_of_pygments_is_loaded_before_it_is_needed_and_then_one_lexer() -> None:
    code = (
        "import sys, stsec_magic.source.tokens.lexed as m\n"
        "print(any(n.startswith('pygments') for n in sys.modules))\n"
        "list(m.Lexed('x = \"v\"', 'julia').named_values())\n"
        "print(sorted(n for n in sys.modules if n.startswith('pygments.lexers.') and n[16:17] != '_'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "['pygments.lexers.julia']"]


def test_offsets_are_those_of_the_text_even_behind_runs_that_were_shortened() -> None:
    text = "a = 1" + "\n" * 5000 + "b = '" + "x" * 5000 + "' # c"
    found = lexemes(text, "python")
    assert found is not None
    assert [text[each.start : each.end] for each in found if each.text == "b"] == ["b"]
    assert (found[0].start, found[-1].end) == (0, len(text))
    assert all(before.end == after.start for before, after in pairwise(found))


@pytest.mark.parametrize("text", ["x" * 100_001, "'" * 1_000_000])
def test_a_text_too_long_is_left_alone(text: str) -> None:
    assert lexemes(text, "python") is None


def test_a_lexer_that_raises_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    lexer = lexer_for("julia")

    def fail(text: str) -> None:
        raise RecursionError

    monkeypatch.setattr(lexer, "get_tokens_unprocessed", fail)
    assert lexemes("x = 1", "julia") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [("c", "\n" * 20_000), ("ocaml", "0" * 20_000), ("java", "a " * 10_000), ("scala", "<" * 20_000)],
)
def test_a_lexer_that_takes_quadratic_time_is_stopped(language: str, text: str) -> None:
    began = time.process_time()
    lexemes(text, language)
    assert time.process_time() - began < 3


def test_a_repr_does_not_show_the_text() -> None:
    found = lexemes("'hunter2hunter2'", "python")
    assert found is not None
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_is_collected_meanwhile(monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    """A search for circles among very many objects would count as the text's own time."""
    seen: list[bool] = []
    lexer = lexer_for("python")
    real = lexer.get_tokens_unprocessed  # type: ignore[union-attr]

    def watched(text: str) -> Iterator[Any]:
        seen.append(gc.isenabled())
        if fails:
            raise RuntimeError
        yield from real(text)

    monkeypatch.setattr(lexer, "get_tokens_unprocessed", watched)
    assert gc.isenabled()
    assert (lexemes("x = 1", "python") is None) is fails
    assert (seen, gc.isenabled()) == ([False], True)
