"""Columns of tables that are shown."""

from __future__ import annotations

import time

import pytest

from stsec_magic.notebook.html_text import seen
from stsec_magic.source.keyvalue import names
from stsec_magic.source.tables import column_values

ROWS = [("ada", "v-1", "31"), ("bob", "v-2", "4")]
HTML = (
    "<table><tr><th></th><th>user</th><th>password</th><th>age</th></tr>"
    "<tr><th>0</th><td>ada</td><td>v-1</td><td>31</td></tr><tr><th>1</th><td>bob</td><td>v-2</td><td>4</td></tr></table>"
)


def values(text: str, word: str = "password") -> list[str]:
    found = []
    for name in names(text, [text.index(word)]):
        for value in column_values(text, name):
            assert text[value.start : value.end] == value.value and value.name == word
            found.append(value.value)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "  user password  age\n0  ada      v-1   31\n1  bob      v-2    4\n".replace("user password", "user  password"),
        "user,password,age\nada,v-1,31\nbob,v-2,4\n",
        "user;password;age\nada;v-1;31\nbob;v-2;4",
        "user\tpassword\tage\nada\tv-1\t31\nbob\tv-2\t4\n",
        "| user | password | age |\n|---|:---:|---|\n| ada | `v-1` | 31 |\n| bob | v-2 | 4 |\n\nafter",
        "+----+--------+---+\n|user|password|age|\n+----+--------+---+\n|ada |v-1     |31 |\n|bob |v-2     |4  |\n",
        '"user","password","age"\n"ada","v-1","31"\n"bob","v-2","4"\n',
        seen(HTML)[0],
        seen(HTML.replace("<t", "\n    <t").replace("</tr", "\n  </tr"))[0],
    ],
)
def test_every_row_gives_its_value(text: str):
    assert values(text) == ["v-1", "v-2"]


@pytest.mark.parametrize(
    "text",
    [
        "password",
        "the password of the user\nada is v-1\n",
        "the user, the password, the age\nada,v-1,31\n",
        "user,password,age\n\nada,v-1,31",
        "user,password,age\nada,v-1\n",
        "user,old password,age\nada,v-1,31\n",
    ],
)
def test_anything_else_gives_nothing(text: str):
    assert values(text) == []


def test_a_column_alone_beside_an_index():
    assert values("  password\n0      v-1\n1      v-2\n") == ["v-1", "v-2"]


def test_long_tables_end():
    text = "user,password\n" + "ada,v-1\n" * 5000
    assert len(values(text)) < 200


@pytest.mark.parametrize("unit", ["password,", "password\t", "\tpassword\t", "password\n", "password|", "\t\n\n\t"])
def test_hostile_text_costs_little_time(unit: str):
    text = "password" + unit * 4000
    hits = [i for i in range(len(text)) if text.startswith("password", i)]
    began = time.process_time()
    for name in names(text, hits):
        list(column_values(text, name))
    assert time.process_time() - began < 3
