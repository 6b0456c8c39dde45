"""Lines for Jupyter's config files."""

from __future__ import annotations

from typing import Any

from nbconvert import HTMLExporter
from traitlets.config import Config

from stsec_magic import StsecPreprocessor, jupyter_config
from stsec_magic.jupyter_config import check_on_export, check_on_save
from tests.conversion.books import PREPROCESSOR, leaky


def test_the_hook_of_the_server() -> None:
    c = Config()
    check_on_save(c)
    assert c.FileContentsManager.pre_save_hook == "stsec_magic.pre_save_hook"
    assert c.StsecSave.mode == "warn"
    check_on_save(c, mode="block")
    assert c.StsecSave.mode == "block"


def _ours(c: Any) -> int:
    return sum(isinstance(each, StsecPreprocessor) for each in HTMLExporter(config=c)._preprocessors)


def test_exports_are_checked_beside_other_preprocessors() -> None:
    c = Config()
    check_on_export(c, mode="report")
    assert _ours(c) == 1
    _, resources = HTMLExporter(config=c).from_notebook_node(leaky())
    assert resources["stsec"]["mode"] == "report"
    c.Exporter.preprocessors = ["nbconvert.preprocessors.ClearOutputPreprocessor"]
    check_on_export(c)
    check_on_export(c)
    assert c.Exporter.preprocessors == ["nbconvert.preprocessors.ClearOutputPreprocessor", PREPROCESSOR]
    assert c.StsecPreprocessor.mode == "fail"


def test_the_plain_lines_are_the_same() -> None:
    lines = [line.strip() for line in (jupyter_config.__doc__ or "").splitlines() if line.startswith("    c.")]
    assert len(lines) == 4
    c = Config()
    exec("\n".join(lines), {"c": c})
    same = Config()
    check_on_save(same, mode="block")
    assert c.FileContentsManager == same.FileContentsManager
    assert c.StsecSave == same.StsecSave
    assert _ours(c) == 1
