"""Spoils the notebooks of a folder in every way it knows, and watches the checker take them.

Usage: python benchmarks/fuzz.py FOLDER --minutes 60 [--seed N] [--jobs 2] [--keep DIR]

Each input is checked in a child process, so that a crash or a hang costs the child alone, and every
report is rendered. It fails for an exception, a problem of kind internal, more than ten seconds,
words on standard error, or a planted secret that a report shows although a finding covers it. An
input depends on the seed and its own number alone: the same seed gives the same inputs, whatever
the number of jobs.
"""

from __future__ import annotations

import argparse
import copy
import faulthandler
import json
import math
import multiprocessing
import os
import random
import string
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from stsec_magic import Report
from stsec_magic.audit.discover import discover
from stsec_magic.audit.wire import pack
from stsec_magic.checker import check_one
from stsec_magic.model.config import Config
from stsec_magic.model.problem import ProblemKind
from stsec_magic.report import concise, terminal
from stsec_magic.report import json as json_report
from stsec_magic.triage.assemble import assemble
from stsec_magic.triage.settle import tag_of

LIMIT = 10.0
"""Seconds after which an input counts as a hang."""

_ASIDE = ".err"
_LARGEST = 3_000_000
_SHOWN = 20
_LETTERS = string.ascii_letters + string.digits
_HOSTILE_BYTES = (
    b"\\", b"\\u", b"\\ud800", b"\\udc00\\ud83d", b"\\u0000", b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf",
    b"\x1b[31m", b"\n<<<<<<< HEAD\n", b"\n=======\n", b"\n>>>>>>> main\n", b'"', b"'", b"{", b"}", b"[", b"]", b",",
    b":", b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b"[" * 2000, b'{"a":' * 1500, b"\r", b"\xe2\x80\xa8",
    b"&quot;", b"</span>", b'"source": "x", ', b'"cells": [], ', b'"outputs": [], ', b"-----BEGIN PRIVATE KEY-----",
    b"password=", b"://a:b@",
)  # fmt: skip
_LINES = (
    "%%bash", "!cmd --token=x", "x = %env", "x = !ls", "%%writefile .env", "%env A=b", "%%sql", "%load_ext x", "?x",
    "x??", "'", '"', '"""', "'''", "(", "]", "f'{", "def (", "\\", "print 'x'",
    "import pickle as p; p.load(open('x','rb'))", "from joblib import *", "load = __import__('pickle').loads",
    "# stsec: ignore", "# stsec: ignore[untrusted-load] why",
    "password = input()", "\tx", "    x", " " * 3000, "(" * 300, "x = " + "-" * 3000 + "1", "\ud800", "\0", "\u2028",
    "postgresql://u:p@localhost/x", "requests.get(u, headers={'Authorization': 'Bearer '})",
    "st.session_state['x'] = 1", "é\u0301",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**64, 1.5, float("nan"), "", "x", "\ud800", [], {}, [[]], [None], ["x", 1], {"x": ["y"]},
    "code",
)  # fmt: skip
_LANGUAGES = (
    "python",
    "R",
    "julia",
    "scala",
    "bash",
    "sql",
    "javascript",
    "ipython2",
    "",
    "\ud800",
    "c++",
    7,
    ["python"],
)
_NAMES = ("DB_PASSWORD", "api_key", "SECRET_TOKEN", "aws_secret_access_key", "client_secret", "passwd")
_TOLD_EVERY = 60
"""Seconds after which the totals so far are told: a run may be cut short."""
_TEMPLATES = ('{} = "{}"', "{} = '{}'", "export {}={}", "os.environ['{}'] = '{}'", '{{"{}": "{}"}}', "{}: {}")


Json = Any
"""What json.loads gives, and what spoiling makes of it."""


@dataclass(frozen=True)
class Input:
    """One spoilt notebook, and the secret planted in it."""

    number: int
    content: bytes
    secret: str | None


@dataclass
class Totals:
    """What came of all inputs."""

    inputs: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)
    shown: list[str] = field(default_factory=list)


# -- inputs ----------------------------------------------------------------------------------


def make(seed: int, number: int, files: Sequence[bytes]) -> Input:
    """The input of a number."""
    rng = random.Random(f"{seed} {number}")
    content = rng.choice(files)
    secret = None
    if rng.random() < 0.7:
        content, secret = of_json(rng, content)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 5))):
        content = rng.choice(_BYTES)(rng, content, files)
    return Input(number, content[:_LARGEST], secret)


