"""Keys of secrets.toml that nobody reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stsec_magic.keys_read.asked import Store
from stsec_magic.model.finding import Finding
from stsec_magic.project_checks.code import texts_of
from stsec_magic.project_checks.keys import Project, code_for, reads_for
from stsec_magic.project_checks.named import root_keys
from stsec_magic.project_checks.secret_kinds import is_streamlit
from stsec_magic.project_checks.settings_files import mention_of, settings_of
from stsec_magic.project_checks.told import told
from stsec_magic.project_checks.toml_places import key_place
from stsec_magic.project_checks.tree import File, Tree
from stsec_magic.rules.project_rules import UNUSED_SECRET

# Streamlit reads these tables itself.
_OWN = {
    "connections": re.compile(rb"\b(?:experimental_)?connection[ \t]{0,4}\("),
    "auth": re.compile(rb"\blogin[ \t]{0,4}\(|\b(?:st|streamlit)\.(?:experimental_)?user\b"),
}
_IMPORTED = re.compile(
    rb"\b(?:import|from)[ \t]{1,20}([a-z_][\w.]{0,80}(?:[ \t]{0,4},[ \t]{0,4}[a-z_][\w.]{0,80}){0,8})"
)
_TAKEN_BY = {
    "hf": ("hugging", "transformers", "datasets"),
    "langsmith": ("langchain", "langgraph"),
    "aws": ("boto", "s3fs"),
    "pghost pgport pguser pgpassword pgdatabase": ("psycopg", "asyncpg", "pg8000", "sqlalchemy"),
    "google gemini": ("google",),
    "azure": ("azure", "openai"),
    "http https no all ssl requests curl": ("",),  # proxies and certificates: any library asks
}
_GENERAL = frozenset("api app my the db secret token key admin user".split())


def unused(projects: Sequence[Project], tree: Tree) -> Iterator[Finding]:
    """Tell which keys nobody reads.

    Args:
        projects: The tree's projects.
        tree: The tree.

    Yields:
        One finding for a key or a table.
    """
    for file in tree.files:
        if is_streamlit(file) and tree.selects(UNUSED_SECRET, file) and _is_walked(file, tree):
            yield from _in_file(file, projects, tree)


def _is_walked(file: File, tree: Tree) -> bool:
    """Whether all code that the file may serve was met."""
    return any(file.home.is_relative_to(folder) for folder in tree.walked)


def _in_file(file: File, projects: Sequence[Project], tree: Tree) -> Iterator[Finding]:
    text, keys = root_keys(file)
    reads = reads_for(projects, file)
    whole = {store for each in reads for store in each.whole}
    asked = {read.key[0] for each in reads for read in each.reads}
    # Where no key is read by its name, all may be read in a way that nobody sees.
    if Store.SECRETS in whole or asked.isdisjoint(keys):
        return
    left = {name: is_table for name, is_table in keys.items() if name not in asked}
    if Store.ENVIRON in whole:
        left = {name: is_table for name, is_table in left.items() if is_table}
    if not left:
        return
    for name in _unmentioned(left, file, projects, tree):
        what = "table" if left[name] else "key"
        message = f"the {what} {name!r} is read by nothing in the project; take it out, and revoke it if it is a secret"
        yield told(UNUSED_SECRET, file, name, message, place=key_place(text, name))


def _unmentioned(left: dict[str, bool], file: File, projects: Sequence[Project], tree: Tree) -> list[str]:
    """The keys whose names stand in no code, and that no library would look for."""
    code = code_for(projects, file)
    names = {name: mention_of(name) for name in left}
    imported: set[str] = set()
    for text in texts_of([*code, *settings_of(tree)]):
        for name in [*names]:
            own = _OWN.get(name) if left[name] else None
            if names[name].search(text) or (own is not None and own.search(text)):
                del names[name]
        imported |= {match.decode("ascii", "replace") for match in _IMPORTED.findall(text)}
        if not names:
            break
    return [name for name in names if left[name] or not _is_taken(name, imported)]


def _is_taken(name: str, imported: set[str]) -> bool:
    """Whether a library that is imported may take a variable from the environment, where Streamlit puts it."""
    issuer = name.lower().partition("_")[0]
    if issuer in _GENERAL:
        return False
    others = [word for names, words in _TAKEN_BY.items() if issuer in names.split() for word in words]
    return any(word in module for word in (issuer, *others) for module in imported)
