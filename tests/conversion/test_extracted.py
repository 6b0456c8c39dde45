"""Files beside the result."""

from __future__ import annotations

from stsec_magic.conversion.extracted import mask_files
from stsec_magic.hits import masker_of
from tests.conversion.books import key
from tests.credentials import password


def test_texts_are_masked_and_images_stay() -> None:
    secret, image = key("file"), b"\x89PNG\r\n\x1a\n\xff\xd8"
    resources = {
        "outputs": {"a.svg": f"<svg>{secret}</svg>".encode(), "b.png": image, "c.txt": f"x {secret}"},
        "attachments": {"d.json": f'{{"k": "{secret}"}}'.encode(), "e.txt": b"nothing"},
    }
    assert mask_files(resources, ()) == 3
    assert secret not in str(resources)
    assert resources["outputs"]["a.svg"] == f"<svg>sk-proj-...({len(secret)})</svg>".encode()
    assert resources["outputs"]["b.png"] == image
    assert resources["attachments"]["e.txt"] == b"nothing"


def test_what_the_notebook_s_check_knows_is_masked() -> None:
    secret = password("beside")
    resources = {"outputs": {"a.txt": f"as it was: {secret}".encode()}}
    assert mask_files(resources, [masker_of([f'password = "{secret}"'])]) == 1
    assert secret not in str(resources)


def test_without_files() -> None:
    assert mask_files({}, ()) == 0
    assert mask_files({"outputs": ""}, ()) == 0
