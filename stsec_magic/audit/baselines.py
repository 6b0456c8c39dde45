"""Baseline files: read, matched with an audit, written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stsec_magic.audit.baseline_paths import Base, Seen
from stsec_magic.audit.run import EXIT_ERROR, Audit
from stsec_magic.audit.settings import ConfigError
from stsec_magic.model.config import Config
from stsec_magic.regular import save_text
from stsec_magic.triage.baseline import Baseline, KnownFinding, KnownProblem, match, record

SCHEMA = "stsec-baseline/1"

_SCHEMAS = re.compile(r"stsec-baseline/\d{1,6}")


def load(config: Config, write: str | None = None) -> Baseline | None:
    """Read the baseline that was chosen.

    Args:
        config: Names it.
        write: The baseline that will be written after the audit: if it is the same, it need not exist yet.

    Returns:
        The baseline; None where none was chosen, or it is yet to be made.

    Raises:
        ConfigError: It can't be read or is no baseline.
    """
    file = config.baseline
    if file is None or (write is not None and not Path(file).exists() and _is_same(file, write)):
        return None
    try:
        data = json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such baseline; --write-baseline makes it") from None
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or type(error).__name__}") from None
    except (ValueError, RecursionError):
        raise ConfigError(f"{file}: is no baseline: it is not JSON") from None
    schema = data.get("schema") if isinstance(data, Mapping) else None
    if schema != SCHEMA:
        is_other = isinstance(schema, str) and _SCHEMAS.fullmatch(schema)
        raise ConfigError(f"{file}: is {f'of the schema {schema}' if is_other else 'no baseline'}, not {SCHEMA}")
    try:
        return Baseline(tuple(_findings(data)), tuple(_problems(data)))
    except (KeyError, TypeError):
        raise ConfigError(f"{file}: is no baseline: its entries can't be read") from None


def _findings(data: Mapping[str, Any]) -> Iterator[KnownFinding]:
    for row in data["findings"]:
        yield KnownFinding(_text(row["path"]), _text(row["rule"]), _text(row["fingerprint"]))


def _problems(data: Mapping[str, Any]) -> Iterator[KnownProblem]:
    for row in data["problems"]:
        cell = row["cell"]
        if cell is not None and (not isinstance(cell, int) or isinstance(cell, bool)):
            raise TypeError
        yield KnownProblem(_text(row["path"]), _text(row["kind"]), cell)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def apply(result: Audit, baseline: Baseline, config: Config) -> Audit:
    """Suppress what a baseline knows.

    Args:
        result: An audit.
        baseline: The baseline that the choices name.
        config: Choices.

    Returns:
        The audit with the known findings suppressed, the known problems named, and what of the baseline matches
        nothing any more, as far as the audit can tell.
    """
    base = Base(config.baseline or "")
    seen = Seen(result, base)
    report = result.report
    matched = match(baseline, report.findings, report.problems, base.written, seen.may_have_moved)
    left = matched.left
    beyond = Baseline(
        tuple(each for each in left.findings if not seen.would_show(each, config)),
        tuple(each for each in left.problems if not seen.covers(each.path)),
    )
    return replace(
        result,
        report=replace(report, findings=matched.findings),
        recorded=matched.problems,
        unmatched=len(left) - len(beyond),
        beyond=beyond,
    )


def known(result: Audit, config: Config) -> Audit:
    """Suppress what the baseline knows, if one was chosen.

    Args:
        result: An audit.
        config: Choices.

    Raises:
        ConfigError: The baseline can't be read.
    """
    baseline = load(config)
    return result if baseline is None else apply(result, baseline, config)


def conclude(
    result: Audit, config: Config, baseline: Baseline | None, *, write: str | None, strict: bool
) -> tuple[Audit, int, str | None]:
    """What baselines make of an audit.

    Args:
        result: The audit.
        config: Choices.
        baseline: The baseline that they name.
        write: The baseline to write; None for none. What it holds doesn't fail the audit.
        strict: Whether every problem is an error that no baseline knows.

    Returns:
        The audit matched with the baseline, the exit status, and a line for the user.
    """
    if baseline is not None:
        result = apply(result, baseline, config)
    if write is None:
        return result, result.status(config, strict=strict), _remark(result)
    try:
        line = save(result, write, config)
    except ConfigError as error:
        return result, EXIT_ERROR, str(error)
    return result, result.status(replace(config, fail_on=None), strict=False), line


def _remark(result: Audit) -> str | None:
    n = result.unmatched
    if not n or result.interrupted:
        return None
    says = "entry of the baseline matches" if n == 1 else "entries of the baseline match"
    return f"{n} {says} nothing any more; --write-baseline refreshes it"


def save(result: Audit, file: str, config: Config) -> str:
    """Write what an audit found as a baseline, whole or not at all.

    What a baseline that was matched knows of files that the audit didn't look at, or of rules that weren't selected,
    is kept where the same file is written anew.

    Args:
        result: The audit, matched with the baseline, if there was one.
        file: Where to.
        config: Choices.

    Returns:
        A line that says what was written.

    Raises:
        ConfigError: It can't be written, or the audit was interrupted.
    """
    if result.interrupted:
        raise ConfigError(f"{file}: not written, as the audit was interrupted")
    baseline = record(result.report.findings, result.report.problems, Base(file).written)
    if config.baseline is not None and _is_same(config.baseline, file):
        beyond = result.beyond
        baseline = Baseline((*baseline.findings, *beyond.findings), (*baseline.problems, *beyond.problems))
    try:
        save_text(Path(file), _drawn(baseline))
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or type(error).__name__}") from None
    found, odd = len(baseline.findings), len(baseline.problems)
    return f"{_plural(found, 'finding')} and {_plural(odd, 'problem')} written to {file}"


def _drawn(baseline: Baseline) -> str:
    """One entry a line, in an order of its own, so that a changed entry is a changed line."""
    findings = [
        {"path": each.path, "rule": each.rule, "fingerprint": each.fingerprint} for each in sorted(baseline.findings)
    ]
    problems = [
        {"path": each.path, "kind": each.kind, "cell": each.cell}
        for each in sorted(baseline.problems, key=lambda each: (each.path, each.kind, each.cell or 0))
    ]
    lines = [f'"schema": "{SCHEMA}"', f'"findings": {_rows(findings)}', f'"problems": {_rows(problems)}']
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"


def _rows(rows: Iterable[Mapping[str, object]]) -> str:
    lines = [f"    {json.dumps(row, ensure_ascii=False)}" for row in rows]
    return "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"


def _is_same(first: str, second: str) -> bool:
    return Path(first).resolve() == Path(second).resolve()


def _plural(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"
