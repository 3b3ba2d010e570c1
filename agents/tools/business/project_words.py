"""What is said about projects: which run, how one is going, a new one, and by when one is to be done."""

from __future__ import annotations

import re
from typing import Any

from memory.money import NUMBER, find_prices, parse_number

_PROJECT = re.compile(r"\b(?:projects?|projekte?[ns]?|proyectos?|projets?|progett[oi]|projetos?)\b", re.I)
_DUE = re.compile(
    r"\b(?:deadlines?|due|delivery date|deliver\w* (?:by|on)|abgabetermine?|frist(?:en)?|fällig|fecha límite|"
    r"échéances?|date limite|scadenz[ae]|prazos?)\b",
    re.I,
)
_NEW = re.compile(
    r"^\W*(?:(?:please|add|note|create|open|start|begin|i have|we have|got|there is)\s+)*(?:an?\s+)?"
    r"(?:new|neues|nuevo|nouveau|nuovo|novo)\s+(?:projects?|projekt|proyecto|projet|progetto|projeto)\b\W*"
    r"|^\W*(?:please\s+)?(?:add|create|open)\s+(?:an?\s+|the\s+)?project\b\W*",
    re.I,
)
_ASKS = re.compile(
    r"^\W*(?:when|what|which|how|list|show|are|is|do|wann|welche|was|zeig\w*|cu[áa]ndo|qu[ée]|quand|quels?|quelles?|"
    r"quando|quali|quais)\b",
    re.I,
)
_NONE = re.compile(r"\b(?:no|remove|drop|clear|without|cancel|keine?n?|sin|sans|senza|sem)\b[^.?!]{0,80}$", re.I)
_LISTED = re.compile(r"\b(?:deadlines|projects|projekte|proyectos|projets|progetti|projetos)\b", re.I)
_ONE = re.compile(r"[“\"„«](?P<quoted>[^”\"“»]{2,120})[”\"“»]")
_HOURS = re.compile(rf"(?P<n>{NUMBER})\s*(?:hours?|hrs?|h|stunden|horas|heures|ore)\b", re.I)
_TITLE_ENDS = re.compile(r"\s*(?:[,;:]|\s[–-]\s|\b(?:due|deadline|by|until|bis|at|estimated|about|worth)\b|\d)", re.I)
_AHEAD = re.compile(r"^\W*(?:for|with|für|para|pour|per)\s+(?P<name>(?-i:[A-ZÀ-Ž])[^:,;]{1,60}?)\s*[:,–-]\s*", re.I)
"""The client named before the work: "for Brightside: online shop"."""
_FOR = re.compile(r"^(?P<title>.{2,80}?)\s+(?:for|with|für|para|pour|per)\s+(?P<name>(?-i:[A-ZÀ-Ž]).{1,60})$", re.I)


RUNNING = re.compile(
    r"^\W*(?:(?:which|what) (?:jobs|gigs|contracts|projects|work) (?:are (?:running|active|under ?way)|"
    r"am i (?:working )?on|have i got on)|(?:welche|was für) (?:auftr[äa]ge|jobs|projekte) (?:laufen|"
    r"sind (?:aktiv|am laufen)|hab(?:e)? ich (?:gerade|am laufen))|"
    r"qu[ée] (?:proyectos|trabajos|encargos) (?:tengo|est[áa]n) en (?:marcha|curso)|"
    r"quel(?:le)?s (?:projets|missions) (?:sont|ai-je) en cours|"
    r"quali (?:progetti|lavori|incarichi) (?:sono|ho) in corso|"
    r"(?:que|quais) (?:projetos|trabalhos) (?:est[ãa]o|tenho) em (?:andamento|curso))\b[^.?!]{0,20}\W*$",
    re.IGNORECASE,
)
"""A question for the projects that run, in whichever words for them."""


def about_projects(clause: str) -> bool:
    """Whether a sentence is about the projects that run, rather than about leads, proposals or goals."""
    return bool(_PROJECT.search(clause) or _DUE.search(clause))


def read_project(clause: str) -> dict[str, Any]:
    """`action` (projects, project, project_new, deadline), with `title`, `name`, `count` (hours), `amount`, `named`."""
    text = " ".join(clause.split())
    found: dict[str, Any] = {"named": (one["quoted"] if (one := _ONE.search(text)) else text)}
    if new := _NEW.match(text):
        return found | {"action": "project_new"} | _new(text[new.end() :])
    if _ASKS.search(text) or not _DUE.search(text):
        return found | {"action": "projects" if _LISTED.search(text) and not one else "project"}
    if _LISTED.search(text) and not _NONE.search(text) and not re.search(r"\b(?:is|are|to|on|by)\b", text, re.I):
        return found | {"action": "projects"}
    return found | {"action": "deadline", "cleared": bool(_NONE.search(text) and not re.search(r"\d", text))}


def _new(rest: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if ahead := _AHEAD.match(rest):
        found["name"], rest = ahead["name"].strip(), rest[ahead.end() :]
    if prices := [price for price in find_prices(rest) if price.unit == "h"]:
        found["amount"] = str(prices[0])
    for price in reversed(find_prices(rest)):
        rest = rest[: price.start] + rest[price.end :]
    if hours := _HOURS.search(rest):
        found["count"] = str(parse_number(hours["n"]))
    end = _TITLE_ENDS.search(rest)
    title = (rest[: end.start()] if end else rest).strip(' ."“”')
    if named := _FOR.match(title):
        found["name"], title = named["name"].strip(), named["title"]
    return found | ({"title": title} if title else {})
