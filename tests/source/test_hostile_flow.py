"""Notebooks that are made to keep the flow analysis busy, or to break it."""

from __future__ import annotations

import time

import pytest

from stsec_magic import check
from stsec_magic.model.problem import ProblemKind
from tests.notebooks_in_memory import code, notebook

IMPORTS = "import glob, hashlib, io, joblib, os, pickle, requests, shutil, subprocess\nfrom pathlib import Path\n"
LOAD = "\npickle.load(open('m.pkl', 'rb'))\n"
PIN = "ab" * 32
SECONDS = 5


def rows(row: str, count: int) -> str:
    """Lines with ``#`` as their number and ``@`` as another one."""
    return "\n".join(row.replace("#", str(i)).replace("@", str((i * 7 + 1) % count)) for i in range(count))


BROKEN = (
    "x = = 1|print 'a'|def f(:|if x|(((((|'''|\0|\t x\n  y|é = §|class|%%bash\nwget (|for in|return|lambda: (yield|"
    "f'{|f'{a!}'|\\|async x|@|a b c|1__0|0777|exec 'x'|raise E, 'x'|`x`|<>|x <> y|print >>f, x|except E, e:|try:\n x|"
    "import|from import x|"
    "*|**k|else:|x = [|}|\ufeffx|\u2028|\r\r\r x =|if 1:\n\tx\n        y|$x|?x|!!|%|%%|!|'\\N{x}'|b'é'|"
    "nonlocal x = 3|def f(a, a=): pass|match x:\n case|x := 3"
).split("|")

HOSTILE = {
    "two functions that call each other": ["def a(x): return b(x)\ndef b(x): return a(x)\npickle.loads(a(1))"],
    "functions in a ring": [rows("def f#(x): return f@(x) or f@(f@(x))", 200) + "\npickle.loads(f0(1))"],
    "functions that all call all": [
        "\n".join(f"def f{i}(x): return {' or '.join(f'f{j}(f{i}(x))' for j in range(30))}" for i in range(30))
        + "\njoblib.load(f1(f2(f3(1))))"
    ],
    "names in a row": [rows("n# = n@", 2000) + "\npickle.load(n0)"],
    "names in a net": ["if x:\n" + rows("    n# = n@ + n@", 2000) + "\npickle.load(n0)\npickle.load(open(n5))"],
    "names in cells": [*rows("n# = f(n@)", 1000).split("\n"), "pickle.load(n0)"],
    "aliases in a ring": [rows("a# = a@", 1000) + "\na0.load(f)\na1 = pickle.load\na0(f)"],
    "imports in a ring": ["import a as b, b as a\nfrom a import b\na = b\nload = pickle.load\nload = load\nload(a)"],
    "classes of classes": [
        "class C0: pass\n"
        + rows("class C#(C@):\n def __init__(self):\n  self.x = self.x\n def l(s):\n  pickle.load(open(s.x))", 100)
    ],
    "files that are opened": [rows("f# = open('m#.pkl', 'wb')", 5000) + LOAD],
    "files that are written": [rows("pickle.dump(m, open('m#.pkl', 'wb'))", 2000) + LOAD],
    "files under computed names": [
        rows("pickle.dump(m, open(f'model{x}#.pkl', 'wb'))\npickle.load(open(f'model{x}#.pkl', 'rb'))", 200)
    ],
    "a deep sum": ["x = " + "+".join(["a"] * 900) + "\npickle.load(x)"],
    "a deep call": ["x = " + "f(" * 90 + "1" + ")" * 90 + "\npickle.load(x)"],
    "deep attributes": ["x = a" + ".b" * 900 + "\npickle.load(x)\npickle.load(open(x))\nx.load(1)"],
    "deep subscripts": ["x = a" + "['k']" * 1500 + "\npickle.load(x)\npickle.load(open(x['k']))"],
    "deep paths": ["x = Path('a')" + " / 'b'" * 900 + "\npickle.dump(m, open(x, 'wb'))\npickle.load(open(x, 'rb'))"],
    "deep lambdas": ["x = " + "lambda a: " * 90 + "pickle.load(a)"],
    "deep branches": ["".join("    " * i + "if x:\n" for i in range(90)) + "    " * 90 + LOAD.strip()],
    "branches in a row": ["if a:\n    pass\n" + rows("elif a == #:\n    x = pickle.load(open('m#.pkl'))", 300)],
    "broken cells": [f"{each}{LOAD}{each}" for each in BROKEN],
    "a cell broken in every line": ["x = = 1\n" * 3000 + LOAD],
    "a long command": [f"!wget {'x' * 10_000} -O m.pkl{LOAD}", f"!wget {'x ' * 5000} -O m.pkl"],
    "a command of quotes": ["!wget " + "'\"" * 5000 + LOAD],
    "a command of commands": ["!" + "wget " * 5000 + LOAD],
    "copies in a ring": [rows("!cp a#.pkl a@.pkl", 300) + "\n!cp a1.pkl m.pkl" + LOAD],
    "archives in archives": [rows("!tar xf a#.tgz", 100) + "\n" + rows("!unzip b#.zip", 100) + LOAD],
    "NUL in paths": ["pickle.dump(m, open('a\\0b\\0.pkl', 'wb'))\npickle.load(open('\\0\\0\\0' + x + '\\0', 'rb'))"],
    "signs of regular expressions in paths": [
        "pickle.dump(m, open('a(.*)+[b]{3}\\\\d$^.pkl', 'wb'))\npickle.load(open(f'{x}(((.*)+[b]\\\\d$^.pkl', 'rb'))"
    ],
    "paths full of holes": [
        f"pickle.dump(m, open('{'a' * 390}b', 'wb'))\npickle.load(open(f'{'{x}a' * 90}c', 'rb'))\n"
        f"for p in glob.glob('{'*a' * 60}c'): pickle.load(open(p, 'rb'))"
    ],
    "many alternatives": [
        f"a = {[f'p{i}' for i in range(50)]}\nfor b in a:\n  for c in a:\n"
        "    pickle.load(open(os.path.join(b, c, b, c, b, c)))"
    ],
    "a long format": [f"x = '{'{}' * 2000}'.format({','.join('x' * 200)})\npickle.load(open(x))"],
    "many checks": [
        rows(f"assert hashlib.sha256(open('n#.pkl', 'rb').read()).hexdigest() == '{PIN}'", 300),
        rows("pickle.load(open('m#.pkl', 'rb'))", 50),
    ],
    "many calls": ["def f(x): return pickle.load(open(x))\n" + rows("f('m#.pkl')", 3000)],
    "many downloads": [rows("download(u#, 'm#.pkl', x=#)", 2000) + LOAD],
    "one name bound again and again": ["x = 'a'\n" + rows("x = x + 'b'\nx += 'c'\npickle.load(open(x))", 500)],
    "containers in themselves": ["a = []\na.append(a)\nb = {}\nb[k] = b\npickle.load(a)\npickle.loads(b)"],
}


@pytest.mark.parametrize("sources", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_check_ends(sources: list[str]) -> None:
    start = time.process_time()
    report = check(notebook(*map(code, [IMPORTS, *sources])))
    assert time.process_time() - start < SECONDS
    assert [p.message for p in report.problems if p.kind is ProblemKind.INTERNAL] == []
    assert {f.rule for f in report.findings} == {"untrusted-load"}
