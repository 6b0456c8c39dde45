"""Python inside shell text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stsec_magic.source.tokens.shellwords import ShellWords

# /usr/bin/python3.11; of "pytest" and "python-config" it is no part.
_PROGRAM = re.compile(r"(?:[\w./~\-]{0,200}/)?(?:python|pypy)[\d.]{0,6}(?:\.exe)?", re.IGNORECASE)
_CODE_OPTION = re.compile(r"-[A-Za-bd-ln-z]{0,8}c")
_DEEPEST = 3


def python_in_shell(text: str) -> Iterator[tuple[int, int]]:
    """Find Python that shell commands run.

    Args:
        text: Shell text: a cell's body, or the rest of a line behind ``!``.

    Yields:
        Span of the code of each ``python -c "..."`` and of each here-document that ``python`` reads.
    """
    yield from _found(text, ShellWords(text), 0)


def _found(text: str, words: ShellWords, depth: int) -> Iterator[tuple[int, int]]:
    reading = {document.command: document for document in words.documents}
    for number, command in enumerate(words.commands):
        said = [text[word.start : min(word.end, word.start + 240)] for word in command]
        program = next((i for i, word in enumerate(said) if _PROGRAM.fullmatch(word)), None)
        if program is None:
            continue
        option = _code_option(said, program + 1)
        if option is not None and option + 1 < len(command):
            code = command[option + 1]
            yield code.quoted or (code.start, code.end)
        elif number in reading and all(word.startswith("-") for word in said[program + 1 : program + 2]):
            yield reading[number].start, reading[number].end
    if depth < _DEEPEST:
        for start, end in words.substitutions:
            yield from _found(text, ShellWords(text, start, end), depth + 1)


def _code_option(said: list[str], start: int) -> int | None:
    """Where ``-c`` stands among a program's options, before the script."""
    for i in range(start, min(len(said), start + 8)):
        if _CODE_OPTION.fullmatch(said[i]):
            return i
        if not said[i].startswith("-") and said[i - 1] not in ("-W", "-X"):
            return None
    return None
