"""The lines that mended code needs: in the first cell that needs them, where they do no harm."""

from __future__ import annotations

import pytest

from tests.fix.mended import PRELUDE, PROVIDER, mended
from tests.notebooks_in_memory import markdown

KEY = 'key = "@KEY@"\n'
READ = 'key = os.environ["OPENAI_API_KEY"]\n'
LOADER = "%load_ext stsec_magic\n%stsec env\n"

PLACES = [
    (KEY, PRELUDE + READ),
    ("%%time\n" + KEY, "%%time\n" + PRELUDE + READ),
    ("#@title The key\n" + KEY, "#@title The key\n" + PRELUDE + READ),
    ("#| hide\n#| export\n" + KEY, "#| hide\n#| export\n" + PRELUDE + READ),
    (
        "from __future__ import annotations\n" + KEY,
        "from __future__ import annotations\n" + PRELUDE + READ,
    ),
    (
        "from __future__ import annotations; " + KEY,
        "from __future__ import annotations\n" + PRELUDE + READ,
    ),
    (
        "from __future__ import annotations; \\\n  " + KEY,
        "from __future__ import annotations\n" + PRELUDE + READ,
    ),
    (
        "from __future__ import annotations;  # said first\n" + KEY,
        "from __future__ import annotations;  # said first\n" + PRELUDE + READ,
    ),
    (
        "  from __future__ import annotations; x = 1\n  " + KEY,
        "  from __future__ import annotations\n  import os\n  %load_ext stsec_magic\n  %stsec env\n  x = 1\n  " + READ,
    ),
    ("    x = 1\n    " + KEY, "    import os\n    %load_ext stsec_magic\n    %stsec env\n    x = 1\n    " + READ),
    ("x = 1\r\n" + KEY, PRELUDE.replace("\n", "\r\n") + "x = 1\r\n" + READ),
]


@pytest.mark.parametrize(("before", "after"), PLACES)
def test_where_they_stand(before: str, after: str) -> None:
    assert mended(before).cells == [after]


def test_an_import_that_is_there_is_enough() -> None:
    assert mended("import os", KEY).cells == ["import os", LOADER + READ]
    assert mended(KEY, "import os").cells == [PRELUDE + READ, "import os"]
    # Where it is only perhaps imported, it is imported once more.
    for perhaps in (
        "if x:",
        "match x:\n  case 1:",
        "with suppress(E):",
        "with quiet:",
        "def f():\n  global os\n  if x:",
    ):
        assert mended(f"{perhaps}\n    import os", KEY).cells[1] == PRELUDE + READ
    assert mended("x = 1; import os", KEY).cells == ["x = 1; import os", LOADER + READ]


def test_one_time_is_enough() -> None:
    first, second = mended(KEY, 'other = "@KEY@"').cells
    assert first == PRELUDE + READ
    assert second == 'other = os.environ["OPENAI_API_KEY"]'


def test_a_loader_that_is_there_is_enough() -> None:
    cells = mended("%load_ext stsec_magic\n%stsec env", "import os\n" + KEY).cells
    assert cells == ["%load_ext stsec_magic\n%stsec env", "import os\n" + READ]


def test_a_shell_cell_is_served_by_the_cell_before_it() -> None:
    cells = mended("x = 1", "%%bash\ncurl -H @KEY@ x\n").cells
    assert cells == [LOADER + "x = 1", '%%bash\ncurl -H "$OPENAI_API_KEY" x\n']


def test_text_needs_nothing() -> None:
    assert mended(markdown(f"the key is {PROVIDER}"), "x = 1").cells == ["the key is YOUR_OPENAI_API_KEY", "x = 1"]


def test_another_kernels_code_gets_no_lines_of_ours() -> None:
    r = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    assert mended('key <- "@KEY@"', metadata=r, unsafe=True).cells == ['key <- "<OPENAI_API_KEY>"']


def test_a_shell_cell_that_nothing_can_serve_waits_to_be_asked_for() -> None:
    bash = "%%bash\ncurl -H @KEY@ x\n"
    first = mended(bash, KEY)
    assert first.cells == [bash.replace("@KEY@", PROVIDER), PRELUDE + READ]
    assert first.refusals[0].is_choice
    assert mended("print 'x'", bash).cells == ["print 'x'", bash.replace("@KEY@", PROVIDER)]
    assert mended(bash, KEY, unsafe=True).cells == ['%%bash\ncurl -H "$OPENAI_API_KEY" x\n', PRELUDE + READ]


def test_another_python_gets_the_kernels_environment() -> None:
    cells = mended("x = 1", f"%%python\n{KEY}", unsafe=True).cells
    assert cells == [LOADER + "x = 1", f"%%python\nimport os\n{READ}"]


@pytest.mark.parametrize(
    "before",
    [
        "# use %stsec env here, with %load_ext stsec_magic\n",
        "s = '%stsec env'\n",
        's = """\n%load_ext stsec_magic\n%stsec env\n"""\n',
        "%%bash\n%stsec env\n",
        "if False:\n    %load_ext stsec_magic\n    %stsec env\n",
    ],
)
def test_what_only_speaks_of_a_loader_is_none(before: str) -> None:
    cells = mended(before, KEY).cells
    assert cells[1] == PRELUDE + READ


def test_a_loader_that_runs_later_is_none() -> None:
    source = f"{KEY}%load_ext stsec_magic\n%stsec env\n"
    assert mended(source).cells == [f"{PRELUDE}{READ}%load_ext stsec_magic\n%stsec env\n"]


def test_what_is_measured_is_no_place_for_them() -> None:
    assert mended("x = 1", f"%%timeit\n{KEY}", 'b = "@KEY@"').cells == [
        PRELUDE + "x = 1",
        f"%%timeit\n{READ}",
        'b = os.environ["OPENAI_API_KEY"]',
    ]
    alone = mended(f"%%timeit\n{KEY}", "x = 1")
    assert alone.refusals[0].is_choice
    alone = mended(f"%%timeit\n{KEY}", 'b = "@KEY@"', unsafe=True).cells
    assert alone == [f"%%timeit\n{PRELUDE}{READ}", 'import os\nb = os.environ["OPENAI_API_KEY"]']
    assert mended("%%timeit\nimport os", KEY).cells[1] == PRELUDE + READ
