"""What differs where ``jupyter nbconvert`` runs: a line and an exit status instead of an exception."""

from __future__ import annotations

import io
import logging
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import nbformat
from nbconvert.utils.exceptions import ConversionException
from nbformat.validator import normalize
from traitlets.config import Application

from stsec_magic.conversion import unreadable
from stsec_magic.model.report import Report

if TYPE_CHECKING:
    from nbconvert.nbconvertapp import NbConvertApp

_MARK = "_stsec_made_legible"
_KERNEL = "ipykernel."


def is_command_line(exporter: Any) -> bool:  # noqa: ANN401
    """Whether an exporter works for ``jupyter nbconvert``, and not inside a kernel, a server or another program.

    Args:
        exporter: An exporter, or what has one as its parent.
    """
    return application_of(exporter) is not None


def stop(exporter: Any, lines: Sequence[str], report: Report | None = None) -> NoReturn:  # noqa: ANN401
    """End a conversion: on the command line with the lines and exit status 1, else with an exception.

    Args:
        exporter: An exporter, or what has one as its parent.
        lines: What to say; masked.
        report: What was found, where that is why; the exception's ``report``.

    Raises:
        SystemExit: On the command line.
        ConversionException: Elsewhere. Its message is the lines.
    """
    text = "\n".join(lines)
    if is_command_line(exporter):
        exporter.log.error("%s", text)
        raise SystemExit(1) from None
    error = ConversionException(text)
    error.report = report  # type: ignore[attr-defined]
    raise error from None


def say(log: logging.Logger | logging.LoggerAdapter[Any], text: str) -> None:
    """Warn where it is seen.

    In a kernel that is the cell, as the log goes to the server's terminal; where nobody set up logging it is standard
    error, as Python does for every logger but traitlets'.

    Args:
        log: Of an exporter or a server.
        text: What to say.
    """
    logger = log.logger if isinstance(log, logging.LoggerAdapter) else log
    if type(_running()).__module__.startswith(_KERNEL):
        sys.stderr.write(f"{text}\n")
    elif _is_heard(logger) or logging.lastResort is None:
        log.warning("%s", text)
    else:
        logging.lastResort.handle(logger.makeRecord(logger.name, logging.WARNING, "", 0, "%s", (text,), None))


def path_of(resources: Mapping[str, Any] | None) -> str | None:
    """The file of the notebook that is converted, if it comes from one.

    Args:
        resources: nbconvert's.
    """
    metadata = (resources or {}).get("metadata") or {}
    folder, name = metadata.get("path"), metadata.get("name")
    # Where a notebook is handed over in memory nbconvert gives it a name, and no folder.
    if not isinstance(folder, str) or not isinstance(name, str) or not name:
        return None
    file = Path(folder) / f"{name}.ipynb"
    try:
        return str(file) if file.is_file() else None
    except (OSError, ValueError):
        return None


def make_legible(exporter: Any) -> None:  # noqa: ANN401
    """Say in a line what nbconvert shows a long traceback for: a file that is no notebook, a folder that isn't there.

    Args:
        exporter: That of the command line; any other one is left as it is.
    """
    application = application_of(exporter)
    if application is None or getattr(exporter, "parent", None) is not None or getattr(exporter, _MARK, False):
        return
    from_filename, from_file = exporter.from_filename, exporter.from_file

    def legible_from_filename(filename: str, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401
        _require(exporter, unreadable.no_folder(_target(application, filename, resources)))
        _require(exporter, unreadable.file(filename))
        return from_filename(filename, resources=resources, **kw)

    def legible_from_file(file_stream: Any, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401
        try:
            text = file_stream.read()
        except UnicodeDecodeError:
            stop(exporter, [unreadable.NOT_UTF_8])
        _require(exporter, unreadable.text(text, path_of(resources)) or _invalid(text, path_of(resources)))
        return from_file(io.StringIO(text), resources=resources, **kw)

    exporter.from_filename, exporter.from_file = legible_from_filename, legible_from_file
    setattr(exporter, _MARK, True)


def application_of(exporter: Any) -> NbConvertApp | None:  # noqa: ANN401
    """The ``jupyter nbconvert`` that an exporter works for; None inside a kernel, a server or another program.

    Args:
        exporter: An exporter, or what has one as its parent.
    """
    # It loads every exporter that is installed while it is being imported: no exporter can import it in its turn.
    known = getattr(sys.modules.get("nbconvert.nbconvertapp"), "NbConvertApp", None)
    if known is None:
        return None
    root = exporter
    while getattr(root, "parent", None) is not None:
        root = root.parent
    if isinstance(root, known):
        its_own: NbConvertApp = root
        return its_own
    # Its exporter has no parent; and inside a kernel or a server the one application is theirs.
    application: Any = _running()
    if not isinstance(application, known):
        return None
    own = getattr(application, "exporter", None)  # None while it is being made
    works_for: NbConvertApp | None = application if own is None or own is root else None
    return works_for


def _running() -> Application | None:
    """The one application of this process."""
    return Application.instance() if Application.initialized() else None


def _require(exporter: Any, line: str | None) -> None:  # noqa: ANN401
    if line is not None:
        stop(exporter, [line])


def _target(application: NbConvertApp, filename: str, resources: Any) -> Path | None:  # noqa: ANN401
    """Where the result will be written; None where it goes to no file."""
    folder, key = getattr(application.writer, "build_directory", None), (resources or {}).get("unique_key")
    if folder is None or not isinstance(key, str):
        return None
    return Path(folder or Path(filename).parent) / key


def _invalid(text: str, path: str | None) -> str | None:
    """What nbformat has against a notebook, asked as nbconvert asks it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they come again with the conversion itself
            notebook = nbformat.convert(nbformat.reader.reads(text), to_version=4)
            nbformat.validate(normalize(notebook)[1], relax_add_props=True)
    except nbformat.ValidationError as error:
        return unreadable.invalid(list(getattr(error, "absolute_path", ())), path)
    # Whatever a broken file raises in there is not worth a traceback.
    except Exception as error:
        return unreadable.refused(type(error).__name__, path)
    return None


def _is_heard(logger: logging.Logger) -> bool:
    at: logging.Logger | None = logger
    while at is not None:
        if any(not isinstance(each, logging.NullHandler) for each in at.handlers):
            return True
        at = at.parent if at.propagate else None
    return False
