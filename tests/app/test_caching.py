import pytest

from tests.app.books import last_of

PD = "import pandas as pd\n"


def test_a_table_from_a_file_is_read_once():
    assert last_of(PD + "df = pd.read_csv('a.csv', sep=';')") == (
        "@st.cache_data\ndef load_df():\n    return pd.read_csv('a.csv', sep=';')\n\n\ndf = load_df()"
    )


def test_a_model_that_is_only_asked_is_shared():
    made = last_of("from transformers import pipeline\np = pipeline('x')\np('a')")
    assert "@st.cache_resource" in made


@pytest.mark.parametrize(
    "source",
    [
        PD + "df = pd.read_csv('https://x.example/a.csv')",
        PD + "df = pd.read_csv(path)",
        PD + "df = pd.read_pickle('a.pkl')",
        PD + "df.to_csv('a.csv')\ndf2 = pd.read_csv('a.csv')",
        PD + "df = pd.read_csv('a.csv')\ndf = pd.read_csv('b.csv')",
        PD + "if x:\n    df = pd.read_csv('a.csv')",
        PD + "x = 1; df = pd.read_csv('a.csv')",
        PD + "def load_df(): ...\ndf = pd.read_csv('a.csv')",
        "from transformers import pipeline\np = pipeline('x')\np.model.eval()",
        "from transformers import pipeline\np = pipeline('x')\nf(p)",
        "import joblib\nm = joblib.load('m.joblib')",
        "import torch\nm = torch.load('m.pt')",
    ],
)
def test_nothing_is_cached_where_that_may_change_anything(source):
    assert "cache" not in last_of(source)
