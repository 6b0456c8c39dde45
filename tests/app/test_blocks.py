import ast

from stsec_magic.app.blocks import indented
from tests.app.books import code, last_of, notes_of, text


def test_strings_keep_their_lines():
    source = 'x = """a\n  b\nc"""\nif x:\n    y = f"""{x}\n z"""\n'
    made = indented(source)
    tree = ast.parse("if True:\n" + made)
    assert ast.dump(ast.Module(tree.body[0].body, [])) == ast.dump(ast.parse(source))
    assert made.splitlines()[1:3] == ["  b", 'c"""']


def test_what_is_no_code_stays():
    assert indented("x = (") is None


def test_a_tag_moves_a_cell_into_the_sidebar():
    cell = code("x = 1\nx", tags=["stsec-sidebar"])
    assert last_of(cell) == "with st.sidebar:\n    x = 1\n    st.write(x)"
    said = text("# A\nb", metadata={"tags": ["stsec-sidebar"]})
    assert last_of(said) == 'with st.sidebar:\n    st.markdown("""# A\nb""")'


def test_a_tag_leaves_a_cell_out():
    assert last_of(code("x", tags=["stsec-skip"])) == ""


def test_a_cell_that_failed_does_not_end_the_app():
    error = {"output_type": "error", "ename": "TypeError", "evalue": "secret", "traceback": []}
    made = last_of(code("x = 1 + 'a'", error))
    assert made == "try:\n    x = 1 + 'a'\nexcept Exception as error:\n    st.error(type(error).__name__)"
    assert last_of(code("f()", tags=["raises-exception"])).startswith("try:")
    assert notes_of(code("x", error))
    stopped = {**error, "ename": "KeyboardInterrupt"}
    assert not last_of(code("x = 1", stopped)).startswith("try:")
