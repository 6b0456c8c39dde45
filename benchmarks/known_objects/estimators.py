"""The estimators of a library that follows scikit-learn: made, fitted, and fitted with every option."""

import copy
import inspect
import pickle
from collections.abc import Iterator

import numpy as np
from make import COUNTS, bare, classes

_RANDOM = np.random.RandomState(0)
X = abs(_RANDOM.rand(48, 5)) + 0.01
LABELS = np.arange(48) % 3
NUMBERS = X[:, 0] * 3 + _RANDOM.rand(48)
_TEXTS = ["one word here", "another word there", "some other words"] * 16
_DICTS = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}] * 24
_MANY = np.c_[LABELS == 0, LABELS == 1].astype(int)
_DATA = (
    (X, LABELS), (X, NUMBERS), (X, LABELS > 0), (X, NUMBERS + 1), (X, _MANY), (X, np.c_[NUMBERS, NUMBERS]), (X,),
    (_TEXTS,), (_DICTS,), (X[:, 0], NUMBERS), (LABELS,), ([["a", "b"], ["c"]] * 24,), (_MANY,),
    (X[:, :3] > 0.5, LABELS),
    (np.array(list("abc"))[LABELS].reshape(-1, 1), LABELS), (X, np.where(LABELS == 0, -1, LABELS)),
)  # fmt: skip
"""What an estimator may want to be fitted to."""

_FEW = {"n_estimators": 3, "max_iter": 20, "n_iter": 5, "n_components": 2, "cv": 2, "n_init": 1, "max_depth": 3}
_OPTIONS = {
    "loss": "hinge log log_loss modified_huber squared_hinge perceptron squared_loss squared_error huber "
    "epsilon_insensitive squared_epsilon_insensitive deviance exponential ls lad quantile absolute_error poisson "
    "gamma least_squares absolute_loss binary_crossentropy categorical_crossentropy auto linear square",
    "algorithm": "auto kd_tree ball_tree brute lloyd elkan full SAMME SAMME.R arpack",
    "solver": "lbfgs liblinear newton-cg newton-cholesky sag saga svd cholesky lsqr sparse_cg eigen adam sgd cd mu",
    "kernel": "linear poly rbf sigmoid cosine knn gaussian tophat",
    "criterion": "gini entropy log_loss mse mae friedman_mse squared_error absolute_error poisson friedman_mse",
    "splitter": "best random",
    "penalty": "l1 l2 elasticnet none",
    "metric": "euclidean manhattan cosine minkowski chebyshev hamming haversine",
    "init": "k-means++ random random_partition nndsvd kmeans pca custom",
    "strategy": "mean median most_frequent constant uniform quantile kmeans stratified prior",
    "method": "sigmoid isotonic barnes_hut exact yeo-johnson box-cox standard modified ltsa hessian lar lasso",
    "activation": "identity logistic tanh relu",
    "covariance_type": "full tied diag spherical",
    "weights": "uniform distance",
    "encode": "onehot onehot-dense ordinal",
    "selection": "cyclic random",
    "learning_rate": "constant invscaling adaptive optimal batch online",
    "linkage": "ward complete average single",
    "voting": "hard soft",
    "class_weight": "balanced",
    "categories": "auto",
    "handle_unknown": "ignore error infrequent_if_exist",
    "link": "identity log auto",
    "power": "0 1 1.5 2 3",
    "kind": "linear lowess",
    "output_distribution": "normal uniform",
    "assign_labels": "kmeans discretize cluster_qr",
    "analyzer": "word char char_wb",
    "dissimilarity": "euclidean",
    "eigen_solver": "arpack lobpcg auto dense",
    "shrinkage": "auto",
    "out_of_bounds": "nan clip raise",
    "max_features": "sqrt log2",
    "gamma": "scale auto",
    "decision_function_shape": "ovo ovr",
    "multi_class": "ovr multinomial auto crammer_singer",
    "importance_getter": "auto",
}
"""By parameter, all the values that a version may know; what it doesn't know is counted and passed over."""


def every(top: str) -> "list[type]":
    """All estimator classes of a library, those that nobody imports by hand too."""
    if top not in _EVERY:
        from sklearn.base import BaseEstimator

        for name in ("enable_hist_gradient_boosting", "enable_halving_search_cv", "enable_iterative_imputer"):
            COUNTS.attempt(name, lambda name=name: __import__("sklearn.experimental." + name))
        _EVERY[top] = [cls for cls in classes(*modules(top)) if issubclass(cls, BaseEstimator)]
    return _EVERY[top]


_EVERY = {}


def modules(top: str) -> "list[object]":
    """All modules of a package that can be imported and aren't its tests."""
    import importlib
    import pkgutil

    package = importlib.import_module(top)
    found = [package]
    for info in pkgutil.walk_packages(package.__path__, top + ".", onerror=lambda name: None):
        if ".test" in info.name or "._build" in info.name or info.name.endswith((".setup", ".conftest", "__main__")):
            continue
        module = COUNTS.attempt("import " + info.name, lambda name=info.name: importlib.import_module(name))
        if module is not None:
            found.append(module)
    return found


