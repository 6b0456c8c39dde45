"""IPython's syntax is blanked line for line; what stays keeps its line and column."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from stsec_magic import check
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.model.problem import ProblemKind
from stsec_magic.source.ipython import blank_magics, resolve
from stsec_magic.source.program import CodeCell
from tests.credentials import password
from tests.notebooks_in_memory import code, notebook, write
from tests.results import only, place, rules_of

LOAD = "pickle.load(f)"


def cell(source: str, language: str = "python") -> CodeCell:
    return CodeCell(Fragment(text=source, part=Part.SOURCE, path=("cells", 0, "source"), language=language, cell=1))


def calls(source: str) -> list[tuple[int, int]]:
    """Line and column of every call in the tree of a cell that must parse."""
    tree = cell(source).tree
    assert tree is not None
    return [(node.lineno, node.col_offset) for node in ast.walk(tree) if isinstance(node, ast.Call)]


PARSED = [
    f"%matplotlib inline\n{LOAD}",
    f"!pip install x\n{LOAD}",
    f"!!ls\n{LOAD}",
    f"  %cd x\n  {LOAD}",
    f"    x = 1\n    {LOAD}",
    f"\tif x:\n\t\t!ls\n\t{LOAD}",
    f"if 1:\n    !ls {{x}} | grep y\n    {LOAD}",
    f"x = !ls -l\n{LOAD}",
    f"a, b = %magic x\n{LOAD}",
    f"obj.attr = %sql select 1\n{LOAD}",
    f"x[0] = !ls\n{LOAD}",
    f"frames['a'] = !ls\n{LOAD}",
    f"pickle?\n{LOAD}",
    f"pickle.load??\n{LOAD}",
    f"?pickle\n{LOAD}",
    f"??pickle\n{LOAD}",
    f"%timeit?\n{LOAD}",
    f"!wget \\\n  http://x \\\n  -O y\n{LOAD}",
    f"%env A=b\n\n{LOAD}  # done",
    f"%load_ext autoreload\n%autoreload 2\n{LOAD}",
    f"q = '''\n%not magic\n'''\n{LOAD}",
    f"q = '''\n%not magic\n'''\n%magic\n{LOAD}",
    f"x = 7 % 3\ny = a != b\n{LOAD}",
    f"x = (1 %\n  2)\n%magic\n{LOAD}",
    f"\u00e9 = !ls \U0001f600\n{LOAD}",
    f"%%time\n{LOAD}",
    f"%%timeit -n 3\n{LOAD}",
    f"%%capture out\n%matplotlib inline\n{LOAD}",
    f"\n\n%%time\n{LOAD}",
    f"%%no_such_magic a b\n{LOAD}",
    f"%%ray.remote x\n{LOAD}",
]


@pytest.mark.parametrize("source", PARSED)
def test_python_beside_magics_is_parsed_in_its_place(source: str) -> None:
    lines = source.split("\n")
    (line,) = (i for i, text in enumerate(lines, 1) if LOAD in text)
    assert calls(source) == [(line, lines[line - 1].index(LOAD))]


@pytest.mark.parametrize("source", PARSED)
def test_a_cells_text_keeps_its_length_line_for_line(source: str) -> None:
    resolved = resolve(source)
    for text in (resolved.python, blank_magics(resolved.python or "")):
        if text is not None:
            assert list(map(len, text.split("\n"))) == list(map(len, source.split("\n")))


@pytest.mark.parametrize(
    "magic",
    ["%time", "%timeit", "%timeit -n 10 -r3", "%prun", "%prun -l 5", "%memit", "%time  ", "%timeit -o"],
)
@pytest.mark.parametrize("statement", ["x = f(1)", "f(1)", "x = {**f(1)}"])
@pytest.mark.parametrize("indent", ["", "    "])
def test_the_statement_of_a_line_magic_is_parsed(magic: str, statement: str, indent: str) -> None:
    line = f"{indent}{magic} {statement}"
    source = f"if 1:\n{line}" if indent else line
    assert calls(source) == [(2 if indent else 1, line.index("f(" + statement.partition("f(")[2]))]


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("%%bash\nls", "shell"),
        ("%%sh -x\nls", "shell"),
        ("%%script bash\nls", "shell"),
        ("%%!\nls", "shell"),
        ("%%html\n<b>", "html"),
        ("%%HTML\n<b>", "html"),
        ("%%javascript\n1", "javascript"),
        ("%%js\n1", "javascript"),
        ("%%latex\nx", "latex"),
        ("%%sql sqlite://\nselect 1", "sql"),
        ("%%writefile app.py\nx = 1", "python"),
        ("%%writefile -a src/app.py\nx = 1", "python"),
        ("%%file run.sh\nls", "shell"),
        ("%%writefile .env\nA=b", "dotenv"),
        ("%%writefile notes.txt\nx", "text"),
        ("%%writefile\nx", "text"),
        ("%%time\nx", "python"),
        ("%%whatever\nx", "python"),
        ("%%time\n%%bash\nls", "shell"),
        ("In [3]: %%bash\n   ...: ls", "shell"),
        ("    %%bash\n    ls", "shell"),
        ("%%script --bg --out x python3 -u\nx", "python"),
        ("%%script /usr/bin/env A=b Rscript\nx", "r"),
        ("%%script python2\nx", "python2"),
        ("%%script false --no-raise-error\nx", "text"),
        ("%%R -o x\nx", "r"),
        ("%%perl\nx", "perl"),
        ("%%cython\ncdef int x", "cython"),
        ("%%cython\nx = 1", "python"),
        ("%%configure -f\n{}", "json"),
        ("%%spark\nx", "python"),
        ("%%writefile Dockerfile\nx", "docker"),
        ("%%writefile a/Makefile\nx", "make"),
        ("%%writefile 'my dir/.env.local'\nA=b", "dotenv"),
        ("%%writefile secrets.toml\nx", "toml"),
        ("%%writefile x.yml\nx", "yaml"),
        ("%%writefile x.cfg\nx", "ini"),
        ("%%writefile x.json\n{}", "json"),
        ("%%writefile README\nx", "text"),
        ("%sql\nselect 1 from x", "sql"),
        ("%sql\nx = 1", "python"),
        ("%md\nA title", "markdown"),
        ("%%time?\nx", "python"),
        ("x = '''\n%%bash\n'''", "python"),
        ("x = 1", "python"),
    ],
)
def test_a_cell_magic_says_what_the_body_is_written_in(source: str, language: str) -> None:
    resolved = resolve(source)
    assert resolved.language == language
    assert (resolved.python is not None) == (language == "python")


@pytest.mark.parametrize("language", ["r", "julia", "text"])
def test_another_kernels_cell_is_left_alone(language: str) -> None:
    assert resolve("%x\n?y", language).python is None


def test_python_under_a_python_magic_in_another_kernel_is_python() -> None:
    assert resolve("%%python\nx = 1", "r").python == "        \nx = 1"


@pytest.mark.parametrize("source", ["%%writefile app.py", "%%no_such_magic", "%%time", "%%capture"])
def test_loads_in_the_body_of_a_cell_magic_are_found(source: str) -> None:
    finding = only(notebook(code(f"{source}\nimport pickle\nm = pickle.load(open('m.pkl', 'rb'))")))
    assert (finding.rule, place(finding)) == ("untrusted-load", (3, 5))


@pytest.mark.parametrize("source", ["%%bash", "%%html", "%%writefile notes.txt", "%%javascript"])
def test_no_loads_are_looked_for_in_what_is_not_python(source: str) -> None:
    assert rules_of(notebook(code("import pickle"), code(f"{source}\npickle.load(f)"))) == []


@pytest.mark.parametrize(
    "source", ["%%bash\nexport {}", "!export {}", "%env {}", "%set_env {}", "%%writefile .env\n{}"]
)
def test_secrets_in_magics_are_found_in_their_place(source: str) -> None:
    secret = password("magic")
    text = source.format(f"DB_PASSWORD={secret}")
    finding = only(notebook(code(text)))
    assert finding.rule == "hardcoded-secret"
    assert place(finding) == (text[: text.index(secret)].count("\n") + 1, len(text.split("\n")[-1]) - len(secret) + 1)


def test_a_cell_of_an_unknown_magic_that_is_no_python_is_a_problem_only_if_it_was_needed() -> None:
    harmless = check(notebook(code("%%mystery\nthis is : no python")))
    asked = check(notebook(code("import pickle\npickle.load(f)"), code("%%mystery\nthis is : no python load")))
    assert harmless.problems == ()
    assert [(p.kind, p.cell) for p in asked.problems] == [(ProblemKind.UNPARSED_CELL, 2)]


def test_python_2_is_one_problem_a_notebook() -> None:
    book = notebook(code("import cPickle"), code("print 'load'"), code("print 'y'\nm = cPickle.load(f)"))
    report = check(book)
    assert [(p.kind, p.cell) for p in report.problems] == [(ProblemKind.UNPARSED_CELL, 2)]
    assert "Python 2" in report.problems[0].message
    assert [(f.rule, f.location.cell, place(f)) for f in report.findings] == [("untrusted-load", 3, (2, 5))]


WARNS = 'import pickle\nx = "\\d"\nif x is "y": pass\nassert (x, "z")\npassword = "\\w"\n1 in x\n(1)(2)\n'


@pytest.mark.filterwarnings("error")
def test_warnings_about_the_checked_code_do_not_escape(recwarn: pytest.WarningsRecorder) -> None:
    assert check(notebook(code(WARNS))).problems == ()
    assert list(recwarn) == []


def test_warnings_about_the_checked_code_do_not_reach_the_user(tmp_path: Path) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(code(WARNS)))
    command = [sys.executable, "-W", "error", "-m", "stsec_magic", "audit", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
