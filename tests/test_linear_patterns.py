"""No regular expression of ours takes more than linear time, whatever the text.

Each is used on hostile texts as its module uses it: a pattern that is only matched where a text
begins may look further than one that is searched for. What needs no time on a text of full length
cannot be quadratic; the rest is measured at several lengths.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import ModuleType

import pytest

import stsec_magic
from stsec_magic.rules import company, formats
from stsec_magic.rules.catalogue import checks

FULL = 10_000
SUSPICIOUS = 0.02
"""Seconds: quadratic work takes several times as long at full length."""

GROWTH = 8
"""From a quarter to the full length linear time grows 4-fold, quadratic time 16-fold."""

ALPHABET = "aA0_-. \t\n\"'=:/@<>(){}[]%!?#\\$&;,*+|~`\u00e9\u2028x"
MIXED = ("a.", "a-", "A_", "aA", "a0", "a ", " =", "a=", "x='", "://", "a:a@", "=\n", "\\n", "a\n", "[a", "''", '""')
_LITERAL = re.compile(r"(?<!\\)[A-Za-z0-9_:/@=.\-]{2,}")
_LINES = ("search", "finditer", "findall", "sub", "subn", "split")


def modules() -> list[ModuleType]:
    names = [each.name for each in pkgutil.walk_packages(stsec_magic.__path__, "stsec_magic.")]
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]


@lru_cache(maxsize=1)
def patterns() -> dict[str, tuple[re.Pattern[str], frozenset[str]]]:
    """Every pattern with its name and the methods that its module calls on it."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                text = value if isinstance(value.pattern, str) else re.compile(value.pattern.decode(), value.flags)
                found[f"{module.__name__.partition('.')[2]}.{name}"] = (text, uses(module, name))
    # What has to follow a keyword is only matched where one stands.
    matched = {pattern.pattern for check in checks() for pattern in check.followed_by.values()}
    for name, (text, _) in [*found.items()]:
        if text.pattern.encode("utf-8", "replace") in matched:
            found[name] = (text, frozenset(("match",)))
    for each in formats.load():
        # One that is only matched where its keyword stands is bounded; tests/rules/test_providers.py times it.
        if not each.begins_with_keyword:
            found[f"format {each.rule.id}"] = (each.regex, frozenset(("search",)))
    found["company"] = (re.compile(company.pattern(["acme"], "[0-9a-f]{32}")), frozenset(("match", "search")))
    return found


def uses(module: ModuleType, name: str) -> frozenset[str]:
    """The methods called on a name, or on what a loop calls it for a while."""
    tree = ast.parse(inspect.getsource(module))
    names = {name}
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.target, ast.Name):
            names |= (
                {node.target.id} if name in {n.id for n in ast.walk(node.iter) if isinstance(n, ast.Name)} else set()
            )
    calls = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
    }
    known = {"search" if method in _LINES else method for method in calls}
    return frozenset(known & {"search", "match", "fullmatch"}) or frozenset(("search",))


def literals(pattern: re.Pattern[str]) -> list[str]:
    return _LITERAL.findall(re.sub(r"\(\?P?<?[\w=!:]*>?|\{[\d,]*\}|\[[^\]]*\]", " ", pattern.pattern))


def hostile(pattern: re.Pattern[str], method: str) -> Iterator[tuple[str, str]]:
    """What a text begins with, and what is repeated after it."""
    words = literals(pattern)
    yield from (("", unit) for unit in dict.fromkeys([*ALPHABET, *MIXED, *words[:6], "".join(words[:3])]) if unit)
    if method != "search" and words:
        yield from ((words[0], unit) for unit in (*ALPHABET, *MIXED))


def seconds(use: Callable[[str], object], begin: str, unit: str, length: int, runs: int = 1) -> float:
    text = begin + (unit * (length // len(unit) + 1))[:length] + "\n\0"
    best = float("inf")
    for _ in range(runs):
        began = time.process_time()
        use(text)
        best = min(best, time.process_time() - began)
    return best


def grows_too_fast(use: Callable[[str], object], begin: str, unit: str) -> bool:
    # The shortest first: exponential work would never end on a long one.
    if any(_takes_long(use, begin, unit, length) for length in (30, FULL // 20, FULL // 4)):
        return True
    if seconds(use, begin, unit, FULL) < SUSPICIOUS:
        return False
    return all(_growth(use, begin, unit, runs) > GROWTH for runs in (3, 5))


def _takes_long(use: Callable[[str], object], begin: str, unit: str, length: int) -> bool:
    # Twice, for once may be a collection of garbage.
    return all(seconds(use, begin, unit, length) > 10 * SUSPICIOUS for _ in range(2))


def _growth(use: Callable[[str], object], begin: str, unit: str, runs: int) -> float:
    return seconds(use, begin, unit, FULL, runs) / max(seconds(use, begin, unit, FULL // 4, runs), 1e-6)


def test_patterns_are_found() -> None:
    assert len(patterns()) > 100
    assert any("search" in how for _, how in patterns().values())


@pytest.mark.parametrize("name", patterns())
def test_no_pattern_takes_more_than_linear_time(name: str) -> None:
    pattern, methods = patterns()[name]
    for method in sorted(methods):
        use = getattr(pattern, method)
        slow = [repr(text) for text in hostile(pattern, method) if grows_too_fast(use, *text)]
        assert not slow, (method, slow)
