"""A stream that is watched: what comes through, in which pieces, and what is left when it is over."""

from __future__ import annotations

import io
import random

import pytest

from stsec_magic.live.display_patch import Patch
from stsec_magic.live.known import KnownSecrets
from stsec_magic.live.streams import Watched
from stsec_magic.project.secret_files import Kept
from tests.credentials import token

VALUE = token("streams", 40)
MASK = "...(40)"


class Session:
    """Knows one secret, and what was reported."""

    def __init__(self) -> None:
        self.known = KnownSecrets()
        self.reports: list[tuple[str, str]] = []
        self.fault: Exception | None = None

    def refresh(self) -> None:
        if self.fault is not None:
            raise self.fault
        self.known.refresh({"api_key": VALUE}, {})

    def report(self, kept: Kept, where: str) -> None:
        self.reports.append((kept.name, where))


def _watched(mask: bool = True) -> tuple[io.StringIO, Session, Watched]:
    stream, session = io.StringIO(), Session()
    # A StringIO of C takes no attributes.
    stream = type("Stream", (io.StringIO,), {})()
    return stream, session, Watched(stream, "stdout", session, mask=mask)


@pytest.mark.parametrize("seed", range(30))
def test_in_whatever_pieces_it_comes(seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(rng.choice(["a line\n", VALUE, VALUE[:7], " ", "é", VALUE[:3]]) for _ in range(12)) + "\n"
    stream, session, watched = _watched()
    at = 0
    while at < len(text):
        size = rng.choice([1, 2, 5, 17, 60])
        assert stream.write(text[at : at + size]) == len(text[at : at + size])
        at += size
    watched.close()
    assert stream.getvalue() == text.replace(VALUE, MASK)
    assert set(session.reports) == ({("api_key", "stdout")} if VALUE in text else set())


@pytest.mark.parametrize("seed", range(10))
def test_seen_alone_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    stream, session, watched = _watched(mask=False)
    at = 0
    while at < len(VALUE):
        size = rng.choice([1, 3, 11])
        stream.write(VALUE[at : at + size])
        at += size
        assert stream.getvalue() == VALUE[:at]
    watched.close()
    assert session.reports == [("api_key", "stdout")]


def test_what_may_begin_a_value_waits() -> None:
    stream, _, watched = _watched()
    stream.write(f"it is {VALUE[:10]}")
    assert stream.getvalue() == "it is "
    stream.flush()
    assert stream.getvalue() == "it is "
    stream.write(" no")
    assert stream.getvalue() == f"it is {VALUE[:10]} no"
    stream.write(f"|{VALUE[:2]}")
    stream.flush()
    assert stream.getvalue().endswith(f"|{VALUE[:2]}")
    watched.close()


def test_letter_by_letter_with_flush() -> None:
    stream, _, watched = _watched()
    for letter in VALUE:
        stream.write(letter)
        stream.flush()
    watched.close()
    assert stream.getvalue() == VALUE[:3] + MASK


def test_the_end_lets_go_what_waited() -> None:
    stream, _, watched = _watched()
    stream.write(VALUE[:12])
    watched.close()
    assert stream.getvalue() == VALUE[:12]
    stream.write(VALUE)
    assert stream.getvalue().endswith(VALUE)
    assert not {"write", "flush"} & vars(stream).keys()


@pytest.mark.parametrize("mask", [True, False])
def test_a_fault_of_ours(mask: bool) -> None:
    stream, session, watched = _watched(mask)
    session.fault = KeyError("private")
    stream.write("output\n")
    watched.close()
    assert stream.getvalue() == ("[stsec: output withheld: KeyError]\n" if mask else "output\n")


def test_what_is_no_text_is_the_streams_own_affair() -> None:
    stream, _, watched = _watched()
    with pytest.raises(TypeError):
        stream.write(b"bytes")  # type: ignore[arg-type]
    watched.close()


def test_wrappers_come_off_in_any_order() -> None:
    class Owner:
        def say(self) -> str:
            return "said"

    def around(mark: str, owner: Owner) -> Patch:
        def make(patch: Patch) -> object:
            return lambda: f"{mark}({patch.inner()})" if patch.live else patch.inner()

        return Patch(owner, "say", make)  # type: ignore[arg-type]

    owner = Owner()
    ours = around("ours", owner)
    theirs = around("theirs", owner)
    assert owner.say() == "theirs(ours(said))"
    ours.off()
    assert owner.say() == "theirs(said)"
    theirs.off()
    assert owner.say() == "said"
    theirs = around("theirs", owner)
    ours = around("ours", owner)
    ours.off()
    assert owner.say() == "theirs(said)"
    assert theirs.is_on_top
