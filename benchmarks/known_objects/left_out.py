"""What real objects ask for and the tables leave out all the same, each with its reason.

A table must hold nothing that does harm, whatever it is called with, whatever its state is set to, and whatever stands
beside it in a pickle. Every function in the tables, and every class whose constructor or ``__setstate__`` calls one of
the functions that make.py names as risky, was looked at by a person (``--review`` writes the list).
"""

from __future__ import annotations

from stsec_magic.pickles.denied import denied, doubtful

_CALLS = "calls whatever it is given, with whatever it is given"
_ATTRIBUTE = "gives an attribute, or something in a module, by its name"
_FILES = "opens files"
_CODE = "runs code that stands in its state or arguments"
_LOADS = "loads a pickle, or a file that may hold one"
_MAKES = "makes classes, or parts of them"
_NO_DATA = "no data is made of it"

_NAMES = {
    "builtins.getattr": _ATTRIBUTE,
    "builtins.hasattr": _ATTRIBUTE,
    "operator.getitem": _ATTRIBUTE,
    "operator.itemgetter": _ATTRIBUTE,
    "operator.attrgetter": _ATTRIBUTE,
    "operator.methodcaller": _CALLS,
    "functools.partial": _CALLS,
    "functools.reduce": _CALLS,
    "builtins.map": _CALLS,
    "builtins.filter": _CALLS,
    "builtins.iter": _CALLS,
    "builtins.next": _CALLS,
    "copy.copy": _CALLS,
    "copy.deepcopy": _CALLS,
    "itertools.starmap": _CALLS,
    "builtins.type": _MAKES,
    "enum.Enum": _MAKES,
    "enum.IntEnum": _MAKES,
    "enum.Flag": _MAKES,
    "enum.IntFlag": _MAKES,
    "builtins.super": _MAKES,
    "builtins.property": _MAKES,
    "builtins.classmethod": _MAKES,
    "builtins.staticmethod": _MAKES,
    "builtins.print": _NO_DATA,
    "builtins.dir": _NO_DATA,
    "builtins.format": _ATTRIBUTE,
    "numpy.core._ufunc_reconstruct": _ATTRIBUTE,
    "numpy._core._ufunc_reconstruct": _ATTRIBUTE,
    "numpy.dtypes._add_dtype_helper": "sets attributes of a module",
    "numpy.vectorize": _CALLS,
    "numpy.nditer": _NO_DATA,
    "numpy.DataSource": _FILES,
    "numpy.lib._datasource.DataSource": _FILES,
    "numpy.lib.npyio.DataSource": _FILES,
    "numpy.lib.npyio.NpzFile": _FILES,
    "numpy.memmap": _FILES,
    "numpy.core.memmap.memmap": _FILES,
    "pandas.ExcelFile": _FILES,
    "pandas.ExcelWriter": _FILES,
    "pandas.HDFStore": _FILES,
    "dateutil.tz.tz.tzfile": _FILES,
    "dateutil.tz._tzfile.tzfile": _FILES,
    "dateutil.tz._tzfile._unpickle": _FILES,
    "dateutil.zoneinfo.tzfile": _FILES,
    "dateutil.tz.tzfile": _FILES,
    "scipy.odr.odrpack.ODR": "removes files",
    "scipy.odr._odrpack.ODR": "removes files",
    "sklearn.base.clone": _CALLS,
    "torch._C._VariableFunctionsClass": _ATTRIBUTE,
    "xgboost.core.DMatrix": _FILES,
    "torch._utils._rebuild_from_type": _CALLS,
    "torch._utils._rebuild_from_type_v2": _CALLS,
    "torch._tensor._rebuild_from_type": _CALLS,
    "torch._tensor._rebuild_from_type_v2": _CALLS,
    "torch.tensor._rebuild_from_type": _CALLS,
    "torch.ao.quantization.observer._PartialWrapper": _CALLS,
    "torch.quantization.observer._PartialWrapper": _CALLS,
    "torch.utils.data.dataloader.DataLoader": _CALLS,
    "torch.utils.data.DataLoader": _CALLS,
    "torch.storage._load_from_bytes": _LOADS,
    "polars.lazyframe.frame.LazyFrame": "its plan may hold functions as pickles",
    "polars.internals.lazyframe.frame.LazyFrame": "its plan may hold functions as pickles",
    "polars.expr.expr.Expr": "an expression may hold functions as pickles",
    "gensim.models.phrases.Phrases": _LOADS,
    "statsmodels.tools._test_runner.PytestTester": "runs tests",
    "nltk.tag.perceptron.PerceptronTagger": _LOADS,
    "gensim.similarities.docsim.Similarity": "writes files",
    "gensim.models.ldamodel.LdaModel": "uses the network where it is told to",
    "gensim.models.lsimodel.LsiModel": "uses the network where it is told to",
    "gensim.models.ldamulticore.LdaMulticore": "starts processes",
    "gensim.models.word2vec.Word2Vec": _FILES,
    "gensim.models.doc2vec.Doc2Vec": _FILES,
    "gensim.models.fasttext.FastText": _FILES,
    "statsmodels.base.data.ModelData": "its state holds a formula, which is evaluated",
    "statsmodels.base.data.PandasData": "its state holds a formula, which is evaluated",
    "statsmodels.base.data.PatsyData": "its state holds a formula, which is evaluated",
}

