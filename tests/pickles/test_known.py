"""The globals that real objects are made of."""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import fractions
import ipaddress
import pathlib
import pickle
import random
import re
import types
import uuid
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

import stsec_magic.pickles.known
from stsec_magic.pickles.denied import denied
from stsec_magic.pickles.known import known
from stsec_magic.pickles.meaning import today
from stsec_magic.pickles.opcodes import walk

TABLES = sorted((Path(stsec_magic.pickles.known.__file__).parent / "tables" / "known").glob("*.toml"))


def unknown_names(item: object) -> set[str]:
    """What the pickles of an object, at all protocols, ask for and no table lists."""
    found: set[str] = set()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        walked = walk(pickle.dumps(item, protocol))
        assert walked.fault is None
        found |= {today(name.module, name.name) for name in walked.names}
    return {name for name in found if known(name) is None}


def names_of(table: Path) -> list[str]:
    names = tomli.loads(table.read_text())["names"]
    return [f"{module}.{name}" for module in names for name in names[module]]


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("collections.OrderedDict", "Python"),
        ("builtins.set", "Python"),
        ("datetime.datetime", "Python"),
        ("copyreg._reconstructor", "Python"),
        ("numpy.core.multiarray._reconstruct", "numpy"),
        ("numpy._core.multiarray._reconstruct", "numpy"),
        ("numpy.core.multiarray.scalar", "numpy"),
        ("numpy.dtype", "numpy"),
        ("numpy.random._pickle.__randomstate_ctor", "numpy"),
        ("pandas.core.frame.DataFrame", "pandas"),
        ("pandas.core.indexes.base._new_Index", "pandas"),
        ("pandas.core.internals.managers.BlockManager", "pandas"),
        ("pandas._libs.tslibs.timestamps._unpickle_timestamp", "pandas"),
        ("scipy.sparse.csr.csr_matrix", "scipy"),
        ("scipy.sparse._csr.csr_matrix", "scipy"),
        ("sklearn.ensemble.forest.RandomForestClassifier", "scikit-learn"),
        ("sklearn.ensemble._forest.RandomForestClassifier", "scikit-learn"),
        ("sklearn.tree._tree.Tree", "scikit-learn"),
        ("sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper", "scikit-learn"),
        ("joblib.numpy_pickle.NumpyArrayWrapper", "joblib"),
        ("xgboost.core.Booster", "xgboost"),
        ("lightgbm.basic.Booster", "lightgbm"),
        ("torch._utils._rebuild_tensor_v2", "PyTorch"),
        ("torch.nn.modules.linear.Linear", "PyTorch"),
    ],
)
def test_known(name: str, library: str) -> None:
    assert known(name) == library


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "numpy",
        "numpy.",
        "numpy.core.multiarray",
        "numpy.core.multiarray._reconstruct.__globals__",
        "numpy.core.multiarray._Reconstruct",
        "Numpy.core.multiarray._reconstruct",
        " numpy.dtype",
        "sklearn.ensemble._forest",
        "sklearn.ensemble._forest.RandomForest",
        "mylib.numpy.dtype",
        "../known/numpy.dtype",
        "python.builtins.set",
        "known.dtype",
        "nobody.Knows",
    ],
)
def test_near_names_are_not_known(name: str) -> None:
    assert known(name) is None


HARMFUL = """
    builtins.getattr builtins.eval builtins.type builtins.map operator.attrgetter operator.getitem
    functools.partial os.system types.FunctionType copy.deepcopy numpy.load numpy.vectorize
    numpy.core._ufunc_reconstruct numpy.memmap pandas.io.pickle.read_pickle pandas.HDFStore
    scipy.stats._distn_infrastructure.rv_continuous scipy.stats._continuous_distns.norm_gen
    scipy._lib._uarray._backend.unpickle_function joblib.numpy_pickle.load
    joblib.numpy_pickle_compat.NDArrayWrapper joblib.parallel.Parallel torch.storage._load_from_bytes
    torch._tensor._rebuild_from_type_v2 torch.fx.graph_module.reduce_graph_module
    polars.lazyframe.frame.LazyFrame
"""


@pytest.mark.parametrize("name", HARMFUL.split())
def test_what_does_harm_is_not_known(name: str) -> None:
    assert known(name) is None


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_tables(table: Path) -> None:
    data = tomli.loads(table.read_text())
    assert set(data) == {"library", "versions", "names"}
    assert data["library"]
    assert data["versions"]
    assert [*data["names"]] == sorted(data["names"])
    for module, names in data["names"].items():
        assert names == sorted(set(names))
        assert names
        assert table.stem in ("python", module.partition(".")[0])


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_no_table_holds_what_is_denied(table: Path) -> None:
    assert {name: says for name in names_of(table) if (says := denied(name)) is not None} == {}


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_all_that_a_table_lists_is_known(table: Path) -> None:
    library = tomli.loads(table.read_text())["library"]
    assert {known(name) for name in names_of(table)} == {library}


