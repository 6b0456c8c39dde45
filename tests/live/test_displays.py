"""What leaves a real kernel: with masks no secret at all, without them everything, and each one reported."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsec_magic.live.displays import Displays
from stsec_magic.live.known import KnownSecrets
from stsec_magic.live.known_written import Place
from tests.credentials import openai_key, password, token
from tests.live.kernel import Kernel, running

HERE = {"of_environment": openai_key("displays"), "variable": token("displays", 40), "login": password("displays")}

SETUP = """
from stsec_magic.live.displays import Displays
from stsec_magic.live.known import KnownSecrets
_displays = Displays(get_ipython(), KnownSecrets())
_mask = True
_reports = []
get_ipython().events.register("pre_run_cell", lambda info: _displays.begin(_mask))
get_ipython().events.register("post_run_cell", lambda result: _reports.append(_displays.end()))
"""

# How a secret comes into the namespace without standing in a cell's code.
PLANTED = "import os, sys, logging; from tests.credentials import token; api_key = token('displays', 40)"

CELLS = {
    "result": ("api_key", "result"),
    "result in a dict": ("{'a': [api_key], 'n': 1}", "result"),
    "result as HTML": ("class Page:\n  def _repr_html_(self): return f'<b>{api_key}</b>'\nPage()", "result"),
    "result as JSON": ("import json; json.dumps({'k': api_key})", "result"),
    "print": ("print('it is', api_key, 'here')", "stdout"),
    "print in pieces": ("print(api_key[:9], end=''); print(api_key[9:30], end=''); print(api_key[30:])", "stdout"),
    "print by letters": ("for c in api_key: print(c, end='', flush=True)\nprint()", "stdout"),
    "print, cut off": ("print(api_key[:30] + '...')", "stdout"),
    "stderr": ("print(api_key, file=sys.stderr)", "stderr"),
    "writelines": ("sys.stdout.writelines(['a ', api_key, ' b'])", "stdout"),
    "logging": ("logging.basicConfig(); logging.warning('with %s', api_key)", "stderr"),
    "traceback": ("raise ValueError(api_key)", "traceback"),
    "warning": ("import warnings; warnings.warn(f'old {api_key}')", "stderr"),
    "exception group": ("raise ExceptionGroup('several', [ValueError(api_key)])", None),
    "display": ("display(api_key)", "display"),
    "display JSON": ("from IPython.display import JSON; display(JSON({'a': {'b': [api_key]}}))", "display"),
    "display HTML": ("from IPython.display import HTML; display(HTML(f'<i>{api_key}</i>'))", "display"),
    "update": ("h = display('x', display_id='d1'); h.update(api_key)", "display"),
    "metadata": ("display({'text/plain': 'x'}, metadata={'k': api_key}, raw=True)", "display"),
    "shell": ("!printf '%s\\n' {api_key}", "stdout"),
    "environment, by a shell": ("!echo $OPENAI_API_KEY", "stdout"),
    "environment": ("os.environ['OPENAI_API_KEY']", "result"),
    "all of the environment": ("dict(os.environ)", "result"),
    "base64": ("import base64; base64.b64encode(b'user:' + api_key.encode()).decode()", "result"),
    "frame": ("import pandas; pandas.DataFrame({'k': [api_key], 'e': [os.environ['OPENAI_API_KEY']]})", "result"),
    "pager": ("api_key?", None),
    "await": ("import asyncio; await asyncio.sleep(0); print(api_key); api_key", "stdout"),
    "await that fails": ("await asyncio.sleep(0); raise KeyError(api_key)", "traceback"),
    "thread": ("import threading; t = threading.Thread(target=lambda: print(api_key)); t.start(); t.join()", "stdout"),
    "C code": ("import time; os.write(1, api_key.encode() + b'\\n'); time.sleep(.1)", "stdout"),
    "captured, then shown": ("%%capture held\nprint(api_key); display(api_key)\napi_key", None),
    "what was captured": ("assert api_key in held.stdout, 'captured as it is'\nheld.show()", "stdout"),
    "made in the cell": ("client_secret = api_key[::-1]; print(client_secret)", "stdout"),
    "in a dict": ("config = {'db': 1, 'password': api_key[::-1].swapcase()}; config", "result"),
}  # fmt: skip


def _reported(kernel: Kernel) -> list[tuple[str, str, str]]:
    reply = kernel.run("[(s.name, s.file, s.where) for s in _reports[-1]]", silent=False)
    rows: list[tuple[str, str, str]] = ast.literal_eval(reply.text)
    return rows


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    env = {"OPENAI_API_KEY": HERE["of_environment"], "DB_PASSWORD": HERE["login"]}
    with running(tmp_path_factory.mktemp("masked"), env) as kernel:
        assert kernel.run(SETUP).status == "ok"
        assert kernel.run(PLANTED).status == "ok"
        yield kernel


@pytest.fixture(scope="module")
def open_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    env = {"OPENAI_API_KEY": HERE["of_environment"], "DB_PASSWORD": HERE["login"]}
    with running(tmp_path_factory.mktemp("open"), env) as kernel:
        assert kernel.run(SETUP.replace("_mask = True", "_mask = False")).status == "ok"
        assert kernel.run(PLANTED).status == "ok"
        yield kernel


def _leaks(text: str) -> list[str]:
    """Which secrets' beginnings stand in a text; their names, so that a failing test shows no value."""
    values = {**HERE, "reversed": HERE["variable"][::-1], "swapped": HERE["variable"][::-1].swapcase()}
    return [name for name, value in values.items() if value in text or value[:12] in text]


