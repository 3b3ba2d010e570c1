"""Which assistant answers in a conversation, whoever asks there: the page or a program."""

from __future__ import annotations

from graph.runtime import Runtime
from memory.assistants import PREFIX

LOOKED_BACK = 20
"""Turns of a conversation in which its assistant is looked for: others may be for an agent the user named."""


async def assisting(thread: str, runtime: Runtime) -> str | None:
    """The command of the assistant that answers there; empty where none does, None where nothing was said yet."""
    commands = await runtime.stores.turns.commands(thread, LOOKED_BACK)
    if not commands:
        return None
    return next((command for command in commands if command.startswith(PREFIX)), "")
