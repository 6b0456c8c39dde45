"""The resolver's result parses if and only if IPython's does."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic.model.location import Part
from stsec_magic.notebook.read import read
from stsec_magic.notebook.walk import fragments
from tests.source.oracle import disagreement

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

BLOCKS = [
    "%ls", "%", "% ls", "%%", "%%ls x\ny = 1", "!ls", "!", "!!ls -l", "!=x", "%=x", "x = %ls", "x = % ls", "x = %",
    "x = !ls", "x=!ls", "x = !!ls", "x = !=y", "x == !ls", "x += !ls", "x: int = %ls", "a, b = %magic 1",
    "x[0] = !ls", "x['=a'] = !ls", "x = y = !ls", "x = 1; y = !ls", "if x: y = %ls", "f(a=1); x = %ls", "f(x=%ls)",
    "x = (%ls)", "x = [\n!ls\n]", "x = {\n'a': 1\n}\ny = !ls", "f(\n%ls\n)", "x = 7 %\\\n  y", "x = \\\n  !ls",
    "x \\\n  = !ls", "x = '''\n%ls\n!ls\nfoo?\n'''", "x = \"\"\"\n!ls\"\"\"\n!ls", "x = 'a\\\n%b'\n%c",
    "# %ls\n# foo?", "x = 1  # what?", "'foo?'", "foo?", "foo??", "foo???", "foo ?", "foo? ", "foo? # c", "?foo",
    "??foo", "?", "??", "?foo bar", "foo.bar?", "a[0]?", "a[-1].b??", "a['b']?", "a[x]?", "9?", "a9?", "a.9?",
    "*int*?", "np.*load*?", "f(1)?", "x = foo?", "%time?", "%%time?", "%%time?\nx = 1", "!ls foo?", "print(x) foo?",
    "f(\nx?\n)", "f(x\n?)", "foo?\nbar??\n%ls", "/f", "/f x", "/f x y", "/f x, y", "/ f", "/", "//x", "/=x",
    "/* c */", "/home/me/x.py", "/f?", ",f a b", ",f", ",", ",f a\"b", ",f a'b", ";f a b", ";f", ";", ";f a\"b", "f;",
    "x = 1\n;f a", "%ls \\\n -l", "!wget \\\n http://x \\\n -O y\nx = 1", "!ls \\", "!ls \\\n", "!ls \\ \nx",
    "x = !ls \\\n -l\ny", "%ls \\\n\nx = 1", "if x:\n    !ls", "if x:\n    %ls\nelse:\n    !ls",
    "for i in x:\n    y = !ls {i}\n    z = %ls", "def f():\n\t!ls\n\treturn 1", "if x:\n!ls", "if x:\n    !ls\n  y",
    "try:\n    ?x\nfinally:\n    x?", "class A:\n    %ls", "  !ls\n  x = 1", "    x = 1\n    y = 2",
    "    x = 1\n    !ls", "    x = 1\ny = 2", "  x = 1\n    y = 2", "    if x:\n        y\n    z", "\tx = 1\n\t!ls",
    "    x = '''\na'''", "  # c\n  x = 1", "# c\n  x = 1", "    x = 1\n# c\n    y = 2", "    x = 1\n\n    y = 2\n",
    "\n\n  x = 1\n  y", "\n   \n%%time\nx = 1", "\n\n!ls\n\n", "    %%time\n    x = 1", "  %%time\nx = 1",
    "    %%bash\n    ls -l | x", " \n\t\n%ls", "await x", "x = await y", "async for i in x:\n    !ls",
    "async with a as b:\n    pass", "[i async for i in x]", "%ls\nawait x", "%time await x", "%time x = 1",
    "%time x = ", "%time !ls", "%time", "%time for i in x: y", "%time if x: y", "%timeit -n 3 -r2 x",
    "%timeit -n 3 for i in x: y", "%timeit x = f(\n    1)", "%time f(1, \\\n  2)", "%time # c",
    "if x:\n    %time # c", "if x:\n    %time for i in y: z\n    x", "x = %timeit -o f(1)", "x = %timeit -o y = 1",
    "x = %time pass", "%prun -s cumulative -l 5 f(x)", "%memit f(x)", "%lprun -f f g(x)", "%timeit a\nb",
    "%time %time x", "%run x.py -a 'b", "%env A=it's", "!echo it's (fine\nx = 1", "!echo '''\nx = 1",
    "%sql select * from x\ny", ">>> x = 1", ">>> x = 1\n>>> y = 2", ">>> if x:\n...     y\n... else:\n...     z",
    ">>> x\n1\n>>> y\n2", ">>> x\n<X>\n>>> y", ">>> for i in x:\n...     y\n1\n>>> z", ">>>x\n>>>y",
    "  >>> x\n  >>> y", ">>> !ls\n>>> x = %ls", ">>> x?", ">>>", ">>> f(\n...   1)", ">>> x = '''\n... a\n... '''",
    "...", "x = 1\n>>> y", "x = 1\n...\ny", "def f():\n    '''\n    >>> f()\n    1\n    '''\n    !ls",
    "x = '''\n>>> y\n'''\n!ls", "In [3]: x = 1", "In [3]: if x:\n   ...:     y\n   ...: else:\n   ...:     z",
    "In [10]: x\nOut[10]: 1", "In [3]: !ls\nIn [4]: x = 1", "In [3]: x = [\n   ...: 1]",
    "In [3]: %%time\n   ...: x = 1", ">>> %%time\n... x = 1", "%%time\nx = 1", "%%time\n%%capture out\nx = 1",
    "%%time\n    x = 1", "%%time\nx = ", "%%time\n!ls\nx = %ls", "%%timeit x = 1\nf(x)", "%%timeit x = \nf(x)",
    "%%timeit -n 3 x = 1\n    f(x)", "%%time x = 1", "%%capture\n%%bash\nls -l | x", "%%time\n%%sql\nselect 1 from x",
    "%%bash\nls -l | x", "%%writefile a.py\nx = 1", "%%writefile a.txt\nno python", "%%python\nx = 1",
    "%%script bash\nls | x", "%%mystery\nx = 1", "%%mystery\nno python", "%%cython\ncdef int x", "%%cython\nx = 1",
    "%%html\n<b>", "%%!\nls | x", "%sql\nselect 1 from x", "%md\nA title", "%sh\nls -l /tmp", "%sql\nx = 1",
    "%% time\nx = 1", "%%time\n", "x = 1\n%%time\ny = 2", "# %%\nx = 1", "x = 5\n%%bash\nls -l | x", "print 'x'",
    "print 'x'\n!ls", "x = '%d' % 3", "x = 'it''s'", "x = 'a\n!ls", "x = (\n!ls", "x = 1)\n!ls", "!ls\nx = (",
    "\u00e9 = !ls \U0001f600", "\u4e2d?", "return 1", "", "\n", "   ", "\\\n!ls", "if x:\n    pass\n\n\n!ls",
    "lambda: 1\n!ls", "@f\n!ls", "x = f'{y!r}'\n!ls", "f'{x}?'", "x != y", "x !=y\n!ls", "%ls\n" * 499, "%ls\n" * 500,
    "def f(a=1, *, b=2): pass\nx = !ls", "x = {'a': !ls}", "print(1)\\\n\n!ls", "x =\n!ls", "x = %%ls",
]  # fmt: skip


@pytest.mark.parametrize("source", BLOCKS)
def test_a_cell_parses_if_ipython_can_parse_it(source: str) -> None:
    assert disagreement(source) is None


@pytest.mark.parametrize("above", ["x = 1\n", "!ls\n", "if x:\n    pass\n", "'''\n%a\n'''\n"])
@pytest.mark.parametrize("source", BLOCKS)
def test_a_cell_parses_if_ipython_can_parse_it_below_another_line(above: str, source: str) -> None:
    assert disagreement(above + source) is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_our_own_notebooks(path: Path) -> None:
    code = [each for each in fragments(read(str(path))) if each.part is Part.SOURCE and each.language == "python"]
    assert code
    assert [why for each in code if (why := disagreement(each.text))] == []
