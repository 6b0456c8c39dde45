from importlib import metadata

from stsec_magic.app import requirements


def test_versions_come_from_the_notebook_then_from_pip_then_from_here():
    shown = requirements.versions_shown("x\nSuccessfully installed numpy-1.26.4 Foo_Bar-2.0\n")
    shown |= requirements.versions_shown("Requirement already satisfied: scipy in ./lib (1.11.1)\n")
    lines = requirements.lines(
        ["pandas==2.0", "numpy", "foo.bar", "scipy[x]"], ["nbformat", "os", "numpy.linalg"], shown
    )
    nbformat = metadata.version("nbformat")
    assert lines[:-1] == ["foo.bar==2.0", f"nbformat=={nbformat}", "numpy==1.26.4", "pandas==2.0", "scipy[x]==1.11.1"]
    assert lines[-1].startswith("streamlit")


def test_a_module_of_another_name_is_known():
    assert "PyYAML" in requirements.lines([], ["yaml"], {})[0]
    assert requirements.lines([], ["sklearn.svm"], {})[0].startswith("scikit-learn")


def test_a_module_that_nobody_knows_is_no_requirement():
    """A stranger may have put something by that name on PyPI."""
    assert [line.partition("==")[0] for line in requirements.lines([], ["my_own_helpers"], {})] == ["streamlit"]


def test_what_is_there_stays():
    old = "# mine\nPandas<2\n-e ."
    assert requirements.merged(old, ["pandas==2.1", "polars"]) == "# mine\nPandas<2\n-e .\npolars\n"
    assert requirements.merged("polars\n", ["polars==1"]) == "polars\n"


def test_other_commands_install_nothing():
    for command in (
        "pip list",
        "pip install -r req.txt",
        "pip install -e .",
        "ls",
        "conda create -n x",
        "pip 'install",
    ):
        assert requirements.installs(command) is None


def test_an_address_keeps_what_it_says():
    address = "git+https://x.example/y.git"
    assert requirements.installs(f"pip install {address}") == [address]
    assert address in requirements.lines([address], [], {})
