"""The steps of a check: callables among an exporter's preprocessors, and what they do when it is their turn."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from stsec_magic.audit.settings import ConfigError
from stsec_magic.conversion import choices, command_line, notice
from stsec_magic.conversion.course import Course, Mode, RefusedError
from stsec_magic.conversion.failed_cells import watch
from stsec_magic.conversion.stages import arrange, enabled_executing
from stsec_magic.model.problem import fault
from stsec_magic.triage.masking import Masker

Both = tuple[Any, Any]
"""Notebook and resources."""

_T = TypeVar("_T")


class Steps:
    """What one preprocessor does in the course of a conversion."""

    def __init__(self, owner: Any, exporter: Any) -> None:  # noqa: ANN401
        """Take a place in front of all preprocessors that are there.

        Args:
            owner: The preprocessor, with its traits.
            exporter: That which makes it; None where nobody does.
        """
        self._owner = owner
        self._exporter = exporter
        self._course: Course | None = None
        self._is_under_way = False
        row = getattr(exporter, "_preprocessors", None)
        self._row: list[Any] = row if isinstance(row, list) else []
        if isinstance(row, list):
            row.insert(0, self.begin)
            command_line.make_legible(exporter)

    def begin(self, notebook: Any, resources: Any) -> Both:  # noqa: ANN401
        """In front of all others: nothing has changed yet."""
        if self._owner.enabled and self._is_first():
            arrange(self._row, self.begin, self.before, self.after, self._owner)
            self._start(notebook, resources)
            for each in enabled_executing(self._row):
                watch(each, self._maskers)
        return notebook, resources

    def before(self, notebook: Any, resources: Any) -> Both:  # noqa: ANN401
        """In front of all that may execute something."""
        executes = any(enabled_executing(self._row))
        self._do(lambda course: course.before(notebook, executes=executes))
        return notebook, resources

    def after(self, notebook: Any, resources: Any) -> Both:  # noqa: ANN401
        """Behind the execution, in front of what makes files of outputs."""
        self._do(lambda course: course.settle(notebook))
        return notebook, resources

    def last(self, notebook: Any, resources: Any) -> Both:  # noqa: ANN401
        """Behind all others; where no exporter led here, all in one go."""
        if not self._is_first():
            return notebook, resources
        if not self._is_under_way:
            notebook = copy.deepcopy(notebook)  # the caller's own stays as it is
            self._start(notebook, resources)
        resources = {} if resources is None else resources
        self._do(lambda course: course.settle(notebook))
        self._do(lambda course: course.end(resources))
        self._course, self._is_under_way = None, False
        return notebook, resources

    def _is_first(self) -> bool:
        """Whether no other preprocessor of the same exporter does the same, being named in two places."""
        begun = (each.__self__ for each in self._row if getattr(each, "__func__", None) is Steps.begin)
        return next((each for each in begun if each._owner.enabled), self) is self

    def _start(self, notebook: Any, resources: Any) -> None:  # noqa: ANN401
        path = command_line.path_of(resources)

        def start() -> Course:
            config = choices.chosen(None if path is None else Path(path), **self._owner.choices)
            return Course(self._mode, config, path, partial(command_line.say, self._owner.log), notebook)

        self._is_under_way = True
        self._course = None  # of a conversion that failed
        self._course = self._safely(start)

    def _do(self, step: Callable[[Course], None]) -> None:
        course = self._course
        if course is not None:
            self._safely(lambda: step(course))

    def _safely(self, step: Callable[[], _T]) -> _T | None:
        """A step; what stops it is told outside of the exception, whose frames hold the notebook."""
        try:
            return step()
        except RefusedError as error:
            lines, report = error.lines, error.report
        except ConfigError as error:
            lines, report = (f"stsec: {error}",), None
        # A fault of our own: nothing unchecked leaves where that is promised.
        except Exception as error:
            lines, report = (notice.at_fault(fault(error), stops=self._mode.stops),), None
            if not self._mode.stops:
                self._course = None
                command_line.say(self._owner.log, lines[0])
                return None
        self._course, self._is_under_way = None, False
        return command_line.stop(self._exporter or self._owner, lines, report)

    @property
    def _mode(self) -> Mode:
        return Mode(self._owner.mode)

    def _maskers(self) -> list[Masker]:
        return [] if self._course is None else self._course.maskers
