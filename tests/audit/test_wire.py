"""What a worker hands back is what it found."""

from __future__ import annotations

from stsec_magic import Config
from stsec_magic.audit.wire import pack, unpack
from stsec_magic.checker import check_raw
from stsec_magic.notebook.read import from_mapping
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, display, notebook, stream

SECRET = password("wire")
BOOK = notebook(
    code(f"password = '{SECRET}'  # stsec: ignore why \u00e9", id="a", count=3),
    code("import requests, pickle\nr = requests.get(u)", [stream(openai_key("wire"))]),
    code("pickle.loads(r.content)", [display({"text/html": f"<b>{openai_key(2)}</b>"})]),
    code(7),
    metadata={"token": password("meta") * 2},
)


def test_a_result_survives_the_wire() -> None:
    checked = check_raw(from_mapping(BOOK, "nb.ipynb"), Config(), b"key")
    assert len(checked.findings) >= 4
    assert checked.problems
    assert list(unpack(pack([(3, checked), (1, checked)]))) == [(3, checked), (1, checked)]


def test_no_secret_is_on_the_wire() -> None:
    packed = pack([(0, check_raw(from_mapping(BOOK, "nb.ipynb"), Config(), b"key"))])
    assert SECRET.encode() not in packed
    assert openai_key("wire").encode() not in packed
