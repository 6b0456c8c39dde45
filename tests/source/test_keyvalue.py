"""Values beside names in text that nobody parses."""

from __future__ import annotations

import time

import pytest

from stsec_magic.source.keyvalue import named_values, names
from stsec_magic.source.namedvalue import Form


@pytest.mark.parametrize(
    ("text", "name", "value", "form"),
    [
        ('token = "v-1"', "token", "v-1", Form.QUOTED),
        ("token='v-1'", "token", "v-1", Form.QUOTED),
        ("token: v-1", "token", "v-1", Form.BARE),
        ("token:v-1 # why", "token", "v-1", Form.BARE),
        ("export MY_TOKEN=v-1", "MY_TOKEN", "v-1", Form.BARE),
        ("--token v-1", "token", "v-1", Form.SPACED),
        ("--token=v-1", "token", "v-1", Form.BARE),
        ('{"my-token": "v-1"}', "my-token", "v-1", Form.QUOTED),
        ('{\\"token\\": \\"v-1\\"}', "token", "v-1", Form.QUOTED),
        ("d['token'] = 'v-1'", "token", "v-1", Form.QUOTED),
        ('token <- "v-1"', "token", "v-1", Form.QUOTED),
        ('token => "v-1"', "token", "v-1", Form.QUOTED),
        ('token := "v-1"', "token", "v-1", Form.QUOTED),
        ('const token: string = "v-1";', "token", "v-1", Form.QUOTED),
        ('setenv("token", "v-1")', "token", "v-1", Form.BARE),
        ("<token>v-12</token>", "token", "v-12", Form.BARE),
        ("curl -H 'x-token: v-1'", "x-token", "v-1", Form.BARE),
        ('token = f"v-1"', "token", "v-1", Form.QUOTED),
        ('token = "Bearer v-1"', "token", "v-1", Form.QUOTED),
        ('token = "it\'s"', "token", "it's", Form.QUOTED),
        ("token = v-1.", "token", "v-1", Form.BARE),
        ("token:\t\u00e9\U0001f600x", "token", "\u00e9\U0001f600x", Form.BARE),
        ("a.b.token.c = 'v-1'", "a.b.token.c", "v-1", Form.QUOTED),
        ("https://x-token:v-1@example.org/a", "x-token", "v-1", Form.BARE),
        (";token:v-1@example.org", "token", "v-1@example.org", Form.BARE),
    ],
)
def test_name_value_and_form(text: str, name: str, value: str, form: Form) -> None:
    (found,) = named_values(text, names(text, [text.lower().index("token")]))
    assert (found.name, found.value, found.form) == (name, value, form)
    assert text[found.start : found.end] == value


@pytest.mark.parametrize(
    "text",
    [
        "token",
        "token\n",
        "token =",
        "token: \n  next: x",
        "token...",
        "(token, value)",
        "token = ...",
        "token\n\nvalue",
        "",
    ],
)
def test_a_name_without_a_value_gives_nothing(text: str) -> None:
    assert list(named_values(text, names(text, [0] if text else []))) == []


def test_each_of_several_names_gets_its_own_value() -> None:
    text = 'token="v-1", token = "v-2"; token: v-3'
    hits = [i for i in range(len(text)) if text.startswith("token", i)]
    assert [found.value for found in named_values(text, names(text, hits))] == ["v-1", "v-2", "v-3"]


def test_the_repr_of_a_named_value_does_not_show_it() -> None:
    (found,) = named_values("token = 'v-12345'", names("token = 'v-12345'", [0]))
    assert "v-12345" not in repr(found)


@pytest.mark.parametrize(
    "text", ['token="' * 4000, "token=" * 5000, "token \\\" ' ` " * 3000, 'token = "' + "\\a'" * 9000]
)
def test_hostile_text_costs_little_time(text: str) -> None:
    hits = [i for i in range(len(text)) if text.startswith("token", i)]
    began = time.process_time()
    list(named_values(text, names(text, hits)))
    assert time.process_time() - began < 3
