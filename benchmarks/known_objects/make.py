"""Makes a library's objects and writes their pickles. Run by the Python of an environment, from 3.6 on.

Usage: python make.py FILE.txt OUTPUT, or, to tell what names are, python make.py --kinds < NAMES
"""

import inspect
import io
import json
import os
import pickle
import re
import signal
import struct
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

SECONDS = 20
HEAD = struct.Struct("<HI")
LARGEST = 4_000_000
END = object()
JOBLIBS = []

RISKY = re.compile(
    r"\b(?:open|eval|exec|compile|__import__|import_module|getattr|loads?|system|Popen|unlink|remove|memmap|genfromtxt|"
    r"fromfile|read_\w+|urlopen|dlopen|CDLL|sympify|load_model|execfile|makedirs|mkdir|setattr)\("
)
"""Calls for which a person looks twice at a function, or at how an object is made and filled."""


class TooLongError(Exception):
    """An object takes too long to make."""


def _too_long(*_args: object) -> None:
    raise TooLongError


class File(bytes):
    """The bytes of a file, which are written as they are and not pickled."""


class Counts:
    """How many objects were made, and how many could not be made or pickled.

    Attributes:
        made: Lines or items that gave an object.
        failed: By line or class, why not.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.made = 0
        self.failed = {}

    def attempt(self, label: str, make: "object") -> "object":
        """What a function gives; None where it fails or takes too long."""
        signal.alarm(SECONDS)
        try:
            made = make()
        except (Exception, SystemExit) as error:
            self.failed.setdefault(label[:80], f"{type(error).__name__}: {str(error)[:80]}")
            return None
        finally:
            signal.alarm(0)
        self.made += 1
        return made


COUNTS = Counts()


def each(make: "object", items: "Iterable[object]") -> "Iterator[object]":
    """What a function makes of each item that it can make something of."""
    for item in items:
        made = COUNTS.attempt(f"{getattr(make, '__name__', 'make')}({item})", lambda item=item: make(item))
        if made is not None:
            yield made


def bare(cls: type) -> "object":
    """An instance whose constructor hasn't run: its pickle names the class all the same. Classes in C would crash."""
    for base in cls.__mro__[:-1]:
        if base.__module__ != "builtins" and not str(
            getattr(sys.modules.get(base.__module__), "__file__", "")
        ).endswith(".py"):
            raise TypeError("it is made in C")
    return cls.__new__(cls)


def classes(*modules: "object", of: type = object) -> "list[type]":
    """The classes that stand in modules and belong to the same library, by their names."""
    found = {}
    for module in modules:
        top = module.__name__.partition(".")[0]
        for name in dir(module):
            try:
                cls = getattr(module, name)
            except Exception:  # A name that a library announces and doesn't have.
                continue
            if inspect.isclass(cls) and issubclass(cls, of) and str(cls.__module__).partition(".")[0] == top:
                found[cls.__module__, cls.__qualname__] = cls
    return [found[key] for key in sorted(found)]


def functions(module: "object", names: str) -> "list[object]":
    """Functions of a module that it has in this version."""
    return [getattr(module, name) for name in names.split() if hasattr(module, name)]


def lines(path: Path) -> "Iterator[tuple[str, object]]":
    """Each object that a file describes, line by line; a line that fails is counted."""
    skipped = sys.argv[3:]
    space = {"each": each, "bare": bare, "classes": classes, "functions": functions}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#") or line in skipped:
            continue
        # Some crash the interpreter; the next run is told to pass over them.
        Path(sys.argv[2] + ".line").write_text(line, encoding="utf-8")
        if line.startswith(">"):
            COUNTS.attempt(line, lambda line=line: exec(line[1:].strip(), space) or True)
        elif line.startswith("*"):
            items = iter(COUNTS.attempt(line, lambda line=line: eval(line[1:].strip(), space)) or ())
            while True:
                item = COUNTS.attempt(line, lambda items=items: [next(items, END)])
                if item is None or item[0] is END:
                    break
                yield line, item[0]
        else:
            yield line, COUNTS.attempt(line, lambda line=line: eval(line.strip(), space))


