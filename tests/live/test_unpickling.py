"""Unpickling watched while it happens.

An audit hook can't be taken off, so whatever needs one runs in another process: this module with the name of a batch.
What the pickles here would run is ``touch``; a file that isn't there afterwards is the proof.
"""

from __future__ import annotations

import _thread
import array
import collections
import contextlib
import datetime
import decimal
import functools
import importlib
import io
import json
import linecache
import multiprocessing
import operator
import os
import pathlib
import pickle
import re
import shelve
import subprocess
import sys
import threading
import time
import types
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib.util import find_spec
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.live import unpickling
from stsec_magic.live.mode import Mode
from stsec_magic.live.unpickling import LoadStoppedError
from stsec_magic.live.unpickling_names import is_constant
from stsec_magic.live.unpickling_place import Place, users_place
from stsec_magic.live.unpickling_transport import is_transport

ROOT = Path(__file__).parents[2]
NEXT = "%stsec artifact FILE shows what the file would do; %stsec off if you trust it"
SYSTEM = "stsec stopped this load: it would import os.system (starts a process)"

Load = Callable[[], Any]


class Touches:
    """Calls ``os.system`` when it is loaded."""

    def __init__(self, marker: Path, command: str = "touch") -> None:
        self.command = f"{command} {marker}"

    def __reduce__(self) -> Any:
        return os.system, (self.command,)


def calling(name: bytes, argument: bytes) -> bytes:
    """A pickle that calls a function with a text."""
    return b"c%s\n(V%s\ntR." % (name, argument)


def outcome(load: Load, marker: Path) -> dict[str, Any]:
    """What came of a load: its errors, and whether the file was touched."""
    marker.unlink(missing_ok=True)
    before, errors = unpickling.stopped(), []
    try:
        load()
    except Exception as error:
        fault: BaseException | None = error
        while fault is not None:
            errors.append(type(fault).__name__)
            fault = fault.__cause__ or fault.__context__
    return {"errors": errors, "touched": marker.exists(), "stopped": unpickling.stopped() - before}


# Batches, each in a process of its own.


def batch_loads(folder: Path) -> dict[str, Any]:
    """Every way to load, in block mode."""
    marker, file = folder / "touched", folder / "file.pkl"
    data = pickle.dumps(Touches(marker))
    file.write_bytes(data)
    unpickling.switch(Mode.BLOCK, print)
    return {
        name: outcome(load, marker) for name, load in (ways(folder, file, data) | library_ways(folder, data)).items()
    }


def ways(folder: Path, file: Path, data: bytes) -> dict[str, Load]:
    """Those of Python's own library."""

    def in_thread() -> None:
        caught: list[BaseException] = []
        threading.excepthook = lambda args: caught.append(args.exc_value) if args.exc_value else None
        thread = threading.Thread(target=pickle.loads, args=(data,))
        thread.start()
        thread.join()
        raise caught[0]

    def in_bare_thread() -> None:
        caught: list[BaseException] = []
        sys.unraisablehook = lambda args: caught.append(args.exc_value) if args.exc_value else None
        _thread.start_new_thread(pickle.loads, (data,))
        while not caught and not (folder / "touched").exists():
            time.sleep(0.01)
        raise caught[0]

    def from_executor(executor: type[Any], **options: Any) -> Any:
        with executor(1, **options) as pool:
            return pool.submit(pickle.loads, data).result()

    def from_shelf() -> Any:
        with shelve.open(str(folder / "shelf")) as shelf:
            shelf.dict[b"key"] = data  # type: ignore[attr-defined]
            return shelf["key"]

    fork = multiprocessing.get_context("fork")
    protocols = {
        f"protocol {n}": functools.partial(pickle.loads, pickle.dumps(Touches(folder / "touched"), n)) for n in range(6)
    }
    return {
        **protocols,
        "python 2": lambda: pickle.loads(calling(b"commands\ngetoutput", b"touch " + bytes(folder / "touched"))),
        "pickle.load": lambda: pickle.load(file.open("rb")),
        "pure Python": lambda: pickle._loads(data),  # type: ignore[attr-defined]
        "own Unpickler": lambda: type("Own", (pickle.Unpickler,), {})(io.BytesIO(data)).load(),
        "exec": lambda: exec("import pickle; pickle.loads(data)", {"data": data}),
        "shelve": from_shelf,
        "Thread": in_thread,
        "_thread": in_bare_thread,
        "ThreadPoolExecutor": lambda: from_executor(ThreadPoolExecutor),
        "ThreadPool": lambda: ThreadPool(1).map(pickle.loads, [data]),
        "forked Pool": lambda: fork.Pool(1).map(pickle.loads, [data]),
        "forked ProcessPoolExecutor": lambda: from_executor(ProcessPoolExecutor, mp_context=fork),
    }


