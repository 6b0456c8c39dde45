"""Values, mostly unquoted, that a language's own statements tie to names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stsec_magic.source.namedvalue import Form, NamedValue
from stsec_magic.source.tokens.computed import is_computed

# SET fs.s3a.secret.key=abc; %let pw = abc; -Token abc
_SQL_SET = re.compile(
    r"\bSET[ \t]{1,20}(?P<name>[\w.\-]{2,80})[ \t]{0,20}=[ \t]{0,20}(?P<value>[^\s;'\"(]++)(?!['\"(])", re.IGNORECASE
)
_LET = re.compile(r"%let[ \t]{1,20}(?P<name>\w{1,80})[ \t]{0,20}=[ \t]{0,20}(?P<value>[^\s;'\"&]++)", re.IGNORECASE)
_SWITCH = re.compile(
    r"(?<!\S)-(?P<name>[A-Za-z]\w{2,79})(?:[ \t]{1,20}|:)(?P<value>[^\s'\"$(){}@;|\-][^\s'\"$(){};|]*+)"
)
_SECURE = re.compile(
    r"(?P<name>ConvertTo-SecureString)(?:[ \t]{1,20}-(?:String|AsPlainText|Force)){0,3}[ \t]{1,20}"
    r"(?P<quote>[\"'])(?P<value>[^\"'\n]{1,400})(?P=quote)",
    re.IGNORECASE,
)
# The shell of Windows knows no quotes here: they are part of the value, or stand around all of it.
_BATCH = re.compile(
    r"^[ \t@]{0,20}set[ \t]{1,20}(?:/[ap][ \t]{1,20})?\"?(?P<name>[\w.\-]{1,80})=(?P<value>[^\"\r\n&|]++)",
    re.IGNORECASE | re.MULTILINE,
)

# What make gives on to the commands, to the end of the line.
_MAKE = re.compile(
    r"^(?:export[ \t]{1,20})?(?P<name>[A-Za-z_][\w.\-]{0,79})[ \t]{0,20}[:?+]{0,3}=[ \t]{0,20}"
    r"(?P<value>[^\s#\n][^#\n]*+)",
    re.MULTILINE,
)

STATEMENTS = {
    **dict.fromkeys("sql mysql postgresql plpgsql tsql sqlite3".split(), ((_SQL_SET, Form.BARE),)),
    "sas": ((_LET, Form.BARE),),
    "powershell": ((_SWITCH, Form.BARE), (_SECURE, Form.LITERAL)),
    "batch": ((_BATCH, Form.LITERAL),),
    "make": ((_MAKE, Form.LITERAL),),
}


def bare_pairs(text: str, language: str, is_quoted: Callable[[int], bool]) -> Iterator[NamedValue]:
    """Find unquoted values.

    Args:
        text: The text.
        language: Alias of its language.
        is_quoted: Whether an offset stands in a literal or a comment.

    Yields:
        Each value with its name, in order.
    """
    for pattern, form in STATEMENTS.get(language, ()):
        for match in pattern.finditer(text):
            value = match["value"].rstrip()
            start = match.start("value")
            # All of SET "name=value" is one literal.
            if (form is Form.BARE and is_quoted(match.start("name"))) or not value:
                continue
            if not is_computed(value, interpolated=language == "make") and not re.fullmatch(r"%\w{1,80}%", value):
                yield NamedValue(match["name"], value, start, start + len(value), form, match.start("name"))