def test_there_are_tables() -> None:
    stems = {table.stem for table in TABLES}
    assert {"python", "numpy", "pandas", "sklearn", "scipy", "xgboost", "lightgbm", "joblib", "torch"} <= stems


def test_only_the_table_that_is_asked_is_read() -> None:
    stsec_magic.pickles.known._table.cache_clear()
    assert known("numpy.dtype") == "numpy"
    assert known("numpy.nothing") is None
    assert stsec_magic.pickles.known._table.cache_info().currsize == 1


@given(st.text(alphabet="abcdefgnumpy._/\\", max_size=30))
def test_any_text_may_be_asked(name: str) -> None:
    assert known(name) in (None, known(name))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.binary(max_size=9) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=4).map(collections.OrderedDict)
    ),
    max_leaves=9,
)


@given(plain)
def test_plain_data_is_known(item: object) -> None:
    assert unknown_names(item) == set()


@pytest.mark.parametrize(
    "item",
    [
        {1, 2},
        frozenset("ab"),
        bytearray(b"a"),
        2j,
        range(3),
        slice(1, 2),
        Ellipsis,
        collections.defaultdict(list, a=[1]),
        collections.Counter("abc"),
        collections.deque([1], 3),
        collections.ChainMap({}),
        datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
        datetime.timedelta(1),
        datetime.time(1),
        decimal.Decimal("1.5"),
        fractions.Fraction(1, 2),
        pathlib.PurePosixPath("a"),
        pathlib.PureWindowsPath("a"),
        uuid.UUID(int=1),
        re.compile("a", re.IGNORECASE),
        ipaddress.ip_network("10.0.0.0/8"),
        random.Random(1),
        types.SimpleNamespace(a=1),
        array.array("d", [1.5]),
        ValueError("x"),
        OSError(2, "x"),
    ],
    ids=lambda item: type(item).__name__,
)
def test_the_standard_library_is_known(item: object) -> None:
    assert unknown_names(item) == set()


def test_what_a_script_defines_is_unknown() -> None:
    assert unknown_names(unknown_names) == {f"{__name__}.unknown_names"}


def test_numpy_is_known() -> None:
    np = pytest.importorskip("numpy")
    table = np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")])
    items = [np.arange(3), np.float32(1), np.eye(2, order="F"), np.array(["a", 1], object), np.datetime64("2020-01-01")]
    items += [
        table,
        table.view(np.recarray),
        np.ma.array([1, 2], mask=[0, 1]),
        np.random.default_rng(1),
        np.dtype("M8[s]"),
    ]
    items += [np.random.RandomState(1), np.poly1d([1, 2]), np.polynomial.Polynomial([1, 2]), np.log1p, np.float64]
    assert {name for item in items for name in unknown_names(item)} == set()


def test_pandas_is_known() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.date_range("2020-01-01", periods=2, tz="UTC")})
    frame = frame.assign(d=pd.Categorical(["x", "y"]), e=pd.array([1, None], "Int64"), f=pd.interval_range(0, 2))
    items = [frame, frame.T, frame.set_index(["a", "b"]), *(frame[name] for name in frame), frame.dtypes, pd.NaT, pd.NA]
    items += [pd.Timestamp("2020-01-01"), pd.Timedelta("1s"), pd.Period("2020-01", "M"), pd.offsets.BDay()]
    assert {name for item in items for name in unknown_names(item)} == set()


def test_sklearn_is_known() -> None:
    pytest.importorskip("sklearn")
    from sklearn import ensemble, linear_model, model_selection, neighbors, pipeline, preprocessing

    rows, labels = [[float(i), float(i % 3)] for i in range(12)], [i % 2 for i in range(12)]
    model = pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression())
    items = [
        model.fit(rows, labels),
        ensemble.RandomForestClassifier(2).fit(rows, labels),
        ensemble.HistGradientBoostingClassifier(max_iter=2).fit(rows, labels),
        neighbors.KNeighborsClassifier(2, algorithm="kd_tree").fit(rows, labels),
        model_selection.GridSearchCV(model, {"logisticregression__C": [1, 2]}, cv=2).fit(rows, labels),
    ]
    assert {name for item in items for name in unknown_names(item)} == set()
