"""Which secret an expression gives, followed through names, calls and other cells to where it is read."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from stsec_magic.model.levels import Confidence
from stsec_magic.rules.displayed.changes import Changes
from stsec_magic.rules.displayed.conditions import Conditions, is_shortened, parameters_in, parameters_of
from stsec_magic.rules.displayed.elements import Elements
from stsec_magic.rules.displayed.holders import Holders
from stsec_magic.rules.displayed.left import NOTHING, after, labelled, without_in
from stsec_magic.rules.displayed.lines import Line
from stsec_magic.rules.displayed.loops import Loops, place_in
from stsec_magic.rules.displayed.secret_files import shown_file
from stsec_magic.rules.displayed.sources import Form, Read, literal
from stsec_magic.rules.displayed.stores import Stores
from stsec_magic.rules.functions import Functions
from stsec_magic.rules.secret_names import kind_of
from stsec_magic.source.names import Names
from stsec_magic.source.reach import Reach
from stsec_magic.source.scopes import Binding, Use

_DEEPEST = 14
_MOST_STEPS = 150
_MOST = 8
_TEXTS = frozenset("snl")
"""Attributes of what ``!`` gives: all its lines in one text, or as a list."""


class Reads:
    """Follows the expressions of one program. Bounded; what it can't follow is no secret."""

    def __init__(self, names: Names) -> None:
        """Take a program's names."""
        self._names = names
        self._reach = Reach(names)
        self._elements = Elements(names, self._reach)
        self._functions = Functions(names)
        self._conditions = Conditions(names)
        self._loops = Loops(self._conditions)
        self._changes = Changes(names, self._functions)
        self._holders = Holders(names)
        self._stores = Stores(names, self._reach, self._loops, self._read)
        self._given: dict[tuple[str, int, int], Read] = {}
        self._left = 0
        self._known: dict[tuple[int, int, str, frozenset[str]], Read | None] = {}

    @property
    def given(self) -> Iterable[str]:
        """The variables that hold what a line of a shell shows."""
        return {name for name, _, _ in self._given}

    def give(self, line: Line, use: Use) -> None:
        """Take note of a variable that holds what a line of a shell shows.

        Args:
            line: The line: ``found = !env``.
            use: The variable.
        """
        if not line.is_python:
            name = shown_file(line.name) or "os.environ"
            read = Read(name, line.is_file or not line.name, line.confidence, use)
            self._given.setdefault((line.given_to, *use.order[:2]), read)

    def shown(self, use: Use, *, names_alone: bool = False) -> Read | None:
        """The secret that can be read where an expression is shown.

        Args:
            use: The expression.
            names_alone: Whether a mapping's names are shown, and not its values.
        """
        self._left = _MOST_STEPS
        self._known = {}
        found = self._read(use, "", 0)
        if found is None or found.is_silent or (names_alone and found.is_mapping):
            return None
        return found

    def _read(self, use: Use, called: str, depth: int, without: frozenset[str] = NOTHING) -> Read | None:
        """The same for what an expression is made of.

        Args:
            use: The expression.
            called: The name or the key that its value has.
            depth: How many steps lie behind.
            without: Keys whose values were replaced since.
        """
        key = id(use.node), id(use.frame), called, without
        if depth > _DEEPEST or self._left <= 0 or key in self._known:
            return self._known.get(key)
        self._left -= 1
        self._known[key] = None
        use = self._in_scope(use)
        found = self._stores.of(use, called, depth) or literal(use, called)
        if found is None:
            found = self._of_parts(use, called, depth, without) or self._behind(use, called, depth, without)
        self._known[key] = found
        return found

    def _of_parts(self, use: Use, called: str, depth: int, without: frozenset[str]) -> Read | None:
        if isinstance(use.node, ast.IfExp):
            return self._of_choice(use, use.node, called, depth, without)
        silent = None
        for name, part in labelled(use.node, called, without):
            found = self._of_part(use, part, name, depth, without)
            if found is not None and not found.is_silent:
                return found
            silent = silent or found
        return silent

    def _of_part(self, use: Use, part: ast.expr, name: str, depth: int, without: frozenset[str]) -> Read | None:
        found = self._read(use.at(part), name, depth + 1, without_in(use.node, part, without))
        return None if found is None else after(use.node, found)

    def _of_choice(self, use: Use, node: ast.IfExp, called: str, depth: int, without: frozenset[str]) -> Read | None:
        """A conditional expression, whose condition may keep secrets back: ``value if name in KNOWN else "***"``."""
        rows = [(part, self._of_part(use, part, called, depth, without)) for part in (node.body, node.orelse)]
        if any(found is None for _, found in rows) and is_shortened(node):
            return None
        kept = (
            found
            for part, found in rows
            if found is not None and not (found.is_entry and not self._conditions.shows_secrets(node, part, use))
        )
        return next(kept, None)

    def _first(self, uses: Iterable[Use], called: str, depth: int, without: frozenset[str] = NOTHING) -> Read | None:
        rows = (self._read(each, called, depth + 1, without) for each in uses)
        return next((found for found in rows if found is not None), None)

    def _in_scope(self, use: Use) -> Use:
        """The same in the scope of its own that a part of it may have: a comprehension's."""
        known = self._functions.at(use.node, use)
        return use if known.scope is use.scope else replace(use, scope=known.scope)

    def _behind(self, use: Use, called: str, depth: int, without: frozenset[str]) -> Read | None:
        """What a name, an attribute or a call of the notebook's own function stands for."""
        match use.node:
            case ast.Name(id=name):
                return self._named(use, name, depth, without)
            case ast.Attribute(attr=key, value=ast.Name() as holder) if key in _TEXTS:
                return self._printed(use.at(holder))
            case ast.Attribute(attr=key) | ast.Subscript(slice=ast.Constant(value=str(key))):
                return self._kept(use, key, depth)
            case ast.Subscript(value=holder, slice=ast.Constant(value=int(place))):
                found = self._first(self._elements.at(self._in_scope(use.at(holder)), place), "", depth)
                printed = None if found is not None else self._printed(use.at(holder))
                return found if printed is None or printed.is_all else printed
            case ast.Call(func=func, args=arguments):
                if isinstance(func, ast.Attribute) and func.attr == "get" and arguments:
                    given = arguments[0]
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        # st.session_state.get("api_key")
                        return self._kept(use.at(ast.Subscript(func.value, given, ast.Load())), given.value, depth)
                return self._returned(use, called, depth, without)
        return None

    def _returned(self, use: Use, called: str, depth: int, without: frozenset[str]) -> Read | None:
        """What a call of the notebook's own function gives; nothing where the function is one that masks."""
        results = (self._reach.returned(use) or [])[:_MOST]
        rows = [(each, self._read(each, called, depth + 1, without)) for each in results]
        whole = next(((each, found) for each, found in rows if found is not None), None)
        if whole is None or len(rows) == 1:
            return None if whole is None else whole[1]
        result, secret = whole
        # Of several results one is what a function makes of an entry, or of anything, that it hides.
        shared = set() if secret.use.scope is result.scope else parameters_in(result)
        is_cut = any(found is None and shared & parameters_in(each) for each, found in rows)
        return None if is_cut or secret.is_entry else secret

    def _kept(self, use: Use, key: str, depth: int) -> Read | None:
        """What is kept under a key or an attribute that speaks of a secret."""
        if kind_of(key) is None:
            return None
        holder = use.node.value if isinstance(use.node, ast.Attribute | ast.Subscript) else None
        changed = self._changes.of(holder.id, use) if isinstance(holder, ast.Name) else {}
        if key in changed:
            value = changed[key]
            return None if value is None else self._read(value, key, depth + 1)
        entries = (
            [] if holder is None or isinstance(use.node, ast.Attribute) else self._elements.under(use.at(holder), key)
        )
        if isinstance(use.node, ast.Attribute) and holder is not None:
            entries = self._made_with(use.at(holder), key)
            if not self._holders.may_hold(use.at(holder), key):
                return None if not entries else self._first(entries, key, depth)
        kept = [*entries, *self._reach.values(use), *self._names.assigned(key)[:_MOST]]
        found = self._first(kept, key, depth)
        return None if found is None else found.at_most(Confidence.MEDIUM)

    def _made_with(self, use: Use, key: str) -> list[Use]:
        """What an object was made with under the name of its attribute: ``client = OpenAI(api_key=...)``."""
        if self._holders.is_set(use, key):
            return []
        calls = [each for each in (use, *self._reach.values(use)) if isinstance(each.node, ast.Call)]
        shown = [each for each in calls if not self._holders.hides(each)]
        words = [(each, word) for each in shown for word in each.node.keywords]  # type: ignore[attr-defined]
        return [each.at(word.value) for each, word in words if word.arg == key][:_MOST]

    def _named(self, use: Use, name: str, depth: int, without: frozenset[str]) -> Read | None:
        binding = self._names.binding(name, use.scope, use.order)
        if binding is None or binding.imported is not None:
            return None
        given = self._printed(use)
        if given is not None:
            return given
        if binding.opened:
            return self._opened(use, name, binding, depth)
        # What a loop gave the name before is an entry of that, not all of it.
        values = self._reach.values(use)
        begun = max((each.order for each in values if self._loops.is_given(each)), default=(0, 0, 0))
        values = [each for each in values if each.order >= begun and not self._loops.is_given(each)]
        found = self._first(values, name, depth, without)
        if found is not None and found.is_entry and (self._loops.is_masked(use, name) or self._is_asked(use, name)):
            return None
        return self._changed(use, name, values, found, depth, without)

    def _printed(self, use: Use) -> Read | None:
        """What a line of a shell shows that a name was given: ``token = !gh auth token``."""
        name = use.node.id if isinstance(use.node, ast.Name) else ""
        binding = self._names.binding(name, use.scope, use.order) if name and self._given else None
        return None if binding is None else self._given.get((name, *binding.order[:2]))

    def _is_asked(self, use: Use, name: str) -> bool:
        """Whether a function that is handed one entry after another has conditions, which may hide some."""
        function = use.scope.function
        return function is not None and name in parameters_of(function) and self._conditions.are_in(function)

    def _changed(
        self, use: Use, name: str, values: list[Use], found: Read | None, depth: int, without: frozenset[str]
    ) -> Read | None:
        """The same where keys of a dict were set since, to ``"***"`` or to a secret."""
        if found is not None and not found.is_mapping:
            return found
        if found is None and not any(isinstance(each.node, ast.Dict | ast.Call) for each in values):
            return None
        changed = self._changes.of(name, use)
        for key, value in changed.items():
            if value is not None and key not in without and kind_of(key) is not None:
                set_to = self._read(value, key, depth + 1)
                if set_to is not None and not set_to.is_silent:
                    return replace(set_to, form=Form.MAPPING)
        if found is None or found.is_all or not changed:
            return found
        return self._first(values, name, depth, without.union(changed))

    def _opened(self, use: Use, name: str, binding: Binding, depth: int) -> Read | None:
        """What is taken out of something: by a loop, by ``with``, by an assignment to several names."""
        if binding.value is None:
            return None
        given = Use(binding.value, use.scope, binding.cell, binding.order, use.frame)
        target = self._loops.target(binding)
        if target is None:
            place = self._loops.place(binding, name)
            if place is not None:
                return self._first(self._elements.at(self._in_scope(given), place), name, depth)
            found = self._read(given, "", depth + 1)
            return found if found is not None and found.form is Form.FILE else None
        if self._loops.is_narrowed(binding, use):
            return None
        rows = self._elements.in_rows(given, place_in(target, name)) if isinstance(target, ast.Tuple) else None
        if rows is not None:
            found = self._first(rows, name, depth)
        else:
            # for name, value in os.environ.items(): print(name, value)
            found = self._read(given, "", depth + 1) if self._loops.is_value(binding, name) else None
        if found is None or found.is_mapping or found.form is Form.OBJECT:
            return None
        return replace(found, form=Form.TEXT, is_entry=True)
