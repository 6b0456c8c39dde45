"""May a cell run?"""

from __future__ import annotations

import pytest

from stsec_magic.live.cell_check import CellCheck
from stsec_magic.live.decision import Decision, decided, refused
from stsec_magic.live.known import KnownSecrets
from stsec_magic.live.namespace import Namespace
from stsec_magic.live.session import Ran
from stsec_magic.model.config import Config
from tests.credentials import openai_key

KEY = openai_key("decision")
LEAKY = f"x = 1\nkey = '{KEY}'"


def judged(source: str) -> Decision:
    return decided(
        source, CellCheck(Namespace({}), KnownSecrets()).of(Ran(1, source), (), Config()), stops=True, masks=False
    )


def test_findings_stop_a_cell_or_are_said() -> None:
    found = CellCheck(Namespace({}), KnownSecrets()).of(Ran(1, LEAKY), (), Config())
    stopped = decided(LEAKY, found, stops=True, masks=False)
    assert len(stopped.stop) == 3
    assert (stopped.say, stopped.hides) == ((), True)
    warned = decided(LEAKY, found, stops=False, masks=False)
    assert (warned.stop, len(warned.say), warned.hides) == ((), 3, False)
    assert decided(LEAKY, found, stops=False, masks=True).hides
    assert stopped.has_findings and warned.has_findings


def test_what_is_kept_of_it() -> None:
    found = CellCheck(Namespace({}), KnownSecrets()).of(Ran(1, LEAKY), (), Config())
    stopped = decided(LEAKY, found, stops=True, masks=False)
    assert stopped.mask(LEAKY) == LEAKY.replace(KEY, f"sk-proj-...({len(KEY)})")
    assert KEY not in stopped.mask(f"get_ipython().run_line_magic('env', 'K={KEY}')")
    assert KEY not in repr(stopped) and KEY not in "".join(stopped.stop)


def test_a_clean_cell_runs() -> None:
    clean = judged("x = 1")
    assert (clean.stop, clean.say, clean.hides, clean.has_findings) == ((), (), False, False)


@pytest.mark.parametrize("stops", [True, False])
def test_a_fault_of_our_own(stops: bool) -> None:
    decision = refused(LEAKY, "an internal fault (ValueError)", stops=stops)
    assert bool(decision.stop) is stops
    assert bool(decision.say) is not stops
    assert decision.hides is stops
    assert KEY not in decision.mask(LEAKY) + repr(decision) + "".join(decision.stop + decision.say)
