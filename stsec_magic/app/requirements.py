"""What an app needs installed: from ``%pip install`` lines and from imports, with the versions found."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import metadata

_NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]{0,100}[A-Za-z0-9])?)(?:\[[\w, .-]{1,200}\])?")
_SEPARATORS = re.compile(r"[-_.]{1,20}")
_INSTALLED = re.compile(r"Successfully installed ([^\n]{1,20000})")
_SATISFIED = re.compile(r"Requirement already satisfied: ([A-Za-z0-9._-]{1,100})[^\n]{0,500}\((\d[\w.+!-]{0,60})\)")
_WITH_VERSION = re.compile(r"([A-Za-z0-9._-]{1,100})-(\d[\w.+!]{0,60})")
_VALUED = frozenset(
    """-i --index-url --extra-index-url -f --find-links -c --constraint -t --target --prefix --root --python -n
    --name -p --cache-dir --proxy --timeout --trusted-host --channel --upgrade-strategy --no-binary
    --only-binary --src""".split()
)
_CHAIN = re.compile(r"&&|\|\||;|\|")

_DISTRIBUTIONS = {
    "bs4": "beautifulsoup4", "cv2": "opencv-python-headless", "dateutil": "python-dateutil", "dotenv": "python-dotenv",
    "fitz": "PyMuPDF", "git": "GitPython", "google.generativeai": "google-generativeai", "PIL": "pillow",
    "skimage": "scikit-image", "sklearn": "scikit-learn", "umap": "umap-learn", "yaml": "PyYAML",
}  # fmt: skip
"""Modules whose distribution has another name, for those that aren't installed here."""

_SAME_NAME = frozenset(
    """altair bokeh catboost dask duckdb folium gensim geopandas joblib keras langchain lightgbm lxml matplotlib
    networkx nltk numpy openai openpyxl pandas plotly polars prophet pyarrow pydantic requests scipy seaborn
    shap spacy sqlalchemy statsmodels sympy tensorflow torch torchvision tqdm transformers wordcloud xgboost
    yfinance""".split()
)
"""Modules whose distribution has the same name. Of others that aren't installed here nothing is said: a name that is
free on PyPI is one that a stranger may take."""

_NOTEBOOK_ONLY = frozenset(
    "IPython ipykernel ipywidgets google.colab kaggle_secrets stsec_magic pip setuptools".split()
)


def installs(command: str) -> list[str] | None:
    """The packages that a command installs with pip or conda.

    Args:
        command: A shell line, without ``!`` or ``%``.

    Returns:
        Requirements as pip writes them; None where the command does anything else.
    """
    found: list[str] = []
    for part in _CHAIN.split(command):
        if part.strip():
            packages = _of_one(part)
            if packages is None:
                return None
            found += packages
    return found if command.strip() else None


def _of_one(command: str) -> list[str] | None:
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return None
    words = [word for word in words if word not in ("sudo", "-m") and "python" not in word.rpartition("/")[2]]
    if words[:1] == ["uv"]:
        words = words[1:]
    if not words or words[0] not in ("pip", "pip3", "conda", "mamba", "micromamba") or "install" not in words[1:3]:
        return None
    found: list[str] = []
    skip = False
    for word in words[words.index("install") + 1 :]:
        if skip or word.startswith("-"):
            # The value of an option is no package; what it stands for (an index, a file) is the author's to add.
            skip = not skip and word in _VALUED
            if word in ("-r", "--requirement", "-e", "--editable"):
                return None
            continue
        found.append(word)
    return [_pinned(each) for each in found if _NAME.match(each)]


def _pinned(requirement: str) -> str:
    """Conda's ``name=1.2`` as pip's ``name==1.2``."""
    name, equals, version = requirement.partition("=")
    is_conda = equals and not version.startswith("=") and name[-1:] not in "<>!~="
    return f"{name}=={version}" if is_conda else requirement


def versions_shown(text: str) -> dict[str, str]:
    """The versions that pip said it installed, by the distribution's normal name.

    Args:
        text: What a cell printed.
    """
    found = {normal(match[1]): match[2] for match in _SATISFIED.finditer(text)}
    for line in _INSTALLED.finditer(text):
        for word in line[1].split():
            match = _WITH_VERSION.fullmatch(word)
            if match:
                found[normal(match[1])] = match[2]
    return found


def normal(name: str) -> str:
    """A distribution's name as PyPI compares it (PEP 503).

    Args:
        name: A requirement's or a distribution's name.
    """
    return _SEPARATORS.sub("-", name).lower()


def lines(installed: Iterable[str], modules: Iterable[str], shown: Mapping[str, str]) -> list[str]:
    """The lines of a requirements.txt.

    Args:
        installed: What the notebook's own lines install.
        modules: The modules that the app imports, dotted.
        shown: The versions that pip told in the notebook's outputs.

    Returns:
        One line for each distribution, in alphabetical order. Where neither the notebook nor this environment
        knows a version, the name alone.
    """
    found: dict[str, str] = {}
    for each in installed:
        match = _NAME.match(each)
        if match and normal(match[1]) not in _NOTEBOOK_ONLY:
            found[normal(match[1])] = each if each != match[0] else _versioned(match[0], match[1], shown)
    for module in modules:
        name = _distribution(module)
        if name:
            found.setdefault(normal(name), _versioned(name, name, shown))
    found.setdefault("streamlit", _versioned("streamlit", "streamlit", shown))
    return [found[name] for name in sorted(found)]


def merged(old: str, new: Iterable[str]) -> str:
    """A requirements.txt with what it lacks; nothing in it changes.

    Args:
        old: Its text; empty for none.
        new: The lines that are needed.
    """
    known = {normal(match[1]) for line in old.splitlines() if (match := _NAME.match(line.strip()))}
    more = [line for line in new if (match := _NAME.match(line)) and normal(match[1]) not in known]
    head = old if not old or old.endswith("\n") else old + "\n"
    return head + "".join(f"{line}\n" for line in more)


def _versioned(requirement: str, name: str, shown: Mapping[str, str]) -> str:
    version = shown.get(normal(name)) or _installed_version(name)
    return f"{requirement}=={version}" if version else requirement


def _installed_version(name: str) -> str:
    try:
        return metadata.version(name).partition("+")[0]  # "2.4.0+cpu" is no version that PyPI has
    except (metadata.PackageNotFoundError, ValueError):
        return ""


def _distribution(module: str) -> str | None:
    """The distribution that a module comes from; None for Python's own and those of notebooks alone."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names or top in _NOTEBOOK_ONLY or not top:
        return None
    if ".".join(module.split(".")[:2]) in _NOTEBOOK_ONLY:
        return None
    for known in (".".join(module.split(".")[:2]), top):
        if known in _DISTRIBUTIONS and not _providers().get(top):
            return _DISTRIBUTIONS[known]
    named = _providers().get(top)
    if named:
        return named[0]
    return top if top in _SAME_NAME else None


@lru_cache(maxsize=1)
def _providers() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()
