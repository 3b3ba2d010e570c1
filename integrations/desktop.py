"""Shows a notification on this computer's desktop, by the program that the system has for it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys

from config.errors import Mendable

SECONDS = 5.0


class NoDesktop(Mendable):
    """There is no desktop to show anything on, or no program for it."""


async def show(title: str, text: str) -> None:
    """Show a notification. Raises NoDesktop."""
    command = _command(title, text)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        code = await asyncio.wait_for(process.wait(), SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        code = 1
    if code:
        raise NoDesktop("The desktop did not take the notification; it is in the list of the chat.")


def _command(title: str, text: str) -> list[str]:
    """The program and its arguments; nothing in them is read as an option or a script."""
    if sys.platform == "darwin":
        script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"
        return ["osascript", "-e", script, title, text or " "]
    program = shutil.which("notify-send")
    if program is None or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoDesktop("There is no desktop here, or notify-send is missing: install libnotify.")
    return [program, "--app-name=FreelanceX", "--", title, text]
