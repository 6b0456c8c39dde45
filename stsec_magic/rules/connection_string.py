"""connection-string: a password inside a connection URL or an ODBC-style string.

**What it does**: finds ``scheme://user:password@host`` for any scheme, ``PWD=...`` or
``Password=...`` among ``Server=...;Database=...`` pairs, and ``curl -u user:password``, in every
text of the notebook.

**Why is this bad**: the URL is the whole login. It also shows up in tracebacks and logs, because
drivers print it when a connection fails.

**Use instead**: ``st.connection("db", type="sql")`` with the URL in ``.streamlit/secrets.toml``,
or build the URL from ``os.environ``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule
from stsec_magic.model.secret import Secret
from stsec_magic.rules import plausible
from stsec_magic.rules.base import Subject
from stsec_magic.rules.randomness import is_random

RULE = Rule(
    id="connection-string",
    title="Password in a connection string",
    group=Group.CREDENTIALS,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    help=__doc__,
)

_STRENGTH = 20
_ODBC_WORDS = ("pwd=", "pwd =", "password=", "password =")
_WINDOW = 400

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,40}\Z")
# Markup and escapes may break up a login, and are taken out later.
_MAY_BE_LOGIN = re.compile(rb"[^\s\"'`<>\\&@]{0,1300}[@<&\\]")
# The last "@" before a "/" ends the login, so that a password may hold one.
_LOGIN = re.compile(
    r"""://(?P<user>[^\s:/?\#@"'`<>\\,()]{0,120})
        (?: :(?P<password>[^\s/"'`<>\\]{1,200}) )?
        @(?P<host>\[[0-9a-fA-F:.]{2,45}\]|[^\s/:?\#@"'`<>\\,;()]{1,253})""",
    re.VERBOSE,
)
_ODBC = re.compile(
    r"(?<![A-Za-z])(?:PWD|Password|pwd|password)[ ]{0,3}=[ ]{0,3}"
    r"(?:\{(?P<braced>[^{}\n]{1,200})\}|(?P<plain>[^;\"'`\n\\<>]{1,200}))"
)
_COMPANY = re.compile(
    r"(?i)(?:^|[;\"'\s{])(?:driver|server|data source|initial catalog|database|uid|user id|host|address)[ ]{0,3}="
)
# A pair of a connection string, not an assignment of the program around it.
_PAIR_START = re.compile(r"[;\"'`}][ ]{0,3}\Z")
_CURL = re.compile(
    r"""(?:[^\n|;\\]|\\.|\\\r?\n){0,300}?\s(?:-u|--user|--proxy-user|-U)[ =]{0,2}["']?
        (?P<user>[^\s:"'$<{]{1,80}):(?P<password>[^\s"'|;`]{0,120})""",
    re.VERBOSE,
)
_LOCAL = re.compile(
    r"(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal|[\w\-]+\.local|db|postgres|mysql|redis|mongo)\Z"
)
_HOST = re.compile(r"[\w.\-%]+|\[[0-9a-fA-F:.]+\]|[\w.\-]*\$?\{[^{}]*\}[\w.\-]*|\$\w+|%s")
DOCUMENTED = frozenset(
    "postgres root admin guest mysql redis mongo sa neo4j minio minioadmin rabbitmq elastic user".split()
)
"""Everybody's first passwords, which the servers' own documentation gives."""

_NO_LOGIN = frozenset(("data", "mailto", "javascript"))


class ConnectionString:
    """The check behind the rule."""

    rules: Sequence[Rule] = (RULE,)
    keywords: Sequence[str] = ("://", "curl ", *_ODBC_WORDS)
    code_words: Sequence[str] = ()
    followed_by: Mapping[str, re.Pattern[bytes]] = {"://": _MAY_BE_LOGIN}

    def hits(self, subject: Subject) -> Iterator[Hit]:
        """Find logins in URLs and in ODBC-style strings."""
        for fragment, offsets in subject.places(("://",)).items():
            if "@" in fragment.text:
                yield from self._urls(fragment, offsets)
        for fragment, offsets in subject.places(_ODBC_WORDS).items():
            if ";" in fragment.text:
                yield from self._odbc(fragment, offsets)
        for fragment, offsets in subject.places(("curl ",)).items():
            yield from self._curl(fragment, offsets)

    def _urls(self, fragment: Fragment, offsets: Sequence[int]) -> Iterator[Hit]:
        text = fragment.text
        for offset in offsets:
            login = _LOGIN.match(text, offset, offset + 600)
            scheme = _SCHEME.search(text, max(0, offset - 41), offset)
            if login is None or scheme is None or scheme[0].lower() in _NO_LOGIN:
                continue
            if login["password"] is None:
                yield from self._token(fragment, login)
                continue
            severity = _severity(login["user"], login["password"], login["host"])
            if severity is not None:
                yield self._hit(
                    fragment,
                    login,
                    "password",
                    severity,
                    f"a password in a {scheme[0].lower()[:40]}:// URL",
                    f"{_spoken(scheme[0])} password",
                )

    def _token(self, fragment: Fragment, login: re.Match[str]) -> Iterator[Hit]:
        """https://TOKEN@github.com/...: the user name is the credential."""
        if plausible.is_token(login["user"]) and is_random(login["user"], 20):
            yield self._hit(fragment, login, "user", Severity.HIGH, "a token in a URL, before the @")

    def _curl(self, fragment: Fragment, offsets: Sequence[int]) -> Iterator[Hit]:
        for offset in offsets:
            login = _CURL.match(fragment.text, offset + len("curl"))
            if login is None:
                continue
            # curl -u KEY: https://api.stripe.com
            if not login["password"] and plausible.is_token(login["user"]):
                yield self._hit(fragment, login, "user", Severity.HIGH, "a key on a curl command line")
            elif plausible.is_password(login["password"]) and login["password"].lower() != login["user"].lower():
                yield self._hit(fragment, login, "password", Severity.HIGH, "a password on a curl command line")

    def _odbc(self, fragment: Fragment, offsets: Sequence[int]) -> Iterator[Hit]:
        text = fragment.text
        for offset in offsets:
            pair = _ODBC.match(text, offset, offset + 260)
            if pair is None:
                continue
            around = text[max(0, offset - _WINDOW) : pair.end() + _WINDOW]
            if _PAIR_START.search(text, max(0, offset - 4), offset) is None or _COMPANY.search(around) is None:
                continue
            group = "braced" if pair["braced"] else "plain"
            password = pair[group].strip()
            if plausible.is_template(password) or not 3 <= len(password) <= 120:
                continue
            host = re.search(r"(?i)(?:server|data source|host|address)[ ]{0,3}=[ ]{0,3}(?:tcp:)?([\w.\-]+)", around)
            severity = _severity("", password, host[1] if host else "")
            if severity is not None:
                yield self._hit(fragment, pair, group, severity, "a password in a connection string")

    def _hit(
        self, fragment: Fragment, match: re.Match[str], group: str, severity: Severity, message: str, name: str = ""
    ) -> Hit:
        return Hit(
            rule=RULE,
            fragment=fragment,
            start=match.start(group),
            end=match.start(group) + len(match[group].rstrip()),
            severity=severity,
            confidence=Confidence.HIGH if severity is Severity.HIGH else Confidence.MEDIUM,
            message=message,
            secret=Secret(match[group].rstrip()),
            strength=_STRENGTH,
            name=name,
        )


def _spoken(scheme: str) -> str:
    """What a URL's scheme says of the server: ``postgresql`` of ``postgresql+psycopg2``."""
    return (
        scheme.partition("+")[0].removesuffix("s") if scheme.lower() in ("https", "amqps") else scheme.partition("+")[0]
    )


def _severity(user: str, password: str, host: str) -> Severity | None:
    """High for a real login, low for a local or documented one, None for a template."""
    documented = password.lower() in DOCUMENTED and password.lower() == user.lower()
    local = is_local(host)
    if documented:
        return Severity.LOW
    if plausible.is_template(password) or "{" in password or not _is_host(host) or _is_example(host):
        return None
    return Severity.LOW if local else Severity.HIGH


def is_local(host: str) -> bool:
    """Whether a host is this machine, or a container beside it."""
    return _LOCAL.match(host.lower()) is not None


def _is_host(host: str) -> bool:
    # A template around a literal password is still a password.
    return _HOST.fullmatch(host) is not None


def _is_example(host: str) -> bool:
    # RFC 2606 reserves these for documentation; a subdomain may be a real-looking one.
    return host.lower() in (
        "example.com",
        "example.org",
        "example.net",
        "host",
        "hostname",
        "server",
        "your-host",
        "ip",
    )
