"""Values that the tokens of a language tie to names: assignments, arguments, keys, options, clauses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from stsec_magic.source.namedvalue import Form, NamedValue
from stsec_magic.source.tokens.atoms import Atom, chain
from stsec_magic.source.tokens.computed import valued
from stsec_magic.source.tokens.stringtokens import StringSpan

_Tie = tuple[str, int, Form]
"""A name, its offset, and how sure it names the literal."""

_MAX_NAME = 80
_NAME_LIKE = re.compile(r"[A-Za-z_\d][\w.\-/ ]{0,79}")
_ARGUMENT_NAME = re.compile(r"[A-Za-z_][\w.\-]{1,79}")
_BRACKETED = {"]": "[", ")": "(", "}": "{"}

_ASSIGNS = frozenset(("=", ":=", "<-", "<<-", "?=", "||=", "??=", ".=", "+=", "==", "===", "!=", "!=="))
_KEYS = frozenset((":", "=>", "->"))
_FALLBACKS = frozenset(("||", "or", "??", "?:", "//"))
_REACH = 24
"""So many atoms a fallback may stand behind the beginning of its expression."""
# Calls and macros that give their literal back: String::from("v"), new SecureString("v").
_WRAPPERS = frozenset(
    "from string str text some just strdup secretstr secret secretstring securestring convertto-securestring _t l "
    "to_string tostring b".split()
)
_TYPE_MARKS = frozenset((".", "&", "*", "?", "<", ">", "[", "]", "|", "::"))

_SQL = frozenset("sql mysql postgresql plpgsql tsql psql sqlite3 rql".split())
_CPP = frozenset("c cpp objective-c".split())
_LISP = frozenset("clojure scheme racket common-lisp emacs-lisp".split())
_BY_SPACE = frozenset("stata tcl nginx powershell".split())
_CURRIED = frozenset("haskell fsharp ocaml ruby elixir perl coffeescript".split())
_NAMED_PAIRS = frozenset("matlab octave".split())
# Calls of these hold things side by side: c("password", "email").
_COLLECTIONS = frozenset(
    "c list vector vec array tuple set seq arraylist listof setof arrayof mutablelistof cat paste paste0 print println "
    "printf puts sprintf message stop in values concat".split()
)
_ENVIRONMENTS = frozenset(("env", "environ"))
"""Of which something is got: get(ENV, "K", "v")."""
_SELF = frozenset("self this cls me".split())


class TokenPairs:
    """Finds the name of each literal by the atoms around it."""

    def __init__(self, text: str, atoms: Sequence[Atom], language: str) -> None:
        """Take a text's atoms.

        Args:
            text: The text.
            atoms: Its atoms.
            language: Alias of its language.
        """
        self._text, self._atoms, self._language = text, atoms, language
        self._rules: tuple[Callable[[int], _Tie | None], ...] = (self._assigned, self._argument, self._beside)
        if language == "r":
            self._rules = (*self._rules, self._to_the_right)

    def __iter__(self) -> Iterator[NamedValue]:
        """Each literal that has a name, in order."""
        said = ""
        for i, atom in enumerate(self._atoms):
            if atom.literal is None or atom.literal.pattern:
                continue
            tie = next((found for rule in self._rules if (found := rule(i)) is not None), None)
            if tie is None:
                continue
            made = valued(self._text, atom.literal, *tie)
            if made is None:
                continue
            yield made
            last = made.name.lower()
            if last == "value" and said and self._at(i - 1).text == ":":
                # {"name": "DB_PASSWORD", "value": "..."}, as Kubernetes and Docker have it.
                yield NamedValue(said, made.value, made.start, made.end, made.form, made.name_start)
            said = made.value if last in ("name", "key") and _ARGUMENT_NAME.fullmatch(made.value) else ""

    def _at(self, i: int) -> Atom:
        return self._atoms[i] if 0 <= i < len(self._atoms) else Atom("", 0, 0)

    def _assigned(self, i: int) -> _Tie | None:
        """``name = "v"``, ``"name": "v"``, ``d["name"] = "v"``, ``name = x or "v"``."""
        before = self._unwrapped(i - 1)
        mark = self._at(before).text
        if mark in _FALLBACKS:
            before = self._beginning(before)
            mark = self._at(before).text
        if mark not in _ASSIGNS and mark not in _KEYS:
            return None
        if mark == "->" and self._language == "r":
            return None
        if mark == ":" and self._at(before - 2).text == "?":
            return None  # a ? "b" : "c"
        return self._target(before - 1, mark)

    def _unwrapped(self, i: int) -> int:
        """The mark before ``String::from(``, before a type's cast, or before the literal itself."""
        if self._language == "powershell" and self._at(i).text == "String" and self._at(i - 1).text == "-":
            i -= 2  # ConvertTo-SecureString -String "v"
        if self._at(i).text == "(":
            i -= 1
        elif not self._at(i).is_word or self._at(i).text in _FALLBACKS:
            return i
        if not self._at(i).is_word or self._at(i).text.lower() not in _WRAPPERS:
            return -1
        i = chain(self._atoms, i, self._language)[0] - 1
        return i - 1 if self._at(i).text == "new" else i

    def _beginning(self, i: int) -> int:
        """The assignment that an expression with a fallback belongs to."""
        depth = 0
        for at in range(i - 1, max(-1, i - _REACH), -1):
            text = self._atoms[at].text
            if text in _BRACKETED:
                depth += 1
            elif text in ("(", "[", "{"):
                depth -= 1
            elif depth == 0 and (text in _ASSIGNS or text == ":"):
                return at
            if depth < 0 or text == ";" or (depth == 0 and text == ","):
                break
        return -1

    def _target(self, i: int, mark: str) -> _Tie | None:
        atom = self._at(i)
        if atom.literal is not None:
            return self._account(i) or self._quoted(atom.literal, _NAME_LIKE)
        if atom.text in _BRACKETED and (tie := self._subscript(i)) is not None:
            return tie
        if not atom.is_word and (mark != "=" or atom.text not in _TYPE_MARKS):
            return None
        if mark == "=" or (mark in _ASSIGNS and self._language == "julia"):
            i = self._declared(i)
        return self._word(i) if self._at(i).is_word else None

    def _word(self, i: int) -> _Tie | None:
        first, name = chain(self._atoms, i, self._language)
        start = self._atoms[first].start + (self._text[self._atoms[first].start] == "`")
        head, dot, rest = name.partition(".")
        if dot and head in _SELF:
            name, start = rest, self._atoms[min(first + 2, i)].start
        if self._language == "powershell":
            scope, colon, bare = name.partition(":")
            name, start = (bare, start + len(scope) + 1) if colon else (name, start)
        name = name.strip(".-")
        return (name, start, Form.LITERAL) if name and len(name) <= _MAX_NAME else None

    def _declared(self, i: int) -> int:
        """From a declared type back to the name: ``val name: String``, ``name::String``, ``var name string``."""
        if self._language == "go" and self._at(i).text == "string" and self._at(i - 1).is_word:
            return i - 1
        at, word = i, self._at(i).is_word
        while at > max(0, i - 12):
            at -= 1
            text = self._atoms[at].text
            if text == ":" or (text == "::" and self._language == "julia"):
                return at - 1 if self._at(at - 1).is_word else i
            if self._atoms[at].is_word:
                if word:
                    return i
                word = True
            elif text in _TYPE_MARKS or text[:1] == "'":
                word = False
            else:
                return i
        return i

    def _subscript(self, i: int) -> _Tie | None:
        """``d["name"]``, ``d[["name"]]``, ``$ENV{name}``, ``char name[]``."""
        opening = _BRACKETED[self._at(i).text]
        while self._at(i).text in ("]", ")") and self._at(i - 1).text == self._at(i).text:
            i -= 1
        inner, before = self._at(i - 1), self._at(i - 2)
        if before.text == opening and inner.literal is not None:
            return self._quoted(inner.literal, _NAME_LIKE)
        if before.text == opening == "{" and inner.is_word:
            return self._word(i - 1)
        if self._at(i).text == "]":
            if before.text == ":" and inner.is_word:
                return self._word(i - 1)
            back = i - 1 if inner.text == "[" else i - 2
            if self._language in _CPP and self._at(back).text == "[" and self._at(back - 1).is_word:
                return self._word(back - 1)
        return None

    def _quoted(self, literal: StringSpan, like: re.Pattern[str], form: Form = Form.LITERAL) -> _Tie | None:
        name = self._text[literal.content_start : min(literal.content_end, literal.content_start + _MAX_NAME + 1)]
        return (name, literal.content_start, form) if like.fullmatch(name) else None

    def _argument(self, i: int) -> _Tie | None:
        """``f("name", "v")`` and ``("name", "v")``; wherever it stands where such pairs are the custom."""
        key = self._at(i - 2).literal
        if self._at(i - 1).text != "," or key is None:
            return None
        opening, callee = self._at(i - 3), self._at(i - 4)
        if opening.text == "(" and callee.is_word:
            is_pair = chain(self._atoms, i - 4, self._language)[1].lower() not in _COLLECTIONS
            return self._quoted(key, _ARGUMENT_NAME) if is_pair else None
        if opening.text == "," and callee.text.lower() in _ENVIRONMENTS:
            return self._quoted(key, _ARGUMENT_NAME)
        if opening.text in ("(", "{", "[") and self._at(i + 1).text in _BRACKETED:
            return self._quoted(key, _ARGUMENT_NAME, Form.BARE)
        if opening.is_word and self._language in _CURRIED:
            return self._quoted(key, _ARGUMENT_NAME)
        if opening.text == "," and self._language in _NAMED_PAIRS:
            return self._quoted(key, _ARGUMENT_NAME)
        return None

    def _beside(self, i: int) -> _Tie | None:
        """Ties without a mark: SQL's clauses, options, ``"name" to "v"``, ``def name "v"``, ``name{"v"}``."""
        before, language = self._at(i - 1), self._language
        if before.text == "to" and (key := self._at(i - 2).literal) is not None:
            return self._quoted(key, _NAME_LIKE)
        if language in _SQL:
            return self._clause(i)
        if language in _CPP and (tie := self._initialised(i)) is not None:
            return tie
        if before.literal is not None and language in _CURRIED and self._at(i - 2).is_word and not before.fresh:
            return self._quoted(before.literal, _ARGUMENT_NAME)
        spaced = language in _LISP or language in _BY_SPACE
        return self._word(i - 1) if spaced and before.is_word and not self._atoms[i].fresh else None

    def _initialised(self, i: int) -> _Tie | None:
        """``#define NAME "v"``, ``std::string name{"v"}``, ``std::string name("v")``."""
        before = self._at(i - 1)
        if before.is_word and self._at(i - 2).text == "define" and not self._atoms[i].fresh:
            return self._word(i - 1)
        if before.text in ("{", "(") and self._at(i - 2).is_word and self._at(i - 3).text.lower().endswith("string"):
            return self._word(i - 2)
        return None

    def _clause(self, i: int) -> _Tie | None:
        """``PASSWORD 'v'``, ``IDENTIFIED BY 'v'``, ``PASSWORD('v')``, ``OPTIONS (key 'v')``."""
        i -= self._at(i - 1).text == "(" and self._at(i - 2).text.upper() == "PASSWORD"
        before = self._at(i - 1)
        if before.text.upper() == "BY":
            for at in range(i - 2, max(-1, i - 6), -1):
                if self._at(at).text.upper() == "IDENTIFIED":
                    return "password", self._at(at).start, Form.LITERAL
            return None
        if before.literal is not None:
            return self._quoted(before.literal, _NAME_LIKE)
        return self._word(i - 1) if before.is_word else None

    def _account(self, i: int) -> _Tie | None:
        """``SET PASSWORD FOR 'user'@'host' = 'v'``."""
        if self._language in _SQL:
            for at in range(i - 1, max(-1, i - 6), -1):
                if self._at(at).text.upper() == "PASSWORD" and self._at(at + 1).text.upper() == "FOR":
                    return "password", self._at(at).start, Form.LITERAL
        return None

    def _to_the_right(self, i: int) -> _Tie | None:
        """``"v" -> name``, as R has it."""
        if self._at(i + 1).text not in ("->", "->>") or not self._at(i + 2).is_word:
            return None
        last = i + 2
        while self._at(last + 1).text in (".", "$", "@") and self._at(last + 2).is_word and last < i + 12:
            last += 2
        return self._word(last)
