"""What is to be changed in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from stsec_magic.fix.strings import Piece
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit


class Style(StrEnum):
    """Where mended code reads its secrets from.

    Attributes:
        ENVIRON: ``os.environ["NAME"]``, into which Streamlit and ``%stsec env`` put the file's root-level keys.
        SECRETS: ``st.secrets["NAME"]``.
    """

    ENVIRON = "environ"
    SECRETS = "secrets"


class Need(StrEnum):
    """What must have run before mended code does.

    Attributes:
        OS: ``import os``.
        STREAMLIT: ``import streamlit as st``.
        LOADER: ``%stsec env``, which puts the kept secrets into the kernel's environment.
    """

    OS = "os"
    STREAMLIT = "streamlit"
    LOADER = "loader"


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of a text and what is to stand there.

    Attributes:
        fragment: The text, as it stands in the notebook.
        start: Offset of the span's first character.
        end: Offset just past its last; the same as ``start`` where something is put in.
        text: What is to stand there; never a secret.
    """

    fragment: Fragment
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """How one place is mended.

    Attributes:
        hit: What was found there.
        edits: The changes to the cell's texts.
        opened: The string token that becomes an f-string; None for none.
        clears: The output that is taken out; None for none.
        needs: What must have run before.
        name: What the secret is called from now on; empty where nothing is kept.
        value: What is kept under that name: the secret, or more of what stood around it.
        is_safe: Whether the code still means the same, given the kept secret.
    """

    hit: Hit
    edits: tuple[Edit, ...] = ()
    opened: Piece | None = None
    clears: Fragment | None = None
    needs: frozenset[Need] = frozenset()
    name: str = ""
    value: str = field(default="", repr=False)
    is_safe: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place that isn't mended.

    Attributes:
        hit: What was found there.
        why: A few words for the user, without any secret.
        is_choice: Whether the user could ask for it all the same (``--unsafe-fixes``).
    """

    hit: Hit
    why: str
    is_choice: bool = False
