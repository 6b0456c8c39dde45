"""The wrappers around IPython's own methods that display something, or keep what was displayed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from stsec_magic.live.display_patch import Patch
from stsec_magic.live.display_texts import Look, in_bundle, in_json, withheld
from stsec_magic.live.known import KnownSecrets

RESULT, DISPLAY, TRACEBACK = "result", "display", "traceback"

_PLAIN = "text/plain"
_OF_REPLY = ("evalue", "traceback", "user_expressions")


class Session(Protocol):
    """What the wrappers need.

    Attributes:
        known: The secrets.
        mask: Whether they are replaced now.
        showing: What is being shown, where it may be printed in the end; "" for nothing.
    """

    known: KnownSecrets
    mask: bool
    showing: str

    def refresh(self) -> None:
        """Look for new secrets."""

    def look(self, where: str) -> Look:
        """What reports the secrets of a text, and masks them if they are to be."""


class ShownError(Exception):
    """Stands in for an exception whose message holds a secret, while its traceback is shown."""


@contextmanager
def _shows(session: Session, where: str) -> Iterator[None]:
    before, session.showing = session.showing, where
    try:
        yield
    finally:
        session.showing = before


def computing(session: Session, patch: Patch) -> Callable[..., Any]:
    """For the display hook's ``compute_format_data``: all that a result looks like.

    Args:
        session: Whose secrets are looked for.
        patch: Around the method.
    """

    def compute_format_data(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        computed = patch.inner(*args, **kwargs)
        if not patch.live:
            return computed
        try:
            session.refresh()
            data, metadata = computed
            look = session.look(RESULT)
            return in_bundle(data, look), in_json(metadata, look)
        except Exception as fault:
            return ({_PLAIN: withheld(fault)}, {}) if session.mask else computed

    return compute_format_data


def writing(session: Session, patch: Patch) -> Callable[..., Any]:
    """For the display hook's ``write_format_data``, which prints the result in a terminal.

    Args:
        session: Whose secrets are looked for.
        patch: Around the method.
    """

    def write_format_data(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        with _shows(session, RESULT):
            return patch.inner(*args, **kwargs)

    return write_format_data


def publishing(session: Session, patch: Patch) -> Callable[..., Any]:
    """For the publisher's ``publish``: ``display()``, ``update_display()``, ``publish_display_data()``.

    Args:
        session: Whose secrets are looked for.
        patch: Around the method.
    """

    def publish(data: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if not patch.live:
            return patch.inner(data, *args, **kwargs)
        shown: tuple[Any, ...] = (data, *args)
        changed = kwargs
        try:
            session.refresh()
            look = session.look(DISPLAY)
            shown = (in_bundle(data, look), *(in_json(each, look) for each in args))
            if "metadata" in kwargs:
                changed = {**kwargs, "metadata": in_json(kwargs["metadata"], look)}
        except Exception as fault:
            if session.mask:
                shown = ({_PLAIN: withheld(fault)}, {})
                changed = {name: value for name, value in kwargs.items() if name != "metadata"}
        with _shows(session, DISPLAY):
            return patch.inner(*shown, **changed)

    return publish


def showing_traceback(session: Session, patch: Patch) -> Callable[..., Any]:
    """For the shell's ``_showtraceback``.

    Args:
        session: Whose secrets are looked for.
        patch: Around the method.
    """

    def _showtraceback(etype: Any, evalue: Any, stb: Any) -> Any:  # noqa: ANN401
        if patch.live:
            try:
                session.refresh()
                look = session.look(TRACEBACK)
                seen_stb, text = in_json(stb, look), str(evalue)
                seen = look(text)
                stb, evalue = seen_stb, evalue if seen is text else ShownError(seen)
            except Exception as fault:
                if session.mask:
                    stb, evalue = [withheld(fault)], ShownError(withheld(fault))
        with _shows(session, TRACEBACK):
            return patch.inner(etype, evalue, stb)

    return _showtraceback


def storing(session: Session, patch: Patch) -> Callable[..., Any]:
    """For the shell's ``_format_exception_for_storage``: what ``%notebook`` writes of an exception.

    Args:
        session: Whose secrets are looked for.
        patch: Around the method.
    """

    def _format_exception_for_storage(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return _masked_reply(session, patch, patch.inner(*args, **kwargs))

    return _format_exception_for_storage


def executing(session: Session, patch: Patch) -> Callable[..., Any]:
    """For the kernel's ``do_execute``: its reply holds the error once more, and what ``name?`` shows.

    Args:
        session: Whose secrets are looked for.
        patch: Around the method.
    """

    async def do_execute(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """As the kernel's own."""
        reply = patch.inner(*args, **kwargs)
        if hasattr(reply, "__await__"):
            reply = await reply
        return _masked_reply(session, patch, reply)

    return do_execute


def _masked_reply(session: Session, patch: Patch, reply: Any) -> Any:  # noqa: ANN401
    if not patch.live or not session.mask or not isinstance(reply, dict):
        return reply
    mask = session.known.mask
    shown = {name: reply[name] for name in _OF_REPLY if name in reply}
    payload = reply.get("payload", [])
    try:
        session.refresh()
        masked = in_json(shown, mask)
        # What is put into the next cell is code: not ours to change.
        pages = [each if each.get("source") == "set_next_input" else in_json(each, mask) for each in payload]
    except Exception as fault:
        masked = {**{name: type(value)() for name, value in shown.items()}, "evalue": withheld(fault)}
        pages = []
    return {**reply, **masked, **({"payload": pages} if "payload" in reply else {})}
