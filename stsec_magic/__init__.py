"""Checks Jupyter notebooks for leaked credentials and untrusted pickles before they become apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stsec_magic._version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from stsec_magic.checker import check
    from stsec_magic.model.config import Config
    from stsec_magic.model.finding import Finding
    from stsec_magic.model.levels import Confidence, Severity
    from stsec_magic.model.problem import Problem
    from stsec_magic.model.report import Report
    from stsec_magic.model.rule import Rule
    from stsec_magic.preprocessor import StsecPreprocessor
    from stsec_magic.save_hook import pre_save_hook

__all__ = [
    "Confidence",
    "Config",
    "Finding",
    "Problem",
    "Report",
    "Rule",
    "Severity",
    "StsecPreprocessor",
    "__version__",
    "check",
    "pre_save_hook",
]

_HOMES = {
    "check": "stsec_magic.checker",
    "Config": "stsec_magic.model.config",
    "Confidence": "stsec_magic.model.levels",
    "Finding": "stsec_magic.model.finding",
    "Problem": "stsec_magic.model.problem",
    "Report": "stsec_magic.model.report",
    "Rule": "stsec_magic.model.rule",
    "Severity": "stsec_magic.model.levels",
    "StsecPreprocessor": "stsec_magic.preprocessor",
    "pre_save_hook": "stsec_magic.save_hook",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that importing the package stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """``%load_ext stsec_magic``: ``%stsec`` and ``%%stsec``.

    Args:
        ipython: The running IPython shell.
    """
    from stsec_magic.magic import attach

    attach(ipython)


def unload_ipython_extension(ipython: InteractiveShell) -> None:
    """``%unload_ext stsec_magic``.

    Args:
        ipython: The running IPython shell.
    """
    from stsec_magic.magic import detach

    detach(ipython)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
