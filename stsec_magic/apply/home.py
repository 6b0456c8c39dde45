"""The project that mended secrets move into: its root, its secrets file, what git says of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from stsec_magic.apply import atomic
from stsec_magic.apply.ignoring import IgnoreError, ignore
from stsec_magic.apply.lock import locked
from stsec_magic.apply.secrets_file import EXAMPLE, FOLDER, NAME, example, read, root_keys, with_keys
from stsec_magic.project.git import GitError, Repository, repository_of
from stsec_magic.project.secret_files import up_to_root


class HomeError(Exception):
    """Secrets can't be moved into this project; one line for the user."""


@dataclass(frozen=True, slots=True)
class Home:
    """A project.

    Attributes:
        root: Its folder.
        repository: The git repository that the root belongs to; None for none.
    """

    root: Path
    repository: Repository | None

    @property
    def secrets(self) -> Path:
        """The secrets file, whether or not it exists."""
        return self.root / FOLDER / NAME

    @property
    def example(self) -> Path:
        """The example of it."""
        return self.root / FOLDER / EXAMPLE

    def kept(self) -> tuple[dict[str, str], set[str]]:
        """The keys at the root of the secrets file that are variables, with their values; and the names of all.

        Raises:
            SecretsError: The file can't be read.
        """
        return root_keys(read(self.secrets))

    def guard(self) -> str:
        """Make git ignore the secrets file, and have it prove that.

        Returns:
            The line that was written into ``.gitignore``; empty where none had to be.

        Raises:
            HomeError: Git tracks the file, or would take it in all the same.
            ChangedError: ``.gitignore`` was changed meanwhile.
            OSError: It can't be written.
        """
        try:
            lines = [self._ignored(file, repository) for file, repository in self._places()]
        except (GitError, IgnoreError) as error:
            raise HomeError(f"{error}; no secret was moved") from None
        return next((line for line in lines if line), "")

    def _places(self) -> Iterator[tuple[Path, Repository]]:
        """The secrets file, and what it is a link to: the values would stand there."""
        if self.repository is not None:
            yield self.secrets, self.repository
        target = self.secrets.resolve()
        if target != self.secrets.parent.resolve() / NAME:
            repository = repository_of(target.parent)
            if repository is not None:
                yield target, repository

    def _ignored(self, file: Path, repository: Repository) -> str:
        if repository.is_tracked(file):
            how = "take it out (git rm --cached) and rotate what is in it"
            raise HomeError(f"git tracks {file}: {how}; no secret was moved")
        # Another project of the repository may be mended at the same time.
        with nullcontext() if repository.root == self.root else locked(repository.root):
            return ignore(repository, file)

    def keep(self, values: Mapping[str, str]) -> None:
        """Write secrets into the file, and their names into the example.

        Args:
            values: By name.

        Raises:
            SecretsError: The file can't be read, or can't hold a value.
            ChangedError: It was changed meanwhile.
            OSError: It can't be written.
        """
        folder = self.secrets.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        before = self.secrets.read_bytes() if self.secrets.exists() else None
        old = read(self.secrets)
        new = with_keys(old, values)
        atomic.sweep(self.secrets, self._scratch)
        if new != old:
            data = (b"\xef\xbb\xbf" if (before or b"").startswith(b"\xef\xbb\xbf") else b"") + new.encode()
            atomic.replace(self.secrets, data, before, mode=0o600 if before is None else None, scratch=self._scratch)
        self._show(values)

    def _show(self, values: Mapping[str, str]) -> None:
        atomic.sweep(self.example)
        before = self.example.read_bytes() if self.example.exists() else None
        old = read(self.example)
        new = example(old, values)
        if new != old:
            atomic.replace(self.example, new.encode(), before, mode=0o644 if before is None else None)

    @property
    def _scratch(self) -> Path | None:
        """Where a half-written file of secrets is safe from ``git add``: in git's own folder, if that is near."""
        if self.repository is None:
            return None
        near = self.repository.git_dir.stat().st_dev == self.secrets.parent.stat().st_dev
        return self.repository.git_dir if near else None


def home_of(notebook: Path) -> Home:
    """The project that a notebook belongs to.

    Args:
        notebook: Its path.

    Returns:
        That of the nearest folder with a secrets file of Streamlit's, else of the project's root.

    Raises:
        HomeError: Git is there and can't be asked.
    """
    folders = [Path(each) for each in up_to_root(str(notebook.resolve().parent))]
    root = next((each for each in folders if (each / FOLDER / NAME).exists()), folders[-1])
    try:
        return Home(root, repository_of(root))
    except GitError as error:
        raise HomeError(f"{error}; no secret was moved") from None


def kernel_folder_is_root(notebook: Path, home: Home) -> bool:
    """Whether a kernel finds the project's ``st.secrets``: it runs in the notebook's folder, and looks there alone."""
    return notebook.resolve().parent == home.root
