"""What counts as a check of a load's bytes; whole notebooks are in tests/cases/untrusted-load-guards.md."""

from __future__ import annotations

import pytest

from stsec_magic import check
from tests.notebooks_in_memory import code, notebook

PIN = "0123456789abcdef" * 4
START = "import hashlib, hmac, pickle, sys\ndata = open('m.pkl', 'rb').read()\nh = hashlib.sha256(data).hexdigest()\n"


def is_checked(*sources: str) -> bool:
    """Whether the only load is silent."""
    report = check(notebook(*map(code, sources)))
    assert report.problems == ()
    return not report.findings


@pytest.mark.parametrize(
    ("condition", "checked"),
    [
        ("h == PIN", True),
        ("PIN == h", True),
        ("h in {PIN, OTHER}", True),
        ("h == PIN.lower()", True),
        ("hmac.compare_digest(h, PIN)", True),
        ("h == PIN and x", True),
        ("not h != PIN", True),
        ("not (h != PIN or x)", True),
        ("h == PIN or x", False),
        ("not h == PIN", False),
        ("h != PIN", False),
        ("h == 'abc'", False),
        ("h == h", False),
        ("h == other()", False),
        ("h.startswith(PIN)", False),
        ("PIN", False),
        ("h[:4] == PIN[:4]", False),
        ("(h == PIN, 'changed')", False),
    ],
)
def test_conditions(condition: str, checked: bool) -> None:
    pins = f"PIN = '{PIN}'\nOTHER = '{PIN[::-1]}'\n"
    load = "m = pickle.loads(data)"
    assert is_checked(START + pins + f"assert {condition}\n{load}") is checked
    assert is_checked(START + pins + f"if {condition}:\n    {load}") is checked
    assert is_checked(START + pins + f"if not ({condition}):\n    raise E\n{load}") is checked
    assert is_checked(START + pins + f"assert {condition}", load) is checked


@pytest.mark.parametrize(
    ("leaving", "leaves"),
    [
        ("raise E", True),
        ("sys.exit(1)", True),
        ("exit()", True),
        ("print(1)\n    quit()", True),
        ("pass", False),
        ("print('exit')", False),
        ("x = exit", False),
        ("raise_later()", False),
    ],
)
def test_the_branch_must_leave(leaving: str, leaves: bool) -> None:
    assert is_checked(f"{START}if h != '{PIN}':\n    {leaving}\nm = pickle.loads(data)") is leaves


@pytest.mark.parametrize(
    ("digest", "strong"),
    [
        ("hashlib.sha256(data)", True),
        ("hashlib.sha512(data)", True),
        ("hashlib.blake2b(data)", True),
        ("hashlib.new('sha256', data)", True),
        ("hashlib.md5(data)", False),
        ("hashlib.sha1(data)", False),
        ("hashlib.new('md5', data)", False),
        ("hashlib.new('SHA1', data)", False),
        ("mine.sha256(data)", False),
    ],
)
def test_algorithms(digest: str, strong: bool) -> None:
    assert is_checked(f"{START}assert {digest}.hexdigest() == '{PIN}'\nm = pickle.loads(data)") is strong


def test_a_helper_is_followed_with_its_arguments() -> None:
    helper = f"""
import hashlib, pickle
def right(path):
    return hashlib.sha256(open(path, 'rb').read()).hexdigest() == '{PIN}'
def maybe(path):
    if x:
        return True
    return hashlib.sha256(open(path, 'rb').read()).hexdigest() == '{PIN}'
"""
    load = "m = pickle.load(open('m.pkl', 'rb'))"
    assert is_checked(helper, f"assert right('m.pkl')\n{load}")
    assert is_checked(helper, f"if not right('m.pkl'):\n    raise E\n{load}")
    assert not is_checked(helper, f"assert right('n.pkl')\n{load}")
    assert not is_checked(helper, f"right('m.pkl')\n{load}")
    assert not is_checked(helper, f"assert not right('m.pkl')\n{load}")
    assert not is_checked(helper, f"assert maybe('m.pkl')\n{load}")


def test_new_bytes_undo_the_check() -> None:
    checked = f"{START}assert h == '{PIN}'\n"
    load = "m = pickle.load(open('m.pkl', 'rb'))"
    assert is_checked(checked + load)
    assert not is_checked(checked, "!wget -O m.pkl https://example.org/m.pkl", load)
    assert is_checked("!wget -O m.pkl https://example.org/m.pkl", checked, load)
    assert is_checked(checked, "!wget -O n.pkl https://example.org/m.pkl", load)
