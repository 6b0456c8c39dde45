"""What the command line takes."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from stsec_magic._version import __version__

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "html")


def parser(commands: Mapping[str, Callable[[argparse.Namespace], int]]) -> argparse.ArgumentParser:
    """Build the parser of the command line.

    Args:
        commands: What each command runs.

    Returns:
        The parser; ``run`` of what it parses is the command's.
    """
    root = argparse.ArgumentParser(
        prog="stsec", description="Check Jupyter notebooks for leaked credentials and untrusted pickles."
    )
    root.add_argument("--version", action="version", version=f"stsec-magic {__version__}")
    subparsers = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _audit_parser(subparsers.add_parser("audit", help="check notebooks and folders"))
    artifact = subparsers.add_parser("artifact", help="tell what pickles and models would do if they were loaded")
    artifact.add_argument("files", nargs="+", metavar="FILE", help="files, or folders in which a model is saved")
    artifact.add_argument("--format", choices=("text", "json"), default="text", help="how to show it (default: text)")
    subparsers.add_parser("rules", help="list all rules")
    explain = subparsers.add_parser("explain", help="explain a rule")
    explain.add_argument("rule", metavar="RULE")
    for name, each in subparsers.choices.items():
        each.set_defaults(run=commands[name])
    return root


def _audit_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="notebooks and folders; - for standard input"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to show the report (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write the report there instead of standard output")
    parser.add_argument("--jobs", type=_positive, metavar="N", help="processes (default: the cores)")
    parser.add_argument("--select", metavar="RULES", help="only these rules or groups, comma-separated")
    parser.add_argument("--ignore", metavar="RULES", help="not these rules or groups, comma-separated")
    parser.add_argument(
        "--exclude", action="append", default=[], metavar="GLOB", help="leave these paths out of a folder's walk"
    )
    parser.add_argument(
        "--artifacts", action="append", default=[], metavar="PATH", help="inspect the pickles and models there, too"
    )
    parser.add_argument(
        "--artifact-root",
        action="append",
        default=[],
        metavar="FOLDER",
        help="another folder from which the paths in notebooks may lead",
    )
    parser.add_argument(
        "--fail-on", metavar="LEVEL", help="least severity that fails: high, medium, low, never (default: medium)"
    )
    parser.add_argument("--strict", action="store_true", help="problems fail too")
    parser.add_argument("--baseline", metavar="FILE", help="what this file knows is shown as suppressed")
    parser.add_argument("--write-baseline", metavar="FILE", help="write what is found to this file, and end with 0")
    parser.add_argument("--fix", action="store_true", help="mend what can be mended, and show what is left")
    parser.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    parser.add_argument("--unsafe-fixes", action="store_true", help="mend, too, what may change what the code does")
    parser.add_argument(
        "--style", choices=("environ", "secrets"), help="read secrets from os.environ (default) or st.secrets"
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="check every notebook anew (results are not cached yet)"
    )
    parser.add_argument("--no-progress", action="store_true", help="show no progress")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
