"""Reads what a sentence wants with language models: see which run here, install one, use another one."""

from __future__ import annotations

import re

from config.ladder import ladder

_ADDRESS = re.compile(r"(?:ollama:|server:|https?://)[^\s\"'“”]+|[^\s\"'“”]+\.gguf\b", re.IGNORECASE)
_RUNG = re.compile(
    r"\b(?P<rung>fast|balanced|powerful|vision|recommended|best)\b(?=[^.?!]*\bmodel\b)"
    r"|\bmodel\s+(?:called |named )?(?P<named>fast|balanced|powerful|vision)\b",
    re.IGNORECASE,
)
_INSTALL = re.compile(r"\b(?:install|download|set up|fetch)\b", re.IGNORECASE)
_A_MODEL = re.compile(r"\b(?:a|an|the|some|one)\s+(?:\w+\s+){0,2}(?:language\s+)?(?:model|llm)\b", re.IGNORECASE)
_USE = re.compile(r"\b(?:use|switch (?:over )?to|change to|choose|take|select|try)\b", re.IGNORECASE)
_NONE = re.compile(
    r"^\W*(?:please\s+)?(?:use no|work without|go on without|switch off|turn off|stop using)\b.*\bmodel\b",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"\b(?:which|what|list|show)\b.*\b(?:models?|llms?)\b.*\b(?:run|runs|install|installed|fits?|available|download|"
    r"choose|there|suits?|best)\b|\b(?:can|could)\b.*\brun\b.*\b(?:models?|llms?)\b",
    re.IGNORECASE,
)
RECOMMENDED = "recommended"


def read_model(clause: str) -> dict[str, str] | None:
    """``{"action": "models" | "install" | "use", "model": name}``, or None when it is about something else.

    `model` is a rung of the ladder, an address, "recommended", or "" for none.
    """
    address, rung = _ADDRESS.search(clause), _RUNG.search(clause)
    name = address[0].rstrip(".,;:!?") if address else _titled(clause)
    if rung and not name:
        name = (rung["rung"] or rung["named"]).lower()
        name = RECOMMENDED if name == "best" else name
    if _NONE.search(clause):
        return {"action": "use", "model": ""}
    if _WHICH.search(clause):
        return {"action": "models"}
    if _INSTALL.search(clause) and (name or _A_MODEL.search(clause)) and not re.match(r"\W*how\b", clause, re.I):
        return {"action": "install", "model": name or RECOMMENDED}
    if _USE.search(clause) and name and not re.match(r"\W*(?:which|what|do|are|is)\b", clause, re.I):
        return {"action": "use", "model": name}
    return None


def _titled(clause: str) -> str:
    """The name of the model whose title is in a sentence, however it is spaced; else empty."""
    said = _letters(clause)
    return next((name for name, one in ladder().items() if one.downloadable and _letters(one.title) in said), "")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()
