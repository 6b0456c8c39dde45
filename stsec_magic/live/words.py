"""What a user writes behind ``%stsec``, taken apart."""

from __future__ import annotations

import argparse
import difflib
import re
import shlex
from collections.abc import Mapping
from pathlib import PurePath
from typing import NoReturn

from stsec_magic.live.completing import TAKE_PATHS, WORDS

_VARIABLE = re.compile(r"\{([^\W\d]\w{0,100})\}|\$([^\W\d]\w{0,100})")


class UsageError(Exception):
    """A word that isn't one; one line for the user."""


class Parser(argparse.ArgumentParser):
    """Raises what is wrong, instead of ending the kernel."""

    def error(self, message: str) -> NoReturn:
        """Raise a UsageError."""
        raise UsageError(message)


def words_of(line: str, variables: Mapping[str, object]) -> list[str]:
    """The line's words; of ``{name}`` and ``$name`` only paths and texts are put in, and only in whole words.

    IPython would put in any value: a secret, too, which then stands in the history.

    Args:
        line: What stands behind ``%stsec``.
        variables: The user's namespace.

    Raises:
        UsageError: A quote isn't closed.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if not words or words[0] not in TAKE_PATHS:
        return words
    return [words[0], *(_expanded(word, variables) for word in words[1:])]


def _expanded(word: str, variables: Mapping[str, object]) -> str:
    match = _VARIABLE.fullmatch(word)
    value = None if match is None else variables.get(match[1] or match[2])
    return str(value) if isinstance(value, str | PurePath) else word


def number_in(words: list[str]) -> int | None:
    """The number of a prompt; None where none is given.

    Args:
        words: What stands behind ``%stsec cell``.

    Raises:
        UsageError: Something else is given.
    """
    if not words:
        return None
    if len(words) > 1 or not words[0].isdecimal():
        raise UsageError("%stsec cell [N], the number of a prompt")
    return int(words[0])


def unknown(word: str) -> UsageError:
    """What is to be said of a word that isn't one.

    Args:
        word: The word.
    """
    near = difflib.get_close_matches(word, [each for each in WORDS if each], 1, 0.5)
    return UsageError(
        f"there is no {word!r}; {f'did you mean {near[0]!r}?' if near else '%stsec? shows what there is'}"
    )
