"""What a Jupyter server calls before it saves."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from traitlets import Unicode
from traitlets.config import Config, LoggingConfigurable

from stsec_magic import pre_save_hook
from stsec_magic.conversion import saving
from tests.conversion.books import book, key, leaky
from tests.credentials import password
from tests.notebooks_in_memory import code, write

web = pytest.importorskip("tornado.web")


class Manager(LoggingConfigurable):
    """As jupyter_server's, as far as the hook asks."""

    root_dir = Unicode("")

    def save(self, content: Any, path: str = "nb.ipynb") -> None:
        pre_save_hook(model={"type": "notebook", "content": content}, path=path, contents_manager=self)


@pytest.fixture(autouse=True)
def _said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def manager(**traits: Any) -> Manager:
    return Manager(config=Config({"StsecSave": traits}), log=logging.getLogger("tests"))


def test_by_default_it_is_said_once_and_saved(caplog: pytest.LogCaptureFixture) -> None:
    saves = manager()
    saves.save(leaky())
    saves.save(leaky())
    assert caplog.text.count("openai-api-key in cell 1, line 1") == 1
    assert key("leaky") not in caplog.text


def test_a_save_is_blocked_by_choice_with_a_line_for_the_user() -> None:
    saves = manager(mode="block")
    with pytest.raises(web.HTTPError) as caught:
        saves.save(leaky())
    assert caught.value.status_code == 400
    assert caught.value.log_message.startswith("stsec: not saved: openai-api-key in cell 1, line 1")
    assert key("leaky") not in str(caught.value)
    assert caught.value.__context__ is None
    saves.save(book(code("1")))


def test_other_files_are_none_of_its_business() -> None:
    pre_save_hook(model={"type": "file", "content": key(1)}, path="a.txt", contents_manager=manager(mode="block"))


def test_the_rules_are_chosen_as_everywhere() -> None:
    manager(mode="block", select="loads").save(leaky())
    manager(mode="block", fail_on="never").save(leaky())


@pytest.mark.parametrize("traits", [{"mode": "blok"}, {"select": "loods", "mode": "block"}], ids=["mode", "select"])
def test_a_wrong_choice_is_said_once_and_all_is_saved(traits: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    saves = manager(**traits)
    saves.save(leaky())
    saves.save(leaky())
    assert caplog.text.count("notebooks are saved unchecked") == 1


def test_a_fault_of_our_own_never_loses_work(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    secret = key("fault")

    def broken(*_: object) -> None:
        raise ZeroDivisionError(secret)

    monkeypatch.setattr(saving, "checked", broken)
    manager(mode="block").save(leaky())
    assert "was not checked: an internal fault (ZeroDivisionError" in caplog.text
    assert secret not in caplog.text


def test_the_project_around_the_file_counts(tmp_path: Path) -> None:
    secret = password("project")
    (tmp_path / ".env").write_text(f"SOMETHING={secret}\n", encoding="utf-8")
    saves = Manager(
        config=Config({"StsecSave": {"mode": "block"}}), log=logging.getLogger("tests"), root_dir=str(tmp_path)
    )
    write(tmp_path / "nb.ipynb", book(code("1")))
    with pytest.raises(web.HTTPError, match="known-secret"):
        saves.save(book(code(f"f({secret!r})")))
    (tmp_path / "stsec.toml").write_text("fail-om = 1\n", encoding="utf-8")
    saves.save(leaky())  # what can't be read blocks nothing
