import pytest

from stsec_magic.app.kind import Kind
from stsec_magic.app.outputs import evidence, printed
from tests.app.books import code, displayed, result
from tests.app.books import printed as stream


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"text__html": '<table border="1" class="dataframe">', "text__plain": "x"}, Kind.DATAFRAME),
        ({"application__vnd.plotly.v1+json": {}}, Kind.PLOTLY),
        ({"application__vnd.vegalite.v5+json": {}, "text__plain": "alt.Chart(...)"}, Kind.ALTAIR),
        ({"image__png": "x", "text__plain": "<PIL.Image.Image image mode=RGB>"}, Kind.IMAGE),
        ({"image__png": "x", "text__plain": "<Figure size 640x480 with 1 Axes>"}, Kind.FIGURE),
        ({"text__plain": "[<matplotlib.lines.Line2D at 0x7f>]"}, Kind.ARTISTS),
        ({"text__plain": ["<Axes: ", "xlabel='x'>"]}, Kind.ARTISTS),
        ({"text__plain": "'abc'"}, Kind.TEXT),
        ({"text__plain": "42"}, Kind.VALUE),
        ({"application__vnd.jupyter.widget-view+json": {}}, Kind.WIDGET),
    ],
)
def test_outputs_tell_what_a_cell_gave(data, kind):
    assert evidence(code("x", result(**data))).result is kind


def test_figures_and_failures_are_counted():
    figure = displayed(image__png="x", text__plain="<Figure size 1x1>")
    error = {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": []}
    found = evidence(code("x", figure, figure, error))
    assert (found.figures, found.failed, found.result, found.displayed) == (2, "ValueError", Kind.NOTHING, ())


def test_a_cell_without_outputs_tells_nothing():
    assert not evidence(code("x")).ran
    assert not evidence(code("x", ran=True)).ran
    assert not evidence({"cell_type": "code", "outputs": [None, 3], "source": ""}).ran


def test_what_was_printed():
    listed = {"output_type": "stream", "name": "stderr", "text": ["c", "d"]}
    assert printed(code("x", stream("a"), result(text__plain="b"), listed)) == "a\ncd"
