"""Percent-encoding, compared with the standard library's."""

from __future__ import annotations

from urllib.parse import quote, unquote

from hypothesis import given
from hypothesis import strategies as st

from stsec_magic.model import percent


@given(st.text())
def test_encoding_is_that_of_the_standard_library(text: str):
    assert percent.encode(text) == quote(text, safe="")
    assert percent.encode(text, "/") == quote(text, safe="/")


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_decoding_is_that_of_the_standard_library(text: str):
    assert percent.decode(quote(text)) == text
    assert percent.decode(text) == unquote(text)


def test_lone_surrogates_and_odd_signs_are_no_trouble():
    assert percent.encode("\ud800") == "%ED%A0%80"
    assert percent.decode("100%") == "100%"
    assert percent.decode("%FF") == "\ufffd"
