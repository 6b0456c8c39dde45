"""The course of one conversion: what is checked when, what refuses it, what is said, what is masked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import orjson

from stsec_magic.conversion import notice
from stsec_magic.conversion.checked import CheckedNotebook, checked
from stsec_magic.conversion.extracted import mask_files
from stsec_magic.conversion.numbers import Numbers
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.model.report import Report
from stsec_magic.project.secret_files import Kept
from stsec_magic.report.visible import visible
from stsec_magic.triage.masking import Masker


class Mode(StrEnum):
    """What to do about findings."""

    FAIL = "fail"
    WARN = "warn"
    REDACT = "redact"
    REPORT = "report"

    @property
    def stops(self) -> bool:
        """Whether nothing leaves that wasn't checked."""
        return self in (Mode.FAIL, Mode.REDACT)


class RefusedError(Exception):
    """The notebook is not converted.

    Attributes:
        lines: What to say; masked.
        report: What was found, where that is why.
    """

    def __init__(self, lines: Sequence[str], report: Report | None = None) -> None:
        """Take what to say."""
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)
        self.report = report


class Course:
    """One notebook on its way through an exporter. It knows the notebook's secrets while that lasts."""

    def __init__(
        self, mode: Mode, config: Config, path: str | None, say: Callable[[str], None], notebook: Mapping[str, Any]
    ) -> None:
        """Take a notebook as it came.

        Args:
            mode: What to do about findings.
            config: Choices.
            path: The notebook's file; None where there is none.
            say: Shows a warning.
            notebook: The notebook.
        """
        self._mode = mode
        self._config = config
        self._path = path
        self._say = say
        self._numbers = Numbers(notebook)
        self._found: CheckedNotebook | None = None
        self._seen = self._settled = b""  # digests
        self._told: set[str | Problem] = set()
        self._others: dict[str, Kept] = {}
        self._places = 0
        self._has_passed = False
        self.maskers: list[Masker] = []

    def before(self, notebook: Mapping[str, Any], *, executes: bool) -> None:
        """Check before anything runs. What only has to be masked waits: masked code couldn't run.

        Args:
            notebook: The notebook, without what is taken out of it anyway.
            executes: Whether it will be executed.

        Raises:
            RefusedError: It may not be converted, or not be executed.
        """
        found = self._look(notebook)
        if self._mode is Mode.REDACT and executes:
            self._refuse(found, [each for each in found.failing if each.masked is None])
        self._judge(found)
        self._has_passed = True

    def settle(self, notebook: MutableMapping[str, Any]) -> None:
        """Check what was made of the notebook, if it changed since, and mask it in place where that is the mode.

        Args:
            notebook: The notebook; changed in place.

        Raises:
            RefusedError: It may not leave.
        """
        if _digest(notebook) == self._settled:
            return
        found = self._look(notebook)
        self._judge(found)
        if self._mode is Mode.REDACT:
            self._mask(notebook, found)
        self._settled = _digest(notebook)

    def end(self, resources: MutableMapping[str, Any]) -> None:
        """Mask the files beside the result, and leave the report.

        Args:
            resources: nbconvert's; get ``stsec``, plain data without secrets.
        """
        found = self._found
        if found is None:
            return
        left: dict[str, Any] = {"mode": self._mode.value, "failing": len(found.failing)}
        if self._mode is Mode.REDACT:
            self._places += mask_files(resources, self.maskers)
            rest = [each for each in found.failing if each.masked is None]
            if self._places or rest:
                self._say(notice.masked(self._places, len(self._others), rest))
            left["masked"] = self._places
        resources["stsec"] = {**left, "report": found.report.to_dict()}

    def _look(self, notebook: Mapping[str, Any]) -> CheckedNotebook:
        """Check, unless it is what was checked last."""
        digest = _digest(notebook)
        if self._found is not None and digest == self._seen:
            return self._found
        found = self._numbers.as_they_were(checked(notebook, self._path, self._config), notebook)
        self.maskers.append(found.examined.masker)
        self._require_checked(found.report.problems)
        self._found, self._seen = self._with_before(found), digest
        return found

    def _with_before(self, found: CheckedNotebook) -> CheckedNotebook:
        """What is masked isn't found again, and stays in the report."""
        before = self._found
        if before is None or not self._settled or self._mode is not Mode.REDACT:
            return found
        known = {each.fingerprint for each in before.report.findings}
        new = tuple(each for each in found.report.findings if each.fingerprint not in known)
        report = replace(before.report, findings=(*before.report.findings, *new))
        return replace(found, report=report, failing=report.failing(self._config.fail_on))

    def _require_checked(self, problems: Sequence[Problem]) -> None:
        """Say what couldn't be checked. After a fault of our own nothing leaves in the modes that promise that."""
        fault = next((each for each in problems if each.kind is ProblemKind.INTERNAL), None)
        if fault is not None and self._mode.stops:
            raise RefusedError([notice.at_fault(fault.message, stops=True)])
        new = [each for each in problems if each not in self._told]
        self._told.update(new)
        if new and (self._mode is not Mode.REPORT or fault in new):
            self._say("\n".join(notice.unchecked(new)))

    def _judge(self, found: CheckedNotebook) -> None:
        if self._mode is Mode.FAIL:
            self._refuse(found, found.failing)
        elif self._mode is Mode.WARN:
            new = [each for each in found.failing if each.fingerprint not in self._told]
            self._told.update(each.fingerprint for each in new)
            if new:
                self._say("\n".join(notice.warned(new, self._path)))

    def _refuse(self, found: CheckedNotebook, failing: Sequence[Finding]) -> None:
        if failing:
            # What came into it since doesn't stand in the file.
            last = notice.advice(failing, None) if self._has_passed else None
            raise RefusedError(notice.refused(found.report, failing, self._path, last), found.report)

    def _mask(self, notebook: MutableMapping[str, Any], found: CheckedNotebook) -> None:
        from stsec_magic.redact.notebook import NotRedactedError, redacted  # only this mode needs it

        secrets = [hit.secret for hit in found.examined.hits if hit.secret is not None]
        try:
            masked = redacted(notebook, found.examined, tuple(self._others.values()))
        except NotRedactedError as error:
            why = found.examined.masker.mask(str(error))
            raise RefusedError([f"stsec: this notebook is not converted: {visible(why)}"]) from None
        self._others.update((each.value, Kept("", each.value, self._path or "")) for each in secrets)
        self._places += masked.places
        _put(masked.notebook, notebook)


