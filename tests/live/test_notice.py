"""What the guard says."""

from __future__ import annotations

from stsec_magic.live import notice
from stsec_magic.live.displays import Seen
from stsec_magic.notebook.ansi import strip


def test_a_line_on_what_was_displayed() -> None:
    seen = (Seen("API_KEY", "the environment", "stdout"), Seen("API_KEY", "the environment", "result"))
    shown = strip(notice.displayed(seen, masked=False))[0]
    assert shown.startswith("stsec: this cell's output shows API_KEY (the environment) in stdout and result")
    assert "\n" not in shown
    assert strip(notice.displayed(seen, masked=True))[0] == (
        "stsec masked API_KEY (the environment) in stdout and result"
    )


def test_names_are_made_harmless() -> None:
    assert "\x1b[2J" not in notice.displayed((Seen("a\x1b[2J\n", "x", "stdout"),), masked=True)


def test_a_fault() -> None:
    assert len(notice.at_fault("an internal fault (ValueError)", stops=True)) == 3
    assert len(notice.at_fault("an internal fault (ValueError)", stops=False)) == 1