def dumps(label: str, item: "object") -> "Iterator[bytes]":
    """An object's pickles: at every protocol, and as joblib writes them."""
    for protocol in range(min(5, pickle.HIGHEST_PROTOCOL) + 1):
        data = COUNTS.attempt(f"{label} at protocol {protocol}", lambda p=protocol: pickle.dumps(item, p))
        if data is not None:
            yield data
    for joblib in joblibs():
        stream = io.BytesIO()
        if COUNTS.attempt(label + " by joblib", lambda j=joblib, s=stream: j.dump(item, s) or True):
            yield stream.getvalue()


def joblibs() -> "list[object]":
    """joblib, and the one that old versions of scikit-learn bring along."""
    if not JOBLIBS:
        for name in ("joblib", "sklearn.externals.joblib"):
            try:
                __import__(name)
            except ImportError:
                continue
            JOBLIBS.append(sys.modules[name])
    return JOBLIBS


def ready() -> None:
    """No warnings, and no object that takes too long."""
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _too_long)


def is_of(item: "object", top: str) -> bool:
    """Whether an object belongs to a package, or holds something that does."""
    if isinstance(item, (list, tuple)):
        return any(is_of(each, top) for each in item)
    if isinstance(item, dict):
        return any(is_of(each, top) for each in item.values())
    return type(item).__module__.partition(".")[0] == top


def write(source: str, target: str) -> None:
    """Write all pickles of one file of objects, one behind the other."""
    ready()
    seen = set()
    with Path(target).open("wb") as stream:
        for label, item in lines(Path(source)):
            if item is None:
                continue
            for data in dumps(label, item) if not isinstance(item, File) else [item]:
                if len(data) < LARGEST and hash(data) not in seen:
                    seen.add(hash(data))
                    name = label.encode()[:200]
                    stream.write(HEAD.pack(len(name), len(data)) + name + data)
    counts = {"made": COUNTS.made, "failed": COUNTS.failed, "versions": versions()}
    Path(target + ".json").write_text(json.dumps(counts, indent=1, sort_keys=True))


def versions() -> "dict[str, str]":
    """The version of every package that was imported."""
    found = {"python": "{}.{}".format(*sys.version_info[:2])}
    for name, module in list(sys.modules.items()):
        version = getattr(module, "__version__", None)
        if "." not in name and isinstance(version, str):
            found[name] = version
    return found


def kind(module: str, name: str) -> "list[str]":
    """What a name is, and the calls in how it is made and filled for which a person looks twice."""
    try:
        __import__(module)
        found = sys.modules[module]
        for part in name.split("."):
            found = getattr(found, part)
    except Exception as error:
        return ["missing", type(error).__name__]
    if not inspect.isclass(found):
        return [type(found).__name__, " ".join(sorted(set(RISKY.findall(text_of(found)))))]
    hits = []
    for method in ("__init__", "__new__", "__setstate__", "__setattr__", "append", "extend", "__setitem__"):
        for cls in found.__mro__[:-1]:
            if method in vars(cls) and not (method == "__init__" and "tensorflow" in module):
                calls = sorted(set(RISKY.findall(text_of(vars(cls)[method]))))
                hits += [f"{cls.__name__}.{method}: {call}" for call in calls]
                if method == "__setstate__" and not calls:
                    hits.append(f"{cls.__name__}.{method}")
                break
    return ["class", "; ".join(hits)]


def text_of(found: "object") -> str:
    """A function's source; empty where there is none."""
    try:
        return inspect.getsource(getattr(found, "__func__", found))
    except Exception:
        return ""


if __name__ == "__main__":
    sys.modules["make"] = sys.modules["__main__"]
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    if sys.argv[1] == "--kinds":
        warnings.simplefilter("ignore")
        asked = json.load(sys.stdin)
        print(json.dumps({module + ":" + name: kind(module, name) for module, name in asked}))
    else:
        write(sys.argv[1], sys.argv[2])