def library_ways(folder: Path, data: bytes) -> dict[str, Load]:
    """Those of libraries, as far as they are installed."""
    found: dict[str, Load] = {}
    payload, file = Touches(folder / "touched"), folder / "of_library"
    if find_spec("numpy"):
        import numpy as np

        np.save(folder / "objects.npy", np.array([payload], dtype=object), allow_pickle=True)
        np.savez(folder / "objects.npz", a=np.array([payload], dtype=object))
        file.with_suffix(".raw").write_bytes(data)
        found["numpy .npy"] = lambda: np.load(folder / "objects.npy", allow_pickle=True)
        found["numpy .npz"] = lambda: np.load(folder / "objects.npz", allow_pickle=True)["a"]
        found["numpy, a pickle"] = lambda: np.load(file.with_suffix(".raw"), allow_pickle=True)
    if find_spec("joblib"):
        import joblib

        joblib.dump({"model": payload}, file.with_suffix(".joblib"))
        joblib.dump({"model": payload}, file.with_suffix(".gz"), compress=3)
        found["joblib"] = lambda: joblib.load(file.with_suffix(".joblib"))
        found["joblib, compressed"] = lambda: joblib.load(file.with_suffix(".gz"))
    if find_spec("pandas"):
        import pandas as pd

        file.with_suffix(".pandas").write_bytes(data)
        found["pandas"] = lambda: pd.read_pickle(file.with_suffix(".pandas"))
    if find_spec("torch"):
        import torch

        torch.save({"model": payload}, file.with_suffix(".pt"))
        torch.save({"model": payload}, file.with_suffix(".old"), _use_new_zipfile_serialization=False)
        found["torch"] = lambda: torch.load(file.with_suffix(".pt"), weights_only=False)
        found["torch of old"] = lambda: torch.load(file.with_suffix(".old"), weights_only=False)
    if find_spec("dill"):
        import dill

        found["dill"] = lambda: dill.loads(data)
    return found


def batch_transport(folder: Path) -> dict[str, Any]:
    """Objects that name ``os.system`` on their way between processes, and what would like to be taken for them."""
    unpickling.switch(Mode.BLOCK, print)
    marker = folder / "touched"
    data = pickle.dumps(Touches(marker))

    def pipe() -> Any:
        one, other = multiprocessing.Pipe()
        one.send(os.system)
        return other.recv()

    def queue(made: Any) -> Any:
        made.put(os.system)
        return made.get()

    def executor(context: str) -> Any:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(context)) as pool:
            return pool.submit(gives_system, 0).result()

    def pool(context: str) -> Any:
        with multiprocessing.get_context(context).Pool(1) as made:
            return made.map(gives_system, [0])[0]

    def loky() -> Any:
        import joblib

        return joblib.Parallel(n_jobs=2, backend="loky")(joblib.delayed(lambda: os.system)() for _ in range(2))[0]

    here: dict[str, Load] = {
        "pipe": pipe,
        "queue": lambda: queue(multiprocessing.Queue()),
        "simple queue": lambda: queue(multiprocessing.SimpleQueue()),
        "forked executor": lambda: executor("fork"),
        "spawned executor": lambda: executor("spawn"),
        "forked pool": lambda: pool("fork"),
        **({"loky": loky} if find_spec("joblib") else {}),
    }
    arrived = {name: outcome(way, marker) for name, way in here.items()}
    # A function of the user's that runs when an object of his arrives.
    one, other = multiprocessing.Pipe()
    one.send(Loads(data))
    return {"arrived": arrived, "loads": outcome(other.recv, marker)}


def gives_system(_: int) -> Any:
    return os.system


