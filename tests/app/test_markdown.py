import base64

from tests.app.books import app_of, last_of, notes_of, text

PIXEL = base64.b64encode(b"\x89PNG....").decode()


def test_texts_are_markdown():
    assert last_of(text("# A\n\n$x$ and \\alpha")) == 'st.markdown("""# A\n\n$x$ and \\\\alpha""")'
    assert last_of(text("one line")) == 'st.markdown("one line")'
    assert last_of(text("")) == ""


def test_harmless_html_is_html():
    assert last_of(text("a<br>b")).endswith(", unsafe_allow_html=True)")
    assert "unsafe" not in last_of(text("`<b>` and <https://x.example>"))


def test_harmful_html_is_shown_as_it_is_written():
    for source in ("<script>x</script>", "<b onclick='x'>b</b>", "<a href='javascript:x'>b</a>", "<style>p{}</style>"):
        assert "unsafe" not in last_of(text(source))
        assert "HTML" in notes_of(text(source))[0]


def test_pictures_beside_the_notebook_are_shown():
    made = last_of(text("before\n\n![A map](there/map.png)\n\nafter"))
    assert made == 'st.markdown("before")\nst.image("there/map.png", caption="A map")\nst.markdown("after")'
    assert last_of(text('<img src="there/a.png" width="3">')) == 'st.image("there/a.png")'


def test_a_picture_that_is_not_there_is_left_out_and_told():
    app = app_of(text("a\n\n![x](gone.png)\n"))
    assert "st.image" not in app.cells[0].code
    assert "left out" in app.notes[0].message


def test_pictures_from_elsewhere_stay_in_the_text():
    assert "![x](https://x.example/a.png)" in last_of(text("![x](https://x.example/a.png)"))


def test_attachments_become_files():
    attached = {"../a b.png": {"image/png": PIXEL}, "broken": {"image/png": "%%%"}}
    app = app_of(text("![x](attachment:../a_b.png)", attachments={"../a_b.png": attached["../a b.png"]}))
    assert app.files == {"x_files/a_b.png": b"\x89PNG...."}
    assert app.cells[0].code == 'st.image("x_files/a_b.png", caption="x")'
    assert "can't be read" in notes_of(text("![x](attachment:broken)", attachments=attached))[0]


def test_code_in_a_text_is_no_picture():
    assert "st.image" not in last_of(text("```\n![x](there/a.png)\n```"))


def test_formulas_of_jupyter_are_formulas():
    assert "$$\n\\\\begin{align}" in last_of(text("\\begin{align}\nx\n\\end{align}"))