def of_json(rng: random.Random, content: bytes) -> tuple[bytes, str | None]:
    """Spoil a notebook as JSON and plant a secret in most."""
    try:
        book = json.loads(content)
    except (ValueError, RecursionError):
        return content, None
    for _ in range(rng.choice((0, 1, 2, 4, 8))):
        rng.choice(_JSON)(rng, book)
    secret = plant(rng, book) if rng.random() < 0.8 else None
    how: dict[str, Any] = {"indent": rng.choice((None, 1, 1)), "ensure_ascii": rng.random() < 0.5}
    return json.dumps(book, **how).encode("utf-8", "surrogatepass"), secret


def plant(rng: random.Random, book: Json) -> str | None:
    """Put a secret into some text of the notebook."""
    value = "".join(rng.choice(_LETTERS) for _ in range(rng.choice((16, 24, 40))))
    line = rng.choice(_TEMPLATES).format(rng.choice(_NAMES), value)
    spots = list(texts(book))
    if not spots:
        return None
    for holder, key in rng.sample(spots, min(len(spots), rng.choice((1, 1, 2)))):
        text = holder[key]
        at = rng.choice((0, len(text), rng.randrange(len(text) + 1)))
        joint = rng.choice(("\n", "\n", " "))
        holder[key] = text[:at] + joint + line + joint + text[at:]
    return value


def nodes(value: Json) -> Iterator[Any]:
    """Every object and list in some JSON."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, (dict, list)):
            yield item
            stack += item.values() if isinstance(item, dict) else item


def slots(value: Json) -> list[tuple[Any, Any]]:
    """Every place in some JSON where a value stands."""
    return [
        (node, key) for node in nodes(value) for key in (list(node) if isinstance(node, dict) else range(len(node)))
    ]


def texts(book: Json) -> Iterator[tuple[Any, Any]]:
    """The places in which a text stands; short ones only in lists of lines."""
    for node, key in slots(book):
        if isinstance(node[key], str) and (len(node[key]) > 20 or isinstance(node, list)):
            yield node, key


def cells_of(book: Json) -> list[Any]:
    """The notebook's cells, if it still has some."""
    cells = book.get("cells") if isinstance(book, dict) else None
    return cells if isinstance(cells, list) else []


def change_type(rng: random.Random, book: Json) -> None:
    """Put something else where a value stood."""
    spots = slots(book)
    if spots:
        node, key = rng.choice(spots)
        node[key] = copy.deepcopy(rng.choice(_VALUES))  # it may be spoilt in its turn


def drop(rng: random.Random, book: Json) -> None:
    """Delete a key or an entry."""
    spots = slots(book)
    if spots:
        node, key = rng.choice(spots)
        del node[key]


def double(rng: random.Random, book: Json) -> None:
    """Say something twice."""
    lists = [node for node in nodes(book) if isinstance(node, list) and node]
    if lists:
        chosen = rng.choice(lists)
        chosen.insert(rng.randrange(len(chosen) + 1), json.loads(json.dumps(rng.choice(chosen))))


def swap(rng: random.Random, book: Json) -> None:
    """Exchange two values: cells, outputs, or what stands anywhere."""
    cells = cells_of(book)
    spots = [(cells, i) for i in range(len(cells))] if rng.random() < 0.5 else slots(book)
    if len(spots) > 1:
        (one, i), (other, j) = rng.sample(spots, 2)
        # Copies: a value in itself could not be written.
        first, second = json.dumps(one[i]), json.dumps(other[j])
        one[i] = json.loads(second)
        if j in other if isinstance(other, dict) else j < len(other):
            other[j] = json.loads(first)


def nest(rng: random.Random, book: Json) -> None:
    """Put a value deep into others."""
    spots = slots(book)
    if spots:
        node, key = rng.choice(spots)
        for _ in range(rng.choice((1, 3, 50, 300))):
            node[key] = [node[key]] if rng.random() < 0.5 else {"x": node[key]}


def add_line(rng: random.Random, book: Json) -> None:
    """A line of IPython, or of no language, in a cell."""
    cells = [cell for cell in cells_of(book) if isinstance(cell, dict)]
    if not cells:
        return
    cell = rng.choice(cells)
    source = cell.get("source", "")
    lines = "".join(map(str, source)).split("\n") if isinstance(source, list) else str(source).split("\n")
    for _ in range(rng.choice((1, 1, 3))):
        lines.insert(rng.choice((0, rng.randrange(len(lines) + 1))), rng.choice(_LINES))
    text = "\n".join(lines)
    cell["source"] = text if rng.random() < 0.5 else text.splitlines(keepends=True)


