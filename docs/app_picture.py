"""Draws docs/streamlit-app.png: a notebook that ``jupyter nbconvert --to streamlit`` made an app of, in a real browser.

It needs a browser, Streamlit and what the notebook uses, which the project itself doesn't:

    apt-get install -y chromium fonts-inter
    pip install -e . streamlit matplotlib pandas playwright   # in an environment of its own
    python docs/app_picture.py                                # with that environment's Python

``--look FOLDER`` writes there instead.
"""

from __future__ import annotations

import argparse
import random
import socket
import string
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent

MARKDOWN = """\
# Bike-sharing demand

How many bikes are taken in each hour? Weekdays have two peaks, at $8$ and at $17{:}30$; **rain** halves them."""

DATA = """\
%matplotlib inline
%pip install -q pandas matplotlib
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt

api_key = "{key}"
hours = pd.date_range("2026-06-01", periods=7 * 24, freq="h")
peaks = np.exp(-((hours.hour - 8) ** 2) / 4) + np.exp(-((hours.hour - 17.5) ** 2) / 6)
rides = pd.DataFrame({{"hour": hours, "rides": (20 + 90 * peaks * (hours.dayofweek < 5)).round()}})
rides.head(3)"""

PLOT = """\
day = input("Which day of June?")
one = rides[rides["hour"].dt.day == int(day)]
plt.figure(figsize=(8, 2.6))
plt.bar(one["hour"].dt.hour, one["rides"], color="#5b8def")
plt.xlabel("hour")
plt.show()
print("busiest hour:", one.loc[one["rides"].idxmax(), "hour"])"""


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--look", type=Path, default=HERE, help="where to write")
    folder = parser.parse_args().look
    with tempfile.TemporaryDirectory() as work:
        make(Path(work))
        draw(Path(work), folder / "streamlit-app.png")


def make(folder: Path) -> None:
    """The notebook, with a key that is made up in each run, and its app."""
    pick = random.SystemRandom()
    key = "sk-proj-" + "T3BlbkFJ".join("".join(pick.choices(string.ascii_letters, k=48)) for _ in range(2))
    new = nbformat.v4
    cells = [new.new_markdown_cell(MARKDOWN), new.new_code_cell(DATA.format(key=key)), new.new_code_cell(PLOT)]
    nbformat.write(new.new_notebook(cells=cells), folder / "eda.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "streamlit", "eda.ipynb"]
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603
    (folder / ".streamlit" / "secrets.toml").write_text('OPENAI_API_KEY = "x"\nAPI_KEY = "x"\n', encoding="utf-8")


def draw(folder: Path, picture: Path) -> None:
    """Run the app, answer its question, and take the picture."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--server.headless=true",
        "--server.address=127.0.0.1",
        f"--server.port={port}",
        "--client.toolbarMode=minimal",
    ]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--browser.gatherUsageStats=false", *options]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            answer(f"http://127.0.0.1:{port}", picture)
        finally:
            server.terminate()


def answer(address: str, picture: Path) -> None:
    """Open the page as a person does."""
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 820}, device_scale_factor=1.5)
        page.goto(address)
        box = page.get_by_label("Which day of June?")
        box.fill("3")
        box.press("Enter")
        page.get_by_text("busiest hour").wait_for(timeout=60_000)
        page.wait_for_timeout(1500)
        page.screenshot(path=str(picture))
        browser.close()


if __name__ == "__main__":
    main()
