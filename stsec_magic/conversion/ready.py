"""Is a notebook fit to become an app? Checked, mended where that is safe, and checked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stsec_magic.conversion.checked import CheckedNotebook, checked
from stsec_magic.conversion.mended import mended
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.location import Part
from stsec_magic.notebook.script import as_notebook

_LEAVING = (Part.SOURCE, Part.MARKDOWN, Part.ATTACHMENT)
"""What of a notebook goes into an app; outputs and metadata stay behind."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A notebook on its way to an app.

    Attributes:
        notebook: The notebook, mended.
        names: What the secrets that were taken out are called in ``st.secrets``.
        found: What was found in it before.
        failing: What would leave with the app, and must not.
        behind: What fails and stays behind, in outputs and metadata.
    """

    notebook: Mapping[str, Any] = field(repr=False)
    names: tuple[str, ...]
    found: CheckedNotebook
    failing: tuple[Finding, ...]
    behind: tuple[Finding, ...]

    def leaks(self, script: str) -> bool:
        """Whether a script shows a secret that was taken out of the notebook, or stands in what stays behind.

        Args:
            script: The app.
        """
        open_ = {hit.secret.value for _, hit in self._hits() if hit.secret is not None}
        return any(len(value) >= _SHORTEST and value in script for value in open_)

    def _hits(self) -> list[tuple[Finding, Any]]:
        examined = self.found.examined
        pairs = zip(self.found.report.findings, examined.hits, strict=True)
        failing = {id(each) for each in self.found.failing}
        return [(finding, hit) for finding, hit in pairs if id(finding) in failing]


_SHORTEST = 8


def failing_in(script: str, ready: Ready, path: str | None, config: Config) -> tuple[Finding, ...]:
    """What is wrong with the app itself: what made a load safe may have been left out.

    Args:
        script: The app.
        ready: The notebook that it was made from. What was silenced there by a tag, in Markdown, in metadata or by the
            baseline may be silenced here by nothing, and doesn't count; comments in code have come along.
        path: The notebook's file; None for none.
        config: Choices.
    """
    silenced = Counter(each.rule for each in ready.found.report.findings if _is_silenced_elsewhere(each))
    found: list[Finding] = []
    for each in checked(as_notebook(script), path, config).failing:
        if silenced[each.rule]:
            silenced[each.rule] -= 1
        else:
            found.append(each)
    return tuple(found)


def _is_silenced_elsewhere(finding: Finding) -> bool:
    suppressed = finding.suppressed
    is_in_code = finding.location.part is Part.SOURCE
    return suppressed is not None and not (is_in_code and suppressed.how in ("comment", "foreign"))


def ready(notebook: Mapping[str, Any], path: str | None, config: Config, *, mends: bool) -> Ready:
    """Check a notebook and mend it for an app.

    Args:
        notebook: A notebook, nbformat 4; it isn't changed.
        path: Its file; None for none.
        config: Choices.
        mends: Whether to mend.

    Raises:
        ConfigError: The baseline that they name can't be read.
    """
    found = checked(notebook, path, config)
    names: tuple[str, ...] = ()
    failing = found.failing
    if mends and any(each.suppressed is None and each.fixable for each in found.report.findings):
        made = mended(notebook, path, config)
        notebook, names = made.notebook, made.names
        failing = checked(notebook, path, config).failing
    return Ready(
        notebook,
        names,
        found,
        tuple(each for each in failing if each.location.part in _LEAVING),
        tuple(each for each in found.failing if each.location.part not in _LEAVING),
    )
