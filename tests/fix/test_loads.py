"""Loads called so that they run no code, and caches by the name of their successors."""

from __future__ import annotations

import ast

import pytest

from tests.fix.mended import mended

HEAD = "import numpy as np\nimport torch\nimport yaml\nfrom langchain_community.vectorstores import FAISS\n"

LOADS = [
    ("torch.load('m.pt', weights_only=False)", "torch.load('m.pt', weights_only=True)"),
    ("torch.load('m.pt')", "torch.load('m.pt', weights_only=True)"),
    ("torch.load('m.pt', map_location='cpu',)", "torch.load('m.pt', map_location='cpu', weights_only=True,)"),
    ("torch.load(('m.pt'))", "torch.load(('m.pt'), weights_only=True)"),
    ("np.load('a.npy', allow_pickle=True)", "np.load('a.npy', allow_pickle=False)"),
    ("np.load('a.npy', None, True)", "np.load('a.npy', None, False)"),
    ("yaml.load(open('a.yml'), Loader=yaml.Loader)", "yaml.safe_load(open('a.yml'))"),
    ("yaml.load(open('a.yml'), yaml.UnsafeLoader)", "yaml.safe_load(open('a.yml'))"),
    ("yaml.load_all(open('a.yml'), Loader=yaml.FullLoader)", "yaml.safe_load_all(open('a.yml'))"),
    (
        "FAISS.load_local('i', e, allow_dangerous_deserialization=True)",
        "FAISS.load_local('i', e, allow_dangerous_deserialization=False)",
    ),
]


@pytest.mark.parametrize(("before", "after"), LOADS)
def test_the_parameter_that_decides_is_set(before: str, after: str) -> None:
    result = mended(f"{HEAD}x = {before}\n")
    assert result.cells == [f"{HEAD}x = {after}\n"]
    ast.parse(result.cells[0])


def test_what_no_parameter_makes_safe_is_no_business_of_ours() -> None:
    source = "import pickle\nx = pickle.load(open('a', 'rb'))\n"
    assert mended(source).cells == [source]
    assert mended(source).refusals == ()


def test_what_the_notebook_wrote_itself_stays_as_it_is() -> None:
    source = "import numpy as np\nnp.save('a.npy', x)\ny = np.load('a.npy', allow_pickle=True)\n"
    assert mended(source).cells == [source]
    assert mended(source, unsafe=True).cells != [source]


CACHES = [
    ("@st.cache", "@st.cache_data"),
    ("@st.cache()", "@st.cache_data()"),
    ("@st.cache(ttl=60)", "@st.cache_data(ttl=60)"),
    ("@st.cache(allow_output_mutation=True)", "@st.cache_data()"),
    ("@st.cache(suppress_st_warning=True, ttl=60)", "@st.cache_data(ttl=60)"),
    ("@st.cache(ttl=60, suppress_st_warning=True)", "@st.cache_data(ttl=60)"),
    ("@st.cache(suppress_st_warning=True,)", "@st.cache_data()"),
    ("@st.cache(\n    suppress_st_warning=True,\n)", "@st.cache_data()"),
    ("@st.cache(\n    ttl=60,\n    suppress_st_warning=True,\n)", "@st.cache_data(\n    ttl=60,\n)"),
    ("@st.cache(suppress_st_warning=(True), ttl=60)", "@st.cache_data(ttl=60)"),
    ("@st.cache(ttl=(60), suppress_st_warning=(True))", "@st.cache_data(ttl=(60))"),
    ("@st.cache(ttl=1, suppress_st_warning=True, max_entries=2)", "@st.cache_data(ttl=1, max_entries=2)"),
    ("@st.cache(suppress_st_warning=True, allow_output_mutation=True, ttl=1)", "@st.cache_data(ttl=1)"),
]


@pytest.mark.parametrize(("before", "after"), CACHES)
def test_a_cache_gets_its_successors_name_and_parameters(before: str, after: str) -> None:
    body = "\ndef rides():\n    return pd.read_csv('a.csv')\n"
    source = f"import pandas as pd\nimport streamlit as st\n{before}{body}"
    assert mended(source).cells == [f"import pandas as pd\nimport streamlit as st\n{after}{body}"]


def test_torchs_own_unpickler_is_left_to_the_user() -> None:
    source = "import torch, pickle, urllib.request\nurllib.request.urlretrieve(u, 'm.pt')\n"
    source += "torch.load('m.pt', pickle_module=pickle)"
    assert mended(source).cells == [source]
