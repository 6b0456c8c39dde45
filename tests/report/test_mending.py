"""What is said of notebooks that were mended."""

from __future__ import annotations

import pytest

from stsec_magic.model.mending import Ignored, Left, Mended, Mending, Rotation
from stsec_magic.report.mending import diff, render


def _said(*notebooks: Mended, is_written: bool = True, ignored: tuple[Ignored, ...] = ()) -> list[str]:
    return render(Mending(notebooks, is_written, ignored)).splitlines()


def test_nothing_to_mend_is_nothing_to_say() -> None:
    assert _said() == []


@pytest.mark.parametrize(
    ("links", "said"),
    [
        (0, []),
        (1, ["a.ipynb: another name of this file (a hard link) keeps what stood in it"]),
        (3, ["a.ipynb: 3 other names of this file (hard links) keep what stood in it"]),
    ],
)
def test_hard_links(links: int, said: list[str]) -> None:
    assert _said(Mended("a.ipynb", fixes=1, links=links)) == ["1 place in 1 notebook mended", *said]
    assert said == [line for line in _said(Mended("a.ipynb", fixes=1, links=links), is_written=False) if "link" in line]


def test_hard_links_of_what_stays_as_it_is_do_not_matter() -> None:
    assert _said(Mended("a.ipynb", links=2)) == []
    assert _said(Mended("a.ipynb", fixes=1, links=2, error="it is read-only")) == ["a.ipynb: it is read-only"]


def test_what_is_kept_and_what_is_to_be_rotated() -> None:
    rotation = Rotation("OPENAI_API_KEY", "sk-...", "https://vendor.example/keys", 2)
    unnamed = Rotation("", "AK...", "")
    done = Mended("a.ipynb", 2, 1, (rotation, unnamed), "s.toml", ignored="/s.toml")
    assert _said(done) == [
        "2 places in 1 notebook mended, 1 output taken out",
        "s.toml: OPENAI_API_KEY; /s.toml added to .gitignore",
        "Rotate now, which nothing here can do:",
        "  OPENAI_API_KEY: https://vendor.example/keys (git history still holds it in 2 commits)",
        "  the secret AK..., which is kept nowhere (git's history may still hold it)",
    ]
    assert _said(done, is_written=False)[-1] == "s.toml would hold: OPENAI_API_KEY; /s.toml added to .gitignore"


def test_what_is_left() -> None:
    rows = (
        Left(2, "hardcoded-secret", "it stands in a comment", is_choice=False),
        Left(5, "hardcoded-secret", "it stands in a comment", is_choice=False),
        Left(1, "jwt", "its line is a shell's", is_choice=True),
    )
    assert _said(Mended("a.ipynb", left=rows)) == [
        "left alone: a.ipynb, cell 2, 5: hardcoded-secret (2 places): it stands in a comment",
        "left alone: 1 place that --unsafe-fixes would mend: a.ipynb",
    ]


def test_what_git_ignores() -> None:
    rows = (Ignored(".env", "/.env"), Ignored("a.pem", "/a.pem", is_tracked=True), Ignored("b", error="no repository"))
    assert _said(ignored=rows) == [
        "b: no repository",
        ".env: ignored by git now (.gitignore)",
        "a.pem: ignored by git now (.gitignore), once `git rm -r --cached` has taken it out",
    ]


def test_a_terminal_gets_no_signs_of_its_own_from_a_path() -> None:
    assert "\x1b" not in render(Mending((Mended("\x1b[2Ja.ipynb", error="it is read-only"),), is_written=True))


def test_a_difference_in_colours() -> None:
    done = Mending((Mended("a", fixes=1, diff="--- a\n+++ a\n@@ cell 1 @@\n-x\n+y\n z"),), is_written=False)
    assert diff(done) == "--- a\n+++ a\n@@ cell 1 @@\n-x\n+y\n z\n"
    painted = diff(done, colour=True)
    assert "\x1b[31m-x\x1b[0m" in painted and "\x1b[32m+y\x1b[0m" in painted and "\n z\n" in painted
