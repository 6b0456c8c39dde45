"""What MLflow imports when it loads a model, by the file MLmodel: a loader of the model's own, code beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stsec_magic.containers.found import Told

LARGEST = 1 << 20
"""Bytes of the file that are read."""

_LOADER = re.compile(r"\bloader_module[\"']?\s{0,20}:\s{0,20}[\"']?([\w.]{1,300})")
_CODE = re.compile(r"(?:^|[{,])\s{0,40}[\"']?code[\"']?\s{0,20}:\s{0,20}[\"']?([^\s\"'#,}]{1,300})", re.MULTILINE)
_SCRIPT = re.compile(r"\bmodel_code_path[\"']?\s{0,20}:\s{0,20}[\"']?([^\s\"'#,}]{1,300})")
_NOTHING = frozenset(("null", "~", "Null", "NULL"))
_OWN = re.compile(r"mlflow(?:\.|$)")
_BROUGHT = "imports code that it brings along"


def told(path: str, data: bytes) -> Iterator[Told]:
    """Read the file line by line: it is YAML, and only three of its keys matter.

    Args:
        path: Of the file.
        data: Its bytes.

    Yields:
        What is imported that isn't MLflow's own.
    """
    text = data.decode("utf-8", "replace")
    folders = [match[1] for match in _CODE.finditer(text) if match[1] not in _NOTHING]
    for loader in dict.fromkeys(match[1] for match in _LOADER.finditer(text)):
        if _OWN.match(loader) is None:
            call = f"{loader}._load_pyfunc(...)"
            if folders:
                yield Told(path, loader, _BROUGHT, call, False)
            else:
                yield Told(path, loader, "imports what it names", call, None)
    for folder in dict.fromkeys(folders):
        yield Told(path, None, _BROUGHT, f"the modules in {folder}", False)
    for script in dict.fromkeys(match[1] for match in _SCRIPT.finditer(text)):
        if script not in _NOTHING:
            yield Told(path, None, "runs code that it brings along", script, False)
