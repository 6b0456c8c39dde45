"""Projects in a temporary folder, for the tests of ``apply``."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from stsec_magic.apply.batch import mend_all
from stsec_magic.model.config import Config
from stsec_magic.model.mending import Mending
from tests.credentials import fill
from tests.notebooks_in_memory import code, notebook, stream

KEY = fill("sk-proj-{alnum:48}T3BlbkFJ{alnum:48}", "apply")

_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(folder: Path, *arguments: str) -> str:
    """Run git."""
    command = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    command += ["-c", "protocol.file.allow=always", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=_ENVIRONMENT).stdout


def leaky(path: Path, key: str = KEY, cells: int = 2) -> Path:
    """A notebook with a key in its code and in an output, as Jupyter writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = notebook(
        *(code([f"key = '{key}'\n", "key"], [stream("é\n"), stream(key)], id=f"c{n}", count=n) for n in range(cells)),
        metadata={"language_info": {"name": "python"}},
    )
    path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def mend(*paths: Path, **choices: object) -> Mending:
    """Mend notebooks."""
    return mend_all(map(str, paths), Config(**choices), write=True)  # type: ignore[arg-type]
