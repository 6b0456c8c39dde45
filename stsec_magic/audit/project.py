"""The project around the notebooks of an audit: its files, and what git has of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from stsec_magic.audit.discover import Found, files_of
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.notebook.read import STDIN
from stsec_magic.project.secret_files import shown, up_to_root
from stsec_magic.project_checks import app_config, checkpoints, keys, loaded_files, secrets_in_git, unused
from stsec_magic.project_checks.holding import SecretFile
from stsec_magic.project_checks.repositories import Repositories
from stsec_magic.project_checks.secret_kinds import secret_file
from stsec_magic.project_checks.told import Masks
from stsec_magic.project_checks.tree import STREAMLIT, File, Homes, Tree, resolved
from stsec_magic.regular import bytes_of
from stsec_magic.rules import project_rules as rules
from stsec_magic.rules import unused_suppression

_CHECKPOINTS = ".ipynb_checkpoints"
_IMPORTS_STREAMLIT = re.compile(rb"^[ \t]{0,40}(?:import|from)[ \t]{1,20}streamlit\b", re.MULTILINE)
_LARGEST_SCRIPT = 1 << 22


def check_project(
    folders: Sequence[str], found: Found, findings: Sequence[Finding], config: Config
) -> tuple[list[Finding], list[Problem]]:
    """Check the projects that the notebooks and apps of some folders belong to.

    Args:
        folders: The folders that were audited.
        found: The notebooks and scripts in them.
        findings: What was found in the notebooks.
        config: Choices.

    Returns:
        Findings, and what couldn't be read.
    """
    if not folders or not any(config.selects(rule, "") for rule in rules.RULES):
        return [], []
    try:
        return _checked(folders, found, findings, config)
    # What was found in the notebooks must not be lost, nor leave with the fault: its type is all that is told.
    except Exception as error:
        message = f"an internal fault in the checks of the project ({type(error).__name__}); please report it"
        return [], [Problem(".", None, ProblemKind.INTERNAL, message)]


def not_in_vain(findings: Sequence[Finding], more: Sequence[Finding]) -> list[Finding]:
    """Leave out what was said of comments that silence a finding about the project.

    Args:
        findings: Of the notebooks alone.
        more: Of the project.
    """
    silenced = {_line(each) for each in more if each.suppressed is not None}
    return [each for each in findings if each.rule != unused_suppression.RULE.id or _line(each) not in silenced]


def _line(finding: Finding) -> tuple[str, int | None, int]:
    where = finding.location
    return where.path, where.cell, where.line


def _checked(
    folders: Sequence[str], found: Found, findings: Sequence[Finding], config: Config
) -> tuple[list[Finding], list[Problem]]:
    tree = _tree(folders, found, findings, config)
    if not tree.apps:
        return [], []
    secrets = [each for file in tree.files if (each := secret_file(file, tree)) is not None]
    about_files = [*_about_files(tree, secrets)]
    about_code = [*_about_code(tree, about_files)]
    about_files.sort(key=lambda each: (each.location.path, each.location.line, each.rule))
    if not about_files and not tree.problems:
        return about_code, []
    masks = Masks(about_files, tree.problems, (value for each in secrets for value in each.values))
    return [*map(masks.finding, about_files), *about_code], [*map(masks.problem, dict.fromkeys(tree.problems))]


def _about_files(tree: Tree, secrets: Sequence[SecretFile]) -> Iterator[Finding]:
    repositories = Repositories(tree.problems)
    yield from secrets_in_git.check(secrets, tree, repositories)
    yield from checkpoints.check(tree, repositories)
    yield from loaded_files.check(tree, repositories)
    for file in tree.files:
        if app_config.is_config(file) and tree.selects(rules.WEAK_APP_CONFIG, file):
            yield from app_config.check(file, tree)


def _about_code(tree: Tree, about_files: list[Finding]) -> Iterator[Finding]:
    if not any(tree.config.selects(rule, "") for rule in (rules.MISSING_SECRET, rules.UNUSED_SECRET)):
        return
    projects = keys.projects_of(tree)
    about_files += unused.unused(projects, tree)
    for project in projects:
        yield from keys.missing(project, tree)


def _tree(folders: Sequence[str], found: Found, findings: Sequence[Finding], config: Config) -> Tree:
    notebooks = [_file(path) for path in found.files if path != STDIN and f"{_CHECKPOINTS}/" not in path]
    scripts = [_file(path) for path in found.scripts if f"{_CHECKPOINTS}/" not in path and not config.excludes(path)]
    apps = [*notebooks, *(each for each in scripts if _imports_streamlit(each))]
    homes = Homes(apps)
    files: dict[Path, File] = {}
    # What can't be walked has its problem already.
    walked = (_file(path) for folder in folders for path in files_of(folder, config, Found()))
    for file in (*walked, *_above(folders)):
        if homes.has(file.home) and not config.excludes(file.shown):
            files.setdefault(file.path, file)
    return Tree(
        config=config,
        files=[*files.values()],
        code=[*notebooks, *scripts],
        apps=apps,
        walked=[resolved(folder) for folder in folders],
        findings=findings,
    )


def _above(folders: Iterable[str]) -> Iterator[File]:
    """The files of the folders above those that were walked, up to the project's root."""
    for above in dict.fromkeys(each for folder in folders for each in up_to_root(folder)[1:]):
        for folder in (above, str(Path(above, STREAMLIT))):
            try:
                with os.scandir(folder) as entries:
                    paths = sorted(entry.path for entry in entries if not entry.is_dir(follow_symlinks=False))
            except OSError:
                continue  # it isn't there, or may be entered and not listed
            yield from (File(Path(path), shown(path)) for path in paths)


def _file(path: str) -> File:
    return File(Path(os.path.abspath(path)), path)  # noqa: PTH100  links stay what they are


def _imports_streamlit(script: File) -> bool:
    try:
        data = bytes_of(str(script.path), _LARGEST_SCRIPT) or b""
    except (OSError, ValueError):
        return False
    return b"streamlit" in data and _IMPORTS_STREAMLIT.search(data) is not None