_MODULES = {
    "joblib": "only its arrays are data",
    "sklearn.externals": "only joblib's arrays in it are data",
    "sklearn.utils.parallel": _CALLS,
    "sklearn.utils.mocking": "is for tests",
    "sklearn.utils._mocking": "is for tests",
    "sklearn.utils._testing": "is for tests",
    "sklearn.utils.testing": "is for tests",
    "sklearn.datasets": "fetches and opens files",
    "pandas.io": _FILES,
    "pandas.plotting": _NO_DATA,
    "pandas._libs.index": _NO_DATA,
    "pandas.core.computation": "evaluates expressions",
    "scipy._lib._uarray": _ATTRIBUTE,
    "scipy.io": _FILES,
    "scipy.datasets": _FILES,
    "scipy.stats._continuous_distns": "its state holds code, which is run: rv_generic.__setstate__",
    "scipy.stats._discrete_distns": "its state holds code, which is run: rv_generic.__setstate__",
    "scipy.stats._levy_stable": "its state holds code, which is run: rv_generic.__setstate__",
    "scipy.stats._distn_infrastructure": "its state holds code, which is run: rv_generic.__setstate__",
    "scipy.stats._boost": "its state holds code, which is run: rv_generic.__setstate__",
    "numpy.lib.format": _LOADS,
    "torch._dynamo": _CODE,
    "torch._inductor": _CODE,
    "torch.distributed": _CODE,
    "torch.jit": _CODE,
    "torch.fx": _CODE,
    "torch.package": _CODE,
    "torch.hub": _CODE,
    "torch.serialization": _LOADS,
    "torch.multiprocessing": "opens shared memory by name",
    "torch.utils.data.datapipes": _CALLS,
    "networkx.readwrite": _FILES,
    "networkx.utils.backends": "gives any of its functions by name, those that read files too",
    "catboost.utils": _FILES,
    "gensim.utils": _LOADS,
    "gensim.interfaces": _NO_DATA,
    "nltk.data": _LOADS,
    "nltk.corpus": _FILES,
    "regex": "takes compiled patterns on trust",
    "sympy": "its constructors evaluate texts",
    "cloudpickle": "builds functions from code",
    "dill": "builds functions from code",
    "plotly": _NO_DATA,
    "spacy": _LOADS,
    "srsly": _LOADS,
    "patsy": "evaluates formulas",
    "numba": _CODE,
    "llvmlite": _CODE,
    "pyproj": "opens files",
    "smart_open": _FILES,
}
"""Whole packages and modules, with what is below them."""

_KEPT = {
    "xgboost.core.Booster": "a model may be read from a path; every model of xgboost is one",
    "lightgbm.basic.Booster": "a model may be read from a path; every model of lightgbm is one",
    "lightgbm.basic.Dataset": "data may be read from a path, once a method is called",
    "copyreg._reconstructor": "calls the constructor of a base class; every pickle of protocol 0 and 1 is made of it",
    "numpy.random._pickle.__generator_ctor": "calls its second argument; every Generator of numpy is made by it",
    "numpy.random._pickle.__randomstate_ctor": "calls its second argument; every RandomState of numpy is made by it",
    "collections.defaultdict": "calls its factory, without arguments",
    "re._compile": "compiles a pattern and runs nothing",
    "pytz._p": "reads a file of pytz by the name of a zone, in which no dots are let through",
    "zoneinfo.ZoneInfo": "reads the file of a zone by its name, which can't lead elsewhere",
    "sklearn.metrics._dist_metrics.newObj": "calls a class's __new__ without arguments, as the opcode does",
}
"""What is listed although it reads files or calls something, for the reader of the tables."""

_WITHIN = frozenset(
    (
        "joblib.numpy_pickle.NumpyArrayWrapper",
        "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper",
        "sklearn.datasets.base.Bunch",
        "scipy.stats._distn_infrastructure.rv_frozen",
        "scipy.stats._distn_infrastructure.rv_continuous_frozen",
        "scipy.stats._distn_infrastructure.rv_discrete_frozen",
    )
)
"""What stands in one of those and is listed all the same."""

_BUILTINS = frozenset(
    "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple memoryview enumerate "
    "reversed zip len sum min max abs round sorted any all Ellipsis NotImplemented NoneType long unicode".split()
)
"""Of Python's builtins only these are data, or functions that numbers and texts are given to; and exceptions."""

_OWN = ("make", "estimators", "boosting", "torch_objects", "__main__", "own")


def why_left_out(module: str, name: str, kind: list[str] | None) -> str | None:
    """Why a name isn't listed; None where it is.

    Args:
        module: The module.
        name: The name within it.
        kind: What make.py tells of it in an environment.
    """
    dotted = f"{module}.{name}"
    if module.partition(".")[0] in _OWN or "<" in dotted:
        return "belongs to these benchmarks"
    says = denied(dotted)
    if says is not None:
        return f"denied: {says}"
    if dotted in _WITHIN:
        return None
    says = doubtful(dotted)
    if says is not None:
        return f"doubtful: {says}"
    # Python's own modules in C are named so: _operator.getitem.
    why = _NAMES.get(dotted) or _NAMES.get(dotted.removeprefix("_"))
    if why is not None:
        return why
    if any(part in ("tests", "conftest", "testing", "_testing") for part in module.split(".")):
        return "is for tests"
    if module == "builtins" and not _is_data(name):
        return _NO_DATA
    if kind is not None and kind[0] == "module":
        return _ATTRIBUTE
    if module.startswith("PIL.") and name.endswith("ImageFile"):
        return _FILES
    parts = module.split(".")
    heads = (".".join(parts[:i]) for i in range(len(parts), 0, -1))
    return next((_MODULES[head] for head in heads if head in _MODULES), None)


def _is_data(name: str) -> bool:
    return name in _BUILTINS or name.endswith(
        ("Error", "Exception", "Warning", "Iteration", "Interrupt", "Exit", "Group")
    )
