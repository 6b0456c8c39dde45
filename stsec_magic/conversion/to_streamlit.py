"""One notebook on its way through the Streamlit exporter: checked, executed, checked again, mended, translated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import nbformat

from stsec_magic.app.layout import rewritten, variables
from stsec_magic.app.markdown import Around
from stsec_magic.app.notebook import App, translate
from stsec_magic.audit.settings import ConfigError
from stsec_magic.conversion import app_files, command_line, notice
from stsec_magic.conversion.choices import chosen
from stsec_magic.conversion.ready import Ready, failing_in, ready
from stsec_magic.conversion.stages import enabled_executing
from stsec_magic.model.config import Config
from stsec_magic.report.visible import visible

_PYTHONS = frozenset(("", "ipython", "ipython3", "conda", "xpython", "sage", "pyodide"))


class Exporter(Protocol):
    """What is asked of the exporter."""

    mend: bool
    app_name: str
    file_extension: str
    log: Any
    _preprocessors: Any

    @property
    def choices(self) -> dict[str, str]:
        """What counts as a finding."""


class ToStreamlit:
    """One conversion."""

    def __init__(self, exporter: Exporter, notebook: Mapping[str, Any]) -> None:
        """Take an exporter, and the notebook as it came.

        Args:
            exporter: The exporter.
            notebook: The notebook.
        """
        self._exporter = exporter
        self._language = _language(notebook)
        self._ready: Ready | None = None
        self._path: str | None = None
        self._config = Config()

    def before(self, notebook: Any, resources: Any) -> None:  # noqa: ANN401
        """Refuse what can't become an app, before anything is executed.

        Args:
            notebook: The notebook.
            resources: nbconvert's.

        Raises:
            ConversionException: It is refused.
        """
        if self._language:
            line = f"stsec: this notebook is written in {self._language}, and Streamlit's apps are written in Python"
            command_line.stop(self._exporter, [line])
        self._path = command_line.path_of(resources)
        self._config = self._chosen(self._path)
        if any(enabled_executing(self._exporter._preprocessors)):
            self._refuse(self._made_ready(notebook))

    def translated(self, notebook: Any, resources: Any) -> tuple[Any, Any]:  # noqa: ANN401
        """Check what the preprocessors left, and translate it.

        Args:
            notebook: The notebook.
            resources: nbconvert's.

        Returns:
            The notebook for the template, and the resources with the report and the files that belong to the app.

        Raises:
            ConversionException: It is refused.
        """
        self._ready = self._made_ready(notebook)
        self._refuse(self._ready)
        name = str(resources["metadata"].get("name") or "notebook")
        folder = str(resources.get("output_files_dir") or f"{name}_files")
        app = translate(self._ready.notebook, Around(folder, partial(_has, self._path)))
        resources["streamlit"] = variables(app, name)
        resources["stsec"] = self._told(self._ready, app)
        self._place(resources, app, self._ready.names)
        return nbformat.from_dict(rewritten(self._ready.notebook, app)), resources

    def require_sound(self, script: str) -> None:
        """Look at the app a last time.

        Args:
            script: The app.

        Raises:
            ConversionException: It shows a secret, or is no Python: a template of the user's may do that.
        """
        try:
            compile(script, "<app>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
            command_line.stop(self._exporter, [f"stsec: the app would be no Python{line}: is it the template?"])
        if self._ready is not None and self._ready.leaks(script):
            line = "stsec: the app would show a secret that was taken out of the notebook; nothing is written"
            command_line.stop(self._exporter, [line])
        self._require_clean(script)

    def _require_clean(self, script: str) -> None:
        """Check the app as if somebody had written it."""
        if self._ready is None:
            return
        failing = failing_in(script, self._ready, self._path, self._config)
        if failing:
            first = failing[0]
            told = f"{first.rule} in the app, line {first.location.line}: {visible(first.message)}"
            lines = [f"stsec: the app is not written: {told}", f"    {app_files.advice(failing, self._path)}"]
            command_line.stop(self._exporter, lines, self._ready.found.report)

    def _chosen(self, path: str | None) -> Config:
        try:
            return chosen(None if path is None else Path(path), **self._exporter.choices)
        except ConfigError as error:
            command_line.stop(self._exporter, [f"stsec: {error}"])

    def _made_ready(self, notebook: Mapping[str, Any]) -> Ready:
        return ready(notebook, self._path, self._config, mends=self._exporter.mend)

    def _refuse(self, ready: Ready) -> None:
        if ready.failing:
            report = ready.found.report
            advice = app_files.advice(ready.failing, self._path)
            command_line.stop(self._exporter, notice.refused(report, ready.failing, self._path, advice), report)

    def _told(self, ready: Ready, app: App) -> dict[str, Any]:
        """Say what the author has to know; the same for ``resources["stsec"]``."""
        name = ready.found.examined.masker.mask_path(self._path or "this notebook")
        notes = [
            f"stsec: {name}{'' if each.cell is None else f', cell {each.cell}'}: {each.message}" for each in app.notes
        ]
        lines = [*notice.unchecked(ready.found.report.problems), *app_files.few(notes)]
        if ready.behind:
            lines.append(f"stsec: {name}: what was found in outputs and metadata stays behind; stsec audit shows it")
        if ready.names:
            names = ", ".join(ready.names)
            lines.append(f"stsec: {name}: the app reads {names}, which .streamlit/secrets.toml must hold")
        for line in lines:
            command_line.say(self._exporter.log, line)
        problems = [{"cell": each.cell, "kind": "not-translated", "message": each.message} for each in app.notes]
        return {
            "report": ready.found.report.to_dict(),
            "failing": len(ready.failing),
            "mode": "streamlit",
            "problems": [*(each.to_dict() for each in ready.found.report.problems), *problems],
        }

    def _place(self, resources: Any, app: App, names: Sequence[str]) -> None:  # noqa: ANN401
        """Name the app's file, and add those that stand beside it."""
        folder = Path(resources["metadata"].get("path") or ".")
        run = command_line.application_of(self._exporter)
        writes = run is not None and hasattr(run.writer, "build_directory")
        if run is not None and writes:
            folder = self._named(run, resources, folder)
        made = app_files.beside(app, names, folder)
        for note in made.notes:
            command_line.say(self._exporter.log, f"stsec: {note}")
        if run is not None and not writes and made.files:
            command_line.say(self._exporter.log, f"stsec: not written with --stdout: {', '.join(made.files)}")
        app_files.put(resources, made.files)

    def _named(self, run: Any, resources: Any, folder: Path) -> Path:  # noqa: ANN401
        """Tell nbconvert's writer what the file is called; the folder that the app is written to."""
        name = str(folder / f"{resources['metadata']['name']}.ipynb")
        given = [str(Path(each)) for each in run.notebooks]
        stem = str(resources["unique_key"])
        key = app_files.place(given, name, stem, run.output_base, self._exporter.app_name)
        if run.writer.build_directory:
            folder = Path(run.writer.build_directory)
        elif given:
            folder = Path(given[0]).parent  # the pages of an app stand together
            resources["metadata"]["path"] = str(folder)
        file = folder / f"{key}{self._exporter.file_extension}"
        if run.output_base == app_files.ANY and app_files.is_foreign(file):
            line = f"stsec: {file} is there and wasn't made from a notebook: --output NAME writes another file"
            command_line.stop(self._exporter, [line])
        if Path(key).parent != Path() and folder.is_dir():
            file.parent.mkdir(exist_ok=True)
        resources["unique_key"] = key
        return folder


def _has(notebook: str | None, path: str) -> bool:
    """Whether a file stands beside a notebook."""
    try:
        return notebook is not None and (Path(notebook).parent / path).is_file()
    except (OSError, ValueError):
        return False


def _language(notebook: Mapping[str, Any]) -> str:
    """The language of a notebook, where it isn't Python."""
    metadata = notebook.get("metadata") or {}
    info, kernel = metadata.get("language_info") or {}, metadata.get("kernelspec") or {}
    language = str(info.get("name") or kernel.get("language") or "")
    is_python = "python" in language.lower() or language.lower() in _PYTHONS
    return "" if is_python else language
