"""What git says decides: the ignore line is written and proved before any secret moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic.project.git import repository_of
from tests.apply.project import KEY, git, leaky, mend


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    return tmp_path


def _is_ignored(folder: Path) -> bool:
    found = repository_of(folder)
    assert found is not None
    return found.is_ignored(folder / ".streamlit" / "secrets.toml")


def test_a_line_is_added_to_gitignore(repository: Path) -> None:
    (repository / ".gitignore").write_text("*.pyc")
    done = mend(leaky(repository / "eda.ipynb"))
    assert (repository / ".gitignore").read_text() == "*.pyc\n/.streamlit/secrets.toml\n"
    assert done.notebooks[0].ignored == "/.streamlit/secrets.toml"
    git(repository, "add", ".")
    tracked = git(repository, "ls-files").split()
    assert ".streamlit/secrets.toml" not in tracked
    assert ".streamlit/secrets.toml.example" in tracked


def test_no_line_where_a_folder_above_ignores_it(repository: Path) -> None:
    (repository / ".gitignore").write_text("secrets.toml\n")
    (repository / "app" / "pyproject.toml").parent.mkdir()
    (repository / "app" / "pyproject.toml").write_text("")
    assert mend(leaky(repository / "app" / "eda.ipynb")).notebooks[0].ignored == ""
    assert (repository / ".gitignore").read_text() == "secrets.toml\n"
    assert not (repository / "app" / ".gitignore").exists()


def test_a_tracked_file_of_secrets_stops_it_although_it_is_ignored(repository: Path) -> None:
    (repository / ".streamlit").mkdir()
    (repository / ".streamlit" / "secrets.toml").write_text('A = "1"\n')
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "oops")
    (repository / ".gitignore").write_text(".streamlit/secrets.toml\n")
    path = leaky(repository / "eda.ipynb")
    error = mend(path).notebooks[0].error
    assert "git tracks" in error
    assert "git rm --cached" in error
    assert KEY.encode() in path.read_bytes()
    assert (repository / ".streamlit" / "secrets.toml").read_text() == 'A = "1"\n'


def test_a_gitignore_that_takes_it_back_stops_it(repository: Path) -> None:
    (repository / ".streamlit").mkdir()
    (repository / ".streamlit" / ".gitignore").write_text("!secrets.toml\n")
    path = leaky(repository / "eda.ipynb")
    assert "git would still take in" in mend(path).notebooks[0].error
    assert KEY.encode() in path.read_bytes()
    assert not (repository / ".streamlit" / "secrets.toml").exists()


def test_no_repository_is_no_hindrance(tmp_path: Path) -> None:
    done = mend(leaky(tmp_path / "eda.ipynb"))
    assert done.notebooks[0].error == ""
    assert not (tmp_path / ".gitignore").exists()


def test_a_bare_repository_is_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare")
    assert mend(leaky(tmp_path / "eda.ipynb")).notebooks[0].error == ""
    assert not (tmp_path / ".gitignore").exists()


def test_a_worktree_has_its_own_gitignore(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "first")
    tree = tmp_path_factory.mktemp("trees") / "other"
    git(repository, "worktree", "add", "-q", str(tree))
    mend(leaky(tree / "eda.ipynb"))
    assert _is_ignored(tree)
    assert not (repository / ".gitignore").exists()
    assert (tree / ".gitignore").exists()


def test_a_submodule_has_its_own_gitignore(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = tmp_path_factory.mktemp("source")
    git(source, "init", "-q")
    git(source, "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "submodule", "add", "-q", str(source), "sub")
    mend(leaky(repository / "sub" / "eda.ipynb"))
    assert _is_ignored(repository / "sub")
    assert (repository / "sub" / ".gitignore").exists()
    assert not (repository / ".gitignore").exists()


def test_it_says_in_how_many_commits_the_key_still_stands(repository: Path) -> None:
    path = leaky(repository / "eda.ipynb")
    for n in (1, 2, 1):  # the third one as the first
        leaky(path, cells=n)
        git(repository, "add", ".")
        git(repository, "commit", "-qm", f"{n}")
    (rotation,) = mend(path).rotations
    assert (rotation.name, rotation.commits) == ("OPENAI_API_KEY", 3)
    assert rotation.page.startswith("https://")


def test_half_written_secrets_would_stand_in_gits_own_folder(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stsec_magic.apply import atomic

    seen: list[Path] = []
    put = atomic._put
    monkeypatch.setattr(atomic, "_put", lambda *arguments: (seen.append(arguments[0]), put(*arguments)))
    mend(leaky(repository / "eda.ipynb"))
    (secret,) = (each for each in seen if ".secrets.toml." in each.name and "example" not in each.name)
    assert secret.parent == (repository / ".git").resolve()


def test_the_root_is_that_of_the_repository_whatever_a_folder_requires(repository: Path) -> None:
    path = leaky(repository / "nb" / "eda.ipynb")
    (repository / "nb" / "requirements.txt").write_text("pandas\n")
    mend(path)
    assert (repository / ".streamlit" / "secrets.toml").exists()
    assert not (repository / "nb" / ".streamlit").exists()


def test_a_project_in_the_repository_keeps_its_own_secrets(repository: Path) -> None:
    path = leaky(repository / "app" / "nb" / "eda.ipynb")
    (repository / "app" / "pyproject.toml").write_text("")
    mend(path)
    assert (repository / "app" / ".streamlit" / "secrets.toml").exists()
    assert (repository / ".gitignore").read_text() == "/app/.streamlit/secrets.toml\n"


def test_a_file_of_secrets_that_is_a_link_is_what_it_leads_to(repository: Path) -> None:
    (repository / "conf").mkdir()
    (repository / "conf" / "s.toml").write_text('A = "1"\n')
    (repository / ".streamlit").mkdir()
    (repository / ".streamlit" / "secrets.toml").symlink_to("../conf/s.toml")
    (repository / ".gitignore").write_text("secrets.toml\n")
    mend(leaky(repository / "eda.ipynb"))
    assert (repository / ".gitignore").read_text() == "secrets.toml\n/conf/s.toml\n"
    assert KEY in (repository / "conf" / "s.toml").read_text()
    git(repository, "add", "-f", "conf")
    path = leaky(repository / "other.ipynb", KEY[:-2] + "zz")
    before = path.read_bytes()
    assert f"git tracks {repository / 'conf' / 's.toml'}" in mend(path).notebooks[0].error
    assert path.read_bytes() == before
