"""The lines of a .env file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from stsec_magic.source.namedvalue import Form, NamedValue
from stsec_magic.source.tokens.computed import is_computed
from stsec_magic.source.tokens.stringtokens import StringSpan

_LINE = re.compile(
    r"""^[ \t]{0,40}(?:export[ \t]{1,20})?(?P<name>[A-Za-z_][\w.\-]{0,79})[ \t]{0,20}[=:][ \t]{0,40}
    (?: "(?P<double>(?:[^"\\]|\\.)*+)" | '(?P<single>[^']*+)' | `(?P<tick>[^`]*+)`
      | (?P<bare>[^\s"'`#][^\n]*+) | (?P<odd>["'`][^\n]*+) )""",
    re.MULTILINE | re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"^[ \t]{0,40}\#[^\n]*+", re.MULTILINE)
_TRAILING = re.compile(r"[ \t]\#")


class DotEnv:
    """A .env file, taken apart.

    Attributes:
        strings: Its quoted values.
        comments: Spans of its comments.
        values: Its values with their names.
    """

    def __init__(self, text: str) -> None:
        """Take a text apart.

        Args:
            text: The text.
        """
        self.strings: list[StringSpan] = []
        self.comments: list[tuple[int, int]] = []
        self.values: list[NamedValue] = list(self._read(text))
        ends = [string.end for string in self.strings]
        for comment in _COMMENT.finditer(text):
            i = bisect_right(ends, comment.start())
            if i == len(ends) or comment.start() < self.strings[i].start:
                self.comments.append(comment.span())
        self.comments.sort()

    def _read(self, text: str) -> Iterator[NamedValue]:
        for match in _LINE.finditer(text):
            kind = match.lastgroup or "bare"
            start, end = match.span(kind)
            if kind in ("double", "single", "tick"):
                self.strings.append(StringSpan(start, end, start - 1, end + 1))
            else:
                comment = _TRAILING.search(text, start, end)
                if comment is not None:
                    self.comments.append((comment.start() + 1, end))
                    end = comment.start()
            value = text[start:end].rstrip()
            if value and not is_computed(value, interpolated=kind in ("double", "bare")):
                yield NamedValue(match["name"], value, start, start + len(value), Form.LITERAL, match.start("name"))