def change_language(rng: random.Random, book: Json) -> None:
    """Another kernel, another kind of cell, another format."""
    if not isinstance(book, dict):
        return
    what = rng.randrange(3)
    if what == 0:
        book["metadata"] = {"language_info": {"name": copy.deepcopy(rng.choice(_LANGUAGES))}}
    elif what == 1:
        book["nbformat"] = rng.choice((1, 2, 3, 5, -1, "4", None))
    else:
        for cell in cells_of(book):
            if isinstance(cell, dict) and rng.random() < 0.3:
                cell["cell_type"] = rng.choice(("code", "markdown", "raw", "heading", 7))


def flip(rng: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    """Other bytes in some places."""
    spoilt = bytearray(content)
    for _i in range(rng.choice((1, 1, 3, 30)) if spoilt else 0):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def cut(rng: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    """The beginning, the end, or what is left without a piece."""
    a, b = sorted(rng.randrange(len(content) + 1) for _i in range(2))
    return rng.choice((content[:a], content[b:], content[:a] + content[b:]))


def splice(rng: random.Random, content: bytes, files: Sequence[bytes]) -> bytes:
    """The beginning of one file and the end of another."""
    other = rng.choice(files)
    return content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other) + 1) :]


def repeat(rng: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    """A piece many times over."""
    at = rng.randrange(len(content) + 1)
    piece = content[at : at + rng.choice((1, 10, 100, 1000))]
    return content[:at] + piece * rng.choice((2, 10, 100, 1000)) + content[at:]


def insert(rng: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    """Something hostile, here and there."""
    for _i in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(content) + 1)
        content = content[:at] + rng.choice(_HOSTILE_BYTES) * rng.choice((1, 1, 2, 50)) + content[at:]
    return content


def recode(rng: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    """The same text in another encoding."""
    return content.decode("utf-8", "replace").encode(
        rng.choice(("utf-16", "utf-16-be", "utf-32", "utf-8-sig")), "replace"
    )


_JSON: tuple[Callable[[random.Random, Any], None], ...] = (
    change_type, drop, double, swap, nest, add_line, add_line, add_line, change_language,
)  # fmt: skip
_BYTES: tuple[Callable[[random.Random, bytes, Sequence[bytes]], bytes], ...] = (
    flip, cut, splice, repeat, insert, insert, recode,
)  # fmt: skip


# -- the child -------------------------------------------------------------------------------


def work(connection: Connection, path: str, seed: int, files: Sequence[bytes]) -> None:
    """Check the inputs whose numbers come in; send what is wrong with each."""
    # What a library says on standard error would reach the user past every mask.
    os.dup2(os.open(path + _ASIDE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), 2)
    while True:
        try:
            number = connection.recv()
        except EOFError:
            return
        given = make(seed, number, files)
        Path(path).write_bytes(given.content)
        connection.send("ready")  # the clock runs from here: making an input is our own business
        faulthandler.dump_traceback_later(LIMIT + 2)  # for the parent to read
        try:
            wrong = fault(path, given)
        except Exception:
            wrong = ("crash", traceback.format_exc(limit=-3))
        faulthandler.cancel_dump_traceback_later()
        sys.stderr.flush()
        noise = os.pread(2, 400, 0).decode("utf-8", "replace")
        os.ftruncate(2, 0)
        if noise and wrong is None:
            wrong = ("noise", noise)
        connection.send(wrong)


def fault(path: str, given: Input) -> tuple[str, str] | None:
    """Check an input and say what is wrong with the answer."""
    key = os.urandom(16)
    checked = check_one(path, Config(), key)
    pack([(0, checked)])  # as a worker would send it
    report = assemble(checked.findings, checked.problems, 1, checked.cells)
    said = everything_said(report)
    for problem in report.problems:
        if problem.kind is ProblemKind.INTERNAL:
            return "internal", problem.message
    json.loads(json_report.render(report))
    # A value that no finding covers is in no mask: it may stand in an excerpt, where it was before.
    if given.secret is not None and given.secret in said:
        tag = tag_of(given.secret, key)
        if any(finding.tag == tag for finding in checked.findings):
            at = said.index(given.secret)
            return "leak", said[max(0, at - 80) : at + 80]
    return None


def everything_said(report: Report) -> str:
    """All reports that there are."""
    return "\n".join(
        (
            json_report.render(report),
            concise.render(report),
            terminal.render(report),
            terminal.render(report, colour=True),
            terminal.problems(report.problems),
        )
    )


# -- the parent ------------------------------------------------------------------------------


class Child:
    """A process that checks inputs one at a time."""

    def __init__(self, seed: int, files: Sequence[bytes]) -> None:
        """Start it."""
        handle, self.path = tempfile.mkstemp(suffix=".ipynb")
        os.close(handle)
        self.connection, its = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=work, args=(its, self.path, seed, files), daemon=True)
        self.process.start()
        its.close()
        self.number = -1
        self.since = 0.0

    def give(self, number: int) -> None:
        """Let it check an input."""
        self.number, self.since = number, math.inf  # no clock runs while the input is made
        self.connection.send(number)

    def end(self) -> None:
        """Stop it."""
        self.process.kill()
        self.process.join()
        self.connection.close()
        for path in (self.path, self.path + _ASIDE):
            Path(path).unlink(missing_ok=True)


def fuzz(files: Sequence[bytes], options: argparse.Namespace, keep: Path) -> Totals:
    """Check inputs until the time is over."""
    totals = Totals()
    ends = time.monotonic() + options.minutes * 60
    children = [Child(options.seed, files) for _ in range(options.jobs)]
    following = options.first
    told_at = time.monotonic()
    for child in children:
        child.give(following)
        following += 1
    try:
        while time.monotonic() < ends:
            ready = wait([child.connection for child in children], timeout=0.5)
            for i, child in enumerate(children):
                done = told(child, ready=child.connection in ready)
                if done is None:
                    continue
                note(totals, child, done, options.seed, files, keep)
                if done[0] in ("died", "hang"):
                    child.end()
                    children[i] = Child(options.seed, files)
                children[i].give(following)
                following += 1
            if time.monotonic() > told_at + _TOLD_EVERY:
                told_at = time.monotonic()
                print(f"{totals.inputs} inputs, {dict(totals.failed)}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("interrupted")
    finally:
        for child in children:
            child.end()
    return totals


def told(child: Child, *, ready: bool) -> tuple[str, str] | None:
    """What a child has to say of its input; None while it works."""
    if not ready:
        late = time.monotonic() - child.since > LIMIT + 5  # never, while the input is made
        where = Path(child.path + _ASIDE).read_text("utf-8", "replace") if late else ""
        return ("hang", f"no answer within {LIMIT:.0f} s\n{where}") if late else None
    try:
        answer = child.connection.recv()
    except (EOFError, OSError):
        child.process.join()
        return "died", f"the process died ({child.process.exitcode})"
    if answer == "ready":
        child.since = time.monotonic()
        return None
    taken = time.monotonic() - child.since
    return answer or (("slow", f"{taken:.1f} s") if taken > LIMIT else ("", ""))


def note(totals: Totals, child: Child, done: tuple[str, str], seed: int, files: Sequence[bytes], keep: Path) -> None:
    """Count an input; keep one that failed."""
    what, words = done
    totals.inputs += 1
    totals.slowest = max(totals.slowest, (time.monotonic() - child.since, child.number))
    if not what:
        return
    totals.failed[what] += 1
    kept = keep / f"{what}-{seed}-{child.number}.ipynb"
    kept.write_bytes(make(seed, child.number, files).content)
    kept.with_suffix(".txt").write_text(words, "utf-8", "replace")
    if len(totals.shown) < _SHOWN:
        totals.shown.append(f"{what}: {kept}\n    " + words.strip().replace("\n", "\n    "))


def main() -> None:
    """Spoil a folder's notebooks for a while and print what came of it."""
    parser = argparse.ArgumentParser(description="Check spoilt notebooks and watch for crashes, hangs and leaks.")
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, metavar="N", help="begin with this input's number")
    parser.add_argument("--keep", metavar="DIR", help="where failing inputs go (default: a temporary folder)")
    options = parser.parse_args()
    found = discover([options.folder], Config()).files
    files = [content for path in found if len(content := Path(path).read_bytes()) < _LARGEST // 4]
    if not files:
        sys.exit("no notebooks there")
    keep = Path(options.keep or tempfile.mkdtemp(prefix="fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    totals = fuzz(files, options, keep)
    sys.exit(summed_up(totals, time.monotonic() - began, keep))


def summed_up(totals: Totals, seconds: float, keep: Path) -> int:
    """Print the end result; 1 where anything failed."""
    for line in totals.shown:
        print(line)
    failed = totals.failed
    print(f"{totals.inputs} inputs, {totals.inputs / seconds:.1f} a second")
    print(f"slowest {totals.slowest[0]:.2f} s (number {totals.slowest[1]})")
    crashes = failed["crash"] + failed["internal"] + failed["died"]
    print(
        f"{crashes} crashes, {failed['hang'] + failed['slow']} hangs, {failed['leak']} leaks, {failed['noise']} noises"
    )
    if failed:
        print(f"failing inputs are in {keep}")
    return 1 if failed else 0


if __name__ == "__main__":
    main()
