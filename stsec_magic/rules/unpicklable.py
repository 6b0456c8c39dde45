"""Values that pickle refuses, as far as an expression tells."""

from __future__ import annotations

import ast

from stsec_magic.rules.functions import Functions
from stsec_magic.source.names import Names
from stsec_magic.source.scopes import Use

_CALLS = {
    **dict.fromkeys(
        ("open", "io.open", "gzip.open", "bz2.open", "lzma.open", "tempfile.TemporaryFile"), "an open file"
    ),
    **{f"threading.{name}": "a lock" for name in ("Lock", "RLock", "Condition", "Event", "Semaphore")},
    **dict.fromkeys(("threading.Thread", "concurrent.futures.ThreadPoolExecutor"), "a thread"),
    **dict.fromkeys(("queue.Queue", "queue.SimpleQueue", "queue.LifoQueue", "queue.PriorityQueue"), "a queue"),
    **dict.fromkeys(("socket.socket", "socket.create_connection"), "a socket"),
    "subprocess.Popen": "a process",
    **dict.fromkeys(
        (
            "sqlite3.connect",
            "psycopg2.connect",
            "psycopg.connect",
            "pymysql.connect",
            "MySQLdb.connect",
            "mysql.connector.connect",
            "pyodbc.connect",
            "cx_Oracle.connect",
            "oracledb.connect",
            "duckdb.connect",
            "snowflake.connector.connect",
            "sqlalchemy.create_engine",
            "pymongo.MongoClient",
        ),
        "a database connection",
    ),
}


def unpicklable(use: Use, names: Names, functions: Functions) -> str | None:
    """What a value is that can't be pickled: "a lambda"; None for anything else.

    Args:
        use: The value, followed to what it is.
        names: The program's names.
        functions: Its functions.
    """
    match use.node:
        case ast.Lambda():
            return "a lambda"
        case ast.GeneratorExp():
            return "a generator"
        case ast.Call(func=func):
            function = functions.meant(functions.at(func, use))
            if function is not None:
                return "a generator" if function.is_generator else None
            return _CALLS.get(names.qualified(func, use.scope, use.order) or "")
    return None
