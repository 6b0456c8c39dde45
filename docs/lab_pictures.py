"""Draws docs/notebook-light.png and docs/notebook-dark.png: this package at work in a real JupyterLab.

It needs a browser and JupyterLab, which the project itself doesn't:

    apt-get install -y chromium fonts-inter fonts-dejavu-core
    pip install -e . jupyterlab playwright pillow     # in an environment of its own
    python docs/lab_pictures.py                       # with that environment's Python

``--look FOLDER`` writes there instead, and one more of each: the saved notebook, opened and not run, not trusted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import secrets
import shutil
import socket
import string
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# What is shown; {openai} is made up in each run.
CELLS = [
    "%load_ext stsec_magic",
    "%stsec on block",
    """\
import pandas as pd
from openai import OpenAI

url = "https://models.bikes.org/rides.pkl"
client = OpenAI(api_key="{openai}")
df = pd.read_pickle(url)""",
    "%stsec",
]
NAME = "prototype.ipynb"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
WIDTH = 860
SCALE = 1.5
COLOURS = 256

_INSTALL = "{} is missing; see the head of docs/lab_pictures.py for what to install"
_BROWSER = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The same letters wherever the pictures are drawn, and nothing that only a mouse needs.
_STYLE = """
:root { --jp-content-font-family: Inter, "DejaVu Sans", sans-serif !important; }
:root { --jp-ui-font-family: Inter, "DejaVu Sans", sans-serif !important; }
:root { --jp-code-font-family: "DejaVu Sans Mono", monospace !important; }
.jp-cell-toolbar, .jp-Toolbar, .jp-Notebook-footer, .jp-Collapser { display: none !important; }
.Toastify, #jp-bottom-panel { display: none !important; }
"""
_SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
_CELL = ".jp-Notebook .jp-Cell"
_READY = """async () => {
    const context = window.jupyterapp.shell.currentWidget.sessionContext;
    await context.ready;
    await context.session.kernel.info;
}"""
_SHUT_DOWN = "window.jupyterapp.serviceManager.sessions.shutdownAll()"


def main() -> None:
    """Start JupyterLab, run the notebook in each theme, save the pictures."""
    parser = argparse.ArgumentParser(description="Draws the pictures of a notebook in JupyterLab.")
    parser.add_argument("--look", type=Path, metavar="FOLDER", help="write there, the untrusted notebook too")
    look: Path | None = parser.parse_args().look
    out = look or Path(__file__).parent
    out.mkdir(parents=True, exist_ok=True)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SystemExit(_INSTALL.format("playwright")) from None
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        raise SystemExit(_INSTALL.format("chromium"))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        with _lab(home) as (address, token):
            browser = playwright.chromium.launch(executable_path=browser_path, args=_BROWSER)
            for theme, name in THEMES.items():
                _settings(home, theme=name)
                _notebook(home / "work" / NAME)
                page = browser.new_page(viewport={"width": WIDTH, "height": 2600}, device_scale_factor=SCALE)
                _open(page, f"{address}/doc/tree/{NAME}?token={token}")
                _run(page)
                _save(page, out / f"notebook-{theme}.png")
                if look is not None:
                    _untrust(page, home / "work")
                    _open(page, f"{address}/doc/tree/untrusted.ipynb?token={token}")
                    _save(page, out / f"untrusted-{theme}.png")
                page.evaluate(_SHUT_DOWN)  # the next one counts its cells from 1 again
                page.close()
            browser.close()


@contextlib.contextmanager
def _lab(home: Path) -> Iterator[tuple[str, str]]:
    """A JupyterLab that knows nothing of its user's: its address and its token."""
    token = secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "work").mkdir()
    kinds = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "IPYTHONDIR")
    environment = {**os.environ, **{kind: str(home / kind.lower()) for kind in kinds}}
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--LabApp.expose_app_in_browser=True"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={home / 'work'}"),
        f"--IdentityProvider.token={token}",
    ]
    with (home / "lab.log").open("wb") as log:
        lab = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)  # noqa: S603 - our own
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(lab, f"{address}/api/status?token={token}", home / "lab.log")
        yield address, token
    finally:
        lab.terminate()
        lab.wait(30)


def _wait_for(lab: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(240):
        if lab.poll() is not None:
            text = log.read_text(errors="replace")
            raise SystemExit(_INSTALL.format("jupyterlab") if "No module named" in text else text)
        with contextlib.suppress(OSError):  # it isn't there yet
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - on this machine
            return
        time.sleep(0.25)
    raise SystemExit("JupyterLab didn't start within a minute")


def _settings(home: Path, theme: str) -> None:
    for name, values in {**_SETTINGS, "apputils-extension/themes": {"theme": theme}}.items():
        path = home / "jupyterlab_settings_dir" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


def _notebook(path: Path) -> None:
    letters = string.ascii_letters + string.digits
    chance = random.Random(7)  # noqa: S311 - made-up values, the same in each run
    first, second = ("".join(chance.choices(letters, k=48)) for _ in range(2))
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{i}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source.replace("{openai}", f"sk-proj-{first}T3BlbkFJ{second}"),
        }
        for i, source in enumerate(CELLS)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    path.write_text(json.dumps(book, indent=1), encoding="utf-8")


def _open(page: Any, address: str) -> None:  # noqa: ANN401 - Playwright may be missing
    page.goto(address)
    page.add_style_tag(content=_STYLE)
    page.wait_for_selector(_CELL)
    page.evaluate(_READY)
    page.wait_for_timeout(1000)


def _run(page: Any) -> None:  # noqa: ANN401 - as above
    """Each cell by itself: the one that is blocked must not keep the next from running."""
    for _ in CELLS:
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
        page.evaluate("window.jupyterapp.commands.execute('notebook:move-cursor-down')")
    page.wait_for_function(
        "[...document.querySelectorAll('.jp-InputPrompt')].every(each => !each.textContent.includes('*'))"
    )
    page.wait_for_timeout(1500)


def _untrust(page: Any, work: Path) -> None:  # noqa: ANN401 - as above
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)
    book = json.loads((work / NAME).read_text(encoding="utf-8"))
    book["metadata"]["changed"] = secrets.token_hex(4)  # the signature no longer fits
    (work / "untrusted.ipynb").write_text(json.dumps(book), encoding="utf-8")


def _save(page: Any, path: Path) -> None:  # noqa: ANN401 - as above
    """The cells and what they show, and nothing else of the window."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement && document.activeElement.blur()")
    boxes = [each.bounding_box() for each in page.query_selector_all(_CELL)]
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right, bottom = max(box["x"] + box["width"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    page.screenshot(path=path, clip={"x": left, "y": top, "width": right - left, "height": bottom - top})
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
