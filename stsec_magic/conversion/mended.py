"""A notebook in memory mended for an app: literals become ``st.secrets[...]``. Nothing is written."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stsec_magic.apply.draft import draft
from stsec_magic.checker import examine
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Style
from stsec_magic.fix.naming import Names
from stsec_magic.fix.plan import needed
from stsec_magic.hits import IN_MEMORY
from stsec_magic.model.config import Config
from stsec_magic.notebook.read import RawNotebook, parse
from stsec_magic.project.secret_files import secret_files


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending gave.

    Attributes:
        notebook: The notebook, mended as far as it safely can be.
        names: What the secrets that were taken out are called in ``st.secrets``.
    """

    notebook: Mapping[str, Any] = field(repr=False)
    names: tuple[str, ...] = ()


def mended(notebook: Mapping[str, Any], path: str | None, config: Config) -> Mended:
    """Mend a notebook in memory.

    Args:
        notebook: A notebook, nbformat 4; it isn't changed.
        path: Its file; None for none.
        config: Choices.
    """
    data = json.dumps(notebook, indent=1).encode()
    raw = RawNotebook(path or IN_MEMORY)
    parse(data, raw)
    examined = examine(raw, config, os.urandom(16))
    if examined.subject is None or raw.hidden or not examined.hits:
        return Mended(notebook)
    kept = secret_files(path).kept if path else ()
    names = Names({each.name: each.value for each in kept if "." not in each.name})
    made, _ = draft(examined, raw, data, Context(examined.subject, Style.SECRETS, names))
    if made is None:
        return Mended(notebook)
    return Mended(json.loads(made.new), tuple(sorted(needed(made.plan.fixes))))
