"""Reads which tool of which other program is wanted, and with what arguments."""

from __future__ import annotations

import json
import re
from typing import Any

_ALLOW = re.compile(
    r"\ballow\b.*\btools?\b.*?\b(?:of|from|on)\s+(?:the\s+)?(?P<server>[\w-]+)(?:.*?\((?P<seen>[0-9a-f]{12})\))?", re.I
)
_USE = re.compile(
    r"\b(?:use|call|run)\s+(?:the\s+)?(?:tool\s+)?(?P<tool>[\w.-]+)\s+(?:tool\s+)?(?:of|from|on|in)\s+(?:the\s+)?"
    r"(?P<server>[\w-]+)",
    re.I,
)
_SERVER = re.compile(
    r"\b(?:the |my |der |den |el |le |il |o )?(?!mcp\b|(?:the|my|der|den|el|il|le|lo|la|o|du|del|do|connect\w*|use|"
    r"start)\b|an?\b|which\b|what\b|your\b|this\b|"
    r"that\b)(?P<before>[\w-]+) (?:mcp )?server\b(?!s)|"
    r"\b(?:mcp[- ])?(?:server|servidor|serveur) (?:mcp )?(?!mcp\b|di\b|de\b|do\b|of\b|for\b|from\b|is\b|do(?:es)?\b|"
    r"has\b|exposes?\b|"
    r"offers?\b|with\b|to\b|and\b|"
    r"that\b|in\b|on\b|can\b|running\b|up\b|down\b|online\b|connected\b|there\b|available\b|tools?\b)(?P<after>[\w-]+)",
    re.I,
)
"""A server called so: "the postgres server", "el servidor airtable"."""
_LIST = re.compile(r"\btools?\b.*?\b(?:of|from|on|does)\s+(?:the\s+)?(?P<server>(?!mcp\b|my\b|server)[\w-]+)", re.I)
_CALL = re.compile(
    r"\b(?:call|run|use)\s+(?:the\s+)?(?:tool\s+)?(?P<tool>(?!the\b|tool\b|mcp\b)[\w.-]+)\b(?! server| mcp)", re.I
)
_NOT_NAMED = (
    r"(?!(?:mcp|serv\w+|tools?|the|my|your|our|which|what|list|use|an?|all|den|der|die|das|el|il|le|o|un|quali|que)\b)"
)
_NAMED = re.compile(
    r"\bmcp[- ]?(?:servers?|serveur|tools?|outils?)?\s+"
    r"(?:of|from|von|vom|di|do|da|de|del|du)\s+(?:the\s+)?(?P<of>[\w-]+)|"
    rf"\b{_NOT_NAMED}(?P<before>[\w-]+)\s+mcp\b|\btools? mcp {_NOT_NAMED}(?P<after>[\w-]+)",
    re.I,
)
"""A server called by its name: "my slack mcp", "el servidor mcp de linear"."""
_PAIR = re.compile(r"(?P<name>[A-Za-z_][\w-]*)\s*=\s*(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^\s,;]+))")


def read_mcp(clause: str) -> dict[str, Any]:
    """`action` (servers, list, allow or use) with `server`, `tool` and `arguments`, or the hash `seen` of a list.

    Arguments are written as ``name=value`` or as one JSON object.
    """
    if used := _USE.search(clause):
        rest = clause[used.end() :]
        return {"action": "use", "tool": used["tool"], "server": used["server"], "arguments": _arguments(rest)}
    if allowed := _ALLOW.search(clause):
        return {"action": "allow", "server": allowed["server"], "seen": (allowed["seen"] or "").lower()}
    if server := _SERVER.search(clause):
        name = server["before"] or server["after"]
        if called := _CALL.search(clause):
            return {"action": "use", "tool": called["tool"], "server": name, "arguments": _arguments(clause)}
        return {"action": "list", "server": name}
    if listed := _LIST.search(clause):
        return {"action": "list", "server": listed["server"]}
    if named := _NAMED.search(clause):
        return {"action": "list", "server": next(filter(None, named.groups()))}
    return {"action": "servers"}


def _arguments(text: str) -> dict[str, Any]:
    start, end = text.find("{"), text.rfind("}")
    if 0 <= start < end:
        try:
            found = json.loads(text[start : end + 1])
        except ValueError:
            found = None
        if isinstance(found, dict):
            return found
    return {pair["name"]: _value(pair["quoted"], pair["bare"]) for pair in _PAIR.finditer(text)}


def _value(quoted: str | None, bare: str | None) -> Any:
    if quoted is not None or bare is None:
        return quoted
    try:
        return json.loads(bare)
    except ValueError:
        return bare
