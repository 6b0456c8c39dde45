"""What a session knows of its secrets, and where it finds them again."""

from __future__ import annotations

import base64
import copy
import html
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from stsec_magic.live.known import KnownSecrets
from stsec_magic.project.secret_files import Kept
from tests.credentials import openai_key, password, private_key, token


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without secrets files but the test's own."""
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def _known(namespace: dict[str, object] | None = None, environment: dict[str, str] | None = None) -> KnownSecrets:
    known = KnownSecrets()
    known.refresh(namespace or {}, environment or {})
    return known


def _names(known: KnownSecrets) -> list[tuple[str, str]]:
    return [(each.name, each.file) for each in known.kept]


def test_each_source_says_where_it_is(project: Path) -> None:
    (project / ".env").write_text(f"GITHUB_TOKEN={token('file', 36)}\nDEBUG=true\n")
    namespace: dict[str, object] = {
        "api_key": token("variable", 40),
        "config": {"db_password": password("dict"), "host": token("host", 20)},
        "n": 3,
    }
    environment = {"OPENAI_API_KEY": openai_key(1), "HOME": "/home/somebody", "LANG": "C.UTF-8"}
    assert sorted(_names(_known(namespace, environment))) == [
        ("GITHUB_TOKEN", ".env"),
        ("OPENAI_API_KEY", "the environment"),
        ("api_key", "this session"),
        ("config['db_password']", "this session"),
    ]


def test_passwords_inside_of_urls() -> None:
    inner, outer = password("inner"), password("outer")
    namespace: dict[str, object] = {"engine_url": f"postgresql://app:{inner}@db.internal/app"}
    known = _known(namespace, {"DATABASE_URL": f"mysql://root:{outer}@db/x"})
    assert sorted(_names(known)) == [
        ("DATABASE_URL.password", "the environment"),
        ("engine_url.password", "this session"),
    ]
    assert known.mask(f"{inner} {outer}") == "...(16) ...(16)"


ORDINARY = {
    "short": ("password", "ab1"),
    "loop over columns": ("key", "customer_segment_2024"),
    "loop over words": ("token", "state-of-the-art"),
    "word": ("token", "internationalisation"),
    "placeholder": ("api_key", "your-api-key-here"),
    "path": ("credentials", "/home/somebody/.config/gcloud/creds.json"),
    "of IPython": ("_api_key", token("underscore", 40)),
    "no secret's name": ("commit", token("commit", 40, "hex")),
    "model's token": ("pad_token", token("pad", 20)),
}


@pytest.mark.parametrize("case", ORDINARY)
def test_ordinary_variables_are_no_secrets(case: str) -> None:
    name, value = ORDINARY[case]
    assert _known({name: value}).kept == ()


@pytest.mark.parametrize("name", ["PWD", "OLDPWD", "SSH_AUTH_SOCK", "KEY_FILE"])
def test_ordinary_variables_of_the_environment_are_no_secrets(name: str) -> None:
    assert _known({}, {name: "/work/project/Folder_1/x9"}).kept == ()


class Hostile(str):
    """Whatever is done with it but asking for its type is a failure."""

    __slots__ = ()

    def _fail(self, *_: object) -> NoReturn:
        raise AssertionError("the user's code ran")

    __len__ = __eq__ = __ne__ = __getattribute__ = __repr__ = __str__ = __contains__ = _fail
    __hash__ = str.__hash__


class HostileClass(type):
    def __eq__(cls, other: object) -> bool:
        raise AssertionError("the user's code ran")

    __hash__ = type.__hash__


def test_no_code_of_the_users_runs() -> None:
    value = Hostile("x" * 40)
    things = {"api_key": value, "d": {"token": value, 3: value}, "secret": HostileClass("Odd", (), {})()}
    known = KnownSecrets()
    known.refresh(things, {})
    things["secret"] = HostileClass("Other", (), {})()
    known.refresh(things, {})
    assert known.kept == ()


def test_new_changed_and_deleted_values_stay_known() -> None:
    known = KnownSecrets()
    first, second, third = (token(i, 40) for i in range(3))
    namespace: dict[str, object] = {}
    for change in (
        lambda: namespace.update(api_key=first),
        lambda: namespace.update(api_key=second),
        lambda: namespace.update(config={}),
        lambda: namespace["config"].update(api_token=third),  # type: ignore[attr-defined]
        namespace.clear,
    ):
        change()
        known.refresh(namespace, {})
    assert known.mask(f"{first}|{second}|{third}") == "...(40)|...(40)|...(40)"


