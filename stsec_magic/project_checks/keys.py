"""Keys that the code reads and nobody set, and keys that are set and nobody reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stsec_magic.keys_read.asked import KeyRead, KeysRead, Need, Store
from stsec_magic.model.finding import Finding
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.project_checks import named
from stsec_magic.project_checks.app_config import is_config
from stsec_magic.project_checks.code import Code, is_wanted, read_code, texts_of
from stsec_magic.project_checks.named import Named
from stsec_magic.project_checks.placed import Said, placed
from stsec_magic.project_checks.secret_kinds import is_for_tests
from stsec_magic.project_checks.settings_files import mention_of, settings_of
from stsec_magic.project_checks.tree import File, Tree, resolved, root_of
from stsec_magic.regular import bytes_of
from stsec_magic.rules import plausible
from stsec_magic.rules.project_rules import MISSING_SECRET

_NAME = re.compile(r"[A-Za-z_][\w.\-]{0,79}")
_WORD = re.compile(r"[^\s'\"()\[\],=\\]{1,200}")
_OTHER_FILES = re.compile(rb"^[ \t]{0,20}\[secrets\]|^[ \t]{0,20}secrets\.files[ \t]{0,20}=", re.MULTILINE)


@dataclass(slots=True)
class Project:
    """A project's code and the files that name its keys.

    Attributes:
        root: Its root.
        code: Its notebooks and scripts.
        sources: The files that name keys.
        named: The keys that they name.
        read: What the code asks for.
    """

    root: Path
    code: list[File] = field(default_factory=list)
    sources: list[File] = field(default_factory=list)
    named: Named = field(default_factory=Named)
    read: Code = field(default_factory=Code)


def projects_of(tree: Tree) -> list[Project]:
    """Group a tree by project, and read what the code asks for.

    Args:
        tree: The tree.
    """
    found: dict[Path, Project] = {}
    for file in tree.code:
        root = root_of(resolved(str(file.path.parent)))
        found.setdefault(root, Project(root)).code.append(file)
    sources = [each for each in tree.files if named.is_toml(each) or named.is_env(each)]
    configs = [each for each in tree.files if is_config(each)]
    for project in found.values():
        project.sources = [each for each in sources if _is_of(each, project)]
        project.named = named.named_in(project.sources)
        project.named.is_unknown |= any(_names_other_files(each) for each in configs if _is_of(each, project))
        of_user = named.named_in([named.of_home()])
        project.named.keys |= of_user.keys
        project.named.leaves |= of_user.leaves
        project.read = read_code(project.code, project.named)
    return [*found.values()]


def _is_of(file: File, project: Project) -> bool:
    home = file.home
    return home.is_relative_to(project.root) or project.root.is_relative_to(home)


def _names_other_files(config: File) -> bool:
    """Whether a ``config.toml`` says where else secrets are kept."""
    try:
        return _OTHER_FILES.search(bytes_of(str(config.path), 1 << 20) or b"") is not None
    except (OSError, ValueError):
        return True


def missing(project: Project, tree: Tree) -> Iterator[Finding]:
    """Tell which keys nobody set.

    Args:
        project: The project.
        tree: The tree.

    Yields:
        One finding for a key, where it is first read.
    """
    if project.named.is_unknown:
        return
    apps = {each for each in tree.apps if not is_for_tests(each)}  # a test makes up secrets of its own
    environment = _Environment(project)
    first: dict[str, tuple[File, KeysRead, KeyRead]] = {}
    for file, keys in project.read.reads:
        for read in keys.reads if file in apps else ():
            if _is_missing(read, project.named, environment):
                name = _thing(read, project.named)
                known = first.get(name)
                if known is None or (known[1] is keys and known[2].need.value < read.need.value):
                    first[name] = (file, keys, read)
    elsewhere = _mentioned({name for name, row in first.items() if row[2].store is Store.ENVIRON}, tree)
    first = {name: row for name, row in first.items() if name not in elsewhere}
    for file, keys in project.read.reads:
        rows = [_said(each, name, project.named) for name, (at, _, each) in first.items() if at is file]
        if rows and tree.selects(MISSING_SECRET, file):
            yield from placed(MISSING_SECRET, keys, rows, tree.config)


def _mentioned(names: set[str], tree: Tree) -> set[str]:
    """The variables of which a file of settings speaks: a container or a workflow sets them."""
    if not names:
        return set()
    words = {name: mention_of(name) for name in names}
    texts = texts_of(settings_of(tree))
    return {name for text in texts for name, pattern in words.items() if pattern.search(text)}


def _is_missing(read: KeyRead, known: Named, environment: _Environment) -> bool:
    name = read.key[0]
    if read.need is Need.NOTHING or known.has(read.key) or _NAME.fullmatch(name) is None or plausible.is_token(name):
        return False
    if read.store is Store.SECRETS:
        return True
    return is_wanted(name) and not environment.may_hold(name)


def _thing(read: KeyRead, known: Named) -> str:
    """What is missing: a key, or all of ``secrets.toml``."""
    if read.store is Store.SECRETS and not known.has_toml:
        return ""
    return ".".join(read.key)


def _said(read: KeyRead, name: str, known: Named) -> Said:
    if not name:
        message = (
            "st.secrets is read, and the project has no .streamlit/secrets.toml; make one, ignore it in git, and show "
            "in a secrets.toml.example which keys it needs"
        )
        return Said(read, "secrets.toml", message, Severity.LOW, Confidence.MEDIUM)
    is_sure = read.need is Need.ERROR and (read.store is Store.SECRETS or known.has_env)
    severity = Severity.MEDIUM if is_sure else Severity.LOW
    if read.store is Store.SECRETS:
        spelt = "st.secrets" + "".join(f'["{each}"]' for each in read.key)
        message = f"{spelt} is read, and no secrets.toml of the project has it, nor an example of one"
        return Said(read, name, message, severity, Confidence.HIGH)
    files = ".env" if known.has_env else "secrets.toml"
    message = f"{name} is read from the environment, and no {files} of the project has it, nor an example of one"
    return Said(read, name, message, severity, Confidence.MEDIUM)


class _Environment:
    """What may be in the environment although no file names it."""

    def __init__(self, project: Project) -> None:
        known = {each.path.name for each in project.sources}
        self._put = project.read.put
        self._is_open = (
            not (project.named.has_env or project.named.has_toml)
            or project.read.puts_any
            or any(_is_elsewhere(each, known) for each in project.read.dotenv)
        )

    def may_hold(self, name: str) -> bool:
        """Whether a variable may be set by what no file tells."""
        return self._is_open or name in self._put


def _is_elsewhere(given: str, known: set[str]) -> bool:
    """Whether ``load_dotenv`` is given another file than those of the project."""
    words = [word.rstrip("/").rpartition("/")[2] for word in _WORD.findall(given)]
    return bool(words) and "find_dotenv" not in words and known.isdisjoint(words)


def reads_for(projects: Sequence[Project], file: File) -> list[KeysRead]:
    """What is asked for in the projects that a file of secrets may serve.

    Args:
        projects: All of them.
        file: The file.
    """
    return [keys for each in projects if _is_of(file, each) for _, keys in each.read.reads]


def code_for(projects: Sequence[Project], file: File) -> list[File]:
    """The notebooks and scripts of the projects that a file of secrets may serve.

    Args:
        projects: All of them.
        file: The file.
    """
    return [each for project in projects if _is_of(file, project) for each in project.code]
