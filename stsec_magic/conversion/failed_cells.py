"""What an execution that fails says of the notebook, without its secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from stsec_magic.hits import masker_of
from stsec_magic.triage.masking import Masker

_TEXTS = ("traceback", "evalue")
_MARK = "_stsec_watched"
_LONGEST_CHAIN = 8


def watch(executing: Any, maskers: Callable[[], Iterable[Masker]]) -> None:  # noqa: ANN401
    """Mask what an execution raises.

    Args:
        executing: nbconvert's preprocessor.
        maskers: Of the checks of the notebook that is executed then.
    """
    if getattr(executing, _MARK, False):
        return
    execute = executing.preprocess

    def watched(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        try:
            return execute(*arguments, **named)
        except Exception as error:
            mask_error(error, maskers())
            raise

    executing.preprocess = watched
    setattr(executing, _MARK, True)


def mask_error(error: Exception, maskers: Iterable[Masker]) -> None:
    """Take the secrets out of an exception: it quotes the cell that failed, and what it printed.

    Args:
        error: Raised by an execution; changed in place, so that whoever waits for its type gets it.
        maskers: Of the checks of the notebook.
    """
    chain = list(_chain(error))
    every = [*maskers, masker_of([text for each in chain for text in _texts(each)])]

    def masked(text: Any) -> Any:  # noqa: ANN401
        if isinstance(text, str):
            for masker in every:
                text = masker.mask(text)
        return text

    for each in chain:
        each.args = tuple(masked(argument) for argument in each.args)
        for name in _TEXTS:
            if isinstance(getattr(each, name, None), str):
                setattr(each, name, masked(getattr(each, name)))


def _texts(error: BaseException) -> list[str]:
    texts = (*error.args, *(getattr(error, name, None) for name in _TEXTS))
    return [text for text in texts if isinstance(text, str)]


def _chain(error: BaseException) -> Iterator[BaseException]:
    at: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if at is None:
            return
        yield at
        at = at.__cause__ or at.__context__
