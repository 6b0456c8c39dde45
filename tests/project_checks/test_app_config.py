"""What .streamlit/config.toml turns off."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic.project_checks.told import WHOLE, Place
from stsec_magic.project_checks.toml_places import key_place, key_places
from tests.credentials import password
from tests.project_checks.trees import everything, project, told

XSRF, CORS = "enableXsrfProtection = false\n", "enableCORS = false\n"


def found(folder: Path, text: str) -> list[tuple[str, str, int]]:
    findings, problems = told(project(folder, {".streamlit/config.toml": text}, git=False))
    assert problems == []
    return [(each.message.partition(":")[0], each.severity.value, each.location.line) for each in findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"[server]\n{XSRF}", [("server.enableXsrfProtection", "medium", 2)]),
        (f"[server]\n{CORS}", [("server.enableCORS", "low", 2)]),
        (
            f"# x\n[theme]\nbase = 'dark'\n[server]\n{CORS}{XSRF}",
            [("server.enableCORS", "medium", 5), ("server.enableXsrfProtection", "medium", 6)],
        ),
        ("server.enableXsrfProtection = false", [("server.enableXsrfProtection", "medium", 1)]),
        ("server = {enableXsrfProtection = false}", [("server.enableXsrfProtection", "medium", 1)]),
        ('[client]\nshowErrorDetails = "full"', [("client.showErrorDetails", "low", 2)]),
        ("[client]\r\nshowErrorDetails = true\r\n", [("client.showErrorDetails", "low", 2)]),
        ('[client]\nshowErrorDetails = "none"', []),
        ("[client]\nshowErrorDetails = false", []),
        ("[server]\nenableXsrfProtection = true\nenableCORS = true\nport = 80", []),
        ("[runner]\nenforceSerializableSessionState = false", []),
        ("[runner]\nenforceSerializableSessionState = true", [("runner.enforceSerializableSessionState", "low", 2)]),
        ('[server]\ncookieSecret = "<secret>"', []),
        ("server = 3\nclient = []", []),
        ("", []),
    ],
)
def test_settings(tmp_path: Path, text: str, expected: list[tuple[str, str, int]]) -> None:
    assert found(tmp_path, text) == expected


def test_a_secret_for_cookies(tmp_path: Path) -> None:
    value = password(1)
    root = project(tmp_path, {".streamlit/config.toml": f'[server]\n  cookieSecret = "{value}"\n'}, git=False)
    findings, problems = told(root)
    assert [each.masked for each in findings] == ["...(16)"]
    where = findings[0].location
    assert (where.line, where.column, where.end_column) == (2, 19, 35)
    assert value not in everything(findings, problems)


def test_one_that_cannot_be_read(tmp_path: Path) -> None:
    value = password(2)
    findings, problems = told(project(tmp_path, {".streamlit/config.toml": f"[server]\n{value}"}, git=False))
    assert findings == [] and len(problems) == 1 and value not in everything(findings, problems)


def test_the_config_above_the_walk_counts(tmp_path: Path) -> None:
    root = project(tmp_path, {".streamlit/config.toml": f"[server]\n{XSRF}", "nb/app.py": "import streamlit"})
    assert [each.rule for each in told(root / "nb")[0]] == ["weak-app-config"]


def test_places_of_keys() -> None:
    text = 'a = 1\n[b]\nc = 2\n"d e".f = 3\n[[g.h]]\ni = 4\n  [ j . k ]\n l="m"\n#n = 1\nc = 9\n'
    assert {".".join(key): place.line for key, (place, _) in key_places(text).items()} == {
        "a": 1, "b": 2, "b.c": 3, "b.d e": 4, "b.d e.f": 4, "g": 5, "g.h": 5, "g.h.i": 6, "j": 7, "j.k": 7, "j.k.l": 8,
        "j.k.c": 10,
    }  # fmt: skip
    assert key_place(text, "b", "c") == Place(3, 1, 2)
    assert key_place(text, "nothing") == WHOLE