def test_the_environment_and_the_files_may_change(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = _known()
    monkeypatch.setattr("stsec_magic.live.known._FILES_EVERY", 0.0)
    known._files_due = 0.0
    folder = project / ".streamlit"
    folder.mkdir()
    (folder / "secrets.toml").write_text(f'[openai]\napi_key = "{openai_key(3)}"\n')
    known.refresh({}, {"GITHUB_TOKEN": token("later", 40)})
    assert _names(known) == [("GITHUB_TOKEN", "the environment"), ("openai.api_key", ".streamlit/secrets.toml")]


def test_memory_is_bounded() -> None:
    known = KnownSecrets()
    lasting = token("lasting", 40)
    for number in range(1100):
        known.refresh({"api_key": token(number, 40)}, {"MY_TOKEN": lasting})
    assert len(known.kept) == 1000
    assert known.found(lasting)
    assert known.found(token(1099, 40))
    assert not known.found(token(0, 40))


WAYS: dict[str, Callable[[str], str]] = {
    "alone": str,
    "in a sentence": lambda value: f"it is {value}, here",
    "JSON": json.dumps,
    "JSON twice": lambda value: json.dumps(json.dumps({"k": value})),
    "repr": repr,
    "HTML": html.escape,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "basic auth": lambda value: base64.b64encode(f"user:{value}".encode()).decode(),
    "cut off": lambda value: value[:-5] + "...",
    "cut by pandas": lambda value: value[:26] + "...",
}


@pytest.mark.parametrize("way", WAYS)
def test_found_however_it_is_written(way: str) -> None:
    value = openai_key("ways") if way.startswith("cut") else token("w", 20) + "<&'" + token("x", 20)
    if way == "JSON twice":
        value = token("w", 40)
    known = _known({"api_key": value})
    text = WAYS[way](value)
    assert [each.name for each in known.found(text)] == ["api_key"]
    assert f"...({len(value)})" in known.mask(text)
    assert value[5:18] not in known.mask(text)


def test_each_value_is_found_once_and_others_not() -> None:
    value, other = token("one", 40), token("two", 40)
    known = _known({"api_key": value, "api_token": other})
    assert [each.name for each in known.found(f"{value} {value}")] == ["api_key"]
    assert known.found(value[:20]) == []
    assert known.mask("nothing here \ud800 é") == "nothing here \ud800 é"
    assert known.mask(f"é \ud800 {value} é") == "é \ud800 ...(40) é"


def test_web_tokens_share_a_beginning() -> None:
    head = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    value = head + token("payload", 80) + "." + token("signature", 43)
    known = _known({"jwt": value})
    assert known.found(head + token("somebody else's", 80)) == []
    assert known.found(value[:80])


def test_a_private_key_and_its_lines() -> None:
    value = private_key("known")
    known = _known({"private_key": value})
    assert known.mask(value) == f"...({len(value)})"
    assert known.found(value.splitlines()[2])


def test_tail() -> None:
    value = token("tail", 40)
    known = _known({"api_key": value})
    for length in range(1, 40):
        assert known.tail(f"it is {value[:length]}") >= length
    assert known.tail(value) == 0
    assert known.tail("a line\n") == known.tail("") == 0
    assert KnownSecrets().tail(value) == 0


def test_it_shows_and_hands_on_nothing() -> None:
    value = token("quiet", 40)
    known = _known({"api_key": value})
    known.found(value)
    assert repr(known) == "KnownSecrets(1)"
    assert value not in repr(known._ready())
    thing: Any
    for thing in (known, known._ready()):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
        with pytest.raises(TypeError):
            copy.copy(thing)


def test_names_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def may_hold(name: str) -> bool:
        judged.append(name)
        return name == "api_key"

    monkeypatch.setattr("stsec_magic.live.known_names.may_hold", may_hold)
    monkeypatch.setattr("stsec_magic.live.known_names._ALL_EVERY", 3600)
    namespace: dict[str, object] = {f"name{i}": object() for i in range(500)}
    known = _known(namespace)
    assert len(judged) == 500
    namespace["api_key"] = token("once", 40)
    for _ in range(3):
        known.refresh(namespace, {})
    assert judged[500:] == ["api_key"]
    assert len(known.kept) == 1


def test_what_was_found_in_a_cell() -> None:
    value = openai_key(7)
    known = KnownSecrets()
    known.learn([Kept("k", value, "this session"), Kept("k", "short", "this session")])
    known.refresh({}, {})
    assert [each.name for each in known.found(f"k is {value}")] == ["k"]
    known.refresh({}, {"OTHER_TOKEN": token("x", 30)})
    assert known.mask(value) == f"...({len(value)})"
    assert len(known.kept) == 2


def test_a_name_that_gets_another_kind_of_value() -> None:
    value = token("later", 40)
    namespace: dict[str, object] = {"api_key": None, "other": 1}
    known = _known(namespace)
    namespace["api_key"] = value
    known.refresh(namespace, {})
    assert known.found(value)
    for i in range(3):
        namespace[f"new_{i}"] = i
        del namespace[f"new_{i}"]
    namespace["new_token"] = other = token("new", 40)
    known.refresh(namespace, {})
    assert known.found(other)
