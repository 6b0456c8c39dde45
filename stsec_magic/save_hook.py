"""Door: ``c.FileContentsManager.pre_save_hook = "stsec_magic.pre_save_hook"``."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from traitlets import Enum, TraitError
from traitlets.config import Configurable

from stsec_magic.audit.settings import ConfigError
from stsec_magic.conversion import choices
from stsec_magic.conversion.saving import SaveMode, Saves, local_file
from stsec_magic.conversion.traits import Choices
from stsec_magic.model.problem import fault

_MODES = [mode.value for mode in SaveMode]


class StsecSave(Choices, Configurable):
    """What happens when a notebook is saved; ``c.StsecSave.mode = "block"`` in jupyter_server_config.py."""

    mode = Enum(
        _MODES,
        SaveMode.WARN.value,
        help="warn: findings are said in the server's log. block: nothing is saved, and the user is told why. off.",
    ).tag(config=True)

    def __init__(self, **kw: Any) -> None:  # noqa: ANN401
        """Take the server's config; nothing was saved yet."""
        self.saves = Saves()
        self.wrong: str | None = None
        try:
            super().__init__(**kw)
            choices.require_right(**self.choices)
        except (TraitError, ConfigError) as error:
            self.wrong = str(error)


_settings: WeakKeyDictionary[Any, StsecSave] = WeakKeyDictionary()
"""One for each contents manager: a process has one server, and tests have several."""


def pre_save_hook(*, model: dict[str, Any], path: str, contents_manager: Any, **_: Any) -> None:  # noqa: ANN401
    """Check a notebook that Jupyter is about to save.

    Args:
        model: Jupyter's, with the content.
        path: Its path for Jupyter.
        contents_manager: What saves it.

    Raises:
        HTTPError: It isn't saved, in the mode ``block`` alone; the front end shows why.
    """
    why = None
    # Whatever goes wrong in here, the user's work is saved.
    try:
        why = _looked(model, path, contents_manager)
    except ConfigError as error:
        contents_manager.log.error("stsec: %s", error)
    except Exception as error:
        contents_manager.log.error("stsec: this notebook was not checked: %s", fault(error))
    if why is not None:
        from tornado.web import HTTPError  # whoever saves has it

        raise HTTPError(400, why)


def _looked(model: dict[str, Any], path: str, manager: Any) -> str | None:  # noqa: ANN401
    settings = _settings.get(manager)
    if settings is None:
        settings = _settings[manager] = StsecSave(parent=manager)
        if settings.wrong is not None:
            manager.log.error("stsec: notebooks are saved unchecked: %s", settings.wrong)
    if settings.wrong is not None:
        return None
    file = local_file(path, getattr(manager, "_get_os_path", None), getattr(manager, "root_dir", None))
    why, lines = settings.saves.look(model, path, file, SaveMode(settings.mode), settings.choices)
    if lines:
        manager.log.warning("%s", "\n".join(lines))
    return why
