"""Arguments to audit to report to exit status. Decides nothing."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from stsec_magic.arguments import parser

if TYPE_CHECKING:
    from stsec_magic.audit.run import Audit, Progress
    from stsec_magic.model.config import Config
    from stsec_magic.model.mending import Mending

_BUILT = ("text", "concise", "json")
_EXIT_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Without the program's name; by default ``sys.argv``'s.

    Returns:
        The exit status: 0 clean, 1 findings, 2 an error.
    """
    commands = {"audit": _audit, "artifact": _artifact, "rules": _rules, "explain": _explain}
    options = parser(commands).parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        _complain("interrupted")
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _EXIT_ERROR


def _audit(options: argparse.Namespace) -> int:
    unbuilt = _unbuilt(options)
    if unbuilt is not None:
        return _complain(f"{unbuilt} isn't built yet")
    if (options.fix or options.diff) and "-" in options.paths:
        return _complain("--fix and --diff mend files, not standard input")
    from stsec_magic.audit import baselines, settings  # --help needs none of this
    from stsec_magic.audit.run import audit

    try:
        config = settings.override(
            settings.load(_project(options.paths)),
            select=options.select,
            ignore=options.ignore,
            exclude=options.exclude,
            fail_on=options.fail_on,
            artifact_roots=options.artifact_root,
            baseline=options.baseline,
            fix_style=options.style,
            unsafe_fixes=options.unsafe_fixes,
        )
        baseline = baselines.load(config, options.write_baseline)
    except settings.ConfigError as error:
        return _complain(str(error))
    jobs = options.jobs or os.cpu_count() or 1
    look = partial(audit, options.paths, config, jobs, **_progress(options), artifacts=options.artifacts)
    result = look()
    mended = _mend(result if baseline is None else baselines.apply(result, baseline, config), config, options)
    if mended is not None and mended.has_changed:
        result = look()
    result, status, line = baselines.conclude(
        result, config, baseline, write=options.write_baseline, strict=options.strict
    )
    failed = _write(result, options) or (_EXIT_ERROR if mended is not None and mended.failed else 0)
    if line is not None:
        _complain(line)
    return failed or status


def _progress(options: argparse.Namespace) -> dict[str, Any]:
    """A bar on standard error, where somebody sees it and the work is long."""
    if options.no_progress or not sys.stderr.isatty():
        return {}

    def bar(total: int) -> Progress:
        from tqdm import tqdm  # 20 ms; whoever watches doesn't mind

        return tqdm(total=total, unit=" notebooks", delay=1, leave=False, dynamic_ncols=True)

    return {"progress": bar}


def _unbuilt(options: argparse.Namespace) -> str | None:
    if options.format not in _BUILT:
        return f"--format {options.format}"
    return None


def _mend(result: Audit, config: Config, options: argparse.Namespace) -> Mending | None:
    """Mend, or show what mending would do; None where nobody asked."""
    if not (options.fix or options.diff):
        return None
    from stsec_magic.audit.mending import mend_found
    from stsec_magic.report.mending import diff, render

    mended = mend_found(result, options.paths, config, write=not options.diff)
    if options.diff:
        stream = sys.stdout if _is_diff_alone(options) else sys.stderr
        _binary(stream, diff(mended, colour=_colour(stream)))
    _binary(sys.stderr, render(mended))
    return mended


def _is_diff_alone(options: argparse.Namespace) -> bool:
    """Whether the diff takes the report's place: a person reads one of them at a time."""
    return bool(options.diff and options.format == "text" and options.output is None)


def _project(paths: Sequence[str]) -> Path:
    """Where the search for pyproject.toml begins."""
    first = Path(paths[0]) if paths and paths[0] != "-" else Path()
    return first if first.is_dir() else first.parent


def _write(result: Audit, options: argparse.Namespace) -> int:
    from stsec_magic.regular import save_text
    from stsec_magic.report import terminal

    sys.stderr.write(terminal.problems(result.report.problems, colour=_colour(sys.stderr)))
    if result.interrupted:
        _complain(f"interrupted: {result.unchecked} notebooks were not checked")
    for path in result.missing:
        _complain(f"{path}: no such file or folder")
    if _is_diff_alone(options):
        return 0
    if options.output is None:
        _binary(sys.stdout, _render(result, options.format, colour=_colour(sys.stdout)))
        return 0
    try:
        save_text(Path(options.output), _render(result, options.format, colour=False))
    except OSError as error:
        return _complain(f"{options.output}: {error.strerror}")
    return 0


def _render(result: Audit, name: str, *, colour: bool) -> str:
    from stsec_magic.report import concise, json, terminal

    if name == "text":
        return terminal.render(result.report, colour=colour)
    return {"json": json.render, "concise": concise.render}[name](result.report)


def _binary(stream: TextIO, text: str) -> None:
    """Write UTF-8 whatever the locale says: a notebook's text knows no locale."""
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(text)
        return
    buffer.write(text.encode("utf-8", "replace"))
    buffer.flush()


def _colour(stream: object) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty()) and os.environ.get("TERM") != "dumb"


def _rules(_: argparse.Namespace) -> int:
    from stsec_magic.report.rules import table
    from stsec_magic.rules.catalogue import rules

    _binary(sys.stdout, table(rules().values()))
    return 0


def _artifact(options: argparse.Namespace) -> int:
    from stsec_magic.artifact_check import shown
    from stsec_magic.report.artifact import render, to_json

    rows, missing = shown(options.files)
    for path in missing:
        _complain(f"{path}: no such file or folder")
    colour = _colour(sys.stdout)
    text = to_json(rows) if options.format == "json" else "\n".join(render(row, colour=colour) for row in rows)
    _binary(sys.stdout, text)
    return max([_EXIT_ERROR if missing else 0, *(row.status for row in rows)])


def _explain(options: argparse.Namespace) -> int:
    from stsec_magic.audit.settings import nearest
    from stsec_magic.rules.catalogue import rules

    rule = rules().get(options.rule)
    if rule is None:
        return _complain(f"unknown rule {options.rule!r}{nearest(options.rule, rules())}")
    _binary(sys.stdout, f"{rule.help.strip()}\n")
    return 0


def _complain(message: str) -> int:
    sys.stderr.write(f"stsec: {message}\n")
    return _EXIT_ERROR
