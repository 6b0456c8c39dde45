import pytest

from stsec_magic.app.layout import MARK
from stsec_magic.app.notebook import App
from stsec_magic.conversion.app_files import ANY, REQUIREMENTS, beside, few, is_foreign, place, put


@pytest.mark.parametrize(
    ("name", "base", "expected"),
    [
        ("a.ipynb", ANY, "app"),
        ("nb/b c.ipynb", ANY, "pages/2_b_c"),
        ("a.ipynb", "mine", "mine"),
        ("nb/b c.ipynb", "mine", "pages/2_b_c"),
        ("a.ipynb", "{notebook_name}_app", "stem"),
        ("other.ipynb", ANY, "app"),
    ],
)
def test_the_first_notebook_is_the_app_and_the_others_are_its_pages(name, base, expected):
    stem = "mine" if base == "mine" else "stem"
    assert place(["a.ipynb", "nb/b c.ipynb"], name, stem, base, "app") == expected


def test_files_of_others_are_known(tmp_path):
    file = tmp_path / "app.py"
    assert not is_foreign(file)
    file.write_text("import mine\n", encoding="utf-8")
    assert is_foreign(file)
    file.write_text(f'"""x, {MARK}"""\n', encoding="utf-8")
    assert not is_foreign(file)
    assert is_foreign(tmp_path)


def test_requirements_are_written_where_the_project_has_none(tmp_path):
    app = App("", modules=["yaml"])
    assert b"PyYAML" in beside(app, (), tmp_path).files[REQUIREMENTS]
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    assert REQUIREMENTS not in beside(app, (), tmp_path).files
    app.installs.append("polars")
    assert b"polars" in beside(app, (), tmp_path).files[REQUIREMENTS]


def test_what_is_there_is_kept(tmp_path):
    (tmp_path / REQUIREMENTS).write_text("mine==1\nstreamlit\n", encoding="utf-8")
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml.example").write_text('# ours\nOLD = ""\n', encoding="utf-8")
    made = beside(App("", installs=["polars"]), ["NEW_KEY"], tmp_path).files
    kept, streamlit, new = made[REQUIREMENTS].decode().splitlines()
    assert (kept, streamlit) == ("mine==1", "streamlit")
    assert new.partition("==")[0] == "polars"
    example = made[".streamlit/secrets.toml.example"].decode()
    assert example.startswith("# ours\n")
    assert "OLD" in example
    assert "NEW_KEY" in example


def test_a_file_that_cannot_be_read_stays_and_is_told(tmp_path):
    (tmp_path / REQUIREMENTS).mkdir()
    made = beside(App("", installs=["polars"]), (), tmp_path)
    assert made.files == {}
    assert "stays as it is" in made.notes[0]


def test_many_lines_are_few():
    assert few(["a"] * 3) == ["a"] * 3
    assert few([str(n) for n in range(20)])[-1] == "stsec: and 8 more"


def test_files_join_those_of_others():
    resources = {"outputs": {"a": b"1"}}
    put(resources, {"b": b"2"})
    assert resources["outputs"] == {"a": b"1", "b": b"2"}
    other: dict[str, object] = {}
    put(other, {"b": b"2"})
    assert other["outputs"] == {"b": b"2"}
