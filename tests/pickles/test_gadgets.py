"""The tables of gadgets: what libraries do with what they are called with."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomli

from stsec_magic.pickles import gadgets
from stsec_magic.pickles.denied import denied
from tests.pickles.families import CODE, FILES, IMPORTS, MEMORY, NETWORK, PICKLE, PROCESS, TABLES, of

GADGETS = [
    ("numpy.f2py.crackfortran.getlincoef", None),
    ("numpy.load", PICKLE),
    ("numpy.ma.mrecords.openfile", FILES),
    ("pandas.read_pickle", PICKLE),
    ("pandas.core.frame.DataFrame.to_csv", FILES),
    ("pandas.DataFrame.to_csv", FILES),
    ("pandas.compat._optional.import_optional_dependency", IMPORTS),
    ("pandas.core.frame.import_optional_dependency", IMPORTS),
    ("torch.utils.data.datapipes.utils.decoder.basichandlers", PICKLE),
    ("torch.serialization.os.system", PROCESS),
    ("torch.hub.load_state_dict_from_url", None),
    ("IPython.utils.process.getoutput", PROCESS),
    ("sklearn.datasets._base.load_files", FILES),
    ("sklearn.datasets.load_files", FILES),
    ("sklearn.tests.test_base.anything", None),
    ("transformers.torch.hub.load", None),
]


@pytest.mark.parametrize(("name", "says"), GADGETS)
def test_gadgets_of_libraries_are_found_by_reading_them(name: str, says: str | None) -> None:
    assert of(name) is not None
    assert says in (None, of(name))


@pytest.mark.parametrize(
    "name",
    [
        "numpy.random.mtrand.RandomState",
        "pandas.core.frame.DataFrame",
        "pandas.core.internals.managers.BlockManager",
        "sklearn.ensemble._forest.RandomForestClassifier",
        "torch._utils._rebuild_tensor_v2",
        "torch.nn.modules.linear.Linear",
        "torch.multiprocessing.queue.X",
        "torch.compiler.config.X",
        "requests.exceptions.Timeout",
        "polars.exceptions.InvalidAssert",
        "torch.distributed.checkpoint.metadata.Metadata",
    ],
)
def test_what_libraries_really_pickle_is_no_gadget(name: str) -> None:
    assert of(name) is None


@pytest.mark.parametrize("path", sorted((TABLES / "gadgets").glob("*.toml")), ids=lambda path: path.stem)
def test_each_table_parses_and_is_sorted(path: Path) -> None:
    read = tomli.loads(path.read_text("utf-8"))
    assert read["library"]
    assert read["versions"]
    assert read["family"]
    assert read["own"].split() == sorted({*read["own"].split()})
    for family in read["family"]:
        assert family["says"] in {CODE, PROCESS, IMPORTS, FILES, NETWORK, MEMORY, PICKLE, gadgets._BY_NAME}
        for kind in ("functions", "classes", "states"):
            rows = [line.split(": ") for line in family.get(kind, "").splitlines()]
            pairs = [(module, name) for module, names in rows for name in names.split()]
            assert pairs == sorted({*pairs})
            assert all(module.partition(".")[0] == path.stem for module, _ in pairs)


def test_the_table_by_hand_is_sorted_and_says_one_thing_of_a_name() -> None:
    read = tomli.loads((TABLES / "deny.toml").read_text("utf-8"))
    seen: dict[str, str] = {}
    for family in (*read["family"], *read["doubtful"], read["library"]):
        for kind in ("modules", "names"):
            names = family.get(kind, "").split()
            assert names == sorted({*names})
            for name in names:
                assert re.fullmatch(r"[A-Za-z_0-9.*]{1,120}", name)
                assert name not in seen, f"{name}: {seen[name]}, {family['says']}"
                seen[name] = family["says"]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    program = (
        "import sys\n"
        "from stsec_magic.pickles import gadgets\n"
        "from stsec_magic.pickles.denied import denied\n"
        "denied('numpy.core.multiarray._reconstruct')\n"
        "print(gadgets.table.cache_info().currsize)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_a_table_is_found_by_listing_and_not_by_a_path_from_a_pickle() -> None:
    assert denied("../deny.x") is None
    assert "deny" not in gadgets.libraries()
