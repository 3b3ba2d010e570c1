"""The browser that the tests drive: Debian's Chromium, or the one that is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.errors import Mendable

MEND = "brew install --cask chromium" if sys.platform == "darwin" else "sudo apt-get install chromium"
"""The command that brings a browser."""

HEARD_AND_READ = ("espeak-ng", "tesseract-ocr")
"""Small programs that the tests of voice and pictures use, and the app where it finds them."""

DATABASE = "postgresql"
"""The server that the stores' tests run a second time on."""

REDIS = "redis-server"
"""The program that the tests of limits for several servers start."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find() -> str | None:
    """The path of a Chromium on this machine, or None."""
    found = (shutil.which(name) for name in _NAMES)
    return next((path for path in found if path), None) or next((path for path in _MAC if Path(path).exists()), None)


def install() -> None:
    """Bring a browser where this user may; elsewhere say how. Raises Mendable in CI, where nothing may be skipped."""
    database = shutil.which("postgres") or Path("/usr/lib/postgresql").exists()
    if find() and database and all(shutil.which(program) for program in ("espeak-ng", "tesseract", REDIS)):
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing Chromium, eSpeak NG, Tesseract, PostgreSQL and Redis for the tests", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        apt = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]
        subprocess.run([*apt, *HEARD_AND_READ, DATABASE, REDIS], env=quiet, stdout=subprocess.DEVNULL, check=False)
    if find():
        return
    if os.environ.get("CI"):
        raise Mendable(f"There is no Chromium and it could not be installed: {MEND}")
    print(f"No Chromium: the browser tests will be skipped. To run them: {MEND}", flush=True)
