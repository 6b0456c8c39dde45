"""For Jupyter's config files: one line checks what is saved, one what is exported.

In ``jupyter_server_config.py``::

    from stsec_magic.jupyter_config import check_on_save

    check_on_save(c, mode="block")

In ``jupyter_nbconvert_config.py``, and for exports from JupyterLab's menu in ``jupyter_server_config.py``, too::

    from stsec_magic.jupyter_config import check_on_export

    check_on_export(c)

Both files stand in the folder that ``jupyter --config-dir`` names. The same without these functions::

    c.FileContentsManager.pre_save_hook = "stsec_magic.pre_save_hook"
    c.StsecSave.mode = "block"

    c.Exporter.preprocessors = ["stsec_magic.StsecPreprocessor"]
    c.StsecPreprocessor.mode = "fail"
"""

from __future__ import annotations

from typing import Any

_HOOK = "stsec_magic.pre_save_hook"
_PREPROCESSOR = "stsec_magic.StsecPreprocessor"


def check_on_save(c: Any, mode: str = "warn") -> None:  # noqa: ANN401
    """Check every notebook that JupyterLab or another front end saves.

    Args:
        c: The config file's ``c``.
        mode: ``warn``: it is said in the server's log. ``block``: the notebook isn't saved, and the user is told why.
    """
    c.FileContentsManager.pre_save_hook = _HOOK
    c.StsecSave.mode = mode


def check_on_export(c: Any, mode: str = "fail") -> None:  # noqa: ANN401
    """Check every notebook that is converted, beside whatever other preprocessors there are.

    Args:
        c: The config file's ``c``.
        mode: ``fail``, ``warn``, ``redact`` or ``report``.
    """
    chosen = c.Exporter.preprocessors
    if not isinstance(chosen, list):
        chosen.append(_PREPROCESSOR)  # traitlets' promise of a list
    elif _PREPROCESSOR not in chosen:
        c.Exporter.preprocessors = [*chosen, _PREPROCESSOR]
    c.StsecPreprocessor.mode = mode
