"""The calls that run code from the bytes they read, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Danger(Enum):
    """When a call is dangerous.

    Attributes:
        ALWAYS: Whatever its arguments.
        UNLESS_TRUE: Unless the parameter is true.
        IF_TRUE: Only if the parameter is true.
        UNLESS_SAFE_LOADER: Unless the parameter names one of YAML's safe loaders.
    """

    ALWAYS = "always"
    UNLESS_TRUE = "unless-true"
    IF_TRUE = "if-true"
    UNLESS_SAFE_LOADER = "unless-safe-loader"


@dataclass(frozen=True, slots=True)
class Sink:
    """A call that unpickles or otherwise runs what it reads.

    Attributes:
        name: Its public dotted name, as reports show it.
        aliases: Other dotted names of the same thing.
        danger: When it is dangerous.
        parameter: The keyword that decides, where one does.
        position: That parameter's place among the positional arguments; None where it has none.
        source: The keyword of the argument with the bytes, the path or the URL (the first one).
        instead: What to do instead.
        page: The page that says so.
        value_only: Whether handing it on as a value (``map(pickle.loads, rows)``) is as dangerous.
    """

    name: str
    instead: str
    page: str
    aliases: tuple[str, ...] = ()
    danger: Danger = Danger.ALWAYS
    parameter: str = ""
    position: int | None = None
    source: str = "file"
    value_only: bool = True


_PICKLE = "https://docs.python.org/3/library/pickle.html"
_NO_PICKLE = "use JSON, Parquet or safetensors"
_DILL = "https://dill.readthedocs.io/en/latest/dill.html"
_SHELVE = "https://docs.python.org/3/library/shelve.html"
_NO_SHELVE = "use sqlite3 or JSON"
_YAML = "https://pyyaml.org/wiki/PyYAMLDocumentation"
_NO_YAML = "use yaml.safe_load"
_PICKLES = (
    "cPickle",
    "_pickle",
    "six.moves.cPickle",
    "pickle5",
    "pickle5.pickle",
    "cloudpickle.pickle",
    "joblib.numpy_pickle.pickle",
)


def _in(modules: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(f"{module}.{name}" for module in modules)


SINKS: tuple[Sink, ...] = (
    Sink("pickle.load", _NO_PICKLE, _PICKLE, (*_in(_PICKLES, "load"), "pickle._load")),
    Sink("pickle.loads", _NO_PICKLE, _PICKLE, (*_in(_PICKLES, "loads"), "pickle._loads"), source="data"),
    Sink("pickle.Unpickler", _NO_PICKLE, _PICKLE, (*_in(_PICKLES, "Unpickler"), "pickle._Unpickler"), value_only=False),
    Sink("dill.load", _NO_PICKLE, _DILL, ("dill._dill.load",)),
    Sink("dill.loads", _NO_PICKLE, _DILL, ("dill._dill.loads",), source="str"),
    Sink("dill.Unpickler", _NO_PICKLE, _DILL, value_only=False),
    Sink(
        "dill.load_module",
        _NO_PICKLE,
        _DILL,
        ("dill.load_session", "dill.load_module_asdict"),
        source="filename",
    ),
    Sink("cloudpickle.load", _NO_PICKLE, "https://github.com/cloudpipe/cloudpickle#security"),
    Sink("cloudpickle.loads", _NO_PICKLE, "https://github.com/cloudpipe/cloudpickle#security", source="data"),
    Sink(
        "joblib.load",
        "use skops.io",
        "https://joblib.readthedocs.io/en/stable/generated/joblib.load.html",
        ("sklearn.externals.joblib.load", "sklearn.utils._joblib.load", "joblib.numpy_pickle.load"),
        source="filename",
    ),
    Sink("shelve.open", _NO_SHELVE, _SHELVE, source="filename"),
    Sink("shelve.DbfilenameShelf", _NO_SHELVE, _SHELVE, source="filename"),
    Sink("shelve.Shelf", _NO_SHELVE, _SHELVE, ("shelve.BsdDbShelf",), source="dict"),
    Sink(
        "reticulate.py_load_object",
        "save and read the table as Parquet",
        "https://rstudio.github.io/reticulate/reference/py_save_object.html",
        ("py_load_object",),
        source="filename",
    ),
    Sink("marshal.load", _NO_PICKLE, "https://docs.python.org/3/library/marshal.html"),
    Sink("marshal.loads", _NO_PICKLE, "https://docs.python.org/3/library/marshal.html", source="bytes"),
    Sink(
        "pandas.read_pickle",
        "save and read the table as Parquet",
        "https://pandas.pydata.org/docs/reference/api/pandas.read_pickle.html",
        ("pandas.io.pickle.read_pickle", "pandas.io.api.read_pickle", "modin.pandas.read_pickle"),
        source="filepath_or_buffer",
    ),
    Sink(
        "numpy.load",
        "pass allow_pickle=False",
        "https://numpy.org/doc/stable/reference/generated/numpy.load.html",
        ("numpy.lib.npyio.load", "numpy.lib.format.read_array", "cupy.load"),
        danger=Danger.IF_TRUE,
        parameter="allow_pickle",
        position=2,
    ),
    Sink(
        "torch.load",
        "pass weights_only=True (torch 2.6 or later) or use safetensors",
        "https://docs.pytorch.org/docs/stable/generated/torch.load.html",
        ("torch.serialization.load",),
        danger=Danger.UNLESS_TRUE,
        parameter="weights_only",
        source="f",
    ),
    Sink(
        "yaml.load", _NO_YAML, _YAML, danger=Danger.UNLESS_SAFE_LOADER, parameter="Loader", position=1, source="stream"
    ),
    Sink(
        "yaml.load_all",
        _NO_YAML,
        _YAML,
        danger=Danger.UNLESS_SAFE_LOADER,
        parameter="Loader",
        position=1,
        source="stream",
    ),
    Sink("yaml.unsafe_load", _NO_YAML, _YAML, ("yaml.full_load",), source="stream"),
    Sink("yaml.unsafe_load_all", _NO_YAML, _YAML, ("yaml.full_load_all",), source="stream"),
)

SAFE_YAML_LOADERS = frozenset(("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader", "RoundTripLoader"))

BY_NAME: dict[str, Sink] = {name: sink for sink in SINKS for name in (sink.name, *sink.aliases)}


def _asked_for() -> dict[tuple[str, str], frozenset[str]]:
    asked: dict[tuple[str, str], set[str]] = {}
    for name, sink in BY_NAME.items():
        module, last = name.partition(".")[0].lower(), name.rpartition(".")[2]
        parameter = sink.parameter if sink.danger is Danger.IF_TRUE else ""
        asked.setdefault((module, parameter), set()).add(last)
    return {needed: frozenset(words) for needed, words in asked.items()}


FUNCTIONS: dict[tuple[str, str], frozenset[str]] = _asked_for()
"""For a module in lower case, and the parameter that makes a call dangerous where there is one: the last
parts of the names of the module's sinks."""

WORDS: frozenset[str] = frozenset(
    word.lower() for (module, parameter), words in FUNCTIONS.items() for word in (module, parameter, *words) if word
)
"""All these identifiers in lower case: code without them needs no syntax tree."""
