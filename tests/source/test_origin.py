"""Where the bytes of a load come from, across cells."""

from __future__ import annotations

from typing import Any

import pytest

from stsec_magic import check
from tests.notebooks_in_memory import code, notebook

IMPORTS = """
import io, os, pickle, redis, requests, sqlite3, sys, urllib.request, boto3
import joblib, pandas as pd, streamlit as st, numpy as np, torch
from pathlib import Path
from google.colab import files
from huggingface_hub import hf_hub_download
"""

ORIGINS = {
    "network": [
        ["pickle.loads(requests.get(u).content)"],
        ["r = requests.get(u)", "data = r.content", "pickle.loads(data)"],
        ["pickle.load(urllib.request.urlopen(u))"],
        ["joblib.load(io.BytesIO(requests.get(u).content))"],
        ["pd.read_pickle('https://example.org/x.pkl')"],
        ["pd.read_pickle('s3://bucket/x.pkl')"],
        ["URL = 'https://example.org/x.pkl'", "pd.read_pickle(URL)"],
        ["urllib.request.urlretrieve(u, 'm.pkl')", "pickle.load(open('m.pkl', 'rb'))"],
        ["p = hf_hub_download('a', 'b')", "joblib.load(p)"],
        ["with requests.get(u, stream=True) as r:\n    m = pickle.load(r.raw)"],
        ["s3 = boto3.client('s3')", "pickle.loads(s3.get_object(Bucket='b', Key='k')['Body'].read())"],
        ["pickle.loads(b'x' if a else requests.get(u).content)"],
        ["np.load('https://example.org/x.npy', allow_pickle=True)"],
        ["data = b''", "for x in u:\n    data += requests.get(x).content", "pickle.loads(data)"],
        ["rows = []", "for x in u:\n    rows.append(requests.get(x).content)", "pickle.loads(b''.join(rows))"],
        ["pickle.loads(pick('x', requests.get(u).content))"],
        ["pickle.loads(max(b'', requests.get(u).content))"],
        ["fetch = lambda x: requests.get(x).content", "pickle.loads(fetch(u))"],
        ["def f():\n    global data\n    data = requests.get(u).content", "f()", "pickle.loads(data)"],
        ["urllib.request.urlretrieve(u, 'a.pkl')\nPath('a.pkl').rename('b.pkl')", "joblib.load('b.pkl')"],
        ["joblib.dump(m, 'a/m.pkl')", "!wget https://example.org/x.zip\n!unzip x.zip -d a", "joblib.load('a/m.pkl')"],
    ],
    "upload": [
        ["pickle.load(st.file_uploader('Model'))"],
        ["up = st.file_uploader('Model')", "if up:\n    m = joblib.load(up)"],
        ["up = st.sidebar.file_uploader('Model')\npickle.loads(up.read())"],
        ["up = files.upload()", "pickle.loads(up['m.pkl'])"],
    ],
    "input": [
        ["pickle.load(open(input('file'), 'rb'))"],
        ["joblib.load(sys.argv[1])"],
        ["name = st.text_input('file')", "joblib.load(Path('models') / name)"],
    ],
    "database": [
        ["db = sqlite3.connect('x.db')", "row = db.execute('select b from t').fetchone()", "pickle.loads(row[0])"],
        ["cache = redis.Redis()", "pickle.loads(cache.get('k'))"],
    ],
    "shared": [["joblib.load('/tmp/m.joblib')"], ["with open('/mnt/x/m.pkl', 'rb') as f:\n    m = pickle.load(f)"]],
    "file": [
        ["pickle.load(open('m.pkl', 'rb'))"],
        ["with open('m.pkl', 'rb') as f:\n    m = pickle.load(f)"],
        ["# wget https://example.org/m.pkl", "joblib.load('m.pkl')"],
        ["joblib.dump(m, 'a.pkl')", "joblib.load('b.pkl')"],
        ["joblib.load('m.pkl')", "joblib.dump(m, 'm.pkl')"],
        ["p = Path('m.pkl')", "pickle.loads(p.read_bytes())"],
        ["torch.load(f='m.pt')"],
    ],
    "own": [
        ["joblib.dump(m, 'm.joblib')", "joblib.load('m.joblib')"],
        ["with open('m.pkl', 'wb') as f:\n    pickle.dump(m, f)", "pickle.load(open('m.pkl', 'rb'))"],
        ["df.to_pickle('d.pkl')", "pd.read_pickle('d.pkl')"],
        ["P = 'd.pkl'", "df.to_pickle(P)", "pd.read_pickle(P)"],
        ["!wget https://example.org/x.zip\n!unzip x.zip", "joblib.dump(m, 'm.pkl')", "joblib.load('m.pkl')"],
        ["Path('m.pkl').write_bytes(pickle.dumps(m))", "pickle.load(open('m.pkl', 'rb'))"],
    ],
    "literal": [["pickle.loads(b'\\x80\\x04N.')"], ["data = b'\\x80\\x04N.'", "pickle.loads(data)"]],
    "unknown": [
        ["def f(x):\n    return pickle.loads(x)"],
        ["pickle.loads(g())"],
        ["pickle.load(f)"],
        ["list(map(pickle.loads, x))"],
        ["def f(x):\n    if y:\n        x = b'N.'\n    return pickle.loads(x)"],
    ],
}

