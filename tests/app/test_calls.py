import pytest

from tests.app.books import app_of, code, displayed, last_of, notes_of


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print(f'{x}')", "st.text(f'{x}')"),
        ("print()", 'st.text("")'),
        ("print('Shape:', x.shape)", 'st.text(f"Shape: {x.shape}")'),
        ("print('a', x, sep='')", 'st.text(f"a{x}")'),
        ("print('a\"', {1: x}, end='')", 'st.text(f"a\\" { {1: x} }")'),
        ("print(x['a'], y[\"b\"])", 'st.text(" ".join(map(str, (x[\'a\'], y["b"],))))'),
        ("print(*x, sep=', ')", "st.text(', '.join(map(str, (*x,))))"),
        ("print(x, file=f)", "print(x, file=f)"),
        ("list(map(print, x))\ny = 1", "list(map(st.text, x))\ny = 1"),
        ("for i in x:\n    print(i)", "for i in x:\n    st.text(i)"),
        ("display(x)", "st.write(x)"),
        ("from IPython.display import display as show\nshow(x, 2)", "st.write(x); st.write(2)"),
        ("from IPython.display import HTML\nHTML('<b>')", "st.html('<b>')"),
        ("from IPython import display as d\nd.display(d.Image('a.png', width=90))", "st.image('a.png', width=90)"),
        ("from IPython.display import Markdown, display\ndisplay(Markdown(f'# {x}'))", "st.markdown(f'# {x}')"),
        ("from IPython.display import IFrame\nIFrame('https://x.example', 700, 350)",
         "st.iframe('https://x.example', height=350)"),
        ("from IPython.display import clear_output\nclear_output()\nx = 1", "# clear_output()\nx = 1"),
        ("help(x)", "st.help(x)"),
        ("import sys\nif x:\n    sys.exit()", "if x:\n    st.stop()"),
        ("import plotly.express as px\nfig = px.bar(x)\nfig.show()", "fig = px.bar(x)\nst.plotly_chart(fig)"),
        ("import plotly.offline as po\npo.iplot(x)", "st.plotly_chart(x)"),
        ("import altair as alt\nalt.Chart(x).mark_bar().encode(x='a')",
         "st.altair_chart(alt.Chart(x).mark_bar().encode(x='a'))"),
        ("get_ipython().system('ls')\nx = 1", "# get_ipython().system('ls')\nx = 1"),
        ("x = get_ipython().getoutput('ls')", "x = None  # x = get_ipython().getoutput('ls')"),
        ("a = 1; get_ipython().magic('x'); b = 2", "a = 1; pass; b = 2"),
        ("from google.colab import drive\ndrive.mount('/d')", "# drive.mount('/d')"),
        ("from google.colab import userdata\nkey = userdata.get('K')", "key = st.secrets['K']"),
        ("async def f():\n    return 1\nx = await f()", "async def f():\n    return 1\nx = asyncio.run(f())"),
    ],
)  # fmt: skip
def test_calls_of_notebooks_become_calls_of_streamlit(source, expected):
    assert last_of(source) == expected


def test_a_print_of_ones_own_stays():
    assert last_of("def print(x):\n    return x", "print(3)\nx = 1") == "print(3)\nx = 1"


def test_a_printed_table_is_a_table():
    assert last_of("import pandas as pd\ndf = pd.DataFrame()\nprint(df.head())").endswith("st.dataframe(df.head())")


def test_outputs_tell_how_something_is_displayed():
    cell = code("display(x)", displayed(**{"application__vnd.plotly.v1+json": {}}))
    assert last_of(cell) == "st.plotly_chart(x)"


def test_the_same_chart_twice_has_a_key():
    assert last_of("import plotly.express as px\nf = px.bar(x)\nf.show()\nf").endswith(
        'st.plotly_chart(f)\nst.plotly_chart(f, key="cell 1, 2")'
    )


def test_widgets_are_told():
    cell = code("display(w)", displayed(**{"application__vnd.jupyter.widget-view+json": {}}))
    assert "st.slider" in notes_of(cell)[0]


def test_a_name_that_is_taken_is_left_alone():
    app = app_of("from scipy import stats as st\nprint(st.norm)", "x")
    assert app.cells[0].code == "streamlit.text(st.norm)"
    assert [line for line in app.imports[2] if "streamlit" in line] == ["import streamlit"]
