"""SQLite: the values in its tables that may be pickles. It is what dbm and many caches use."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import closing
from types import ModuleType
from typing import TYPE_CHECKING

from stsec_magic.containers.byte_search import pickles_in
from stsec_magic.containers.found import Inside, Limits, Opened, View, within
from stsec_magic.containers.worth import is_worth_it
from stsec_magic.model.inspection import Closed

if TYPE_CHECKING:
    import sqlite3

_MAGIC = b"SQLite format 3\x00"
_LARGEST = 100 << 20
"""Bytes of a file: it stands in memory twice while it is read."""

_LOOK = 10_000
"""Instructions of SQLite's machine between two looks at the clock."""

_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
_BEGINNINGS = "(" + ", ".join(f"'{letter}'" for letter in "(]})cILFSVNPgx") + ")"
_VERSIONS = slice(18, 20)


def recognises(data: View) -> bool:
    """Whether it is a file of SQLite.

    Args:
        data: The bytes.
    """
    return bytes(data[: len(_MAGIC)]) == _MAGIC


def opened(inside: Inside, limits: Limits) -> Opened:
    """Read a file's tables, from memory.

    Args:
        inside: The file.
        limits: How much may be handed out.

    Yields:
        Blobs and texts that may be pickles or hold some.
    """
    try:
        import sqlite3  # Not every Python has it, and most files don't need it.
    except ImportError:
        yield Closed(inside.path, "this Python has no sqlite3")
        yield from pickles_in(inside.path, inside.data, limits)
        return
    if len(inside.data) > _LARGEST:
        yield Closed(inside.path, "it is too large for its tables to be read")
        yield from pickles_in(inside.path, inside.data, limits)
        return
    try:
        yield from _read(inside, limits, sqlite3)
    except sqlite3.Error as error:
        limits.look()
        yield Closed(inside.path, f"its tables can't be read ({type(error).__name__})")
        yield from pickles_in(inside.path, inside.data, limits)


def _read(inside: Inside, limits: Limits, module: ModuleType) -> Opened:
    image = bytearray(inside.data)
    # One that is written ahead of itself is opened only as a file: but what is in it can be read all the same.
    image[_VERSIONS] = b"\x01\x01"
    with closing(module.connect(":memory:")) as connection:
        connection.deserialize(image)
        del image
        until = time.monotonic() + limits.left()
        connection.set_progress_handler(lambda: time.monotonic() > until, _LOOK)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.text_factory = bytes
        for name, text in connection.execute(_TABLES).fetchall():
            if not bytes(text or b"").lstrip().upper().startswith(b"CREATE VIRTUAL"):
                yield from _table(inside, connection, name.decode("utf-8", "replace"), limits)


def _table(inside: Inside, connection: sqlite3.Connection, table: str, limits: Limits) -> Opened:
    columns = [
        row[1].decode("utf-8", "replace")
        for row in connection.execute(f"PRAGMA table_xinfo({_quoted(table)})")
        # The others are worked out from these.
        if row[6] == 0
    ]
    for column in columns:
        for number, value in enumerate(_values(connection, table, column), 1):
            limits.row()
            plain = _plain(value)
            if is_worth_it((), plain, len(plain)):
                limits.take(len(plain))
                yield Inside(within(inside.path, f"{table}.{column}, value {number}"), plain, loose=True)


def _values(connection: sqlite3.Connection, table: str, column: str) -> Iterator[bytes]:
    """Blobs, and the texts that begin as a pickle of the first protocols does, or as one in base64."""
    name = _quoted(column)
    # The names stand in quotes; they come from the file, which may only make the query fail.
    query = (
        f"SELECT {name} FROM {_quoted(table)} WHERE typeof({name}) = 'blob' "  # noqa: S608
        f"OR (typeof({name}) = 'text' AND substr({name}, 1, 1) IN {_BEGINNINGS})"
    )
    for (value,) in connection.execute(query):
        yield value


def _plain(value: bytes) -> bytes:
    """A value, decoded where it is a pickle in base64."""
    if not value.startswith(b"gA"):
        return value
    try:
        return base64.b64decode(value)
    except ValueError:
        return value


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
