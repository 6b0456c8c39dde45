"""Cells mended in memory, for the tests of ``fix``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stsec_magic.checker import examine
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Refusal, Style
from stsec_magic.fix.naming import Names
from stsec_magic.fix.plan import needed, plan
from stsec_magic.model.config import Config
from stsec_magic.notebook.read import from_mapping
from tests.credentials import fill, password
from tests.notebooks_in_memory import code, notebook

PROVIDER = fill("sk-proj-{alnum:48}T3BlbkFJ{alnum:48}", "fix")
PASSWORD = password("fix")


@dataclass(frozen=True)
class Result:
    """What came out.

    Attributes:
        cells: The cells' new texts.
        kept: What is to be kept, by name.
        refusals: What was refused.
        removed: Paths of outputs that go.
    """

    cells: list[str]
    kept: dict[str, str]
    refusals: tuple[Refusal, ...]
    removed: tuple[Any, ...]

    @property
    def why(self) -> list[str]:
        """Why places were left alone."""
        return [each.why for each in self.refusals]


def mended(
    *cells: Any, style: str = "environ", unsafe: bool = False, kept: Mapping[str, str] | None = None, **metadata: Any
) -> Result:
    """Mend a notebook.

    Args:
        cells: Cells, or the sources of code cells; ``KEY`` and ``PASSWORD`` between @ signs stand for made-up secrets.
        style: The style.
        unsafe: Whether unsafe fixes are wanted.
        kept: What the project keeps already.
        metadata: The notebook's metadata.
    """
    made = notebook(*(code(_filled(each)) if isinstance(each, str) else each for each in cells), **metadata)
    raw = from_mapping(made, "<test>")
    examined = examine(raw, Config(), b"key")
    assert examined.subject is not None
    wanted = [
        hit for finding, hit in zip(examined.checked.findings, examined.hits, strict=True) if not finding.suppressed
    ]
    result = plan(wanted, Context(examined.subject, Style(style), Names(kept or {}), unsafe))
    texts = ["".join(cell["source"]) for cell in made["cells"]]
    for edit in sorted(result.edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        if edit.fragment.path[2:] == ("source",):
            i = int(edit.fragment.path[1])
            texts[i] = texts[i][: edit.start] + edit.text + texts[i][edit.end :]
    return Result(texts, needed(result.fixes), result.refusals, result.removed)


def _filled(source: str) -> str:
    return source.replace("@KEY@", PROVIDER).replace("@PASSWORD@", PASSWORD)


PRELUDE = "import os\n%load_ext stsec_magic\n%stsec env\n"
