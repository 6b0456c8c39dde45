"""Git is asked about files in real repositories, and nothing that a repository says is run."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from stsec_magic.project import git_process
from stsec_magic.project.git import GitError, Repository, repository_of
from tests.project.repositories import commit, put, repository, run

ODD = [
    "a b",
    "-v",
    "--all",
    ":x",
    ":(glob)*",
    ":!x",
    "a*b?",
    "[ab]",
    "#c",
    "!d",
    "e\nf",
    "g\th",
    'i"j',
    "ü",
    " k ",
    "l\\m",
]
posix = pytest.mark.skipif(sys.platform == "win32", reason="no such names on Windows")


def of(folder: Path) -> Repository:
    found = repository_of(folder)
    assert found is not None
    return found


def contents(here: Repository, path: Path, commits: Sequence[str]) -> list[bytes]:
    """What a file held in some commits, each content once."""
    seen: list[bytes] = []
    assert here.commits_with(path, commits, lambda content: bool(seen.append(content))) == 0
    return seen


def test_no_repository(tmp_path: Path) -> None:
    assert repository_of(tmp_path) is None
    assert repository_of(tmp_path / "not" / "there") is None


def test_the_top_and_its_git_folder(tmp_path: Path) -> None:
    root = repository(tmp_path / "a")
    deep = root / "b" / "c"
    deep.mkdir(parents=True)
    assert of(deep) == Repository(root, root / ".git") == of(root) == of(deep / "not" / "there")


@posix
@pytest.mark.parametrize("name", ["a\nb", " x ", "ü\n"])
def test_the_top_has_an_odd_name(tmp_path: Path, name: str) -> None:
    root = repository(tmp_path / name)
    (root / name).mkdir()
    assert of(root / name) == Repository(root, root / ".git")


def test_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path)
    put(root / "sub" / "x")
    commit(root)
    monkeypatch.chdir(root / "sub")
    assert of(Path()).root == root
    assert of(Path()).is_tracked(Path("x")) and not of(Path()).is_tracked(Path("../x"))
    assert of(Path()).is_tracked(Path("../sub/x"))


def test_bare_and_inside_of_git(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    run(tmp_path / "bare", "init", "-q", "--bare")
    root = repository(tmp_path / "a")
    assert repository_of(tmp_path / "bare") is None
    assert repository_of(root / ".git") is None
    assert repository_of(root / ".git" / "hooks") is None


def test_an_empty_git_folder_is_no_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert repository_of(tmp_path) is None


def test_a_git_file_that_leads_nowhere(tmp_path: Path) -> None:
    put(tmp_path / ".git", "gitdir: /not/there\n")
    with pytest.raises(GitError, match="no repository"):
        repository_of(tmp_path)


def test_a_worktree(tmp_path: Path) -> None:
    root = repository(tmp_path / "a")
    put(root / "x")
    commit(root)
    run(root, "worktree", "add", "-q", str(tmp_path / "w"))
    tree = of(tmp_path / "w")
    assert tree.root == (tmp_path / "w").resolve()
    assert tree.git_dir == root / ".git" / "worktrees" / "w"
    assert tree.is_tracked(tree.root / "x") and not tree.is_tracked(root / "x")


def test_a_submodule_has_its_own_files(tmp_path: Path) -> None:
    inner, outer = repository(tmp_path / "inner"), repository(tmp_path / "outer")
    put(inner / "x")
    commit(inner)
    run(outer, "submodule", "--quiet", "add", str(inner), "sub")
    put(outer / ".gitignore", "y\n")
    commit(outer)
    sub = of(outer / "sub")
    assert sub.root == outer / "sub" and sub.git_dir == outer / ".git" / "modules" / "sub"
    assert sub.is_tracked(outer / "sub" / "x") and not sub.is_ignored(outer / "sub" / "y")
    # The outer one says nothing of them, and what else it is asked is answered all the same.
    asked = [outer / "sub" / "x", outer / ".gitignore", outer / "sub" / "y", outer / "y"]
    assert of(outer).tracked(asked) == {outer / ".gitignore"}
    assert of(outer).ignored(asked) == {outer / "y"}


def test_ignored_and_by_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "a")
    put(root / ".gitignore", "# a comment\n.env\nbuild/\n")
    put(root / "sub" / ".gitignore", "!.env\n")
    put(root / ".git" / "info" / "exclude", "*.key\n")
    put(tmp_path / "global", "*.p12\n")
    put(tmp_path / "config", f"[core]\nexcludesFile = {(tmp_path / 'global').as_posix()}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    here = of(root)
    by = {
        ".env": ".gitignore:2:.env",
        "deep/er/.env": ".gitignore:2:.env",
        "build/x": ".gitignore:3:build/",
        "x.key": ".git/info/exclude:1:*.key",
        "x.p12": f"{(tmp_path / 'global').as_posix()}:1:*.p12",
        "sub/.env": None,
        "other": None,
    }
    assert {name: here._patterns([root / name]).get(root / name) for name in by} == by
    assert here.ignored([root / name for name in by]) == {root / name for name, rule in by.items() if rule}


def test_tracked_although_ignored(tmp_path: Path) -> None:
    root = repository(tmp_path)
    put(root / ".env")
    put(root / ".gitignore", ".env\n")
    commit(root, force=True)
    assert of(root).is_tracked(root / ".env") and of(root).is_ignored(root / ".env")


@posix
@pytest.mark.parametrize("name", ODD)
def test_odd_names(tmp_path: Path, name: str) -> None:
    root = repository(tmp_path)
    put(root / "d" / name)
    put(root / name)
    commit(root)
    put(root / name, "other\n")
    commit(root)
    put(root / f"{name}1")
    here = of(root)
    assert here.tracked([root / name, root / "d" / name, root / f"{name}1"]) == {root / name, root / "d" / name}
    assert not here.is_ignored(root / name)
    put(root / ".git" / "info" / "exclude", "/d/\n")
    assert here.ignored([root / name, root / "d" / name]) == {root / "d" / name}
    assert contents(here, root / name, here.commits(root / name)) == [b"other\n", b"x\n"]


@posix
def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    root = repository(tmp_path)
    path = root / os.fsdecode(b"a\xff")
    try:
        path.write_bytes(b"x")
    except OSError:
        pytest.skip("the file system takes no such names")
    commit(root)
    assert of(root).is_tracked(path)
    assert contents(of(root), path, of(root).commits(path)) == [b"x"]


def test_more_paths_than_fit_on_a_command_line(tmp_path: Path) -> None:
    root = repository(tmp_path)
    there = {put(root / f"{'n' * 50}{i}") for i in range(300)}
    commit(root)
    assert of(root).tracked([*there, root / "other"]) == there


def test_nothing_asked(tmp_path: Path) -> None:
    here = of(repository(tmp_path / "a"))
    assert here.tracked([]) == here.ignored([]) == set()
    assert here.tracked([tmp_path / "elsewhere"]) == set()
    assert here.commits(here.root / "x") == [] and contents(here, here.root / "x", []) == []
    assert here.commits(tmp_path / "elsewhere") == [] and contents(here, tmp_path / "elsewhere", ["0" * 40]) == []


@posix
def test_a_link_is_a_file_and_a_linked_folder_is_where_it_leads(tmp_path: Path) -> None:
    root = repository(tmp_path / "a")
    put(root / "d" / "x")
    (root / "link").symlink_to("d/x")
    (root / "folder").symlink_to("d")
    (tmp_path / "outside").symlink_to(root)
    commit(root)
    here = of(tmp_path / "outside")
    assert here.root == root
    assert here.tracked([root / "link", root / "folder" / "x", tmp_path / "outside" / "d" / "x"]) == {
        root / "link", root / "folder" / "x", tmp_path / "outside" / "d" / "x"
    }  # fmt: skip


def test_old_versions_of_all_branches(tmp_path: Path) -> None:
    root = repository(tmp_path)
    put(root / "other")
    commit(root)
    for text in ("one\n", "two\n", "one\n"):
        put(root / "x", text)
        commit(root)
    run(root, "checkout", "-q", "-b", "side", "HEAD~2")
    put(root / "x", "side\n")
    commit(root)
    (root / "x").unlink()
    commit(root)
    run(root, "checkout", "-q", "main")
    run(root, "merge", "-q", "-s", "ours", "side")
    run(root, "branch", "-D", "side")
    here = of(root)
    assert set(contents(here, root / "x", here.commits(root / "x"))) == {b"one\n", b"two\n", b"side\n"}
    assert contents(here, root / "x", here.commits(root / "x")[:1] * 2) in ([b"one\n"], [])


def test_an_old_version_may_hold_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path)
    texts = ["", "\n", "0" * 40 + " blob 3\nabc\n", "ü", "a" * 5000]
    for text in texts:
        put(root / "x", text)
        commit(root)
    here = of(root)
    found = {text.encode() for text in texts}
    assert set(contents(here, root / "x", here.commits(root / "x"))) == found
    monkeypatch.setattr("stsec_magic.project.git._ENOUGH", 10)
    assert set(contents(here, root / "x", here.commits(root / "x"))) == found
    monkeypatch.setattr("stsec_magic.project.git._LARGEST", 100)
    assert set(contents(here, root / "x", here.commits(root / "x"))) == found - {b"a" * 5000}


def test_git_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "a")
    here = of(root)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert repository_of(tmp_path) is None
    for ask in (lambda: repository_of(root), lambda: here.is_tracked(root / "x"), lambda: here.is_ignored(root / "x")):
        with pytest.raises(GitError, match="not installed"):
            ask()


@posix
def test_a_git_of_the_working_directory_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "a")
    fake = put(root / "git", f"#!/bin/sh\ntouch {root}/ran\n")
    fake.chmod(0o755)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(GitError):
        repository_of(root)
    assert not (root / "ran").exists()


def test_git_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path)

    def late(*arguments: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("git", 30)

    monkeypatch.setattr(git_process.subprocess, "run", late)
    with pytest.raises(GitError, match="30 seconds"):
        repository_of(root)


def test_git_cannot_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path)

    def broken(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(git_process.subprocess, "run", broken)
    with pytest.raises(GitError, match="PermissionError"):
        repository_of(root)


def test_a_broken_configuration_is_told_without_its_text(tmp_path: Path) -> None:
    root = repository(tmp_path)
    put(root / ".git" / "config", "[core]\n  hunter2 hunter2 = = \n")
    with pytest.raises(GitError) as caught:
        repository_of(root)
    assert "configuration" in str(caught.value) and "hunter2" not in str(caught.value)


def test_somebody_elses_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path)
    monkeypatch.setitem(git_process._OVERRIDES, "GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError, match="somebody else"):
        repository_of(root)


def test_variables_that_name_a_repository_are_not_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, other = repository(tmp_path / "a"), repository(tmp_path / "b")
    put(root / "x")
    commit(root)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    monkeypatch.setenv("GIT_ICASE_PATHSPECS", "1")
    assert of(root) == Repository(root, root / ".git")
    assert of(root).is_tracked(root / "x") and not of(root).is_tracked(root / "X")


@posix
def test_nothing_that_the_configuration_names_is_run(tmp_path: Path) -> None:
    root = repository(tmp_path / "a")
    put(root / "x")
    put(root / ".gitattributes", "* filter=evil diff=evil\n")
    commit(root)
    put(root / "x", "changed\n")
    commit(root)
    script = put(tmp_path / "evil", f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    for key in (
        "core.fsmonitor", "core.pager", "core.sshCommand", "core.askPass", "core.alternateRefsCommand", "gpg.program",
        "diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.smudge", "filter.evil.clean",
        "filter.evil.process", "credential.helper", "alias.ls-files", "pager.rev-list",
    ):  # fmt: skip
        run(root, "config", key, str(script))
    run(root, "config", "log.showSignature", "true")
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout"):
        put(root / ".git" / "hooks" / hook, script.read_text()).chmod(0o755)
    # The trap works: a git that isn't told otherwise falls into it.
    subprocess.run(["git", "status"], cwd=root, capture_output=True, check=False)
    assert (tmp_path / "ran").exists()
    (tmp_path / "ran").unlink()
    here = of(root)
    assert here.is_tracked(root / "x") and not here.is_ignored(root / "x")
    assert len(contents(here, root / "x", here.commits(root / "x"))) == 2
    assert not (tmp_path / "ran").exists()


@posix
def test_what_a_partial_clone_lacks_is_not_fetched(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    for text in ("old\n", "new\n"):
        put(origin / "x", text)
        commit(origin)
    run(origin, "config", "uploadpack.allowFilter", "true")
    run(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{origin}", "clone")
    script = put(tmp_path / "evil", f'#!/bin/sh\ntouch {tmp_path}/ran\nexec git-upload-pack "$@"\n')
    script.chmod(0o755)
    clone = (tmp_path / "clone").resolve()
    run(clone, "config", "remote.origin.uploadpack", str(script))
    run(clone, "config", "protocol.file.allow", "always")
    here = of(clone)
    commits = here.commits(clone / "x")
    assert len(commits) == 2
    with contextlib.suppress(GitError):  # an older git gives up at the first one that it lacks
        assert contents(here, clone / "x", commits) == [b"new\n"]
    assert not (tmp_path / "ran").exists()