def _put(masked: Mapping[str, Any], notebook: MutableMapping[str, Any]) -> None:
    """Each cell stays the object that it is: by that its number is known."""
    masked = _of_kind(masked, type(notebook))
    cells = notebook["cells"]
    if len(cells) != len(masked["cells"]):
        notebook["cells"] = masked["cells"]
    else:
        for cell, new in zip(cells, masked["cells"], strict=True):
            cell.clear()
            cell.update(new)
    for key in [key for key in notebook if key not in masked]:
        del notebook[key]
    for key, value in masked.items():
        if key != "cells":
            notebook[key] = value


def _of_kind(value: Any, kind: type[Any]) -> Any:  # noqa: ANN401
    """The same with NotebookNodes for dicts, whose keys nbconvert reads as attributes."""
    if isinstance(value, dict):
        return kind((key, _of_kind(each, kind)) for key, each in value.items())
    return [_of_kind(each, kind) for each in value] if isinstance(value, list) else value


def _digest(notebook: Mapping[str, Any]) -> bytes:
    """By which a notebook that changed is told from one that didn't."""
    try:
        data = orjson.dumps(notebook, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # lone surrogates, bytes of a preprocessor that isn't ours
        data = json.dumps(notebook, default=repr).encode("ascii")
    return hashlib.blake2b(data, digest_size=16).digest()
