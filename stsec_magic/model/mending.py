"""What became of notebooks that were mended: masked, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rotation:
    """A secret that has to be made invalid: nothing here can do that.

    Attributes:
        name: What it is called from now on; empty for one that stood in outputs alone.
        masked: The secret as it may be shown.
        page: Where its vendor lets it be revoked; empty where that isn't known.
        commits: How many commits in git's history still hold it; None where git wasn't, or couldn't be asked.
    """

    name: str
    masked: str
    page: str
    commits: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A place that was not mended.

    Attributes:
        cell: Its cell.
        rule: The rule that found it.
        why: A few words, masked.
        is_choice: Whether the user could ask for it all the same.
    """

    cell: int | None
    rule: str
    why: str
    is_choice: bool


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of a notebook.

    Attributes:
        path: The notebook, as it may be shown.
        fixes: How many places were mended, or would be.
        cleared: How many outputs were taken out.
        rotations: The secrets that were taken out.
        kept: Where they are kept from now on; empty where nothing is.
        left: The places that were not mended.
        diff: What changed, masked.
        ignored: The line that was written into ``.gitignore``.
        links: How many other names the file has in the file system, which keep what stood in it.
        error: Why nothing was changed; empty where all went well.
    """

    path: str
    fixes: int = 0
    cleared: int = 0
    rotations: tuple[Rotation, ...] = ()
    kept: str = ""
    left: tuple[Left, ...] = ()
    diff: str = ""
    ignored: str = ""
    links: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file of secrets, or a folder of checkpoints, that git has or was about to take in.

    Attributes:
        file: The file.
        line: The line that was written into ``.gitignore``, or would be; empty where none has to be.
        is_tracked: Whether git has it already: the line counts once it is taken out.
        error: Why it isn't ignored; empty where it is.
    """

    file: str
    line: str = ""
    is_tracked: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Mending:
    """What became of some notebooks.

    Attributes:
        notebooks: Those in which something was mended, left, or went wrong.
        is_written: Whether anything was written; else it was only told.
        ignored: The files that git is to ignore from now on.
    """

    notebooks: tuple[Mended, ...]
    is_written: bool
    ignored: tuple[Ignored, ...] = ()

    @property
    def has_changed(self) -> bool:
        """Whether any file is another one now."""
        done = any(each.fixes and not each.error for each in self.notebooks)
        return self.is_written and (done or any(each.line for each in self.ignored))

    @property
    def failed(self) -> tuple[Mended | Ignored, ...]:
        """What couldn't be mended."""
        rows: tuple[Mended | Ignored, ...] = (*self.notebooks, *self.ignored)
        return tuple(each for each in rows if each.error)

    @property
    def rotations(self) -> tuple[Rotation, ...]:
        """Every secret once, by its name, with what is worst of it."""
        worst: dict[tuple[str, str], Rotation] = {}
        for each in (rotation for notebook in self.notebooks if not notebook.error for rotation in notebook.rotations):
            key = (each.name, "" if each.name else each.masked)
            was = worst.get(key, each)
            counts = [row.commits for row in (was, each) if row.commits is not None]
            worst[key] = Rotation(each.name, each.masked, was.page or each.page, max(counts, default=None))
        return tuple(worst.values())
