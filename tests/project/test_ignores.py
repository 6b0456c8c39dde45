"""The lines for a .gitignore do what they are for: git says so."""

from __future__ import annotations

import codecs
import os
import sys
from pathlib import Path

import pytest

from stsec_magic.project.git import repository_of
from stsec_magic.project.ignores import add_lines, missing_lines
from tests.project.repositories import put, repository

PLAIN = [".env", ".streamlit/secrets.toml", "app/.env.local", "ü/ö.pem", "a b/c d"]
ODD = [
    "#x", "!x", "a/#x", "[ab]", "a]b", "*", "a?b", "a\\b", "\\", "end ", "end  ", " a", " ", "a \\ ", "t\tx", "t\t",
    "line\nend", "cr\r", "-x", ":x", "**/x", "{a,b}", "a/*/b", "x\\",
]  # fmt: skip
posix = pytest.mark.skipif(sys.platform == "win32", reason="no such names on Windows")


def works(root: Path, name: str, *others: str) -> None:
    here = repository_of(root)
    assert here is not None
    path = root / name
    lines = missing_lines(here, [path, path])
    assert len(lines) == 1
    (root / ".gitignore").write_bytes(add_lines(root / ".gitignore", lines))
    assert here.is_ignored(path), lines
    assert missing_lines(here, [path]) == []
    assert not here.ignored([root / other for other in (*others, "other", f"deeper/{name}", f"{name}x")]), lines


@pytest.mark.parametrize("name", PLAIN)
def test_names_that_people_give(tmp_path: Path, name: str) -> None:
    works(repository(tmp_path), name)


@posix
@pytest.mark.parametrize("name", ODD)
def test_odd_names(tmp_path: Path, name: str) -> None:
    works(repository(tmp_path), name, "ab", "a")


@posix
def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    works(repository(tmp_path), os.fsdecode(b"a\xff"))


def test_a_plain_line_is_plain(tmp_path: Path) -> None:
    root = repository(tmp_path)
    here = repository_of(root)
    assert here is not None
    files = [root / ".env", root / ".streamlit" / "secrets.toml", root / "a b" / ".env", tmp_path.parent / ".env"]
    assert missing_lines(here, files) == ["/.env", "/.streamlit/secrets.toml", "/a b/.env"]


def test_what_is_ignored_needs_no_line(tmp_path: Path) -> None:
    root = repository(tmp_path)
    put(root / ".gitignore", ".env\n")
    here = repository_of(root)
    assert here is not None
    assert missing_lines(here, [root / ".env", root / "sub" / ".env", root / "x.pem"]) == ["/x.pem"]


def test_a_line_goes_before_what_a_pattern_took_back(tmp_path: Path) -> None:
    root = repository(tmp_path)
    put(root / ".gitignore", ".env\n!.env")
    works(root, ".env")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (None, b"/.env\n/b\n"),
        (b"", b"/.env\n/b\n"),
        (b"a\n", b"a\n/.env\n/b\n"),
        (b"a", b"a\n/.env\n/b\n"),
        (b"a\r\nb\r\n", b"a\r\nb\r\n/.env\r\n/b\r\n"),
        (b"a\r\nb", b"a\r\nb\r\n/.env\r\n/b\r\n"),
        (codecs.BOM_UTF8, codecs.BOM_UTF8 + b"/.env\n/b\n"),
        (codecs.BOM_UTF8 + b"a", codecs.BOM_UTF8 + b"a\n/.env\n/b\n"),
        (b"\xff\n", b"\xff\n/.env\n/b\n"),
    ],
)
def test_what_stood_there_is_kept(tmp_path: Path, held: bytes | None, expected: bytes) -> None:
    root = repository(tmp_path)
    file = root / ".gitignore"
    if held is not None:
        file.write_bytes(held)
    assert add_lines(file, ["/.env", "/b"]) == expected
    assert add_lines(file, []) == (held or b"")
    assert (file.read_bytes() if file.exists() else None) == held
    file.write_bytes(expected)
    here = repository_of(root)
    assert here is not None and here.is_ignored(root / ".env")


def test_what_git_does_not_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("x\r\n".encode("utf-16"))
    with pytest.raises(ValueError, match="UTF-16"):
        add_lines(tmp_path / "a", ["/.env"])
    (tmp_path / "b").write_bytes(b"#" * (1 << 23))
    with pytest.raises(ValueError, match="large"):
        add_lines(tmp_path / "b", ["/.env"])
    (tmp_path / "c").mkdir()
    with pytest.raises(OSError):
        add_lines(tmp_path / "c", ["/.env"])


@posix
def test_a_link_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "a")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(ValueError, match="link"):
        add_lines(tmp_path / "b", ["/.env"])


def test_the_lines_for_a_new_project(tmp_path: Path) -> None:
    root = repository(tmp_path)
    lines = [".streamlit/secrets.toml", ".env", ".env.*", "!.env.example", "!.env.sample", "!.env.template"]
    (root / ".gitignore").write_bytes(add_lines(root / ".gitignore", lines))
    here = repository_of(root)
    assert here is not None
    secret = [root / ".env", root / "a" / ".env.local", root / ".streamlit" / "secrets.toml"]
    assert here.ignored([*secret, root / ".env.example", root / ".streamlit" / "config.toml"]) == set(secret)
