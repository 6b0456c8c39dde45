import pytest

from tests.app.books import app_of, last_of, notes_of


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("name = input('Who? ')", "name = st.text_input('Who? ')\nif not name:\n    st.stop()"),
        ("n = int(input('n'))", "n = st.number_input('n', value=None, step=1)\nif n is None:\n    st.stop()"),
        ("print(input('x'))", "answer = st.text_input('x')\nif not answer:\n    st.stop()\nst.text(answer)"),
        ("a, b = input().split()",
         'answer = st.text_input("Answer")\nif not answer:\n    st.stop()\na, b = answer.split()'),
        ("import getpass\nkey = getpass.getpass('Key')",
         "key = st.text_input('Key', type=\"password\")\nif not key:\n    st.stop()"),
        ("from getpass import getpass\nkeys.x = getpass()",
         'answer = st.text_input("Answer", type="password")\nif not answer:\n    st.stop()\nkeys.x = answer'),
    ],
)  # fmt: skip
def test_questions_become_widgets_that_the_app_waits_for(source, expected):
    assert last_of(source) == expected


def test_two_questions_alike_have_keys():
    assert "key=" in last_of("a = input('x')", "b = input('x')")
    assert "key=" not in last_of("a = input('x')", "b = input('y')")


def test_names_of_answers_are_free():
    assert "answer_2 = " in last_of("answer = 3", "f(input())")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "while True:\n    x = input()\n    print(x)\ny = 1",
            "x = None  # while True:\n# x = input()\n# print(x)\ny = 1",
        ),
        ("xs = [input() for _ in range(3)]\nprint(xs)", "xs = None  # xs = [input() for _ in range(3)]\nst.text(xs)"),
    ],
)
def test_a_loop_that_asks_is_left_out(source, expected):
    app = app_of(source)
    assert app.cells[0].code == expected
    assert "loop" in app.notes[0].message


def test_a_function_that_asks_in_a_loop_can_still_be_called():
    made = last_of("def ask():\n    x\n    while not x:\n        print(input())\n    return x\nask()")
    assert made.startswith('def ask(*args, **kwargs):\n    st.warning("ask() was left out of the app")\n# def ask():\n')
    assert made.endswith("\nshow(ask())")


def test_a_question_in_a_function_is_told():
    assert "doesn't wait" in notes_of("def f():\n    return input()")[0]


def test_the_module_goes_with_its_last_use():
    assert app_of("from getpass import getpass\nx = getpass()").imports[1] == []


def test_a_class_that_asks_in_a_loop_can_still_be_called():
    made = last_of("class Game:\n    def play(self):\n        while True:\n            input()\ng = Game()")
    assert made.startswith("def Game(*args, **kwargs):")
    assert made.endswith("\ng = Game()")


def test_what_shares_a_line_with_a_question_still_runs():
    assert last_of("a = input('x'); b = 2") == "a = st.text_input('x'); b = 2"
    assert "doesn't wait" in notes_of("a = input('x'); b = 2")[0]
