"""Large and hostile input: the work grows with the text, not with its square.

The limits are many times what the checks take, and a tenth of what quadratic work would.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stsec_magic import check
from stsec_magic.apply.batch import mend_all
from stsec_magic.model.config import Config
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, notebook, stream, write

HOSTILE: dict[str, Callable[[], str]] = {
    "begins of keys": lambda: "-----BEGIN PRIVATE KEY-----" * 40_000,
    "logins": lambda: "://:@" * 200_000,
    "names and quotes": lambda: "password='" * 60_000,
    "names": lambda: "token key secret api_key= " * 20_000,
    "quotes": lambda: "\"'" * 300_000,
    "conflicts": lambda: "<<<<<<< \n" * 100_000,
    "prefixes": lambda: "AKIA" * 250_000,
    "markup": lambda: "<a&#" * 150_000,
    "parentheses": lambda: "x = (" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_takes_no_square_time(tmp_path: Path, name: str) -> None:
    text = HOSTILE[name]()
    began = time.perf_counter()
    check(notebook(code(text, outputs=[stream(text)])))
    path = tmp_path / "raw.ipynb"
    path.write_text(text, encoding="utf-8")
    check(path)
    assert time.perf_counter() - began < 30


@pytest.mark.parametrize("between", ["\n", " "], ids=["lines", "one line"])
def test_many_findings_in_one_output_take_no_square_time(tmp_path: Path, between: str) -> None:
    count = 2_000
    noise = 'words in "quotes" and so on ' * 20
    text = "".join(f"password='{password(i)}'{between}{noise}" for i in range(count))
    path = write(tmp_path / "nb.ipynb", notebook(code("x", outputs=[stream(text)])))
    began = time.perf_counter()
    report = check(path)
    assert time.perf_counter() - began < 20
    assert len(report.findings) > 0.95 * count
    assert all(finding.location.file_column is not None for finding in report.findings)


IN_CODE: dict[str, Callable[[int], str]] = {
    "statements": lambda n: "\n".join(f"password_{i} = '{password(i)}'" for i in range(n)),
    "one dict": lambda n: "d = {" + ",\n".join(f"'k{i}': '{openai_key(i)}'" for i in range(n)) + "}",
    "one string": lambda n: 'x = """' + " ".join(f"{{{openai_key(i)}}}" for i in range(n)) + '"""',
    "comments": lambda n: "\n".join(f"# password = '{password(i)}'" for i in range(n)),
    "shell lines": lambda n: "\n".join(f"!curl -H 'Bearer {openai_key(i)}' {{x}} $HOME" for i in range(n)),
    "a shell": lambda n: "%%bash\n" + "\n".join(f"curl -H 'Bearer {openai_key(i)}' $HOME" for i in range(n)),
}


@pytest.mark.parametrize("name", IN_CODE)
def test_many_secrets_in_one_cell_take_no_square_time(tmp_path: Path, name: str) -> None:
    count = 1_000
    path = write(tmp_path / "nb.ipynb", notebook(code("x = 1"), code(IN_CODE[name](count))))
    began = time.perf_counter()
    found = [each for each in check(path).findings if each.masked]
    (mended,) = mend_all([str(path)], Config(), write=True).notebooks
    assert time.perf_counter() - began < 40
    assert len(found) == sum(each.fixable for each in found) == count
    assert (mended.error, mended.fixes) == ("", count)
    assert not [each for each in check(path).findings if each.masked]
