"""What is denied, what is doubtful, and that the tables hold together."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsec_magic.pickles import gadgets
from stsec_magic.pickles.denied import denied, doubtful, harms_when_called
from stsec_magic.pickles.deny_table import deny_table
from stsec_magic.pickles.meaning import today
from tests.pickles.families import CODE, FILES, IMPORTS, MEMORY, NETWORK, PICKLE, PROCESS, of


def doubt(name: str) -> str | None:
    module, _, last = name.rpartition(".")
    return doubtful(today(module, last))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("os.system", PROCESS),
        ("asyncio.unix_events._UnixSubprocessTransport._start", PROCESS),
        ("pydoc.pipepager", PROCESS),
        ("uuid._get_command_stdout", PROCESS),
        ("cProfile.runctx", CODE),
        ("lib2to3.pgen2.pgen.ParserGenerator.make_label", CODE),
        ("idlelib.pyshell.ModifiedInterpreter.runcommand", CODE),
        ("typing.ForwardRef._evaluate", CODE),
        ("dataclasses.make_dataclass", CODE),
        ("copyreg.add_extension", IMPORTS),
        ("pkgutil.resolve_name", IMPORTS),
        ("unittest.mock._importer", IMPORTS),
        ("warnings._getcategory", IMPORTS),
        ("argparse.FileType", FILES),
        ("logging.FileHandler", FILES),
        ("configparser.ConfigParser.read", FILES),
        ("xml.etree.ElementTree.parse", FILES),
        ("uuid.getnode", NETWORK),
        ("imaplib.IMAP4", NETWORK),
        ("sys.modules", MEMORY),
        ("http.cookies.SerialCookie", PICKLE),
    ],
)
def test_python_own_library_is_denied_by_what_it_does(name: str, says: str) -> None:
    assert of(name) == says


@pytest.mark.parametrize(
    "name", ["venv.create", "_aix_support.anything", "xdrlib.Unpacker", "sndhdr.what", "turtle.Turtle", "asynchat.find"]
)
def test_what_is_not_listed_as_data_is_denied_whatever_it_does(name: str) -> None:
    assert of(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "imp.load_source",
        "distutils.file_util.write_file",
        "popen2.Popen3",
        "msilib.Directory",
        "nis.cat",
        "annotationlib.x",
    ],
)
def test_modules_that_this_python_may_not_have_are_denied_all_the_same(name: str) -> None:
    assert of(name) is not None


def test_the_verdict_does_not_ask_the_python_that_runs() -> None:
    source = Path(str(files("stsec_magic.pickles"))) / "denied.py"
    assert "stdlib_module_names" not in source.read_text("utf-8")


@pytest.mark.parametrize(
    ("twin", "name"),
    [
        ("_io.FileIO", "io.FileIO"),
        ("_pickle.loads", "pickle.loads"),
        ("posix.system", "os.system"),
        ("nt.system", "os.system"),
        ("_pyio.open", "io.open"),
        ("__builtin__.eval", "builtins.eval"),
        ("posixpath.exists", "os.path.exists"),
        ("_socket.socket", "socket.socket"),
    ],
)
def test_a_private_twin_is_its_public_name(twin: str, name: str) -> None:
    assert of(twin) == of(name) is not None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("pathlib.os.system", PROCESS),
        ("random._os.system", PROCESS),
        ("collections._sys.modules", MEMORY),
        ("enum.sys.modules", MEMORY),
        ("json.codecs.open", FILES),
        ("posixpath.os.system", PROCESS),
        ("json.decoder.scanner.re.copyreg.add_extension", IMPORTS),
        ("numpy.os.system", PROCESS),
        ("numpy.ctypeslib.ctypes.CDLL", MEMORY),
        ("joblib.numpy_pickle.np.load", PICKLE),
        ("numpy.lib.npyio.pickle.loads", PICKLE),
        ("cloudpickle.cloudpickle.types.CodeType", CODE),
        ("mypackage.os.system", PROCESS),
        ("mypackage.subprocess.Popen", PROCESS),
        ("mypackage.pickle.loads", PICKLE),
        ("__main__.os.system", PROCESS),
    ],
)
def test_a_module_that_another_one_has_imported_is_seen(name: str, says: str) -> None:
    assert of(name) == says


@pytest.mark.parametrize(
    "name",
    ["numpy.core.__builtins__.eval", "__main__.__builtins__.eval", "builtins.str.__class__", "a.B.f.__globals__"],
)
def test_ways_into_the_interpreter(name: str) -> None:
    assert of(name) == MEMORY


@pytest.mark.parametrize("method", ["write_text", "unlink", "open", "rename", "symlink_to"])
@pytest.mark.parametrize("owner", ["pathlib.Path", "pathlib.PosixPath", "pathlib._local.Path", "pathlib.WindowsPath"])
def test_methods_of_paths_touch_files_and_paths_do_not(owner: str, method: str) -> None:
    assert of(owner) is None
    assert denied(f"{owner}.{method}") == FILES


@pytest.mark.parametrize(
    "name",
    [
        "collections.OrderedDict",
        "collections.abc.Mapping",
        "_collections._tuplegetter",
        "datetime.time",
        "datetime.datetime.fromisoformat",
        "_codecs.encode",
        "copy_reg._reconstructor",
        "pathlib.PosixPath",
        "re._compile",
        "types.SimpleNamespace",
        "argparse.Namespace",
        "builtins.ValueError",
        "subprocess.CalledProcessError",
        "json.decoder.JSONDecodeError",
        "socket.timeout",
        "http.cookiejar.Cookie",
        "urllib.parse.ParseResult",
        "posix.stat_result",
        "inspect._ParameterKind",
        "zoneinfo.ZoneInfo._unpickle",
        "operator.itemgetter",
        "operator.add",
        "logging.getLogger",
        "xml.etree.ElementTree.Element",
        "__main__.Model",
        "numpy.core.multiarray._reconstruct",
        "numpy.random._pickle.__generator_ctor",
        "numpy.random.mtrand.RandomState",
        "joblib.numpy_pickle.NumpyArrayWrapper",
        "requests.cookies.RequestsCookieJar",
        "requests.models.Response",
        "pytz._p",
        "torch._dynamo.eval_frame.OptimizedModule",
        "builtins.SystemExit",
    ],
)
def test_what_data_is_made_of_is_neither_denied_nor_doubtful(name: str) -> None:
    assert (of(name), doubt(name)) == (None, None)


@pytest.mark.parametrize(
    "name",
    [
        "mypackage.os_tools.Thing",
        "mypackage.code.Model",
        "mypackage.profile.run",
        "mypackage.io.open",
        "mypackage.socket.Client",
        "mypackage.multiprocessing.Worker",
        "mypackage.numpy.load",
        "user.User",
        "parser.Parser",
        "test.Model",
        "utils.load",
    ],
)
def test_somebody_else_s_package_is_not_touched(name: str) -> None:
    assert (of(name), doubt(name)) == (None, None)


@given(st.lists(st.from_regex(r"[a-z]{3,8}", fullmatch=True), min_size=2, max_size=4).map(".".join))
def test_a_package_that_nobody_knows_is_denied_only_for_what_it_carries(name: str) -> None:
    parts = name.split(".")
    known = deny_table().tops | gadgets.libraries() | {"dill", "cloudpickle"}
    if parts[0] not in known and not known & {*parts[1:]} and parts[0] not in deny_table().names:
        assert (denied(name), doubtful(name)) == (None, None)


@given(st.text(alphabet="os._systemevalbuiltins\x00é/ ", max_size=60))
def test_any_name_gets_an_answer(name: str) -> None:
    assert denied(name) is None or doubtful(name) is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("builtins.getattr", "can be turned into a call of anything"),
        ("_functools.partial", "can be turned into a call of anything"),
        ("_operator.methodcaller", "can be turned into a call of anything"),
        ("__builtin__.apply", "can be turned into a call of anything"),
        ("builtins.type", "builds a class or a function of its own"),
        ("types.ModuleType", "builds a class or a function of its own"),
        ("cloudpickle.cloudpickle._make_function", "brings its own functions along"),
        ("joblib.externals.cloudpickle.cloudpickle.subimport", "brings its own functions along"),
        ("somewhere.cloudpickle.cloudpickle._builtin_type", "brings its own functions along"),
        ("dill._dill._create_function", "brings its own functions along"),
        ("dill._dill._import_module", "brings its own functions along"),
        ("torch.storage._load_from_bytes", "loads what it brings along as another model or pickle"),
        ("numpy.core._ufunc_reconstruct", "gives back what a module and a name say"),
        ("torchvision.datasets.folder.default_loader", "opens files, as soon as it is used"),
        ("base64.b64decode", "uses a part of Python's own library that data files seldom need"),
    ],
)
def test_what_real_files_need_and_can_be_turned_is_doubtful(name: str, says: str) -> None:
    assert (of(name), doubt(name)) == (None, says)


@pytest.mark.parametrize(
    "name", ["dill._dill._eval_repr", "dill.loads", "cloudpickle.loads", "types.FunctionType", "types.CodeType"]
)
def test_what_no_pickle_of_dill_or_cloudpickle_holds_is_denied(name: str) -> None:
    assert of(name) is not None


def test_a_class_is_judged_by_its_call_alone() -> None:
    assert harms_when_called("xml.etree.ElementTree.ElementTree") == FILES
    assert denied("xml.etree.ElementTree.ElementTree") is None
    assert harms_when_called("xml.etree.ElementTree.Element") is None
