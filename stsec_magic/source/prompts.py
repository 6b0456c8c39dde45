"""What stands in front of the code in a line: a cell's common indentation, pasted prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

# Python's line ends; str.splitlines knows more.
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")
_PS1 = re.compile(r"\s*+>>>[ \t]?")
_PS2 = re.compile(r"\s*+\.\.\.[ \t]?")
_IPYTHON = re.compile(r"(?:(?:\[(?:nav|ins)\])? )?In \[\d{1,9}\]: |\s*+\.{3,}+: ?")
_TRIPLE = re.compile(r"(?<!\\)(?:\"\"\"|''')")
_PREFIX = re.compile(r"\s*+[rubfRUBF]{0,4}+[ \t]*+")

FORM_FEED = "\f"
"""Python's tokenizer counts a line's indentation anew after it: code keeps its column without being indented."""


def margin(lines: Sequence[str]) -> int:
    """How many characters of white space all lines begin with, as ``textwrap.dedent`` sees it.

    Args:
        lines: Lines with or without their ends.

    Returns:
        The length of the common indentation.
    """
    common: str | None = None
    for line in lines:
        code = line.lstrip(" \t")
        if code in ("", "\n"):
            continue
        indent = line[: len(line) - len(code)]
        while common is not None and not indent.startswith(common):
            common = common[:-1]
        common = indent if common is None else common
        if not common:
            break
    return len(common or "")


def unprompted(source: str) -> tuple[str, dict[int, int]]:
    """A cell's text with its prompts blanked.

    Args:
        source: The cell's source.

    Returns:
        Text of the same lines and columns, and for the lines that begin with a prompt or with the cell's common
        indentation, by the offset they begin at, how many characters are no part of the code.
    """
    lines = _LINE.findall(source)
    common = margin(lines)
    has_prompts = ">>>" in source or "...:" in source or "In [" in source
    if not common and not has_prompts:
        return source, {}
    cuts = [common if line.strip() else 0 for line in lines]
    if has_prompts:
        _cut_doctest(lines, cuts)
        _cut_ipython(lines, cuts)
    text = [" " * cut + line[cut:] for line, cut in zip(lines, cuts, strict=True)]
    return "".join(text), {start: cut for start, cut in zip(_starts(lines), cuts, strict=True) if cut}


def straightened(text: str, start: int, cuts: dict[int, int]) -> str:
    """What stands before the code in a logical line, such that the code begins at the left margin.

    Args:
        text: Text without prompts.
        start: Where the logical line begins.
        cuts: What ``unprompted`` said.

    Returns:
        As many characters as are no part of the code.
    """
    cut = cuts.get(start, 0)
    return " " * (cut - 1) + FORM_FEED if cut else ""


def _starts(lines: Sequence[str]) -> Iterator[int]:
    start = 0
    for line in lines:
        yield start
        start += len(line)


def _cut_doctest(lines: Sequence[str], cuts: list[int]) -> None:
    """``>>> `` and ``... `` where they don't stand in a docstring."""
    quoted = _in_docstring(lines)
    if not any(_PS1.match(line) for line, inside in zip(lines, quoted, strict=True) if not inside):
        return
    for i, line in enumerate(lines):
        prompt = None if quoted[i] else _PS1.match(line) or _PS2.match(line)
        if prompt:
            cuts[i] = len(prompt[0].rstrip("\r\n"))
    # A block pasted with more space behind each prompt is indented as a whole.
    code = [i for i, inside in enumerate(quoted) if not inside and lines[i][cuts[i] :].strip()]
    deeper = margin([lines[i][cuts[i] :] for i in code])
    for i in code:
        cuts[i] += deeper


def _cut_ipython(lines: Sequence[str], cuts: list[int]) -> None:
    """``In [3]: `` and ``   ...: ``, where one stands in the first two lines."""
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    prompts = [_IPYTHON.match(line, cut) for line, cut in zip(lines, cuts, strict=True)]
    if any(prompts[first : first + 2]):
        for i, prompt in enumerate(prompts):
            cuts[i] = prompt.end() if prompt else cuts[i]


def _in_docstring(lines: Sequence[str]) -> list[bool]:
    """For each line whether IPython sees it in a string of triple quotes that begins its line."""
    inside: list[bool] = []
    quote: str | None = None
    is_docstring = has_prompt = False
    for line in lines:
        inside.append(quote is not None and is_docstring)
        prompt = _PS1.match(line) or _PS2.match(line)
        is_code = prompt is not None and has_prompt
        for match in _TRIPLE.finditer(line):
            if quote is None:
                quote = match[0]
                prefix = _PREFIX.match(line, prompt.end() if prompt else 0)
                is_docstring = inside[-1] = not is_code and prefix is not None and prefix.end() == match.start()
            elif quote == match[0]:
                quote, is_docstring = None, False
        has_prompt = has_prompt or _PS1.match(line) is not None
    return inside
