"""Door: ``jupyter nbconvert --Exporter.preprocessors=stsec_magic.StsecPreprocessor``."""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor
from traitlets import Enum, TraitError

from stsec_magic.audit.settings import ConfigError
from stsec_magic.conversion import choices, command_line
from stsec_magic.conversion.course import Mode
from stsec_magic.conversion.steps import Steps
from stsec_magic.conversion.traits import Choices

_MODES = [mode.value for mode in Mode]


class StsecPreprocessor(Choices, Preprocessor):
    """Checks a notebook before it is executed, and what leaves in the end."""

    mode = Enum(
        _MODES,
        Mode.FAIL.value,
        help="fail: nothing is written where something is found. warn: it is said. redact: secrets are masked. "
        "report: nothing is said. The report is in resources['stsec'] unless the conversion is refused.",
    ).tag(config=True)

    def __init__(self, **kw: Any) -> None:  # noqa: ANN401
        """Take the choices, and a place in the exporter that makes this preprocessor, if one does."""
        exporter = kw.get("parent")
        wrong = None
        try:
            super().__init__(**kw)  # type: ignore[no-untyped-call]
            choices.require_right(**self.choices)
        except (TraitError, ConfigError) as error:
            wrong = choices.wrong_mode(_chosen_mode(kw), _MODES) or str(error)
        if wrong is not None and exporter is not None and command_line.is_command_line(exporter):
            command_line.stop(exporter, [f"stsec: {wrong}"])
        if wrong is not None:
            raise TraitError(wrong)
        self._steps = Steps(self, exporter)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:  # noqa: ANN401
        """Check what leaves; where no exporter led here, all in one go.

        Args:
            nb: The notebook.
            resources: nbconvert's; get ``stsec``: the report, plain data without secrets.

        Returns:
            The notebook, masked where that is the mode, and the resources.

        Raises:
            ConversionException: The notebook is refused. On the command line that is an exit status.
        """
        return self._steps.last(nb, resources)


def _chosen_mode(kw: dict[str, Any]) -> object:
    """The mode as it was chosen: traitlets' message names no right one, and calls a class by its name."""
    config = kw.get("config") or getattr(kw.get("parent"), "config", None) or {}
    section = config.get(StsecPreprocessor.__name__) or {}
    return kw.get("mode", section.get("mode", Mode.FAIL.value))
