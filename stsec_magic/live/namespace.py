"""What names are bound to in the kernel, told by identity.

No code of the user's runs: modules and classes are read through their own ``__dict__``, objects are only asked for
their type, and everything is compared by ``is``. Names lie (``pandas.read_pickle.__module__`` is ``pandas``, and
``pickle.load`` is ``_pickle.load``), so what is known by name is looked up in the loaded modules, and what is met is
looked for there. Nothing is imported.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from types import FunctionType, MethodType, ModuleType

from stsec_magic.rules.loads import sinks
from stsec_magic.source.live_names import Meaning

_CHAIN = re.compile(r"(?<![\w.])[^\W\d]\w{0,100}(?:\.[^\W\d]\w{0,100}){0,8}")
_MAIN = "__main__"
_OWN = (_MAIN, "unittest.mock")
"""Where what stands in a library's place is no longer the library's."""

_STORES = ("os.environ", "streamlit.secrets", "streamlit.session_state")
"""Objects that are known by their names, and are neither modules nor functions."""

_PUBLIC = {"posixpath": "os.path", "ntpath": "os.path", "posix": "os", "nt": "os"}
_USERS = Meaning(None)


class Namespace:
    """The names of the user's session, as ``source.live_names`` asks for them.

    Attributes:
        aliases: Other names of functions, met by ``words``, each with the last part of the function's own.
    """

    def __init__(self, variables: Mapping[str, object]) -> None:
        """Take the user's namespace.

        Args:
            variables: It is read when a question comes, so that the answer is today's.
        """
        self._variables = variables
        self._known: dict[int, tuple[object, tuple[str, ...]]] = {}
        self._loaded = 0
        self.aliases: dict[str, str] = {}

    def meaning(self, root: str, attributes: Sequence[str]) -> Meaning | None:
        """What a name, or an attribute of it, stands for in the session.

        Args:
            root: The name.
            attributes: Those behind it.

        Returns:
            The dotted name of a module, of something in one, or of a known object; the meaning "the user's own"
            for what the user defined; None for what isn't known.
        """
        if root not in self._variables:
            return None
        thing = self._variables[root]
        name, is_users = self._name_of(thing), _is_users(thing)
        for i, attribute in enumerate(attributes):
            found = _attribute(thing, attribute)
            if found is None:
                # A module may make it up, an object may have it: that would be the user's code, or a library's.
                if name is None:
                    break
                return Meaning(".".join([name, *attributes[i:]]))
            thing = found[0]
            written = None if name is None or _is_users(thing) else f"{name}.{attribute}"
            # What a library's module or class holds has its name there, if it isn't known by a better one.
            name = written if sys.modules.get(written or "") is thing else self._name_of(thing, written) or written
        if name is not None:
            return Meaning(name)
        # What the user's class or object holds is the user's, whatever it is made of.
        return _USERS if is_users or _is_users(thing) else None

    def made_by(self, name: str) -> str | None:
        """The dotted name of the class of what a name is bound to.

        Args:
            name: The name.

        Returns:
            The class's name where it is a known one; None else, for subclasses too: they may have made it safe.
        """
        return None if name not in self._variables else self._known_as(type(self._variables[name]))

    def words(self, text: str) -> Iterator[tuple[str, int]]:
        """The identifiers that the names in a text stand for, and each name's offset; learns their aliases.

        Args:
            text: A cell.

        Yields:
            Identifiers in lower case.
        """
        for match in _CHAIN.finditer(text):
            root, *attributes = match[0].split(".")
            if root not in self._variables:
                continue
            meaning = self.meaning(root, attributes)
            name = self.made_by(root) if meaning is None else meaning.name
            if name is None:
                continue
            last, own = [root, *attributes][-1], name.rpartition(".")[2]
            if meaning is not None and last != own:
                self.aliases[last] = own
            for word in name.lower().split("."):
                yield word, match.start()

    def names_load(self, text: str) -> bool:
        """Whether a text names a call that may unpickle, by whatever name.

        Args:
            text: A cell.
        """
        for match in _CHAIN.finditer(text):
            root, *attributes = match[0].split(".")
            if root in self._variables:
                meaning = self.meaning(root, attributes)
                name = self.made_by(root) if meaning is None else meaning.name
                if name is not None and name in _sought():
                    return True
        return False

    def _name_of(self, thing: object, written: str | None = None) -> str | None:
        """The dotted name of a module, a load, or something else that is known."""
        if type(thing) is partial:
            thing = thing.func
        if issubclass(type(thing), ModuleType):
            name = _dict(thing).get("__name__")
            return _PUBLIC.get(name, name) if type(name) is str and sys.modules.get(name) is thing else None
        return self._known_as(thing, written)

    def _known_as(self, thing: object, written: str | None = None) -> str | None:
        if self._loaded != len(sys.modules):
            self._learn()
        known, names = self._known.get(id(thing), (None, ()))
        if known is not thing:
            return None
        return written if written in names else min(names, key=len)

    def _learn(self) -> None:
        """Look up what is known by name in the modules that are loaded by now."""
        self._loaded = len(sys.modules)
        found: dict[int, tuple[object, tuple[str, ...]]] = {}
        for name in _known_names():
            thing = _loaded(name)
            # What the user put in a library's place isn't what the name says.
            if thing is not None and not _is_users(thing):
                _, before = found.get(id(thing), (thing, ()))
                found[id(thing)] = (thing, (*before, name))
        # What was known stays so, whatever the library's name means by now.
        self._known = {**found, **self._known}


@lru_cache(maxsize=1)
def _sought() -> frozenset[str]:
    return frozenset(_known_names())


@lru_cache(maxsize=1)
def _known_names() -> tuple[str, ...]:
    return (*(name.partition("()")[0] for name, _ in sinks().names() if "*" not in name), *_STORES)


def _loaded(dotted: str) -> object | None:
    """The thing that a dotted name stands for, if its module is loaded."""
    parts = dotted.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        thing: object = sys.modules.get(".".join(parts[:cut]))
        if thing is not None:
            for part in parts[cut:]:
                found = _attribute(thing, part)
                if found is None:
                    return None
                thing = found[0]
            return thing
    return None


def _attribute(thing: object, name: str) -> tuple[object] | None:
    """An attribute of a module or a class, read without running any code of theirs; None where it isn't there."""
    if issubclass(type(thing), ModuleType):
        found = _dict(thing)
        return (found[name],) if name in found else None
    if issubclass(type(thing), type):
        for each in type.__dict__["__mro__"].__get__(thing):
            found = type.__dict__["__dict__"].__get__(each)
            if name in found:
                return (found[name],)
    return None


def _dict(module: object) -> Mapping[str, object]:
    found = object.__getattribute__(module, "__dict__")
    return found if type(found) is dict else {}


def _is_users(thing: object) -> bool:
    """Whether the user's own cells defined a thing, or the class of it; a mock says nothing of what it stands for."""
    if type(thing) is MethodType:
        thing = thing.__func__
    if type(thing) is FunctionType:
        return thing.__globals__.get("__name__") in _OWN
    made = thing if issubclass(type(thing), type) else type(thing)
    own: Mapping[str, object] = type.__dict__["__dict__"].__get__(made)
    return own.get("__module__") in _OWN
