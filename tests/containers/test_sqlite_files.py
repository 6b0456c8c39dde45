"""SQLite's files."""

from __future__ import annotations

import base64
import builtins
import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.containers.wrapping import NAMING, OLD, PLAIN, closed, found

sqlite3 = pytest.importorskip("sqlite3")


def database(*statements: str, values: tuple[object, ...] = ()) -> bytes:
    connection = sqlite3.connect(":memory:")
    for statement in statements:
        connection.execute(statement, values if "?" in statement else ())
    connection.commit()
    data = bytes(connection.serialize())
    connection.close()
    return data


def test_blobs_that_may_be_pickles() -> None:
    data = database(
        "CREATE TABLE Dict (key BLOB, value BLOB)",
        "INSERT INTO Dict VALUES ('a', ?), ('b', x'00ff'), (1, 2.5)",
        values=(PLAIN,),
    )
    assert found(data) == [("Dict.value, value 1", PLAIN)]


@pytest.mark.parametrize(
    "value",
    [gzip.compress(NAMING, mtime=0), NAMING, OLD, OLD.decode(), base64.b64encode(NAMING).decode()],
    ids=["gzip", "pickle", "old pickle", "text", "base64"],
)
def test_values_in_many_ways(value: object) -> None:
    data = database("CREATE TABLE t (a)", "INSERT INTO t VALUES (?)", values=(value,))
    assert [each for _, each in found(data)] == [OLD if value in (OLD, OLD.decode()) else NAMING]


def test_a_value_longer_than_a_page() -> None:
    value = NAMING + bytes(50_000)
    data = database("CREATE TABLE t (a)", "INSERT INTO t VALUES (?)", values=(value,))
    assert [each for _, each in found(data)] == [value]


def test_names_in_quotes() -> None:
    data = database(
        'CREATE TABLE "a""; DROP TABLE b" ("c""d" BLOB)',
        'INSERT INTO "a""; DROP TABLE b" VALUES (?)',
        values=(NAMING,),
    )
    assert [each for _, each in found(data)] == [NAMING]


def test_a_file_that_is_written_ahead_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (a)")
    connection.execute("INSERT INTO t VALUES (?)", (NAMING,))
    connection.commit()
    connection.close()
    assert [each for _, each in found(path.read_bytes())] == [NAMING]


def test_views_and_what_is_worked_out_are_not_asked_for() -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS a FROM n"
    data = database(
        "CREATE TABLE t (a, b GENERATED ALWAYS AS (a) VIRTUAL)",
        f"CREATE VIEW v AS {endless}",
        "INSERT INTO t (a) VALUES (?)",
        values=(NAMING,),
    )
    start = time.process_time()
    assert [each for _, each in found(data)] == [NAMING]
    assert time.process_time() - start < 5


def test_one_that_cannot_be_read_is_searched() -> None:
    data = b"SQLite format 3\x00" + bytes(200) + NAMING + bytes(100)
    assert [each for _, each in found(data)] == [NAMING]
    assert "tables can't be read" in closed(data)[0][1]


def test_a_python_without_it_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "sqlite3":
            raise ImportError
        return genuine(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    data = database("CREATE TABLE t (a)") + bytes(10) + NAMING
    assert closed(data) == [("", "this Python has no sqlite3")]
    assert [each for _, each in found(data)] == [NAMING]


SAMPLE = database("CREATE TABLE t (a, b)", "INSERT INTO t VALUES (?, 'x')", values=(NAMING + bytes(9_000),))


@given(st.data())
@settings(max_examples=200, deadline=5_000)
def test_spoilt_files_give_an_answer(draw: st.DataObject) -> None:
    spoilt = bytearray(SAMPLE)
    for _ in range(draw.draw(st.integers(1, 8))):
        spoilt[draw.draw(st.integers(16, len(spoilt) - 1))] = draw.draw(st.integers(0, 255))
    found(bytes(spoilt))
