"""The files of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic.containers import folders
from stsec_magic.model.inspection import Closed


def names(path: Path) -> list[tuple[str, str | None]]:
    return [(name, each.why if isinstance(each, Closed) else None) for name, each in folders.files_in(path)]


def test_all_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c", "a", "b/d"):
        (tmp_path / name).write_bytes(b"")
    assert names(tmp_path) == [("a", None), ("c", None), ("b/d", None)]


def test_links(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "model"
    outside.mkdir()
    inside.mkdir()
    (outside / "x").write_bytes(b"")
    (inside / "a").write_bytes(b"")
    (inside / "out").symlink_to(outside / "x")
    (inside / "folder").symlink_to(outside)
    (inside / "in").symlink_to(inside / "a")
    (inside / "round").symlink_to(inside / "round")
    (inside / "self").symlink_to(inside)
    leads_out = "it is a link that leads out of the folder"
    assert names(inside) == [
        ("a", None),
        ("folder", leads_out),
        ("out", leads_out),
        ("round", "it is a link to nothing"),
    ]


def test_a_snapshot_of_a_hub(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "1a2b").write_bytes(b"")
    snapshot = tmp_path / "snapshots" / "main"
    snapshot.mkdir(parents=True)
    (snapshot / "model.bin").symlink_to("../../blobs/1a2b")
    assert names(snapshot) == [("model.bin", None)]


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    os = pytest.importorskip("os")
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "pipe")
    assert names(tmp_path) == []


def test_many_files_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_MOST_FILES", 2)
    for i in range(5):
        (tmp_path / str(i)).write_bytes(b"")
    assert names(tmp_path) == [("0", None), ("1", None), ("", "it has too many files")]


def test_deep_folders_are_given_up(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"abcdefghijklmnop")
    deep.mkdir(parents=True)
    (deep / "x").write_bytes(b"")
    assert names(tmp_path) == [("", "too many folders stand one inside the other")]
