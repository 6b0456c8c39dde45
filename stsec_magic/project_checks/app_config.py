"""What .streamlit/config.toml turns off, or shows too much of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from stsec_magic.model.finding import Finding
from stsec_magic.model.levels import Severity
from stsec_magic.model.secret import Secret
from stsec_magic.project_checks.told import WHOLE, Place, told
from stsec_magic.project_checks.toml_places import key_place, key_places
from stsec_magic.project_checks.tree import STREAMLIT, File, Tree
from stsec_magic.rules import plausible
from stsec_magic.rules.project_rules import WEAK_APP_CONFIG

_LARGEST = 1 << 20
_LOST = "how it sets up the app is not known"


def is_config(file: File) -> bool:
    """Whether a file is Streamlit's ``config.toml``."""
    return file.path.name == "config.toml" and file.path.parent.name == STREAMLIT


def check(file: File, tree: Tree) -> Iterator[Finding]:
    """Look through a ``config.toml``.

    Args:
        file: The file.
        tree: Gets a problem where it can't be read.

    Yields:
        A finding for each setting.
    """
    data = tree.content(file, _LARGEST, _LOST)
    if data is None:
        return
    try:
        text = data.decode("utf-8-sig")
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        tree.unread(file, type(error).__name__, _LOST)
        return
    yield from _protections(file, text, _table(given, "server"))
    shows = _table(given, "client").get("showErrorDetails")
    if shows is True or (isinstance(shows, str) and shows.lower() in ("full", "true")):
        message = 'every visitor sees the code and the message of an error; set it to "none" for an app that others use'
        yield _told(file, text, "client.showErrorDetails", message, Severity.LOW)
    if _table(given, "runner").get("enforceSerializableSessionState") is True:
        message = "Streamlit pickles all that is put into st.session_state; put in nothing of unknown origin"
        yield _told(file, text, "runner.enforceSerializableSessionState", message, Severity.LOW)
    yield from _cookie_secret(file, text, _table(given, "server").get("cookieSecret"))


def _protections(file: File, text: str, server: Mapping[str, Any]) -> Iterator[Finding]:
    is_xsrf_off = server.get("enableXsrfProtection") is False
    if is_xsrf_off:
        message = "another website can act in a visitor's name, upload files too; leave the protection on"
        yield _told(file, text, "server.enableXsrfProtection", message, Severity.MEDIUM)
    if server.get("enableCORS") is False and is_xsrf_off:
        message = "any website may talk to the app from a visitor's browser; leave it on"
        yield _told(file, text, "server.enableCORS", message, Severity.MEDIUM)
    elif server.get("enableCORS") is False:
        message = "Streamlit overrides this as long as enableXsrfProtection is on; leave it out"
        yield _told(file, text, "server.enableCORS", message, Severity.LOW)


def _cookie_secret(file: File, text: str, value: object) -> Iterator[Finding]:
    if not isinstance(value, str) or plausible.is_template(value):
        return
    _, place = key_places(text).get(("server", "cookieSecret"), (WHOLE, WHOLE))
    at = text.split("\n")[place.line - 1].find(value, place.column - 1)
    if at >= 0:  # as it is written, without escapes
        place = Place(place.line, at + 1, at + len(value) + 1)
    message = "whoever reads it can sign in as anybody; set STREAMLIT_SERVER_COOKIE_SECRET in the environment instead"
    option = "server.cookieSecret"
    yield told(WEAK_APP_CONFIG, file, option, f"{option}: {message}", place=place, masked=Secret(value).masked)


def _told(file: File, text: str, option: str, message: str, severity: Severity) -> Finding:
    place = key_place(text, *option.split("."))
    return told(WEAK_APP_CONFIG, file, option, f"{option}: {message}", severity=severity, place=place)


def _table(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = given.get(name)
    return table if isinstance(table, Mapping) else {}
