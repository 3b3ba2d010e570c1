"""The user's assistants as chat profiles: chosen at the top of a new conversation, and answering all of it.

no assistants ─▶ no choice is shown          chosen ─▶ first message ─▶ its turn says who answers ─▶ later messages
"""

from __future__ import annotations

import chainlit as cl

from chainlit_app.assisted import assisting
from chainlit_app.opened import runtime
from memory.assistants import Assistant

OWN = "FreelanceX"
OWN_ICON, ICON = "/public/avatars/executive.svg", "/public/avatars/assistants.svg"


async def offered(user: str) -> list[cl.ChatProfile]:
    """The profiles to choose from; none where there are no assistants."""
    found = await _by_name(user)
    if not found:
        return []
    about = "Your business partner: all agents, all your records."
    own = cl.ChatProfile(name=OWN, markdown_description=about, icon=OWN_ICON, default=True)
    return [own, *(_profile(name, one, user) for name, one in found.items())]


async def command_of(thread: str, user: str, profile: str) -> str:
    """The command of the assistant that answers in a conversation; for a new one, of the profile that was chosen."""
    if (known := await assisting(thread, runtime())) is not None:
        return known
    chosen = (await _by_name(user)).get(profile) if profile and profile != OWN else None
    return chosen.command if chosen else ""


async def _by_name(user: str) -> dict[str, Assistant]:
    found: dict[str, Assistant] = {}
    for one in await runtime().stores.assistants.usable(user):
        found[one.name if one.name not in found else f"{one.name} ({one.id[:4]})"] = one
    return found


def _profile(name: str, helper: Assistant, user: str) -> cl.ChatProfile:
    many = len(helper.documents)
    reads = f"Answers from {many} document{'' if many == 1 else 's'}." if many else "Answers in its own manner."
    whose = reads if helper.user == user else f"{reads} Shared by your team."
    return cl.ChatProfile(name=name, markdown_description=whose, icon=ICON)
