"""Which files a notebook writes."""

from __future__ import annotations

import pytest

from stsec_magic import check
from stsec_magic.source.origin import Origins
from tests.notebooks_in_memory import code, notebook
from tests.source.flowing import names, writes

IMPORTS = "import os, pickle, joblib, requests, shutil, subprocess, tarfile, urllib.request\nfrom pathlib import Path\n"


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("joblib.dump(m, 'm.pkl')", ("m.pkl", False, "own", None)),
        ("pickle.dump(m, open('m.pkl', 'wb'))", ("m.pkl", False, "own", None)),
        ("with open('m.pkl', 'wb') as o:\n    pickle.dump(m, o)", ("m.pkl", False, "own", None)),
        ("pickle.Pickler(open('m.pkl', 'wb')).dump(m)", ("m.pkl", False, "own", None)),
        ("Path('m.pkl').write_bytes(pickle.dumps(m))", ("m.pkl", False, "own", None)),
        ("df.to_pickle(path='m.pkl')", ("m.pkl", False, "own", None)),
        ("open('m.pkl', 'wb').write(requests.get(u).content)", ("m.pkl", False, "network", None)),
        ("urllib.request.urlretrieve(u, 'm.pkl')", ("m.pkl", False, "network", None)),
        ("open(input(), 'wb').write(input())\nopen('m.pkl', 'w').write(input())", ("m.pkl", False, "own", None)),
        ("shutil.copy('a.pkl', 'm.pkl')", ("m.pkl", False, None, "a.pkl")),
        ("Path('a.pkl').rename('m.pkl')", ("m.pkl", False, None, "a.pkl")),
        ("tarfile.open('a.tgz').extractall('out')", ("out", True, None, "a.tgz")),
        ("shutil.unpack_archive('a.zip', 'out')", ("out", True, None, "a.zip")),
        ("subprocess.run(['wget', '-O', 'm.pkl', u])", ("m.pkl", False, "network", None)),
        ("os.system('wget -O m.pkl ' + u)", ("m.pkl", False, "network", None)),
        ("!wget -O m.pkl {u}", ("m.pkl", False, "network", None)),
        ("p = 'm.pkl'\n!wget -O {p} {u}", ("m.pkl", False, "network", None)),
    ],
)
def test_a_write(source: str, row: tuple[str, bool, str | None, str | None]) -> None:
    assert row in writes(IMPORTS + source)


@pytest.mark.parametrize(
    "source",
    [
        "open('m.pkl', 'wb').write(data)",
        "'a.pkl'.replace('a', 'm.pkl')",
        "df.rename({'a': 'm.pkl'})",
        "json.dumps('m.pkl')",
        "subprocess.run(['ls', 'm.pkl'])",
        "# !wget -O m.pkl https://e.org",
    ],
)
def test_no_write(source: str) -> None:
    assert writes(IMPORTS + source) == []


def test_writes_are_looked_up_by_their_file() -> None:
    known = Origins(
        names(f"{IMPORTS}joblib.dump(m, 'a/m.pkl')\njoblib.dump(n, f'a/model_{{i}}.pkl')\n!unzip x.zip -d a")
    )
    found = known._all_writes()
    assert [row.path for row in found.of("a/m.pkl")] == ["a/m.pkl", "a"]
    assert [row.path for row in found.of("a/model_7.pkl")] == ["a/model_\0i\0.pkl", "a"]
    assert [row.path for row in found.of("a/model_\0j\0.pkl")] == ["a/model_\0i\0.pkl", "a"]
    assert found.of("b/n.pkl") == []


def test_a_write_in_a_function_happens_where_it_is_called() -> None:
    known = Origins(names(f"{IMPORTS}def save(m):\n    joblib.dump(m, 'm.pkl')", "x = 1\nsave(x)"))
    (row,) = known._all_writes().rows
    assert row.orders == ((1, 2, 0),)


def test_the_branch_around_a_write() -> None:
    known = Origins(names(f"{IMPORTS}if x:\n    pass\nelse:\n    joblib.dump(m, 'm.pkl')\njoblib.dump(m, 'n.pkl')"))
    assert [row.block for row in known._all_writes().rows] == [(3, 6), (0, 0)]


def test_the_files_that_are_spelt_out_are_told_to_others() -> None:
    known = Origins(
        names(f"{IMPORTS}joblib.dump(m, 'm.pkl')\njoblib.dump(m, x)\nurllib.request.urlretrieve(u, 'n.pkl')")
    )
    assert [path for path, _, _ in known.written()] == ["m.pkl"]


def test_a_write_that_stands_a_thousand_times_is_kept_a_few_times() -> None:
    found = check(notebook(code("import joblib"), *[code("joblib.dump(m, 'm.pkl')\njoblib.load('m.pkl')")] * 200))
    assert {f.properties["origin"] for f in found.findings} == {"own"}
    assert len(found.findings) == 200
