"""What a cell says beside its Python: other languages, other files; and how long it takes to hear it."""

from __future__ import annotations

import ast
import time

import pytest
from pygments.lexers import get_lexer_by_name

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.source.ipython import blank_magics, resolve
from stsec_magic.source.languages import LANGUAGES, file_language
from stsec_magic.source.program import CodeCell
from tests.credentials import password

NAMED = {*LANGUAGES.values(), *(file_language(f"x.{ending}") for ending in "py sh toml tf js c cu rs proto".split())}


def cell(source: str) -> CodeCell:
    return CodeCell(Fragment(text=source, part=Part.SOURCE, path=(), language="python", cell=1))


@pytest.mark.parametrize(
    ("source", "language", "spoken"),
    [
        ("%%python\nx", "r", "python"),
        ("%%bash\nx", "scala", "shell"),
        ("%%local\nx", "scala", "python"),
        ("%%spark\nx", "scala", "scala"),
        ("%%time\nx", "scala", "scala"),
        ("%%sql\nx", "scala", "sql"),
        ("%%configure -f\n{}", "scala", "json"),
        ("%python\nx", "scala", "python"),
    ],
)
def test_a_cell_magic_in_another_kernel(source: str, language: str, spoken: str) -> None:
    assert resolve(source, language).language == spoken


@pytest.mark.parametrize("language", sorted(NAMED))
def test_languages_are_names_of_pygments(language: str) -> None:
    assert get_lexer_by_name(language)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = 1\n!ls -l | x", [("shell", "ls -l | x")]),
        ("!! ls", [("shell", "ls")]),
        ("if x:\n    y = !ls {x}  \n    !du", [("shell", "ls {x}"), ("shell", "du")]),
        ("!wget \\\n  http://x\ny", [("shell", "wget \\\n  http://x")]),
        ("%sx ls", [("shell", "ls")]),
        ("%pip install -i http://x y", [("shell", "install -i http://x y")]),
        ("x = %sql select 1", [("sql", "select 1")]),
        ("%R x <- 1", [("r", "x <- 1")]),
        ("%env A=b", [("dotenv", "A=b")]),
        ("%env A b c", [("dotenv", "A b c")]),
        ("%set_env A = b", [("dotenv", "A = b")]),
        ("%env A\n%env", []),
        ("%time !ls", [("shell", "ls")]),
        ("x =\\\n  !ls", [("shell", "ls")]),
        (">>> !ls\n>>> %sql x", [("shell", "ls"), ("sql", "x")]),
        ("In [3]: !ls", [("shell", "ls")]),
        ("%%time\n%%capture\n!ls", [("shell", "ls")]),
        ("%%bash\n!ls", []),
        ("x = '''\n!ls\n'''\ny = [\n!ls]", []),
        ("x != y\nx = 1 % y", []),
        ("%matplotlib inline\n%sql?", []),
        ("\u00e9 = !ls \U0001f600", [("shell", "ls \U0001f600")]),
    ],
)
def test_stretches_in_other_languages(source: str, found: list[tuple[str, str]]) -> None:
    stretches = resolve(source).stretches
    assert [(each.language, source[each.start : each.end]) for each in stretches] == found
    assert list(stretches) == sorted(stretches, key=lambda each: each.start)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("%run x.py -a b", [("run", "x.py")]),
        ("%run -i -n other.ipynb", [("run", "other.ipynb")]),
        ("%run -N 3 'my file.py'", [("run", "my file.py")]),
        ("%run -m package.module x", []),
        ("%time %run x.py", [("run", "x.py")]),
        ("if x:\n    %load -r 1-3 x.py\n    %loadpy y.py\n%pycat z.py", [("load", f"{x}.py") for x in "xyz"]),
        ("%%writefile -a x.py\ny", [("write", "x.py")]),
        ("%%capture\n%%writefile 'a b.sh'\nls", [("write", "a b.sh")]),
        ("%run\n%run?\n%load_ext x", []),
        ("x = '%run x.py'", []),
    ],
)
def test_references_to_files(source: str, found: list[tuple[str, str]]) -> None:
    references = resolve(source).references
    assert [(each.kind, each.path) for each in references] == found
    assert all(source.startswith(each.path, each.start) for each in references)


def test_no_text_of_a_cell_is_shown_by_repr() -> None:
    secret = password("repr")
    resolved = resolve(f"%load https://x:{secret}@example.com/y.py\n!x {secret}\n'''{secret}'''")
    assert len(resolved.references + resolved.stretches) == 2
    assert secret not in repr((resolved, resolved.references, resolved.stretches))


@pytest.mark.parametrize(("source", "place"), [("/pickle.load f", (1, 0)), ("if x:\n    /f x y", (2, 4))])
def test_an_auto_call_is_a_call(source: str, place: tuple[int, int]) -> None:
    tree = cell(source).tree
    assert tree is not None
    assert [(each.lineno, each.col_offset) for each in ast.walk(tree) if isinstance(each, ast.Call)] == [place]


def test_what_parses_is_not_changed() -> None:
    source = "def f():\n    '''\n    >>> f()\n    !ls\n    '''\n    return '%d' % 1 != 2"
    one = cell(source)
    assert one.resolved.python == source
    assert one.tree is not None
    assert ast.dump(one.tree) == ast.dump(ast.parse(source))


HOSTILE = "% ? ( ! ' \" \\ \\\n %%x\n ''' '\\ = =% x= ,f\\x\n >>>\n ...: a? x=%a\n !ls\\\n [0] a \f\n %time".split(" ")


@pytest.mark.parametrize("before", ["", "%%timeit ", "%time ", "%run ", "x = ", "'''\n", "    ", ">>> ", "In [3]: "])
@pytest.mark.parametrize("unit", [*HOSTILE, " ", "\n", "/f x\n", "%time x\n", " %%x\n", "!ls\n", "%env -a", ",f \\\n"])
def test_hostile_text_takes_linear_time(before: str, unit: str) -> None:
    def work(length: int) -> float:
        source = before + unit * (length // len(unit)) + "\n?"
        began = time.process_time()
        resolved = resolve(source)
        assert resolved.stretches is not None
        blank_magics(resolved.python or "")
        return time.process_time() - began

    # Linear work of this size takes some hundredths of a second, quadratic work many seconds.
    assert min(work(60_000) for _ in range(2)) < 2
