"""``%%stsec`` at the head of a cell."""

from __future__ import annotations

import pytest

from stsec_magic.live.directive import Directive, DirectiveError, Transformer, directive
from stsec_magic.model.config import Config
from stsec_magic.model.levels import Severity


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%%stsec\nx", Directive()),
        ("%%stsec", Directive()),
        ("\n\n%%stsec block\nx", Directive()),
        ("%%stsec warn\nx", Directive(warns=True)),
        ("%%time\n%%stsec warn\nx", Directive(warns=True)),
        ("%%stsec --select loads,jwt --ignore jwt\nx", Directive(select="loads,jwt", ignore="jwt")),
        ("%%stsec --fail-on high\r\nx", Directive(fail_on="high")),
        ("%%stsecs\nx", None),
        ("x = '''\n%%stsec\n'''", None),
        ("x\n%%stsec", None),
        ("%stsec", None),
        ("", None),
    ],
)
def test_what_it_asks_for(cell: str, expected: Directive | None) -> None:
    assert directive(cell) == expected


@pytest.mark.parametrize("options", ["nope", "--nope", "--select", "'open", "warn block"])
def test_what_it_does_not_take(options: str) -> None:
    with pytest.raises(DirectiveError, match=r"^[^\n]+$"):
        directive(f"%%stsec {options}\nx")


def test_its_choices_count_for_the_cell() -> None:
    config = Directive(select="loads", ignore="jwt", fail_on="high").applied(Config(ignore=frozenset(("ghost",))))
    assert (config.select, config.ignore) == (frozenset(("loads",)), frozenset(("jwt", "ghost")))
    assert config.fail_on is Severity.HIGH
    with pytest.raises(DirectiveError, match="did you mean 'jwt'"):
        Directive(ignore="jwtt").applied(Config())


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%%stsec\nawait f()\n", "# %%stsec\nawait f()\n"),
        ("%%stsec warn\n%%bash\nls\n", "%%bash\nls\n"),
        ("%%time\n%%stsec\nx\n", "%%time\nx\n"),
        ("%%stsec\n", "# %%stsec\n"),
        ("x\n%%stsec\n", "x\n%%stsec\n"),
        ("", ""),
    ],
)
def test_it_is_out_of_the_way_of_what_runs_the_cell(cell: str, expected: str) -> None:
    met: list[bool] = []
    made = Transformer(lambda: met.append(True))(cell.splitlines(keepends=True))
    assert "".join(made) == expected
    assert bool(met) is (cell != expected)


def test_a_front_end_that_asks_whether_a_cell_is_complete_sees_the_line() -> None:
    transformer_module = pytest.importorskip("IPython.core.inputtransformer2")
    manager = transformer_module.TransformerManager()
    manager.cleanup_transforms.append(Transformer(lambda: None))
    assert manager.check_complete("%%stsec\nx = 1")[0] == "incomplete"
    assert manager.check_complete("%%stsec\nx = 1\n\n")[0] == "complete"
    assert manager.transform_cell("%%stsec\nx = 1") == "# %%stsec\nx = 1\n"
