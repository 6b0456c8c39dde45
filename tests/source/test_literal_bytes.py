"""Bytes that are written in the notebook, however they are encoded."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import lzma
import pickle
import zlib

import pytest

from stsec_magic import check
from stsec_magic.source.literal_bytes import LiteralBytes
from stsec_magic.source.reach import Reach
from tests.notebooks_in_memory import code, notebook
from tests.source.flowing import argument, names

DATA = b"\x80\x04some bytes\xff\x00."
IMPORTS = "import base64, binascii, bz2, codecs, gzip, io, lzma, zlib\nfrom base64 import b64decode as d\n"


def literal(*sources: str) -> bytes | None:
    known = names(IMPORTS, *sources)
    return LiteralBytes(known, Reach(known)).of(argument(known))


B64 = base64.b64encode(DATA).decode()
HALF = len(B64) // 2


@pytest.mark.parametrize(
    "expression",
    [
        repr(DATA),
        f"base64.b64decode('{B64}')",
        f"base64.b64decode(b'{B64}')",
        f"base64.b64decode('{B64.rstrip('=')}')",
        f"d('{B64[:HALF]}' '{B64[HALF:]}')",
        f"d('{B64[:HALF]}' + '{B64[HALF:]}')",
        f"d(''.join(['{B64[:HALF]}', '{B64[HALF:]}']))",
        f"d('''\n{B64[:HALF]}\n{B64[HALF:]}\n''')",
        f"d('{B64}'.encode())",
        f"base64.urlsafe_b64decode('{base64.urlsafe_b64encode(DATA).decode()}')",
        f"base64.b85decode('{base64.b85encode(DATA).decode()}')",
        f"base64.b32decode('{base64.b32encode(DATA).decode()}')",
        f"base64.b16decode('{base64.b16encode(DATA).decode()}')",
        f"bytes.fromhex('{DATA.hex()}')",
        f"bytearray.fromhex('{DATA.hex(' ')}')",
        f"binascii.unhexlify('{DATA.hex()}')",
        f"binascii.a2b_base64('{B64}')",
        f"codecs.decode('{B64}', 'base64')",
        f"codecs.decode('{DATA.hex()}', 'hex')",
        f"zlib.decompress({zlib.compress(DATA)!r})",
        f"gzip.decompress({gzip.compress(DATA)!r})",
        f"bz2.decompress({bz2.compress(DATA)!r})",
        f"lzma.decompress({lzma.compress(DATA)!r})",
        f"io.BytesIO({DATA!r})",
        f"io.BytesIO(d('{B64}')).read()",
        f"bytes({DATA!r})",
    ],
)
def test_it_is_put_together(expression: str) -> None:
    assert literal(f"f({expression})") == DATA


def test_it_is_followed_through_names_and_cells() -> None:
    assert literal(f"blob = '{B64}'", "raw = d(blob)", "f(raw)") == DATA


@pytest.mark.parametrize(
    "source",
    [
        "f('text')",
        "f(read())",
        "f(d(read()))",
        "f(b'a' + read())",
        "f(zlib.decompress(b'nothing of the kind'))",
        "f(bytes.fromhex('xyz'))",
        "f('model.pkl')",
        "x = b'a'\nif c:\n    x = b'b'\nf(x)",
    ],
)
def test_whatever_else_is_none(source: str) -> None:
    assert literal(source) is None


def test_a_bomb_stays_small() -> None:
    bomb = base64.b64encode(zlib.compress(bytes(1 << 26))).decode()
    found = literal(f"f(zlib.decompress(d('{bomb}')))")
    assert found is not None
    assert len(found) <= 1 << 25


def test_a_chain_without_an_end_is_none() -> None:
    assert literal("x = x\nf(x)") is None


@pytest.mark.parametrize(("blob", "verdict", "severity"), [(pickle.dumps([1, 2]), "clean", "low")])
def test_a_load_of_a_literal_is_judged(blob: bytes, verdict: str, severity: str) -> None:
    source = f"import base64, pickle\npickle.loads(base64.b64decode('{base64.b64encode(blob).decode()}'))"
    (found,) = check(notebook(code(source))).findings
    assert (found.properties["origin"], found.properties["verdict"]) == ("literal", verdict)
    assert found.severity == severity


def test_hexlify_is_no_decoder() -> None:
    assert literal(f"f(binascii.hexlify({binascii.hexlify(DATA)!r}))") is None
