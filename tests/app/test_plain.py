import pytest

from stsec_magic.app.plain import plain, quoted
from stsec_magic.app.streamlit import named


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 5 % 3", "x = 5 % 3"),
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("if x:\n    %run other.py\ny = 1", "if x:\n    pass  # %run other.py\ny = 1"),
        ("%time y = f(x)", "y = f(x)"),
        ("%timeit f(x)", "# %timeit f(x)"),
        ("x = %time f(1)", "x = f(1)"),
        ("files = !ls *.csv", "files = []  # files = !ls *.csv"),
        ("x = %sql SELECT 1", "x = None  # x = %sql SELECT 1"),
        ("!wget http://a.example \\\n  -O x", "# !wget http://a.example \\\n# -O x"),
        ("df.head?", "# df.head?"),
        ("%env MODE=fast", 'os.environ["MODE"] = "fast"'),
        ("%env MODE", "# %env MODE"),
        ("%env MODE={mode}", "# %env MODE={mode}"),
        ("%pylab inline", "from pylab import *  # %pylab inline"),
        ("%%time\nx = 1", "# %%time\nx = 1"),
        ("%%bash\nls\n\ncat x", "# %%bash\n# ls\n\n# cat x"),
        ("%%html\n<b>x</b>", 'st.html("<b>x</b>")\n'),
        ("%%markdown\n# A\n\ntext", 'st.markdown("""# A\n\ntext""")\n'),
        (">>> x = 1\n>>> %pwd", "x = 1\n# %pwd"),
        ("print 'old'", "print 'old'"),
    ],
)
def test_ipythons_syntax_becomes_python(source, expected):
    assert named(plain(source).text, "st") == expected


@pytest.mark.parametrize(
    ("source", "installs"),
    [
        ("%pip install pandas==2.1 'seaborn>=0.13'", ["pandas==2.1", "seaborn>=0.13"]),
        ("!pip install -q -U numpy && pip install scipy", ["numpy", "scipy"]),
        ("!python -m pip install --index-url https://x.example polars", ["polars"]),
        ("%conda install -y -c conda-forge geopandas=1.0", ["geopandas==1.0"]),
        ("!sudo pip3 install altair", ["altair"]),
        ("!uv pip install duckdb", ["duckdb"]),
        ("%%bash\npip install requests\npip install lxml", ["requests", "lxml"]),
    ],
)
def test_installs_are_requirements_and_no_loss(source, installs):
    made = plain(source)
    assert made.installs == installs
    assert not made.notes
    assert all(line.startswith("#") for line in made.text.splitlines())


@pytest.mark.parametrize("source", ["!ls -la", "!nvidia-smi", "%load_ext autoreload", "%matplotlib inline", "%who"])
def test_what_only_looks_is_no_loss(source):
    assert not plain(source).notes


@pytest.mark.parametrize(
    "source", ["!git clone x", "%run a.py", "%cd data", "x = !date", "%%writefile a.py\nx", "%store -r x", "%%sh\nmake"]
)
def test_what_does_something_is_told(source):
    assert len(plain(source).notes) == 1


def test_a_magics_line_may_be_of_any_length():
    source = "%%bash " + "x " * 5_000
    assert plain(source).text == "# " + source


def test_a_note_tells_nothing_of_a_command():
    notes = plain("!mytool --token abcdefgh").notes
    assert notes
    assert "abcdefgh" not in str(notes)


def test_captured_output_is_not_shown():
    assert plain("%%capture\nprint(1)").is_silent
    assert not plain("%%time\nprint(1)").is_silent


@pytest.mark.parametrize(
    "text", ["", "a", 'a "b"', "a\nb", 'a\n"""b"""\n"', "\\n", "\\", "a\\", "tab\there\n", "\x07\nx", "x" * 150]
)
def test_a_quoted_text_reads_as_it_was(text):
    assert eval(quoted(text)) == text