class Loads:
    """Loads another pickle when it is loaded."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __reduce__(self) -> Any:
        return load_of_the_users, (self.data,)


def load_of_the_users(data: bytes) -> Any:
    return pickle.loads(data)


def batch_harmless(folder: Path) -> dict[str, Any]:
    """Real objects load untouched."""
    unpickling.switch(Mode.BLOCK, print)
    standard = [
        *(collections.OrderedDict(a=1), collections.Counter("abc"), collections.deque([1]), {1, 2}, frozenset("a")),
        *(datetime.datetime(2026, 1, 2), decimal.Decimal("1.5"), uuid.UUID(int=3), array.array("d", [1.0])),
        *(
            pathlib.PurePosixPath("a"),
            re.compile("x+"),
            functools.partial(int, base=2),
            "abc".upper,
            print,
            KeyError(1),
        ),
        *(operator.itemgetter(1), range(3), slice(1, 2), types.SimpleNamespace(a=1), 1j, Ellipsis, Point(1).shifted),
    ]
    found = {"standard": outcome(functools.partial(all_protocols, standard), folder / "x")}
    makers = {"sklearn": sklearn_objects, "pandas": pandas_objects, "torch": torch_objects, "dill": dill_objects}
    makers |= {"cloudpickle": cloudpickle_objects, "numpy": numpy_objects}
    for library, make in makers.items():
        if find_spec(library):
            found[library] = outcome(functools.partial(make, folder), folder / "x")
    return found


class Point:
    """A class of the user's."""

    def __init__(self, x: int) -> None:
        self.x = x

    def shifted(self) -> int:
        return self.x + 1


def all_protocols(item: Any) -> None:
    for protocol in range(2, 6):
        pickle.loads(pickle.dumps(item, protocol))