def _skip_without_pandas(name: str) -> None:
    if name == "frame":
        pytest.importorskip("pandas")


@pytest.mark.parametrize("name", CELLS)
def test_with_masks_no_secret_leaves(kernel: Kernel, name: str) -> None:
    _skip_without_pandas(name)
    code, where = CELLS[name]
    reply = kernel.run(code)
    wire = kernel.wire(inputs=False)
    assert _leaks(wire) == []
    fails = "raise" in code
    assert reply.status == ("error" if fails else "ok"), reply.text
    if where is not None:
        said = str(reply.messages)
        assert "...(" in said
        assert where in {row[2] for row in _reported(kernel)}


def _skip_without_pandas(name: str) -> None:
    if name == "frame":
        pytest.importorskip("pandas")


@pytest.mark.parametrize("name", CELLS)
def test_without_masks_everything_leaves_and_is_reported(open_kernel: Kernel, name: str) -> None:
    _skip_without_pandas(name)
    code, where = CELLS[name]
    reply = open_kernel.run(code)
    assert "...(" not in str(reply.messages).replace("'...(", "")
    if where is None:
        return
    rows = _reported(open_kernel)
    assert where in {row[2] for row in rows}
    assert len(rows) == len({(row[0], row[2]) for row in rows})
    if name not in ("print by letters", "base64"):
        assert _leaks(str(reply.messages)) != []


def test_a_masked_error_is_still_one(kernel: Kernel) -> None:
    reply = kernel.run("def inner():\n    raise ValueError('no ' + api_key)\ninner()")
    assert reply.status == reply.reply["status"] == "error"
    assert reply.reply["ename"] == reply.of("error")[0]["content"]["ename"] == "ValueError"
    assert reply.reply["evalue"] == reply.of("error")[0]["content"]["evalue"] == f"no ...({len(HERE['variable'])})"
    assert "inner" in reply.errors[0]
    assert reply.reply["traceback"] == reply.of("error")[0]["content"]["traceback"]


def test_what_ipython_keeps_of_outputs_is_masked(kernel: Kernel) -> None:
    first = kernel.run("0").reply["execution_count"] + 1
    cells = ("print(api_key)", "api_key", "display(api_key)", "raise OSError(api_key)")
    for code in cells:
        kernel.run(code)
    code = (
        "h = get_ipython().history_manager\n"
        "kept = [getattr(h, name, {}) for name in ('outputs', 'output_hist_reprs', 'exceptions')]\n"
        f"text = str([each.get(n) for each in kept for n in range({first}, {first + len(cells)})])\n"
        "print(api_key[:12] in text, text.count('...(40)') >= 1)"
    )
    assert kernel.run(code).text == "False True\n"


def test_what_an_assistant_asks_for_is_masked(kernel: Kernel) -> None:
    client = kernel._client
    client.execute("1", silent=False, user_expressions={"k": "api_key"})
    reply = client.get_shell_msg(timeout=60)["content"]
    assert reply["user_expressions"]["k"]["data"]["text/plain"] == "'...(40)'"


hooked = pytest.mark.skipif(
    not hasattr(pytest.importorskip("ipykernel.iostream").OutStream, "register_hook"),
    reason="this ipykernel lets nobody look at what it sends",
)


@hooked
def test_a_thread_that_prints_and_displays_between_cells(kernel: Kernel) -> None:
    code = "import threading, time\ndef late():\n  time.sleep(.3); print('late', api_key); display(api_key)\n"
    kernel.run(code + "threading.Thread(target=late, name='late').start()")
    kernel.run("import time; time.sleep(0)", silent=True)
    kernel.run("[t.join() for t in threading.enumerate() if t.name == 'late']", silent=True)
    wire = kernel.wire(inputs=False)
    assert "late ...(40)" in wire
    assert _leaks(wire) == []


def test_a_cell_inside_of_a_cell(kernel: Kernel) -> None:
    reply = kernel.run("print('a', api_key); get_ipython().run_cell('print(api_key)'); print('b', api_key)")
    assert reply.stream("stdout") == "a ...(40)\n...(40)\nb ...(40)\n"


