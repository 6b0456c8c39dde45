import pytest

from tests.app.books import app_of, code, last_of, result

FRAME = "import pandas as pd\ndf = pd.read_csv(path)"
PLT = "import matplotlib.pyplot as plt"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x", "st.write(x)"),
        ("x;", "_ = x;"),
        ("x = 1", "x = 1"),
        ("x\ny", "_ = x\nst.write(y)"),
        ("f(x)", "show(f(x))"),
        ("f(x);", "f(x);"),
        ("model.fit(x)", "model.fit(x)"),
        ("(x\n .y)", "(st.write(x\n .y))"),
        ("'text'", "st.text('text')"),
        ("None", "_ = None"),
        ("if x:\n    y", "if x:\n    _ = y"),
        ("def f():\n    '''Doc.'''\n    x", "def f():\n    '''Doc.'''\n    _ = x"),
        ("class A:\n    x", "class A:\n    x"),
        ("import streamlit as st\nst.write(1)", "st.write(1)"),
        ("# nothing", "# nothing"),
        ("x  # why", "st.write(x)  # why"),
    ],
)
def test_the_last_expression_is_shown_and_no_other(source, expected):
    assert last_of(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("df", "st.dataframe(df)"),
        ("df.head()", "st.dataframe(df.head())"),
        ("df['a'].value_counts()", "st.dataframe(df['a'].value_counts())"),
        ("df[df.a > 3]", "st.dataframe(df[df.a > 3])"),
        ("df.groupby('a').sum()", "st.dataframe(df.groupby('a').sum())"),
        ("df.iloc[:3]", "st.dataframe(df.iloc[:3])"),
        ("df['a'].mean()", "show(df['a'].mean())"),
        ("df.loc[0, 'a']", "st.write(df.loc[0, 'a'])"),
        ("df.shape", "st.write(df.shape)"),
        ("df.style.highlight_max()", "show(df.style.highlight_max())"),
        ("df.info()", "show_info(df)"),
        ("df.head(3).info(verbose=True)", "show_info(df.head(3), verbose=True)"),
        ("log.info()", "show(log.info())"),
        ("df.drop(columns='a', inplace=True)", "show(df.drop(columns='a', inplace=True))"),
    ],
)
def test_tables_are_known_by_the_code(source, expected):
    assert last_of(FRAME, source) == expected


def test_outputs_say_what_the_code_does_not():
    table = result(text__html='<table class="dataframe">', text__plain="x")
    assert last_of(code("make(x)", table)) == "st.dataframe(make(x))"
    assert last_of(code("make(x)", result(text__plain="3"))) == "st.write(make(x))"
    said = {"output_type": "stream", "name": "stdout", "text": "done"}
    assert last_of(code("make(x)", said)) == "make(x)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plt.plot(x)", "plt.plot(x)\nst.pyplot(plt.gcf()); plt.close()"),
        ("plt.plot(x)\nplt.show()", "plt.plot(x)\nst.pyplot(plt.gcf()); plt.close()"),
        ("fig, ax = plt.subplots()\nax.plot(x)",
         "fig, ax = plt.subplots()\nax.plot(x)\nst.pyplot(fig); plt.close(fig)"),
        ("f = plt.figure()\nplt.bar(x, y)\nplt.show()",
         "f = plt.figure()\nplt.bar(x, y)\nst.pyplot(f); plt.close(f)"),
        ("plt.figure()\nplt.plot(x)\nplt.figure()\nplt.plot(y)",
         "plt.figure()\nplt.plot(x)\nplt.figure()\nplt.plot(y)\nshow_figures()"),
        ("for i in x:\n    plt.plot(i)\n    plt.show()",
         "for i in x:\n    plt.plot(i)\n    st.pyplot(plt.gcf()); plt.close()"),
        ("for i in x:\n    plt.figure()\n    plt.plot(i)",
         "for i in x:\n    plt.figure()\n    plt.plot(i)\nshow_figures()"),
        ("fig = plt.figure()\nfig", "fig = plt.figure()\nst.pyplot(fig)"),
        ("def draw():\n    plt.plot(x)", "def draw():\n    plt.plot(x)"),
        ("plt.rcParams['a'] = 1", "plt.rcParams['a'] = 1"),
        ("plt.style.use('x')", "plt.style.use('x')"),
        ("things.plot()", "things.plot()\nst.pyplot(plt.gcf()); plt.close()"),
    ],
)  # fmt: skip
def test_figures_are_shown_when_the_notebook_would(source, expected):
    assert last_of(PLT, source) == expected


def test_a_function_that_draws_is_followed():
    assert last_of(PLT, "def draw():\n    plt.plot(x)", "draw()").endswith("st.pyplot(plt.gcf()); plt.close()")
    shows = "def draw():\n    plt.plot(x)\n    plt.show()"
    assert last_of(PLT, shows, "draw()\nx = 1") == "draw()\nx = 1"


def test_outputs_say_whether_a_figure_was_left():
    said = {"output_type": "stream", "name": "stdout", "text": "saved"}
    closed = code("plt.plot(x)\nplt.savefig('a.png')\nplt.close()", said)
    assert "pyplot" not in last_of(PLT, closed)
    given = code("make(x)", result(image__png="x", text__plain="<Figure size 640x480 with 1 Axes>"))
    assert last_of(PLT, given) == "st.pyplot(make(x))"


def test_a_chart_that_is_changed_is_shown():
    made = last_of("import plotly.express as px\nf = px.bar(x)", "f.update_layout(title='x')")
    assert made == "st.plotly_chart(f.update_layout(title='x'))"


def test_helpers_come_only_where_they_are_needed():
    assert app_of("x").helpers == ""
    assert "def show(value)" in app_of("f(x)").helpers
    assert "table.info(buf=text, **options)" in app_of(FRAME, "df.info()").helpers
    assert "import io" in app_of(FRAME, "df.info()").imports[1]
    two = app_of(PLT, "plt.figure()\nplt.plot(x)\nplt.figure()\nplt.plot(y)")
    assert "plt.get_fignums()" in two.helpers


def test_captured_cells_show_nothing():
    assert last_of(PLT, "%%capture\nplt.plot(x)\nprint(1)\nx") == "# %%capture\nplt.plot(x)\nprint(1)\nx"