def numpy_objects(folder: Path) -> None:
    import numpy as np

    all_protocols([np.arange(3), np.float64(1), np.dtype("f4"), np.random.default_rng(0), np.array(["a", None], "O")])
    np.save(folder / "o.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.load(folder / "o.npy", allow_pickle=True)


def sklearn_objects(folder: Path) -> None:
    import joblib
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    made = make_pipeline(StandardScaler(), FunctionTransformer(abs), RandomForestClassifier(3)).fit([[1], [2]], [0, 1])
    joblib.dump(made, folder / "m.joblib")
    joblib.load(folder / "m.joblib").predict([[1]])


def pandas_objects(folder: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": pd.to_datetime(["2026-01-01", None])}).set_index("a")
    frame.to_pickle(folder / "f.pkl")
    pd.read_pickle(folder / "f.pkl")


def torch_objects(folder: Path) -> None:
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())
    torch.save(model, folder / "m.pt")
    torch.load(folder / "m.pt", weights_only=False)


def dill_objects(folder: Path) -> None:
    import dill

    class Local:
        def method(self) -> int:
            return 1

    found = dill.loads(
        dill.dumps([NotImplemented, Ellipsis, lambda x: x + 1, Local(), Local, functools.partial(max, 1)])
    )
    if found[:2] != [NotImplemented, Ellipsis] or found[2](1) != 2:
        raise AssertionError(found)


def cloudpickle_objects(folder: Path) -> None:
    import cloudpickle

    class Local:
        def method(self) -> int:
            return 1

    found = pickle.loads(cloudpickle.dumps([lambda x: x + 1, Local(), json, functools.partial(max, 1)]))
    if found[0](1) != 2:
        raise AssertionError(found)


EVALUATED = {
    "calls": "__import__('os').system('touch {}')",
    "function": "eval",
    "module": "os",
    "attribute": "Ellipsis.__class__",
    "lambda": "lambda: Ellipsis",
    "item": "[Ellipsis]",
    "constant": "Ellipsis",
    "the other": "NotImplemented",
}


def batch_evaluating(folder: Path) -> dict[str, Any]:
    """What dill evaluates; a stand-in does where it isn't installed."""
    if not find_spec("dill"):
        for name in ("dill", "dill._dill"):
            sys.modules[name] = types.ModuleType(name)
        exec("import os\ndef _eval_repr(repr_str):\n    return eval(repr_str)", vars(sys.modules["dill._dill"]))
    unpickling.switch(Mode.BLOCK, print)
    marker = folder / "touched"
    return {
        name: outcome(
            functools.partial(pickle.loads, calling(b"dill._dill\n_eval_repr", text.format(marker).encode())), marker
        )
        for name, text in EVALUATED.items()
    }


def batch_warn(folder: Path) -> dict[str, Any]:
    """Warnings, switching, reloading, faults of our own, names that are no plain ones."""
    said: list[str] = []
    data = pickle.dumps(Touches(Path("0"), "exit"))

    def say(line: str) -> None:
        said.append(line)
        pickle.loads(b"cos\npopen\n.")  # whatever a front end does with the line: it isn't watched

    def lines(*loads: Callable[[], Any]) -> list[str]:
        said.clear()
        for load in loads:
            load()
        return [*said]

    found: dict[str, Any] = {"before": [unpickling.installed(), unpickling.stopped()]}
    unpickling.switch(None, say)
    found["never on"] = unpickling.installed()
    unpickling.switch(Mode.WARN, say)
    found["names"] = lines(lambda: [pickle.loads(data) for _ in range(5)], lambda: pickle.loads(b"csubprocess\nrun\n."))
    unpickling.switch(None, say)
    found["off"] = [lines(lambda: pickle.loads(data)), unpickling.installed()]
    importlib.reload(unpickling)
    unpickling.switch(Mode.WARN, say)
    found["reloaded"] = lines(lambda: pickle.loads(data))
    del sys.modules["stsec_magic.live.unpickling"]
    again = importlib.import_module("stsec_magic.live.unpickling")
    again.switch(Mode.WARN, say)
    found["imported anew"] = lines(lambda: pickle.loads(data))
    again.switch(Mode.WARN, lambda line: 1 / 0)
    found["nobody hears"] = outcome(lambda: pickle.loads(data), folder / "x")
    again.switch(Mode.BLOCK, say)
    found["names of strangers"] = messages(
        b"csubprocess\n\x1b[2J" + b"A" * 900 + b"\n.", b"cos\nghp_" + b"aB3dE6gH9kL2nP5rS8uV1xY4zC7fJ0mQ3tW6" + b"\n."
    )
    found["counted"] = again.stopped()
    again.harm_of = broken
    found["fault"] = messages(b"ccollections\nOrderedDict\n.")
    again.switch(Mode.WARN, say)
    found["fault in warn mode"] = lines(lambda: [pickle.loads(b"ccollections\nOrderedDict\n.") for _ in range(3)])
    return found


def broken(module: str, name: str) -> None:
    raise ValueError("a secret")


def messages(*pickles: bytes) -> list[str]:
    """What is said of pickles that are stopped."""
    found = []
    for data in pickles:
        try:
            found.append(f"loaded {pickle.loads(data)}")
        except RuntimeError as error:
            found.append(str(error))
    return found


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], dict[str, Any]]]:
    """What a batch gives; each runs once."""

    @functools.cache
    def run(name: str) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp(name)
        command = [sys.executable, "-m", "tests.live.test_unpickling", name, str(folder)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert ended.returncode == 0, ended.stderr[-3000:]
        found: dict[str, Any] = json.loads((folder / "result.json").read_text())
        return found

    yield run


def test_every_way_to_load_is_stopped(batch: Any) -> None:
    found = batch("loads")
    assert len(found) >= 18
    assert {name: each for name, each in found.items() if each["touched"]} == {}
    for name, each in found.items():
        # numpy says of any error that it can't read the file.
        own = each["errors"][1] if name == "numpy, a pickle" else each["errors"][0]
        assert own == "LoadStoppedError", (name, each)
        assert each["stopped"] == (0 if name.startswith("forked") else 1), (name, each)


def test_transport_is_left_alone(batch: Any) -> None:
    found = batch("transport")
    assert {name: each for name, each in found["arrived"].items() if each["errors"] or each["stopped"]} == {}
    assert found["loads"]["errors"][:1] == ["LoadStoppedError"]
    assert not found["loads"]["touched"]


def test_harmless_objects_load_untouched(batch: Any) -> None:
    found = batch("harmless")
    assert {name: each for name, each in found.items() if each["errors"] or each["stopped"]} == {}


def test_what_dill_evaluates_is_a_constant_or_stopped(batch: Any) -> None:
    found = batch("evaluating")
    assert not any(each["touched"] for each in found.values())
    assert [name for name, each in found.items() if not each["errors"]] == ["constant", "the other"]
    assert all(each["errors"] in ([], ["LoadStoppedError"]) for each in found.values())


def test_warnings_are_said_once(batch: Any) -> None:
    found = batch("warn")
    assert found["before"] == [False, 0]
    assert found["never on"] is False
    first, second = found["names"]
    assert first.startswith("stsec: this load imports os.system (starts a process), ")
    assert re.search(r"test_unpickling\.py, line \d+; %stsec artifact", first)
    assert second.startswith("stsec: this load imports subprocess.run (starts a process), ")
    assert found["off"] == [[], True]
    assert found["nobody hears"] == {"errors": [], "touched": False, "stopped": 0}


def test_a_reload_adds_no_second_hook(batch: Any) -> None:
    found = batch("warn")
    assert len(found["reloaded"]) == len(found["imported anew"]) == 1


def test_a_strangers_name_is_printable_bounded_and_masked(batch: Any) -> None:
    found = batch("warn")
    long, token = found["names of strangers"]
    assert "\x1b" not in long and len(long) < 220
    assert long.startswith("stsec stopped this load: it would import subprocess.\\x1b[2JAAA")
    assert token.startswith("stsec stopped this load: it would import os.") and "dE6gH9kL2n" not in token
    assert found["counted"] == 2


def test_a_fault_stops_the_load_and_tells_its_type_only(batch: Any) -> None:
    found = batch("warn")
    assert found["fault"] == ["stsec stopped this load: it couldn't be judged (ValueError)"]
    assert found["fault in warn mode"] == ["stsec: a load couldn't be judged (ValueError), and goes on"]


def test_a_kernel_shows_three_lines(tmp_path: Path) -> None:
    pytest.importorskip("ipykernel")
    import IPython

    from tests.live.kernel import running

    (tmp_path / "model.pkl").write_bytes(pickle.dumps(Touches(tmp_path / "touched")))
    setup = "from stsec_magic.live import unpickling\nfrom stsec_magic.live.mode import Mode\nimport pickle"
    load = "password = 'hunter2hunter2'\npickle.load(open('model.pkl', 'rb')); password = 'Zq8rT5wX2nB7'"
    with running(tmp_path) as kernel:
        kernel.run(f"{setup}\nunpickling.switch(Mode.BLOCK, print)")
        stopped = kernel.run(load)
        kernel.run("unpickling.switch(Mode.WARN, print)")
        (tmp_path / "model.pkl").write_bytes(pickle.dumps(Touches(Path("0"), "exit")))
        warned = [kernel.run("for _ in 'ab': pickle.load(open('model.pkl', 'rb'))").text for _ in range(2)]
    assert not (tmp_path / "touched").exists()
    (shown,) = stopped.errors
    first, second, third = shown.splitlines()
    assert (first, third) == (SYSTEM, NEXT)
    is_old = IPython.version_info < (8,)  # it knows a cell by its text
    cells = ("this cell",) * 3 if is_old else ("In [2]", "In [4]", "In [5]")
    assert second.startswith(f"  {cells[0]}, line 2: pickle.load(open('model.pkl', 'rb')); password = ")
    assert "Zq8rT5wX2nB7" not in shown
    assert [line.count("os.system") for line in warned] == [1, 0 if is_old else 1]
    assert f"{cells[1]}, line 1" in warned[0] and (is_old or f"{cells[2]}, line 1" in warned[1])


def test_no_library_takes_it_for_a_broken_file() -> None:
    caught = (
        pickle.UnpicklingError,
        ImportError,
        AttributeError,
        TypeError,
        ValueError,
        OSError,
        EOFError,
        LookupError,
    )
    assert not issubclass(LoadStoppedError, caught)


def test_it_is_the_same_in_another_process() -> None:
    stopped = LoadStoppedError("os.system", SYSTEM, Place("In [2]", "<ipython-input-2-abc>", 3))
    again = pickle.loads(pickle.dumps(stopped))
    assert (again.name, str(again), again.place) == (stopped.name, SYSTEM, stopped.place)
    assert again._render_traceback_() == [SYSTEM, "  In [2], line 3", NEXT]


def test_without_a_place_there_are_two_lines() -> None:
    assert LoadStoppedError("os.system", SYSTEM)._render_traceback_() == [SYSTEM, NEXT]


@pytest.mark.parametrize(
    ("file", "label"),
    [
        ("<ipython-input-7-0123456789ab>", "In [7]"),
        ("/project/train.py", "/project/train.py"),
        ("<string>", None),
        ("/env/lib/python3.11/site-packages/pandas/io/pickle.py", None),
        ("C:\\env\\Lib\\site-packages\\pandas\\io\\pickle.py", None),
        (os.path.join(os.path.dirname(os.__file__), "pickle.py"), None),
        (unpickling.__file__, None),
    ],
)
def test_what_the_user_wrote(file: str, label: str | None) -> None:
    # Called from here: what isn't the user's own is passed over, and this line is met.
    found = eval(compile("\n\nplace(frame())", file, "eval"), {"place": users_place, "frame": sys._getframe})
    assert found is not None
    assert (found.label, found.line) == (label, 3) if label else found.file == __file__


def test_a_line_is_shown_masked() -> None:
    name = "<ipython-input-3-abc>"
    linecache.cache[name] = (1, None, ["api_key = 'Zq8rT5wX2nB7cV4mK9pL'; pickle.load(f)\n"], name)
    shown = LoadStoppedError("os.system", SYSTEM, Place("In [3]", name, 1))._render_traceback_()
    del linecache.cache[name]
    assert shown[1].startswith("  In [3], line 1: api_key = ") and shown[1].endswith("; pickle.load(f)")
    assert "Zq8rT5wX2nB7" not in shown[1]


def called_by(*frames: str) -> bool:
    """Whether it is a transport, seen from the innermost of some frames: ``module:function``, the innermost first."""
    call: Callable[[], Any] = lambda: is_transport(sys._getframe(1))  # noqa: E731
    for frame in frames:
        module, _, function = frame.partition(":")
        space: dict[str, Any] = {"__name__": module, "call": call}
        exec(f"def {function}():\n    return call()", space)
        call = space[function]
    return bool(call())


@pytest.mark.parametrize(
    "frames",
    [
        ["multiprocessing.connection:recv"],
        ["pickle:find_class", "pickle:load", "multiprocessing.queues:get"],
        ["joblib.externals.loky.cloudpickle_wrapper:_reconstruct_wrapper", "multiprocessing.connection:recv"],
        ["distributed.protocol.pickle:loads", "distributed.protocol.core:loads", "distributed.comm.utils:_from_frames"],
        ["ipyparallel.serialize.serialize:deserialize_object", "ipyparallel.client.client:_handle_apply_reply"],
        ["concurrent.interpreters._queues:get"],
    ],
)
def test_transports(frames: list[str]) -> None:
    assert called_by(*frames)


@pytest.mark.parametrize(
    "frames",
    [
        ["__main__:cell"],
        ["__main__:function", "multiprocessing.connection:recv"],
        ["multiprocessing.pool:worker", "multiprocessing.process:run"],
        ["multiprocessing.pool:mapstar"],
        ["multiprocessing.process:run"],
        ["concurrent.futures.thread:run"],
        ["concurrent.futures.process:_process_worker"],
        ["concurrent.futures.interpreter:do_call"],
        ["joblib.externals.loky.process_executor:_process_worker"],
        ["joblib.externals.loky.cloudpickle_wrapper:_reconstruct_wrapper", "__main__:cell"],
        ["joblib.numpy_pickle:load", "multiprocessing.connection:recv"],
        ["distributed.protocol.pickle:loads", "__main__:cell"],
        ["distributed.protocol.pickle:loads", "distributed.worker:run"],
        ["distributed.worker:apply_function_simple"],
        ["ipyparallel.serialize.serialize:deserialize_object", "__main__:cell"],
        ["pickle:load"],
    ],
)
def test_no_transports(frames: list[str]) -> None:
    assert not called_by(*frames, "__main__:cell")


@pytest.mark.parametrize("text", ["Ellipsis()", "Ellipsis.real", "-Ellipsis", "Elipsis", "(NotImplemented, 1)", "1"])
def test_no_constants(text: str) -> None:
    assert not is_constant(compile(text, "", "eval"))


if __name__ == "__main__":
    place = Path(sys.argv[2])
    with contextlib.chdir(place):
        result = globals()[f"batch_{sys.argv[1]}"](place)
    (place / "result.json").write_text(json.dumps(result))
