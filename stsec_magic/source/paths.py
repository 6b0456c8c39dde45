"""The files that an expression may name, as texts: what isn't known of a path is a hole in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from itertools import product

from stsec_magic.source.names import Names
from stsec_magic.source.reach import Reach
from stsec_magic.source.scopes import Use

HOLE = "\0"
"""Stands on both sides of what tells one unknown part from another."""

ANY = f"{HOLE}{HOLE}"
"""A part of which nothing is known."""

_DEEPEST = 16
_MOST = 12
_LONGEST = 400
_STEPS = 300
_BUDGET = 60_000
"""Steps for all paths of one notebook."""

_FIELD = re.compile(r"\{[^{}]*\}")
_PERCENT = re.compile(r"%(?:\(\w+\))?[-+ #0-9.]*[a-zA-Z]")
_WILD = re.compile(r"\*{1,4}|\[[^\[\]]{0,80}\]|\?")
_NAME = re.compile(r"^.*[\\/]")
_JOINERS = frozenset(("os.path.join", "posixpath.join", "ntpath.join"))
_MAKERS = frozenset(("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.WindowsPath", "Path"))
# What gives its first argument back, and what opens, reads or unpacks the file of that name.
_SAME = frozenset(
    "str bytes next sorted max min list iter open reversed "
    "os.fspath os.path.abspath os.path.realpath os.path.expanduser os.path.expandvars os.path.normpath "
    "io.open io.BytesIO io.BufferedReader codecs.open gzip.open gzip.GzipFile gzip.decompress bz2.open bz2.BZ2File "
    "bz2.decompress lzma.open lzma.LZMAFile lzma.decompress zlib.decompress zstandard.open lz4.frame.open "
    "zipfile.ZipFile tarfile.open tarfile.TarFile file smart_open.open smart_open.smart_open fsspec.open "
    "tensorflow.io.gfile.GFile tensorflow.gfile.Open tensorflow.gfile.GFile mmap.mmap contextlib.closing "
    "tqdm.tqdm pickle.Pickler cPickle.Pickler dill.Pickler cloudpickle.CloudPickler cloudpickle.Pickler".split()
)
_SAME_METHODS = frozenset(
    "resolve absolute as_posix expanduser strip lstrip rstrip encode decode lower upper __str__ __fspath__ "
    "open read readline readlines read_bytes read_text getvalue getbuffer detach __enter__".split()
)
_LISTED = frozenset(("glob.glob", "glob.iglob"))
_WITH_DEFAULT = frozenset(("os.environ.get", "os.getenv"))
_IN_TEMPORARY = f"/tmp/{ANY}"  # noqa: S108  how a path is spelt, not one that is used
_CONSTANT = {
    **dict.fromkeys(("os.sep", "os.path.sep"), "/"),
    **dict.fromkeys(("os.getcwd", "pathlib.Path.cwd", "Path.cwd"), ""),
    **dict.fromkeys(
        ("tempfile.gettempdir", "tempfile.mkdtemp", "tempfile.TemporaryDirectory", "tempfile.NamedTemporaryFile"),
        _IN_TEMPORARY,
    ),
}


class Paths:
    """Spells out paths in one program."""

    def __init__(self, names: Names, reach: Reach) -> None:
        """Take a program's names, and a way back along its data."""
        self._names = names
        self._reach = reach
        self._steps = self._spent = 0
        self._known: dict[int, tuple[ast.expr, list[str]]] = {}

    def of(self, use: Use) -> list[str]:
        """The paths that an expression may give.

        Args:
            use: Any expression.

        Returns:
            At least one text; one that is nothing but a hole where the expression isn't known.
        """
        # Through a call that is followed a name is what that call gives; else it is the same for every asker.
        node, known = self._known.get(id(use.node), (None, []))
        if use.frame is None and node is use.node:
            return known
        self._steps = 0
        found = self._texts(use, 0)
        self._spent += self._steps
        if use.frame is None:
            self._known[id(use.node)] = use.node, found
        return found

    def _texts(self, use: Use, depth: int) -> list[str]:
        self._steps += 1
        if depth > _DEEPEST or self._steps > _STEPS or self._spent > _BUDGET:
            return [ANY]
        node = use.node
        if isinstance(node, ast.Constant):
            text = str(node.value).replace(HOLE, "?")  # no file has it in its name
            return [text[:_LONGEST]] if isinstance(node.value, (str, int)) else [ANY]
        pieces = _pieces(node)
        if pieces is not None:
            return self._joined(pieces[0], [use.at(each) for each in pieces[1]], depth)
        several = _alternatives(node)
        if several:
            return _few(text for each in several[: 2 * _MOST] for text in self._texts(use.at(each), depth + 1))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            return self._filled(_PERCENT, use.at(node.left), [use.at(each) for each in given], depth)
        if isinstance(node, ast.Call):
            return self._of_call(use, node, depth)
        return self._of_name(use, depth)

    def _of_name(self, use: Use, depth: int) -> list[str]:
        values = self._reach.values(use)
        if not values and isinstance(use.node, ast.Attribute) and use.node.attr == "sep":
            return [_CONSTANT.get(self._names.qualified(use.node, use.scope, use.order) or "", _unknown(use))]
        if not values:
            return [_unknown(use)]
        found = _few(text for value in values[:_MOST] for text in self._texts(value, depth + 1))
        # What nobody can spell is still the same wherever the name stands.
        return [f"{HOLE}{id(values[0].node)}{HOLE}" if text == ANY else text for text in found]

    def _of_call(self, use: Use, call: ast.Call, depth: int) -> list[str]:
        name = self._names.qualified(call.func, use.scope, use.order) or ""
        arguments = [use.at(each) for each in call.args]
        known = self._of_known(name, arguments, depth)
        if known is not None:
            return known
        if isinstance(call.func, ast.Attribute):
            found = self._of_method(use.at(call.func.value), call.func.attr, arguments, depth)
            if found is not None:
                return found
        returned = self._reach.returned(use)
        if returned:
            return _few(text for each in returned[:_MOST] for text in self._texts(each, depth + 1))
        return [_unknown(use)]

    def _of_known(self, name: str, arguments: list[Use], depth: int) -> list[str] | None:
        if name in _CONSTANT:
            return [_CONSTANT[name]]
        if name in _JOINERS or name in _MAKERS:
            return self._joined("/", arguments, depth) if arguments else [""]
        if name == "os.path.basename" and arguments:
            return [_NAME.sub("", text) for text in self._texts(arguments[0], depth + 1)]
        if name in _SAME and arguments:
            return self._texts(arguments[0], depth + 1)
        if name in _LISTED and arguments:
            return [_WILD.sub(ANY, text) for text in self._texts(arguments[0], depth + 1)]
        if name in _WITH_DEFAULT and len(arguments) > 1:
            return self._texts(arguments[1], depth + 1)
        return None

    def _of_method(self, receiver: Use, method: str, arguments: list[Use], depth: int) -> list[str] | None:
        def before(change: Callable[[str], str]) -> list[str]:
            return [change(text) for text in self._texts(receiver, depth + 1)]

        if method == "format":
            return self._filled(_FIELD, receiver, arguments, depth)
        if method == "joinpath":
            return self._joined("/", [receiver, *arguments], depth)
        if method == "join" and len(arguments) == 1 and isinstance(arguments[0].node, (ast.List, ast.Tuple)):
            joint = self._texts(receiver, depth + 1)[0]
            return self._joined(joint, [arguments[0].at(each) for each in arguments[0].node.elts], depth)
        if method in _SAME_METHODS and not self._reach.is_module(receiver):
            return before(lambda text: text)
        if method in ("glob", "rglob", "iterdir") and not self._reach.is_module(receiver):
            inside = self._texts(arguments[0], depth + 1)[0] if arguments else ANY
            return before(lambda text: f"{text}/{_WILD.sub(ANY, inside)}")
        if method == "with_suffix" and arguments:
            suffix = self._texts(arguments[0], depth + 1)[0]
            return before(lambda text: re.sub(r"\.[^./\0]{1,12}\Z", "", text) + suffix)
        if method == "with_name" and arguments:
            name = self._texts(arguments[0], depth + 1)[0]
            return before(lambda text: f"{text.rpartition('/')[0]}/{name}")
        return None

    def _joined(self, joint: str, parts: list[Use], depth: int) -> list[str]:
        several = [self._texts(part, depth + 1) for part in parts[:_MOST]]
        return _few(_join(joint, each) for each in product(*several))

    def _filled(self, field: re.Pattern[str], template: Use, arguments: list[Use], depth: int) -> list[str]:
        """A template with its fields filled in, in their order; named ones are holes."""
        given = [self._texts(each, depth + 1)[0] for each in arguments[:_MOST]]

        def fill(text: str) -> str:
            left = iter(given)
            return field.sub(lambda match: next(left, ANY) if len(match[0]) <= 3 else ANY, text)

        return [fill(text) for text in self._texts(template, depth + 1)]