def made(cls: type) -> "object":
    """An estimator with few trees and few steps; what it is built around, if it must be, is a simple one."""
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.preprocessing import StandardScaler

    simple = Ridge() if "Regress" in cls.__name__ else LogisticRegression()
    arguments = (
        (), (simple,), ([("a", simple), ("b", type(simple)())],), (simple, {"random_state": [0, 1]}), (simple, [{}]),
        ([("a", StandardScaler(), [0, 1])],), ([("a", StandardScaler()), ("b", simple)],), ([np.eye(5)],), (np.eye(5),),
    )  # fmt: skip
    error = None
    for some in arguments:
        try:
            estimator = cls(*some)
        except Exception as other:
            error = other
            continue
        known = inspect.signature(cls.__init__).parameters
        for name, value in _FEW.items():
            if name in known and hasattr(estimator, name):
                setattr(estimator, name, value)
        return estimator
    raise error


def fits(estimator: "object", most: int = 3) -> "Iterator[object]":
    """An estimator fitted to whatever it can be fitted to, a few times."""
    for data in _DATA:
        fitted_one = COUNTS.attempt(
            f"{type(estimator).__name__}.fit", lambda data=data: copy.deepcopy(estimator).fit(*data)
        )
        if fitted_one is not None:
            yield fitted_one
            most -= 1
            if not most:
                return


def plain(top: str) -> "Iterator[object]":
    """Every estimator as it is made."""
    for cls in every(top):
        yield COUNTS.attempt(cls.__name__, lambda cls=cls: made(cls))
        yield COUNTS.attempt(cls.__name__, lambda cls=cls: bare(cls))


def fitted(top: str) -> "Iterator[object]":
    """Every estimator fitted."""
    for cls in every(top):
        estimator = COUNTS.attempt(cls.__name__, lambda cls=cls: made(cls))
        yield from () if estimator is None else fits(estimator)


def framed(top: str) -> "Iterator[object]":
    """Every estimator fitted to a frame and a column."""
    import pandas as pd

    frame, column = pd.DataFrame(X, columns=list("abcde")), pd.Series(LABELS, name="y")
    for cls in every(top):
        estimator = COUNTS.attempt(cls.__name__, lambda cls=cls: made(cls))
        if estimator is not None:
            yield COUNTS.attempt(cls.__name__ + ".fit", lambda one=estimator: one.fit(frame, column))


def varied(top: str) -> "Iterator[bytes]":
    """Every estimator fitted with every value of every option that it knows, pickled twice."""
    for cls in every(top):
        estimator = COUNTS.attempt(cls.__name__, lambda cls=cls: made(cls))
        known = {} if estimator is None else inspect.signature(cls.__init__).parameters
        for name in sorted(_OPTIONS):
            for value in _OPTIONS[name].split() if name in known else ():
                changed = copy.copy(estimator)
                setattr(changed, name, float(value) if value[0].isdigit() else None if value == "none" else value)
                for one in fits(changed, 1):
                    for protocol in (4,):
                        yield COUNTS.attempt(
                            f"{cls.__name__}({name}={value})",
                            lambda one=one, protocol=protocol: pickle.dumps(one, protocol),
                        )


def inner(top: str) -> "Iterator[object]":
    """Instances of the classes that stand inside fitted estimators: trees, losses, scorers, kernels."""
    wanted = (
        "loss",
        "scorer",
        "link",
        "tree",
        "kernel",
        "binn",
        "predictor",
        "dist_metrics",
        "neighbors",
        "split",
        "tags",
        "bunch",
        "_param",
        "calibration",
        "_response",
        "metadata_requests",
        "_optimi",
    )
    parts = [module for module in modules(top) if any(word in module.__name__.lower() for word in wanted)]
    for cls in classes(*parts):
        yield COUNTS.attempt(cls.__name__, lambda cls=cls: bare(cls))


def losses() -> "Iterator[object]":
    """Instances of scikit-learn's losses and links, which have moved often."""
    for name in (
        "sklearn._loss.loss",
        "sklearn._loss.link",
        "sklearn._loss._loss",
        "sklearn.ensemble._gb_losses",
        "sklearn.linear_model.sgd_fast",
        "sklearn.linear_model._sgd_fast",
    ):
        module = COUNTS.attempt(name, lambda name=name: __import__(name, fromlist=["*"]))
        for cls in () if module is None else classes(module):
            for arguments in ((), (1.0,), (3,)):
                yield COUNTS.attempt(f"{cls.__name__}{arguments!r}", lambda cls=cls, a=arguments: cls(*a))


def tags(estimator: "object") -> "object":
    """What scikit-learn says of an estimator."""
    from sklearn.utils import get_tags

    return get_tags(estimator)
