"""``%stsec fix``: notebooks' files mended, by the same steps as ``stsec audit --fix``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from stsec_magic.live.said import has_colours, say
from stsec_magic.live.session import own_path
from stsec_magic.live.words import Parser, UsageError
from stsec_magic.model.config import Config


def fix(words: Sequence[str], variables: dict[str, object], choose: Callable[[Path], Config]) -> None:
    """Mend notebooks, or show how.

    Args:
        words: Options, and paths; without any this notebook's own.
        variables: The user's namespace.
        choose: The choices for a path.

    Raises:
        UsageError: An option isn't one, or there is no file to mend.
        ConfigError: A choice can't be taken.
    """
    options = _parsed(words)
    paths = options.paths or [path for path in [own_path(variables)] if path]
    if not paths:
        raise UsageError("where this notebook is saved isn't known here; give its path: %stsec fix NOTEBOOK")
    from stsec_magic.audit import baselines, settings
    from stsec_magic.audit.mending import mend_found
    from stsec_magic.audit.run import audit
    from stsec_magic.report.mending import diff, render

    config = settings.override(
        choose(Path(paths[0])),
        select=None,
        ignore=None,
        exclude=(),
        fail_on=None,
        fix_style=options.style,
        unsafe_fixes=options.unsafe_fixes,
    )
    result = baselines.known(audit(paths, config), config)
    for path in result.missing:
        say(f"%stsec: {path}: no such file or folder")
    mending = mend_found(result, paths, config, write=not options.diff)
    changes = "" if mending.is_written else diff(mending, colour=has_colours()).rstrip("\n")
    if changes:
        say(changes)
    said = render(mending).rstrip("\n")
    if said or not result.missing:
        say(said or "nothing to mend")
    if mending.has_changed:
        say("the file has changed: reload it (File > Reload Notebook from Disk) before you save")


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="%stsec fix", add_help=False, allow_abbrev=False)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--diff", action="store_true")
    parser.add_argument("--style", choices=("environ", "secrets"))
    parser.add_argument("--unsafe-fixes", action="store_true")
    return parser.parse_args(words)
