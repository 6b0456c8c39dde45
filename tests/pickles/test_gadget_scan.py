"""benchmarks/gadgets.py reads source: what it takes for a gadget."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from stsec_magic.pickles import gadgets
from tests.pickles.families import CODE, FILES, IMPORTS, MEMORY, NETWORK, PICKLE, PROCESS


class TestTheScript:
    """A function of a small package, read."""

    @staticmethod
    def found(monkeypatch: pytest.MonkeyPatch, **modules: str) -> dict[str, set[str]]:
        monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
        from gadget_scan.linking import Links, families
        from gadget_scan.reading import read

        parsed = {f"pkg.{name}": read(f"pkg.{name}", False, text) for name, text in modules.items()}
        links = Links({name: module for name, module in parsed.items() if module is not None})
        links.run()
        return {name[4:]: {*families(each)} for name, each in links.functions.items() if families(each)}

    @pytest.mark.parametrize(
        "body",
        [
            "import os\ndef f(x): os.system(x)",
            "from os import system as run\ndef f(x): run('ls ' + x)",
            "def f(x):\n import os\n command = ['a', x]\n os.system(' '.join(command))",
            "import subprocess\ndef f(*args): subprocess.run([*args])",
            "import subprocess\ndef f(x):\n command = ['a']\n command.append(x)\n subprocess.run(command)",
            "import os\ndef g(y): os.system(y)\ndef f(x): g(x)",
            "import os\ndef f(x):\n def inner(): os.system(x)\n inner()",
            "import os\nclass C:\n def __init__(self, c): self.c = c\n def go(self): os.system(self.c)\n"
            "def f(x): C(x).go()",
            "import os\nf = lambda x: os.system(x)",
        ],
    )
    def test_a_parameter_that_comes_to_a_process(self, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert PROCESS in self.found(monkeypatch, a=body)["a.f"]

    @pytest.mark.parametrize(
        "body",
        [
            "import os\ndef f(x): os.system('ls')",
            "import os\ndef f(x): os.system('a' * len(x))",
            "import subprocess\ndef f(x): subprocess.run(['ls'], timeout=x)",
            "def f(eval, x): eval(x)",
            "def system(x): pass\ndef f(x): system(x)",
            "import importlib\ndef f(x): importlib.import_module('pkg.' + x)",
            "import os\ndef g(y, z): os.system(y)\ndef f(x): g('ls', x)",
        ],
    )
    def test_a_parameter_that_does_not(self, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "a.f" not in self.found(monkeypatch, a=body)

    def test_calls_are_followed_through_modules_and_classes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = self.found(
            monkeypatch,
            low="import os\nclass Base:\n def run(self, c): os.system(c)",
            mid="from .low import Base\nclass Child(Base):\n def go(self, c): self.run(c)",
            top="from .mid import *\ndef start(c):\n child = Child()\n child.go(c)",
        )
        assert PROCESS in found["top.start"]

    def test_each_family(self, monkeypatch: pytest.MonkeyPatch) -> None:
        bodies = {
            CODE: "def f(x): exec(x)",
            IMPORTS: "def f(x): return __import__(x)",
            FILES: "def f(x): return open(x)",
            NETWORK: "import urllib.request\ndef f(x): urllib.request.urlopen(x)",
            MEMORY: "import ctypes\ndef f(x): ctypes.CDLL(x)",
            PICKLE: "import pickle\ndef f(x): pickle.loads(x)",
            gadgets._BY_NAME: "def f(a, b): return getattr(a, b)()",
        }
        for family, body in bodies.items():
            assert family in self.found(monkeypatch, a=body)["a.f"]


def test_the_script_imports_no_library_that_it_reads() -> None:
    folder = Path(__file__).parents[2] / "benchmarks" / "gadget_scan"
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"exec", "eval", "compile", "__import__"}