def test_everything_comes_off(tmp_path: Path) -> None:
    with running(tmp_path) as kernel:
        kernel.run("g = get_ipython(); _objects = [g, g.displayhook, g.display_pub, g.kernel, g.events]")
        kernel.run("import sys; _was = [set(vars(each)) for each in _objects]")
        kernel.run(SETUP)
        kernel.run(PLANTED)
        assert kernel.run("api_key").text == "'...(40)'"
        closed = kernel.run("_displays.begin = lambda mask: None; _displays.close(); print(api_key)")
        assert closed.text == f"{HERE['variable']}\n"
        assert kernel.run("api_key").text == f"'{HERE['variable']}'"
        names = "{'compute_format_data', 'write_format_data', 'publish', '_showtraceback', 'do_execute'}"
        left = f"[name for each, was in zip(_objects, _was) for name in (vars(each).keys() - was) & {names}]"
        assert kernel.run(left).text == "[]"


class Hook:
    """As much of a display hook as a terminal's does."""

    def compute_format_data(self, result: object) -> tuple[dict[str, object], dict[str, object]]:
        return {"text/plain": str(result), "image/png": str(result), "application/json": {str(result): [result]}}, {}

    def write_format_data(self, data: dict[str, object], metadata: object = None) -> None:
        sys.stdout.write(f"{data['text/plain']}\n")


class Publisher:
    def __init__(self) -> None:
        self.published: list[tuple[object, object]] = []

    def publish(self, data: object, metadata: object = None, *, transient: object = None, update: bool = False) -> None:
        self.published.append((data, metadata))


class FakeShell:
    def __init__(self) -> None:
        self.user_ns: dict[str, object] = {"api_key": HERE["variable"]}
        self.displayhook = Hook()
        self.display_pub = Publisher()
        self.tracebacks: list[tuple[str, list[str]]] = []

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.tracebacks.append((str(evalue), stb))


class Faulty(KnownSecrets):
    def places(self, text: str) -> list[Place]:
        raise LookupError(text)


def _rows(displays: Displays) -> list[tuple[str, str]]:
    return [(each.name, each.where) for each in displays.end()]


def test_a_terminals_result_is_seen_once(capsys: pytest.CaptureFixture[str]) -> None:
    shell = FakeShell()
    displays = Displays(shell, KnownSecrets())
    displays.begin(mask=False)
    shell.displayhook.write_format_data(*shell.displayhook.compute_format_data(HERE["variable"]))
    assert _rows(displays) == [("api_key", "result")]
    displays.close()
    assert HERE["variable"] in capsys.readouterr().out


def test_every_text_of_a_bundle_and_no_image() -> None:
    shell = FakeShell()
    displays = Displays(shell, KnownSecrets())
    displays.begin(mask=True)
    data, _ = shell.displayhook.compute_format_data(HERE["variable"])
    assert data["text/plain"] == "...(40)"
    assert data["application/json"] == {"...(40)": ["...(40)"]}
    assert data["image/png"] == HERE["variable"]
    displays.close()


@pytest.mark.parametrize("mask", [True, False])
def test_a_fault_of_ours_loses_nothing_silently(mask: bool) -> None:
    shell, known = FakeShell(), Faulty()
    displays = Displays(shell, known)
    displays.begin(mask)
    plain = {"text/plain": "x"}
    shell.display_pub.publish(plain, {"m": 1})
    data, _ = shell.displayhook.compute_format_data("x")
    shell._showtraceback(ValueError, ValueError("x"), ["x"])
    displays.close()
    line = "[stsec: output withheld: LookupError]"
    assert shell.display_pub.published == [({"text/plain": line}, {}) if mask else (plain, {"m": 1})]
    assert data["text/plain"] == (line if mask else "x")
    assert shell.tracebacks == [(line, [line]) if mask else ("x", ["x"])]


def test_close_leaves_other_wrappers() -> None:
    shell = FakeShell()
    displays = Displays(shell, KnownSecrets())
    ours = shell.display_pub.publish
    shell.display_pub.publish = lambda data, **rest: ours({**data, "theirs": "1"}, **rest)  # type: ignore[method-assign, assignment, dict-item]
    displays.close()
    displays.close()
    shell.display_pub.publish({"text/plain": HERE["variable"]})
    assert shell.display_pub.published == [({"text/plain": HERE["variable"], "theirs": "1"}, None)]
    assert displays.end() == ()


@hooked
def test_a_forked_process_is_masked_too(kernel: Kernel) -> None:
    code = (
        "import multiprocessing as mp\n"
        "job = mp.get_context('fork').Process(target=lambda: print(f'child {api_key}'))\n"
        "job.start(); job.join()"
    )
    kernel.run("import warnings; warnings.simplefilter('ignore')")
    assert kernel.run(code).status == "ok"
    for _ in range(100):  # it comes through a pipe, on its own time
        wire = kernel.wire(inputs=False)
        if "child " in wire:
            break
        kernel.run("import time; time.sleep(.05)", silent=True)
    assert _leaks(wire) == []
    assert "child ...(40)" in wire
