from __future__ import annotations

import base64
import json

import pytest

from tests.credentials import openai_key
from tests.redact.books import book, code, display, markdown, redact, remains

KEY = openai_key("binary")


@pytest.mark.parametrize("before", range(3))
@pytest.mark.parametrize("wrapped", (False, True))
def test_an_image_stays_decodable(before: int, *, wrapped: bool) -> None:
    image = b"\x89PNG" + b"." * before + KEY.encode() + bytes(range(256))
    data = (base64.encodebytes if wrapped else base64.b64encode)(image).decode()
    result = redact(book(code("x", display(image_png=data, application_pdf=data))), KEY)
    for made in result.notebook["cells"][0]["outputs"][0]["data"].values():
        again = base64.b64decode(made)
        assert len(again) == len(image)
        assert again.startswith(b"\x89PNG")
        assert again.endswith(bytes(range(256)))
        assert KEY.encode()[2:-2] not in again
    assert remains(result.notebook, KEY) == []


def test_attachments_stay_decodable_and_their_names_are_masked() -> None:
    data = base64.b64encode(f"a text with {KEY} in it".encode()).decode()
    cell = markdown(f"![x](attachment:{KEY}.png)", attachments={f"{KEY}.png": {"image/png": data, "text/plain": KEY}})
    made = redact(book(cell), KEY).notebook["cells"][0]
    ((name, bundle),) = made["attachments"].items()
    assert made["source"] == f"![x](attachment:{name})"
    assert base64.b64decode(bundle["image/png"]).startswith(b"a text with ")
    assert remains(made, KEY) == []


def test_a_data_uri_in_html_and_in_json_stays_decodable() -> None:
    image = base64.b64encode(b"\x89PNG" + KEY.encode() + b"end").decode()
    markup = f"<img src='data:image/png;base64,{image}'> and {KEY}"
    result = redact(book(code("x", display(text_html=markup, application_json={"uri": json.dumps(markup)}))), KEY)
    made = result.notebook["cells"][0]["outputs"][0]["data"]["text/html"]
    uri = made.partition("base64,")[2].partition("'")[0]
    assert base64.b64decode(uri).endswith(b"end")
    assert made.endswith(f" and sk-proj-...({len(KEY)})")
    assert remains(result.notebook, KEY) == []


def test_an_image_that_holds_no_secret_is_as_it_was() -> None:
    data = base64.b64encode(bytes(range(256)) * 20).decode()
    result = redact(book(code(f"k = '{KEY}'", display(image_png=data))), KEY)
    assert result.notebook["cells"][0]["outputs"][0]["data"]["image/png"] == data
