"""The password of a document as people state it, and the request that waited for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from memory.turns import Turn

LOCKED = "locked with a password"
"""What every refusal of a locked document says."""
_STATED = re.compile(
    r"\b(?:(?:the|its|das|la|le|el|il|a|o)\s+)?"
    r"(?:password|pass ?phrase|passwort|kennwort|contraseña|mot de passe|senha|palavra-passe)\b"
    r"(?:\s+(?:for|of|to|von|vom|für|zum?r?|de|del|della|du|do|da|per|pour|para|dafür)\b[^.:=\"“„«]{0,40}?)?"
    r"\s*(?:(?:is|ist|lautet|es|est|è|é)\b\s*:?|:|=)\s*"
    r"(?:[\"“„«](?P<quoted>[^\"”“»]+)[\"”“»]|(?P<word>\S+))",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:password|passwort|kennwort|contraseña|mot de passe|senha)\s+(?:[\"“„«](?P<quoted>[^\"”“»]+)[\"”“»]|"
    r"(?P<word>(?=\S*\d)\S+))",
    re.IGNORECASE,
)
"""Without a verb only what is quoted or has a digit is taken for one."""
_POLITE = re.compile(r"^[\W_]*(?:(?:it|and|so|please|bitte|und|sorry|here you go)\b[\W_]*)*", re.IGNORECASE)


def password_in(text: str) -> tuple[str, str]:
    """The password a message states, and the message without that; both as they are where it states none."""
    found = _STATED.search(text) or _AFTER.search(text)
    if found is None:
        return "", text
    password = found["quoted"] or found["word"].rstrip(".,;")
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return password, _POLITE.sub("", rest).strip(" .,;:")


@dataclass(frozen=True)
class Waiting:
    """A request that a locked document kept from being answered: its words, and the agent it was planned for."""

    words: str
    agent: str


def waiting_request(turns: Iterable[Turn]) -> Waiting | None:
    """The newest request that a locked document kept from being answered, None when there is none.

    `turns` are the newest of the conversation first. A wrong password in between does not end the wait; an answer does.
    """
    for turn in turns:
        errors = {step: str(found.get("error") or "") for step, found in turn.findings.items()}
        if any("not the password" in error for error in errors.values()):
            continue
        planned = {step["id"]: step["agent"] for step in turn.plan.get("steps", ())}
        for step, error in errors.items():
            if LOCKED in error:
                return Waiting(password_in(turn.text)[1], planned.get(step, ""))
        if turn.status == "done":
            return None
    return None
