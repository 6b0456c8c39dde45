"""Many notebooks mended, each with its checkpoint copy, project by project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType

from stsec_magic.apply.atomic import ChangedError
from stsec_magic.apply.home import HomeError, home_of
from stsec_magic.apply.lock import LockError, locked
from stsec_magic.apply.notebook import mend
from stsec_magic.apply.secrets_file import SecretsError
from stsec_magic.model.config import Config
from stsec_magic.model.mending import Mended, Mending
from stsec_magic.triage.assemble import original_of

NONE_KNOWN: Mapping[str, frozenset[str]] = MappingProxyType({})
_CHECKPOINTS = ".ipynb_checkpoints"


def mend_all(
    paths: Iterable[str], config: Config, *, write: bool, known: Mapping[str, frozenset[str]] = NONE_KNOWN
) -> Mending:
    """Mend notebooks.

    Args:
        paths: Notebook files. A notebook's checkpoint copy is mended right after it.
        config: The user's choices.
        write: Whether to write; else it is only told what would change.
        known: By path the fingerprints of what is left as it is.

    Returns:
        What became of them. What can't be mended is told, and never raised.
    """
    # What would be kept by then, by the project's root: names go on from one notebook to the next, written or not.
    promised: dict[Path, dict[str, str]] = {}
    mended = [_mend(path, config, _known(path, known), promised, write=write) for path in _with_copies(paths)]
    return Mending(tuple(each for each in mended if each.fixes or each.left or each.error), write)


def _known(path: str, known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What is left as it is in a notebook; in a checkpoint what is in its original."""
    path = Path(path).as_posix()
    return known.get(path, frozenset()) | known.get(original_of(path) or path, frozenset())


def _mend(
    path: str, config: Config, known: frozenset[str], promised: dict[Path, dict[str, str]], *, write: bool
) -> Mended:
    try:
        home = home_of(Path(path))
        with ExitStack() as stack:
            if write:
                stack.enter_context(locked(home.root))
            return mend(path, home, config, known, promised.setdefault(home.root, {}), write=write)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        why = error.strerror if isinstance(error, OSError) else None
        return Mended(path, error=f"cannot be mended: {why or type(error).__name__}")
    except SecretsError as error:
        return Mended(path, error=f"{home.secrets} {error}; nothing was changed")
    except (HomeError, LockError, ChangedError) as error:
        return Mended(path, error=str(error))
    # The other notebooks are still mended. The exception's own text may hold a secret: its type is all that leaves.
    except Exception as error:
        return Mended(path, error=f"an internal fault in mending it ({type(error).__name__}); please report it")


def _with_copies(paths: Iterable[str]) -> Iterator[str]:
    """Each notebook, and its checkpoint copy right after it, once."""
    seen: set[Path] = set()
    for path in paths:
        file = Path(path)
        copy = file.parent / _CHECKPOINTS / f"{file.stem}-checkpoint.ipynb"
        for each in (file, copy) if copy.is_file() else (file,):
            if each.absolute() not in seen:
                seen.add(each.absolute())
                yield str(each)
