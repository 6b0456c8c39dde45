"""Machine-made strings against names, words and counters."""

from __future__ import annotations

import time

import pytest

from stsec_magic.rules.randomness import changes, entropy, is_random, is_sequence
from tests.credentials import fill, token

SEEDS = range(200)


def test_entropy():
    assert entropy("") == 0
    assert entropy("aaaa") == 0
    assert entropy("ab") == pytest.approx(1)
    assert entropy("abcd") == pytest.approx(2)
    assert entropy("ä€😀x") == pytest.approx(2)


@pytest.mark.parametrize("alphabet", ["alnum", "hex", "base64url", "base64"])
@pytest.mark.parametrize("length", [24, 32, 40, 64])
def test_made_strings_look_made(alphabet: str, length: int):
    missed = [seed for seed in SEEDS if not is_random(token(seed, length, alphabet))]
    assert len(missed) <= len(SEEDS) * (0.01 if length >= 32 else 0.03)


@pytest.mark.parametrize("alphabet", ["lower", "lownum", "alpha", "alnum", "upnum"])
@pytest.mark.parametrize("length", [12, 16])
def test_short_made_strings_mostly_look_made(alphabet: str, length: int):
    missed = [seed for seed in SEEDS if not is_random(token(seed, length, alphabet))]
    assert len(missed) <= len(SEEDS) * 0.05


def test_uuids_look_made():
    assert [seed for seed in SEEDS if not is_random(fill("{uuid}", seed))] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "customerAddressLine",
        "calculateInstancePositions64xyLow",
        "ThisIsCamelCaseAndLong",
        "gpt2-small-2024",
        "dataset_version_2",
        "bert-base-uncased",
        "the quick brown fox 42 jumps",
        "123456789012345678",
        "distilbert-base-uncased-finetuned-sst-2-english",
        "internationalization",
        "--------------------",
        "INTERNATIONAL_BUSINESS_MACHINES",
        "HUGGINGFACEHUB_API_TOKEN",
        "AmazonSageMaker-ExecutionRole-20191006",
        "openmpi4.1.0-cuda11.1-cudnn8-ubuntu20.04",
        "photo-1517086822157",
        "t10k-images-idx3-ubyte.gz",
        "numCumFreqPairs",
        "HuggingFaceM4",
    ],
)
def test_names_do_not_look_made(text: str):
    assert not is_random(text)


def test_short_strings_never_look_made():
    value = token(3, 40)
    assert is_random(value, 40)
    assert not is_random(value, 41)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("a", 0), ("abc", 0), ("aBc", 2), ("a1b2", 3), ("AB12ab", 2)])
def test_changes(text: str, count: int):
    assert changes(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "abcdef",
        "123456",
        "abcd1234",
        "1234567890abcdef",
        "987654321",
        "zyxwvu",
        "qwerty",
        "asdfgh",
        "abc-def-ghi",
        "123",
        "abc",
    ],
)
def test_sequences(text: str):
    assert is_sequence(text)


@pytest.mark.parametrize("text", ["", "---", "winter", "a1b2c3d4", "195837", "pqzm4567kx"])
def test_what_is_no_sequence(text: str):
    assert not is_sequence(text)


def test_made_strings_are_no_sequences():
    assert [s for s in SEEDS if is_sequence(token(s, 32, "hex")) or is_sequence(token(s, 16, "lownum"))] == []


def test_long_strings_take_no_time():
    for text in ("a" * 100_000, "ab" * 50_000, "aB1" * 30_000, "1234567890" * 10_000):
        began = time.process_time()
        is_random(text)
        is_sequence(text)
        assert time.process_time() - began < 2
