"""Which secret an expression gives, followed through names, calls and other cells to where it is read."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from stsec_magic.model.levels import Confidence
from stsec_magic.rules.displayed.lines import is_secret_file
from stsec_magic.rules.displayed.loops import Loops, gone_through
from stsec_magic.rules.displayed.sources import (
    ACCOUNT,
    BY_KEY,
    HIDDEN,
    KAGGLE,
    ONE,
    OPENING,
    READING,
    WHOLE,
    Read,
    by_name,
    literal,
)
from stsec_magic.rules.displayed.values import NAMES_ALONE, parts
from stsec_magic.rules.functions import Functions
from stsec_magic.rules.secret_names import kind_of
from stsec_magic.source.constant import constant_text
from stsec_magic.source.flow import Flow
from stsec_magic.source.names import Names
from stsec_magic.source.reach import Reach
from stsec_magic.source.scopes import Use

_DEEPEST = 14
_MOST_STEPS = 150


class Reads:
    """Follows the expressions of one program. Bounded; what it can't follow is no secret."""

    def __init__(self, names: Names) -> None:
        """Take a program's names."""
        self._names = names
        self._reach = Reach(names)
        self._flow = Flow(names)
        self._functions = Functions(names)
        self._loops = Loops()
        self._left = 0
        self._known: dict[tuple[int, int, str], Read | None] = {}

    def shown(self, use: Use) -> Read | None:
        """The secret that can be read where an expression is shown.

        Args:
            use: The expression.
        """
        self._left = _MOST_STEPS
        self._known = {}
        return self._read(use, "", 0)

    def _read(self, use: Use, called: str, depth: int) -> Read | None:
        """The same for what an expression is made of.

        Args:
            use: The expression.
            called: The name or the key that its value has.
            depth: How many steps lie behind.
        """
        key = id(use.node), id(use.frame), called
        if depth > _DEEPEST or self._left <= 0 or key in self._known:
            return self._known.get(key)
        self._left -= 1
        self._known[key] = None
        use = self._in_scope(use)
        found = self._of_store(use, called, depth) or literal(use, called)
        if found is None:
            found = self._of_parts(use, called, depth) or self._behind(use, called, depth)
        self._known[key] = found
        return found

    def _of_parts(self, use: Use, called: str, depth: int) -> Read | None:
        for name, part in _labelled(use.node, called):
            found = self._read(use.at(part), name, depth + 1)
            if found is not None and isinstance(use.node, ast.Call):
                found = _through(use.node, found)
            if found is not None:
                return found
        return None

    def _first(self, uses: Iterable[Use], called: str, depth: int) -> Read | None:
        return next((found for each in uses if (found := self._read(each, called, depth + 1)) is not None), None)

    def _in_scope(self, use: Use) -> Use:
        """The same in the scope of its own that a part of it may have: a comprehension's."""
        known = self._functions.at(use.node, use)
        return use if known.scope is use.scope else replace(use, scope=known.scope)

    def _of_store(self, use: Use, called: str, depth: int) -> Read | None:
        """A read from the environment, from st.secrets, or the like."""
        match use.node:
            case ast.Attribute(attr=key, value=ast.Subscript(value=holder)):
                # st.secrets["db"].password
                return self._entry(use, holder, ast.Constant(key), called, depth)
            case ast.Name() | ast.Attribute():
                return self._attribute(use, use.node)
            case ast.Subscript(value=holder, slice=key) if not isinstance(key, ast.Slice):
                while isinstance(holder, ast.Subscript):
                    holder = holder.value
                return self._entry(use, holder, key, called, depth)
            case ast.Call(func=func, args=arguments):
                return self._called(use, func, arguments, called, depth)
        return None

    def _attribute(self, use: Use, node: ast.Name | ast.Attribute) -> Read | None:
        qualified = self._names.qualified(node, use.scope, use.order) or ""
        for name in self._names.candidates(qualified):
            if name in WHOLE and name != "dotenv.dotenv_values":
                return Read(WHOLE[name], True, Confidence.HIGH, use, is_mapping=True)
            if name.startswith("streamlit.secrets."):
                return by_name(name.rpartition(".")[2], "", use)
        return None

    def _entry(self, use: Use, holder: ast.expr, key: ast.expr, called: str, depth: int) -> Read | None:
        """``os.environ["KEY"]``, ``st.secrets["db"]["password"]``, ``config["KEY"]`` of a .env file."""
        store = self._read(use.at(holder), "", depth + 1)
        if store is None or not store.is_all:
            return None
        return self._under(use, key, store, called)

    def _under(self, use: Use, key: ast.expr, store: Read, called: str) -> Read | None:
        text = self._text(key, use)
        if text is not None:
            return by_name(text, called, use, is_section=store.name == "st.secrets" and self._is_section(text))
        name = key.id if isinstance(key, ast.Name) else ""
        binding = self._names.binding(name, use.scope, use.order) if name else None
        if binding is None or not binding.opened or binding.value is None:
            return None
        # for name in ("KEY", "TOKEN"): print(os.environ[name])
        match binding.value:
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                found = (self._text(each, use) for each in elements)
                return next((one for each in found if each and (one := by_name(each, "", use)) is not None), None)
        given = gone_through(binding.value)
        over = self._read(Use(given, use.scope, binding.cell, binding.order), "", _DEEPEST - 3)
        is_over_names = over is not None and over.is_all and not self._loops.is_narrowed(binding, use)
        return replace(store, use=use, is_mapping=False) if is_over_names else None

    def _is_section(self, key: str) -> bool:
        """Whether more than one value stands under a key of st.secrets, told by how others use it."""
        if key.lower().endswith(ACCOUNT):
            return True
        forms = [f"{form}{quote}{key}{quote}]" for form in ("**st.secrets[", "secrets[") for quote in "\"'"]
        forms = [form if form.startswith("**") else f"{form}[" for form in forms]
        return any(form in cell.fragment.text for cell in self._names.program.cells for form in forms)

    def _text(self, node: ast.expr, use: Use) -> str | None:
        text = constant_text(node)
        if text is None and isinstance(node, ast.Name):
            texts = (constant_text(each.node) for each in self._reach.values(use.at(node)))
            text = next((each for each in texts if each is not None), None)
        return text

    def _called(self, use: Use, func: ast.expr, arguments: list[ast.expr], called: str, depth: int) -> Read | None:
        qualified = self._names.qualified(func, use.scope, use.order) or ""
        for name in self._names.candidates(qualified):
            if name in HIDDEN:
                shown = called if called and kind_of(called) is not None else HIDDEN[name]
                return Read(shown, False, Confidence.HIGH, use)
            if name in BY_KEY and arguments:
                text = self._text(arguments[0], use)
                return None if text is None else by_name(text, called, use)
            if name == "dotenv.dotenv_values":
                return Read(WHOLE[name], True, Confidence.HIGH, use, is_mapping=True)
        if isinstance(func, ast.Attribute) and func.attr in READING:
            return self._of_file(use, func.value)
        if not isinstance(func, ast.Attribute) or not arguments:
            return None
        if func.attr in ONE:
            store = self._read(use.at(func.value), "", depth + 1)
            return None if store is None or not store.is_all else self._under(use, arguments[0], store, called)
        if func.attr == "get_secret" and self._flow.constructor(func.value, use.scope, use.order) == KAGGLE:
            text = self._text(arguments[0], use)
            return None if text is None else by_name(text, called, use)
        return None

    def _of_file(self, use: Use, receiver: ast.expr) -> Read | None:
        """``open(".env").read()``, ``Path(".env").read_text()``."""
        if isinstance(receiver, ast.Name):
            binding = self._names.binding(receiver.id, use.scope, use.order)
            receiver = receiver if binding is None or binding.value is None else binding.value
        if not isinstance(receiver, ast.Call) or not receiver.args:
            return None
        name = self._names.qualified(receiver.func, use.scope, use.order)
        path = self._text(receiver.args[0], use) if name in OPENING else None
        if path is None or not is_secret_file(path):
            return None
        return Read(path.replace("\\", "/").rpartition("/")[2], True, Confidence.HIGH, use)

    def _behind(self, use: Use, called: str, depth: int) -> Read | None:
        """What a name, an attribute or a call of the notebook's own function stands for."""
        match use.node:
            case ast.Name(id=name):
                return self._named(use, name, depth)
            case ast.Attribute(attr=key) | ast.Subscript(slice=ast.Constant(value=str(key))):
                if kind_of(key) is not None:
                    kept = [*self._reach.values(use), *self._names.assigned(key)[:8]]
                    found = self._first(kept, key, depth)
                    return None if found is None else found.at_most(Confidence.MEDIUM)
            case ast.Call():
                returned = self._reach.returned(use)
                return None if returned is None else self._first(returned, called, depth)
        return None

    def _named(self, use: Use, name: str, depth: int) -> Read | None:
        binding = self._names.binding(name, use.scope, use.order)
        if binding is None or binding.imported is not None:
            return None
        if not binding.opened:
            # What a loop gave the name before is an entry of that, not all of it.
            values = (each for each in self._reach.values(use) if not self._loops.is_given(each))
            return self._first(values, name, depth)
        if binding.value is None or self._loops.is_narrowed(binding, use):
            return None
        # for name, value in os.environ.items(): print(name, value)
        over = self._read(Use(binding.value, use.scope, binding.cell, binding.order), "", depth + 1)
        if over is None or not over.is_all or over.is_mapping or not self._loops.is_value(binding, name):
            return None
        return over


def _labelled(node: ast.expr, called: str) -> list[tuple[str, ast.expr]]:
    """The parts of an expression, with the names that a literal in their place would have."""
    if isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else "" for key in node.keys]
        return [(key if isinstance(key, str) else "", value) for key, value in zip(keys, node.values, strict=True)]
    is_same = isinstance(node, ast.BoolOp | ast.IfExp | ast.NamedExpr | ast.Await | ast.Call)
    return [(called if is_same else "", part) for part in parts(node)]


def _through(call: ast.Call, found: Read) -> Read | None:
    """What is left of a read in a call's result: ``sorted(os.environ)`` holds names alone."""
    match call.func:
        case ast.Name(id=name) if name in NAMES_ALONE and found.is_mapping:
            return None
        case ast.Attribute(attr="join") if found.is_mapping:
            return None
        case ast.Attribute(attr="items" | "values") if found.is_mapping:
            return replace(found, is_mapping=False)
    return found
