"""The guard in a real kernel: what stops, what runs, what is kept of it."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.credentials import openai_key, token
from tests.live.kernel import Kernel, Reply, running

KEY = openai_key("guard")
LOAD = "import pickle as pk\nmodel = pk.load(open('none.pkl', 'rb'))"
STOPPED = "stsec stopped this cell"


@pytest.fixture(scope="module")
def blocking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel whose guard stops cells."""
    with running(tmp_path_factory.mktemp("block")) as kernel:
        assert kernel.run("%load_ext stsec_magic").text == ""
        assert kernel.run("%stsec on block").text.startswith("stsec is on")
        yield kernel


@pytest.fixture
def warning(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel whose guard only warns."""
    with running(tmp_path) as kernel:
        kernel.run("%load_ext stsec_magic\n%stsec on")
        yield kernel


def is_stopped(reply: Reply) -> bool:
    """Whether a cell was stopped: in three lines, with the right status."""
    if reply.status == "ok":
        assert not reply.errors
        return False
    (shown,) = reply.errors
    if STOPPED not in shown:
        return False
    assert len(shown.splitlines()) == 3
    assert "Traceback" not in shown
    assert reply.reply["ename"] == "CellStoppedError"
    assert reply.reply["evalue"].startswith(STOPPED)
    assert reply.text == ""
    return True


@pytest.mark.parametrize(
    "cell",
    [
        f"client = OpenAI(api_key='{KEY}')",
        f"%env OPENAI_API_KEY={KEY}",
        f"%%bash\nexport OPENAI_API_KEY={KEY}",
        f"!echo {KEY}",
        f"%%time\nkey = '{KEY}'",
        f"if True:\n    %env K={KEY}",
        f"import asyncio\nawait asyncio.sleep(0)\nkey = '{KEY}'",
        LOAD,
        f"%%time\n{LOAD}",
        f"%%stsec\n{LOAD}",
        "ld = __import__('pickle').load\nld(open('x'))",
        "get_ipython().run_cell_magic('time', '', 'import pickle\\npickle.load(open(1))')",
    ],
    ids=range(12),
)
def test_a_cell_is_stopped(blocking: Kernel, cell: str) -> None:
    assert is_stopped(blocking.run(f"ran = False\n{cell}" if cell[0] not in "%!" else cell))
    assert KEY not in blocking.wire()


def test_nothing_of_a_stopped_cell_runs(blocking: Kernel) -> None:
    assert is_stopped(blocking.run(f"from pathlib import Path\nPath('ran').touch()\nk = '{KEY}'"))
    assert not (blocking.folder / "ran").exists()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("print(6 * 7)", "42"),
        ("%%time\nprint(6 * 7)", "42"),
        ("import asyncio\nawait asyncio.sleep(0)\nprint(6 * 7)", "42"),
        ("%%stsec\nawait asyncio.sleep(0)\nprint(6 * 7)", "42"),
        ("%%stsec\n%%bash\necho $((6 * 7))", "42"),
        ("!echo $((6 * 7))", "42"),
        ("%%stsec warn --select jwt\nimport pickle\nf'{pickle.loads(pickle.dumps(42))}'", "42"),
        (f"k = '{KEY}'  # stsec: ignore[openai-api-key] made up\nlen(k)", str(len(KEY))),
    ],
    ids=range(8),
)
def test_a_clean_cell_runs_as_ever(blocking: Kernel, cell: str, shown: str) -> None:
    reply = blocking.run(cell)
    assert (reply.status, reply.errors) == ("ok", [])
    assert shown in reply.text
    assert "stsec" not in reply.text


def test_an_error_in_a_cell_of_ours_is_an_error(blocking: Kernel) -> None:
    reply = blocking.run("%%stsec\nx = 1\n1 / 0")
    assert reply.status == "error"
    assert reply.reply["ename"] == "ZeroDivisionError"
    assert "----> 3" in reply.errors[0].replace("\x1b[32m", "").replace("\x1b[39m", "")
    assert len(reply.errors) == 1


def test_tags_count(blocking: Kernel) -> None:
    reply = blocking.run(LOAD, metadata={"tags": ["stsec-allow-untrusted-load"]})
    assert reply.reply["ename"] == "FileNotFoundError"
    assert is_stopped(blocking.run(LOAD, metadata={"tags": ["parameters"]}))


def test_it_runs_once_on_purpose(blocking: Kernel) -> None:
    for metadata in ({}, {"tags": ["parameters"]}):
        assert is_stopped(blocking.run(LOAD, metadata=metadata))
        assert "will not be stopped" in blocking.run("%stsec allow once").text
        assert blocking.run("y = 1").status == "ok"  # another cell doesn't use it up
        assert blocking.run(LOAD, metadata=metadata).reply["ename"] == "FileNotFoundError"
        assert is_stopped(blocking.run(LOAD, metadata=metadata))


def test_code_that_is_run_in_silence(blocking: Kernel) -> None:
    assert blocking.run(f"k = '{KEY}'", silent=True).status == "error"
    assert blocking.run("k = 1", silent=True).status == "ok"


def test_a_cell_shows_why_it_was_stopped(blocking: Kernel) -> None:
    number = blocking.run("0").reply["execution_count"]
    assert is_stopped(blocking.run(f"a = 1\nk = '{KEY}'"))
    for word in ("%stsec cell", f"%stsec cell {number + 1}"):
        (result,) = blocking.run(word).of("execute_result")
        data = result["content"]["data"]
        assert f"In [{number + 1}] · line 2" in data["text/plain"]
        assert "openai-api-key" in data["text/html"]
        (finding,) = data["application/vnd.stsec-report+json"]["findings"]
        assert (finding["cell"], finding["line"]) == (number + 1, 2)
    assert "isn't there" in blocking.run("%stsec cell 9999").text


def test_a_later_word_of_a_stopped_cell_is_not_believed(blocking: Kernel) -> None:
    """What never ran says nothing of what a name is."""
    assert is_stopped(blocking.run(f"import pickle as never_ran\nk = '{KEY}'"))
    assert not is_stopped(blocking.run("never_ran.load(open('x'))"))


def test_nothing_is_kept_of_what_was_stopped(tmp_path: Path) -> None:
    secret = token("in the environment", 32)
    with running(tmp_path, env={"SERVICE_TOKEN": secret}) as kernel:
        kernel.run("%load_ext stsec_magic\n%logstart -o log.py\n%xmode Verbose")
        kernel.run("%stsec on block mask")
        assert is_stopped(kernel.run(f"k = '{KEY}'"))
        assert is_stopped(kernel.run(f"print('{secret}')"))
        assert is_stopped(kernel.run(f"%env K={KEY}"))
        kernel.run(f"k = ('{KEY}'")  # doesn't parse
        kernel.run("%stsec allow once")
        assert kernel.run("In[2:], _i, _ih").status == "ok"
        kernel.run("import os; value = os.environ['SERVICE_' + 'TOKEN']; value")
        kernel.run("raise ValueError(value)")
        kernel.run("print(*value)\nprint(value)\n%stsec status")
        kernel.run("guard = get_ipython().magics_manager.registry['StsecMagics'].guard; guard, vars(guard)")
        kernel.run("%stsec\n%stsec cell")
        for text in (kernel.wire(), kernel.log, kernel.history(), (tmp_path / "log.py").read_text()):
            assert KEY not in text
            assert secret not in text
        assert "sk-proj-...(" in kernel.history()


def test_it_warns_and_lets_the_cell_run(warning: Kernel) -> None:
    reply = warning.run(f"api_key = k = '{KEY}'\nlen(k)")
    assert reply.status == "ok"
    assert reply.text.startswith("\x1b[1mstsec: openai-api-key")
    assert reply.text.endswith(str(len(KEY)))
    assert KEY not in reply.text
    shown = warning.run("print(k)").text
    assert KEY in shown  # masking is another choice
    assert "this cell's output shows" in shown.rpartition("\n\x1b")[2]
    masked = warning.run("%stsec on mask\nprint(k)").text
    assert "secrets are masked" in masked
    assert KEY not in warning.run("print(k)\nk").text


def test_a_fault_of_our_own(blocking: Kernel, warning: Kernel) -> None:
    find = "guard = get_ipython().magics_manager.registry['StsecMagics'].guard\n"
    spoil = f"{find}check = guard.check.of\nguard.check.of = lambda *_: 1 / 0"
    mend = f"{find}guard.check.of = check"
    for kernel in (blocking, warning):
        kernel.run(spoil)
    reply = blocking.run("password = 'x'")
    assert is_stopped(reply)
    assert "an internal fault (ZeroDivisionError" in reply.errors[0]
    warned = warning.run("password = 'x'; print(6 * 7)")
    assert warned.status == "ok"
    assert "could not check this cell" in warned.text
    assert warned.text.endswith("42\n")
    blocking.run("%stsec allow once")
    assert blocking.run("password = 'x'").status == "ok"
    blocking.run(mend)


def test_it_survives_whoever_clears_the_transformers(blocking: Kernel) -> None:
    blocking.run("get_ipython().ast_transformers.clear()")
    assert is_stopped(blocking.run(f"k = '{KEY}'"))


def test_deep_trees_run_as_ever(blocking: Kernel) -> None:
    assert blocking.run(f"x = {'-' * 900}1\nx").text == "1"
    assert blocking.run(f"len({' + '.join(['[0]'] * 900)})").text == "900"


def test_off_and_unload_leave_nothing_active(tmp_path: Path) -> None:
    state = (
        "ip = get_ipython()\n"
        "print([str(type(each)) for each in ip.ast_transformers + ip.input_transformers_cleanup if 'stsec' in "
        "str(type(each))], [str(each) for rows in ip.events.callbacks.values() for each in rows if 'stsec' in "
        "str(each)], [name for owner in (ip.history_manager, ip.logger, ip.kernel, ip.displayhook, ip.display_pub, ip)"
        " for name in vars(owner) if 'stsec' in str(getattr(vars(owner)[name], '__module__', ''))], "
        "[each for each in ip.configurables if 'Stsec' in str(type(each))])"
    )
    with running(tmp_path) as kernel:
        before = kernel.run(state).text
        kernel.run("%load_ext stsec_magic\n%stsec on block mask")
        assert is_stopped(kernel.run(f"k = '{KEY}'"))
        assert kernel.run("%stsec off").status == "ok"
        assert kernel.run(f"k = '{KEY}'").status == "ok"
        kernel.run("%stsec on block")
        assert kernel.run("%reload_ext stsec_magic").text == "stsec is off\n"
        kernel.run("%stsec on block")
        assert is_stopped(kernel.run(f"k = '{KEY}'"))
        assert kernel.run("%unload_ext stsec_magic").text == "stsec is off\n"
        assert kernel.run(f"k = '{KEY}'").status == "ok"
        assert kernel.run(state).text == before == "[] [] [] []\n"
        assert "not found" in kernel.run("%stsec").text


def test_the_projects_choices_and_those_of_the_session(tmp_path: Path) -> None:
    (tmp_path / "stsec.toml").write_text('ignore = ["loads"]\n')
    with running(tmp_path) as kernel:
        kernel.run("%load_ext stsec_magic\n%stsec on block")
        assert not is_stopped(kernel.run(LOAD))
        assert is_stopped(kernel.run(f"k = '{KEY}'"))
        kernel.run("%config StsecMagics.ignore = 'credentials'\n%stsec on block")
        assert kernel.run(f"k = '{KEY}'").status == "ok"
        kernel.run("%config StsecMagics.ignore = 'credentails'")
        assert "did you mean 'credentials'" in kernel.run("%stsec").text


def test_the_notebook_as_saved_and_the_session(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": each, "metadata": {}, "outputs": []} for each in (f"k = '{KEY}'", "x = 1")]
    path = tmp_path / "eda.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    with running(tmp_path, env={"JPY_SESSION_NAME": str(path)}) as kernel:
        kernel.run("%load_ext stsec_magic")
        kernel.run("x = 1")
        kernel.run(LOAD)
        reply = kernel.run("r = %stsec\nprint(len(r.findings), r.to_dict()['schema'])\nr")
        assert "checked: eda.ipynb as saved at" in reply.text
        assert "2 cells of this session that are not in it" in reply.text  # %load_ext, and the load
        assert "2 stsec-report/1" in reply.text
        assert "cell 1 · line 1" in reply.text
        assert "In [3] · line 2" in reply.text
        assert "eda.ipynb" in kernel.run("%stsec status").text
        kernel.run("import pickle\npickle.load(\nopen('x')")  # doesn't parse
        number = kernel.run("0").reply["execution_count"] - 1
        problems = kernel.run("%stsec").of("execute_result")[0]["content"]["data"]["application/vnd.stsec-report+json"][
            "problems"
        ]
        assert [(each["kind"], each["cell"]) for each in problems] == [("unparsed-cell", number)]
        tagged = [{**cells[0], "metadata": {"tags": ["stsec-ignore"]}}]
        path.write_text(json.dumps({"cells": tagged, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
        kernel.run("%stsec on block")
        assert kernel.run(f"k = '{KEY}'").status == "ok"  # the tag in the file counts


def test_an_inspected_model_decides(blocking: Kernel) -> None:
    (blocking.folder / "clean.pkl").write_bytes(pickle.dumps({"coefficients": [1.0, 2.0]}))
    (blocking.folder / "evil.pkl").write_bytes(b"cos\nsystem\n(S'touch ran_by_pickle'\ntR.")
    load = "import pickle\nmodel = pickle.load(open('{}', 'rb'))\nmodel"
    assert "coefficients" in blocking.run(load.format("clean.pkl")).text
    reply = blocking.run(load.format("evil.pkl"))
    assert is_stopped(reply)
    assert "malicious-artifact" in reply.errors[0]
    # Where no cell says what is loaded, the unpickler is watched.
    (blocking.folder / "deep.py").write_text("import pickle\nmodel = pickle.load(open('evil.pkl', 'rb'))")
    for code in ("%run deep.py", "import deep", "exec(open('deep.py').read())"):
        reply = blocking.run(code)
        assert reply.of("error")[0]["content"]["ename"] == "LoadStoppedError"
        assert reply.errors[0].startswith("stsec stopped this load: it would import os.system")
    assert not (blocking.folder / "ran_by_pickle").exists()
    assert "3 loads stopped" in blocking.run("%stsec status").text


def test_what_the_last_cell_set_is_known_to_the_next(blocking: Kernel) -> None:
    value = token("set by the last cell", 32)
    setting = "import os; os.environ['LATE_TOKEN'] = bytes.fromhex({!r}).decode()"
    assert blocking.run(setting.format(value.encode().hex()) + "  # stsec: ignore").status == "ok"
    reply = blocking.run(f"len('{value}')")
    assert is_stopped(reply)
    assert "known-secret" in reply.errors[0]
    blocking.run("%stsec off")
    other = token("set while it is off", 32)
    blocking.run(setting.replace("LATE", "LATER").format(other.encode().hex()))
    assert is_stopped(blocking.run(f"%%stsec\nlen('{other}')"))
    blocking.run("%stsec on block")
