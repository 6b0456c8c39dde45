"""Where a secret is read: from the environment, st.secrets, a file of secrets or a secret manager."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from stsec_magic.model.levels import Confidence
from stsec_magic.rules.displayed.files import Files
from stsec_magic.rules.displayed.loops import Loops, gone_through
from stsec_magic.rules.displayed.settings_classes import SettingsClasses
from stsec_magic.rules.displayed.sources import (
    ACCOUNT,
    ANSWERS,
    BY_KEY,
    FIELDS,
    HIDDEN,
    KAGGLE,
    ONE,
    READING_ENV,
    WHOLE,
    Answer,
    Form,
    Read,
    by_name,
)
from stsec_magic.rules.secret_names import kind_of
from stsec_magic.source.constant import constant_text
from stsec_magic.source.flow import Flow
from stsec_magic.source.names import Names
from stsec_magic.source.reach import Reach
from stsec_magic.source.scopes import Binding, Use

Reader = Callable[[Use, str, int], Read | None]
_LATE = 11
"""So deep a loop's store is read: few steps lead to it."""

_MOST = 24
_STORES = {"os.getenv": "os.environ", "os.getenvb": "os.environ", "dotenv.get_key": ".env", "decouple.config": ".env"}


class Stores:
    """Tells which expressions read secrets; what these are read from is followed by whoever asks."""

    def __init__(self, names: Names, reach: Reach, loops: Loops, read: Reader) -> None:
        """Take a program.

        Args:
            names: Its names.
            reach: Takes steps back through it.
            loops: Its loops.
            read: Follows an expression to a secret: the expression, what it is called, how deep it is.
        """
        self._names = names
        self._reach = reach
        self._flow = Flow(names)
        self._loops = loops
        self._read = read
        self._files = Files(names, self.text, read)
        self._settings = SettingsClasses(names)

    def of(self, use: Use, called: str, depth: int) -> Read | None:
        """What an expression itself reads.

        Args:
            use: The expression.
            called: The name that its value has.
            depth: How many steps lie behind.
        """
        match use.node:
            case ast.Attribute(attr=key, value=holder):
                found = self._attribute(use, use.node)
                if found is not None or not (key in FIELDS or kind_of(key) is not None):
                    return found
                return self._entry(use, holder, ast.Constant(key), called, depth)
            case ast.Name():
                return self._attribute(use, use.node)
            case ast.Subscript(value=holder, slice=key) if not isinstance(key, ast.Slice):
                return self._entry(use, holder, key, called, depth)
            case ast.Call():
                return self._called(use, use.node, called, depth) or self._files.of(use, use.node, depth)
            case ast.BinOp(op=ast.Div()):
                return self._files.path(use)
        return None

    def _attribute(self, use: Use, node: ast.Name | ast.Attribute) -> Read | None:
        qualified = self._names.qualified(node, use.scope, use.order) or ""
        for name in self._names.candidates(qualified):
            if name in WHOLE and name != "dotenv.dotenv_values":
                return Read(WHOLE[name], True, Confidence.HIGH, use, Form.MAPPING)
            if name.startswith("streamlit.secrets."):
                key = name.rpartition(".")[2]
                return by_name(key, "", use, store="st.secrets") or _section(use)
        return None

    def _entry(self, use: Use, holder: ast.expr, key: ast.expr, called: str, depth: int) -> Read | None:
        """``os.environ["KEY"]``, ``st.secrets["db"]["password"]``, ``config["KEY"]`` of a .env file."""
        while isinstance(holder, ast.Subscript) and not isinstance(holder.slice, ast.Slice):
            holder = holder.value
        store = self._read(use.at(holder), "", depth + 1)
        return None if store is None else self._under(use, key, store, called)

    def _under(self, use: Use, key: ast.expr, store: Read, called: str) -> Read | None:
        """What stands under a key of a store, of a section of it, or of a secret manager's answer."""
        if store.fields and isinstance(key, ast.Constant) and key.value in store.fields:
            name = key.value if store.name in store.fields else store.name
            return replace(store, name=name, form=store.form if store.form is Form.PARSED else Form.TEXT)
        if not store.has_entries:
            return None
        text = self.text(key, use)
        if text is not None:
            is_secrets = store.name == "st.secrets"
            is_section = is_secrets and self._is_section(text)
            found = by_name(text, called, use, store=store.name, is_section=is_section)
            return found or (_section(use) if is_secrets else None)
        binding = self._loop_of(key, use)
        if binding is None or binding.value is None:
            return None
        listed = self._listed(binding, use)
        if listed is not None:
            return self._first_of(listed, binding, use, store.name)
        given = gone_through(binding.value)
        over = self._read(Use(given, use.scope, binding.cell, binding.order), "", _LATE)
        is_over_names = over is not None and over.is_all and not self._loops.is_narrowed(binding, use)
        # What stands in st.secrets may be a section, whose names are no secrets.
        form = Form.MAPPING if store.name == "st.secrets" else Form.TEXT
        return replace(store, use=use, form=form, is_entry=True) if is_over_names else None

    def _loop_of(self, key: ast.expr, use: Use) -> Binding | None:
        """The binding of a key that a loop goes through."""
        binding = self._names.binding(key.id, use.scope, use.order) if isinstance(key, ast.Name) else None
        return binding if binding is not None and binding.opened else None

    def _listed(self, binding: Binding, use: Use) -> list[str] | None:
        """The keys that a loop goes through where they are written out: ``for name in ("KEY", "TOKEN")``."""
        given = gone_through(binding.value) if binding.value is not None else None
        rows = [] if given is None else [Use(given, use.scope, binding.cell, binding.order)]
        if isinstance(given, ast.Name):
            rows = self._reach.values(rows[0])
        for each in rows:
            match each.node:
                case ast.List(elts=found) | ast.Tuple(elts=found) | ast.Set(elts=found) | ast.Dict(keys=found):
                    texts = [self.text(node, each) for node in found[:_MOST] if node is not None]
                    return [text for text in texts if text is not None]
        return None

    def _first_of(self, keys: list[str], binding: Binding, use: Use, store: str) -> Read | None:
        if self._loops.is_left_out(binding, use):
            return None
        rows = (by_name(key, "", use, store=store) for key in keys)
        found = next((each for each in rows if each is not None), None)
        return None if found is None else replace(found, is_entry=True)

    def _is_section(self, key: str) -> bool:
        """Whether more than one value stands under a key of st.secrets, told by how others use it."""
        if key.lower().endswith(ACCOUNT):
            return True
        forms = [f"{form}{quote}{key}{quote}]" for form in ("**st.secrets[", "secrets[") for quote in "\"'"]
        forms = [form if form.startswith("**") else f"{form}[" for form in forms]
        return any(form in cell.fragment.text for cell in self._names.program.cells for form in forms)

    def text(self, node: ast.expr, use: Use) -> str | None:
        """The text that an expression gives, directly or by its name.

        Args:
            node: The expression.
            use: An expression at its place.
        """
        text = constant_text(node)
        if text is None and isinstance(node, ast.Name):
            texts = (constant_text(each.node) for each in self._reach.values(use.at(node)))
            text = next((each for each in texts if each is not None), None)
        return text

    def _called(self, use: Use, call: ast.Call, called: str, depth: int) -> Read | None:
        qualified = self._names.qualified(call.func, use.scope, use.order) or ""
        for name in self._names.candidates(qualified):
            if name in HIDDEN:
                shown = called if called and kind_of(called) is not None else HIDDEN[name]
                return Read(shown, False, Confidence.HIGH, use)
            if name in BY_KEY:
                return self._by_key(use, call, called, name)
            if name == "dotenv.dotenv_values":
                return Read(WHOLE[name], True, Confidence.HIGH, use, Form.MAPPING)
        if self._is_of_env(use, call.func):
            return self._by_key(use, call, called, "os.getenv")
        if not isinstance(call.func, ast.Attribute):
            return self._settings.made(call, use)
        if call.func.attr in ONE and call.args:
            store = self._read(use.at(call.func.value), "", depth + 1)
            return None if store is None else self._under(use, call.args[0], store, called)
        return self._answered(use, call, call.func, called)

    def _is_of_env(self, use: Use, func: ast.expr) -> bool:
        """``env("KEY")`` and ``env.str("KEY")`` of environs and django-environ."""
        holder = func.value if isinstance(func, ast.Attribute) and func.attr == "str" else func
        if not isinstance(holder, ast.Name):
            return False
        made = self._names.qualified(holder, use.scope, use.order)
        return made == "environs.env" or self._flow.constructor(holder, use.scope, use.order) in READING_ENV

    def _by_key(self, use: Use, call: ast.Call, called: str, function: str) -> Read | None:
        """``os.getenv("KEY")``."""
        given = [*call.args, *(each.value for each in call.keywords if each.arg in ("key", "key_to_get"))]
        if function == "dotenv.get_key":
            given = given[1:]
        if not given:
            return None
        store = _STORES.get(function, "")
        text = self.text(given[0], use)
        if text is not None:
            return by_name(text, called, use, store=store)
        binding = self._loop_of(given[0], use)
        listed = None if binding is None else self._listed(binding, use)
        return None if binding is None or listed is None else self._first_of(listed, binding, use, store)

    def _answered(self, use: Use, call: ast.Call, func: ast.Attribute, called: str) -> Read | None:
        """What a secret manager answers."""
        if func.attr == "get_secret" and self._flow.constructor(func.value, use.scope, use.order) == KAGGLE:
            text = self.text(call.args[0], use) if call.args else None
            return None if text is None else by_name(text, called, use)
        for answer in ANSWERS.get(func.attr, ()):
            if self._is_given(answer, call) and (not answer.maker or self._maker(func.value, use) == answer.maker):
                name = called if called and kind_of(called) is not None else f"{func.attr}()"
                if not call.args and not call.keywords:  # pydantic's
                    return Read(name, False, Confidence.HIGH, use)
                return Read(name, False, Confidence.HIGH, use, answer.form, answer.fields)
        return None

    def _is_given(self, answer: Answer, call: ast.Call) -> bool:
        return not answer.given or any(each.arg == answer.given for each in call.keywords)

    def _maker(self, node: ast.expr, use: Use) -> str:
        """The last part of the name of what made an object."""
        if isinstance(node, ast.Name):
            binding = self._names.binding(node.id, use.scope, use.order)
            node = node if binding is None or binding.value is None else binding.value
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                return name
        return ""


def _section(use: Use) -> Read:
    """What may be a section of st.secrets: its entries' names say whether they are secrets."""
    return Read("st.secrets", False, Confidence.HIGH, use, Form.SECTION)