def _pieces(node: ast.expr) -> tuple[str, list[ast.expr]] | None:
    """What an expression puts one behind the other, and what it puts between them."""
    match node:
        case ast.JoinedStr(values=parts):
            return "", parts
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return "", [left, right]
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            return "/", [left, right]
    return None


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """The expressions one of which an expression gives, or is made of."""
    match node:
        case ast.IfExp(body=one, orelse=other):
            return [one, other]
        case ast.BoolOp(values=several) | ast.List(elts=several) | ast.Tuple(elts=several) | ast.Set(elts=several):
            return several
        case ast.Dict(keys=keys, values=values):
            return [each for each in (*keys, *values) if each is not None]
        case ast.FormattedValue(value=value) | ast.Starred(value=value) | ast.NamedExpr(value=value):
            return [value]
        case ast.Await(value=value) | ast.Subscript(value=value, slice=ast.Constant(value=int())):
            return [value]
    return []


def _join(joint: str, parts: Iterable[str]) -> str:
    text = ""
    for part in parts:
        if joint == "/" and (part.startswith("/") or not text):
            text = part  # an absolute part begins anew
        else:
            text = f"{text.rstrip('/')}{joint}{part}" if joint else text + part
    return text[:_LONGEST]


def _few(texts: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for text in texts:
        found[text] = None
        if len(found) == _MOST:
            break
    return [*found] or [ANY]


def _unknown(use: Use) -> str:
    """A hole that is the same wherever the same name in the same scope stands unexplained."""
    match use.node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return f"{HOLE}{name}{HOLE}"
    return ANY