SEVERITY = {
    "network": "high",
    "upload": "high",
    "input": "high",
    "database": "high",
    "shared": "medium",
    "file": "medium",
    "unknown": "medium",
    "own": "low",
    "literal": "low",
}


@pytest.mark.parametrize(
    ("origin", "sources"),
    [(origin, sources) for origin, rows in ORIGINS.items() for sources in rows],
    ids=lambda value: " / ".join(value).replace("\n", "; ")[:90] if isinstance(value, list) else value,
)
def test_origin_and_severity(origin: str, sources: list[str]) -> None:
    report = check(notebook(code(IMPORTS), *map(code, sources)))
    assert [(f.rule, f.properties["origin"], f.severity) for f in report.findings] == [
        ("untrusted-load", origin, SEVERITY[origin])
    ]


def test_the_place_where_the_bytes_come_from_is_related() -> None:
    book = notebook(code(IMPORTS), code("# get\nr = requests.get(u)"), code("pickle.loads(r.content)"))
    (finding,) = check(book).findings
    (related,) = finding.related
    assert (related.cell, related.line, related.message, related.path) == (2, 2, "downloaded here", "<notebook>")


def test_what_is_its_own_origin_has_no_related_place() -> None:
    (finding,) = check(notebook(code(IMPORTS), code("pickle.loads(requests.get(u).content)"))).findings
    assert finding.related == ()


def test_a_circle_of_values_has_an_unknown_origin() -> None:
    (finding,) = check(notebook(code(IMPORTS), code("a = b\nb = a\npickle.loads(a)"))).findings
    assert finding.properties["origin"] == "unknown"


def _counted(source: str, count: int) -> dict[str, Any]:
    return {**code(source), "execution_count": count}


@pytest.mark.parametrize(
    ("cells", "origin", "message"),
    [
        ([("joblib.dump(m, 'm.pkl')", 2), ("joblib.load('m.pkl')", 3)], "own", "written here"),
        (
            [("joblib.dump(m, 'm.pkl')", 9), ("joblib.load('m.pkl')", 3)],
            "own",
            "written here, in a cell that last ran later",
        ),
        (
            [("joblib.load('m.pkl')", 9), ("joblib.dump(m, 'm.pkl')", 3)],
            "file",
            "written here, further down, in a cell that ran before",
        ),
        ([("joblib.load('m.pkl')", 3), ("joblib.dump(m, 'm.pkl')", 9)], "file", "written here, after the load"),
    ],
)
def test_the_order_in_which_the_cells_ran_is_told(cells: list[tuple[str, int]], origin: str, message: str) -> None:
    book = notebook(_counted("import joblib", 1), *(_counted(*each) for each in cells))
    (finding,) = check(book).findings
    assert finding.properties["origin"] == origin
    assert message in [each.message for each in finding.related]
