"""What shell commands fetch, unpack, copy and move."""

from __future__ import annotations

import pytest

from stsec_magic.source.shell_files import Moved, moved, moved_by


def made(text: str) -> list[tuple[str, bool, str | None]]:
    return [(each.path, each.folder, each.source) for _, each in moved(text, lambda words: words)]


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("wget https://e.org/m.pkl", "m.pkl"),
        ("wget -q https://e.org/m.pkl?raw=1", "m.pkl"),
        ("wget https://e.org/x -O m.pkl", "m.pkl"),
        ("wget -Om.pkl https://e.org/x", "m.pkl"),
        ("wget --output-document=m.pkl https://e.org/x", "m.pkl"),
        ("wget \\\n  -O m.pkl \\\n  https://e.org/x", "m.pkl"),
        ("wget -O 'my m.pkl' https://e.org/x", "my m.pkl"),
        ("curl -o m.pkl https://e.org/x", "m.pkl"),
        ("curl -LO https://e.org/m.pkl", "m.pkl"),
        ("curl https://e.org/x > m.pkl", "m.pkl"),
        ("curl https://e.org/x >m.pkl", "m.pkl"),
        ("aria2c -o m.pkl https://e.org/x", "m.pkl"),
        ("gdown --id 1x -O m.pkl", "m.pkl"),
    ],
)
def test_a_file_is_fetched(command: str, path: str) -> None:
    assert made(f"!{command}") == [(path, False, None)]


@pytest.mark.parametrize(
    ("command", "rows"),
    [
        ("curl https://e.org/x", []),
        ("wget https://e.org/m.pkl -P a", [("a/m.pkl", False, None), ("a", True, None)]),
        ("git clone https://e.org/x/repo.git", [("repo", True, None)]),
        ("git clone --depth 1 -b main https://e.org/x/repo", [("repo", True, None)]),
        ("git clone git@e.org:x/repo.git here", [("here", True, None)]),
        ("aws s3 cp s3://b/m.pkl .", [("m.pkl", False, None), (".", False, None)]),
        ("aws s3 cp m.pkl s3://b/m.pkl", []),
        ("scp me@host:m.pkl n.pkl", [("n.pkl", False, None), ("n.pkl", True, None)]),
        ("unzip -q a.zip -d out", [("out", True, "a.zip")]),
        ("tar -xzf a.tgz -C out", [("out", True, "a.tgz")]),
        ("tar czf a.tgz out", []),
        ("gunzip m.pkl.gz", [("m.pkl", False, "m.pkl.gz")]),
        ("mv a.pkl out/", [("out/a.pkl", False, "a.pkl")]),
        ("cp a.pkl b.pkl out", [("out/a.pkl", False, "a.pkl"), ("out/b.pkl", False, "b.pkl")]),
        ("kaggle datasets download x/y --unzip -p d", [("d", True, None), ("d/y.zip", False, None)]),
    ],
)
def test_rows(command: str, rows: list[tuple[str, bool, str | None]]) -> None:
    assert made(f"!{command}") == rows


@pytest.mark.parametrize("text", ["# wget https://e.org/m.pkl", "  #!curl -O https://e.org/m.pkl", "mywget x", "wget"])
def test_what_is_no_command(text: str) -> None:
    assert made(text) == []


def test_commands_in_a_row() -> None:
    text = "cd x && wget https://e.org/a.zip; unzip a.zip | tee log"
    assert made(text) == [("a.zip", False, None), ("", True, "a.zip")]


def test_a_command_in_a_list() -> None:
    words = ["wget", "-O", "m.pkl", "https://e.org/x"]
    assert list(moved_by(words)) == [Moved("m.pkl", folder=False, source=None)]
    assert list(moved_by(["git", "clone", "https://e.org/repo"])) == [Moved("repo", folder=True, source=None)]
    assert list(moved_by(["python", "wget"])) == [] == list(moved_by([]))
