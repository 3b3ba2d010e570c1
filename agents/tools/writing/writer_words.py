"""What a sentence wants written or bettered: the kind of text, its language, whom it is for, or what to do with a "
"text.
"""

from __future__ import annotations

import re
from typing import Any

from agents.tools.text.languages import detect, named
from agents.tools.writing.letters import kind_in

_ACTIONS = (
    ("shorten", r"\bshorte(?:n|r)\b|\btrim\b|\bcondense\b|\btighten\b|\bcut (?:it|this|that)? ?down\b|\btoo long\b|"
                r"\bkürze?\w*\b|"
                r"\bkürzen\b|\braccourci\w*|\bacorta\w*|\baccorcia\w*|\bencurta\w*|\bmore concise\b"),
    ("proofread", r"\bproof-?read\w*|\bspell(?:ing|check| check)?\b|\btypos?\b|\bgrammar\b|\bcorrect (?:my|this|the|"
                  r"it)\b|"
                  r"\bkorrigier\w*|\brechtschreib\w*|\bkorrekturles\w*|\bcorrige\w*|\bcorreggi\w*|\brelis\b|"
                  r"\bmistakes\b"),
    ("readability", r"\breadab\w+|\bhow (?:easy|hard|readable|long)\b.{0,30}\b(?:text|read)|\blesbar\w*|\bflesch\b|"
                    r"\breading time\b|"
                    r"\bword count\b"),
    ("plain", r"\bplain(?:er)? (?:language|english|words)?|\bsimpl(?:er|ify|e)\b|\bclearer\b|\bjargon\b|"
              r"\bverständlich\w*|"
              r"\beinfache\w* sprache\b|\bvereinfach\w*|\bclean (?:it |this )?up\b|\bsimplifi\w*"),
    ("rewrite", r"\brewrite\b|\brephrase\b|\breword\b|\bpolish\b|\bimprove\b|\b(?:make|mach\w*|rends?|haz|"
                r"rendi)\b.{0,40}\b(?:friendl\w*|"
                r"formal\w*|polite\w*|warm\w*|confident|professional|casual|persuasive|nicer|better|höflich\w*|"
                r"freundlich\w*|"
                r"aimable|amable|gentile)|\b(?:friendlier|more formal|more polite|nicer|umschreib\w*|umformulier\w*|"
                r"reformul\w*|riscriv\w*|reescrib\w*|reescrev\w*)\b"),
)  # fmt: skip
_TEXT = re.compile(r"(?::|\n)\s*[\"“„«]?(?P<after>\S.{15,})$|[\"“„«](?P<quoted>[^\"“”„«»]{15,})[\"”“»]", re.DOTALL)
_TO = re.compile(
    r"\b(?:to|for|with|from|an|für|à|pour|para|per|"
    r"a) (?P<name>(?-i:[A-ZÀ-Þ][\w&.'-]*(?: [A-ZÀ-Þ][\w&.'-]*){0,3}))",
    re.IGNORECASE,
)
_PROJECT = re.compile(
    r"\b(?:for|about|on|regarding|after|für|zum|über|nach|pour|sobre|per|sur)\s+(?:the|my|our|das|dem|den|die|le|la|"
    r"el|il|o|a)\s+"
    r"(?P<what>(?:[\w-]+\s+){0,3}(?:project|website|site|shop|app|redesign|dashboard|report|logo|brochure|campaign|"
    r"migration|audit|"
    r"projekt|webseite|bericht|projet|proyecto|progetto|projeto))\b|\bprojec?kt? [\"“]?(?P<named>(?-i:[A-Z][\w-]+))",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"\b(?:gig|service|offer|leistung)\w*\s+(?:description|text|page|listing|beschreibung)?\s*(?:for|about|on|für|"
    r"über)\s+"
    r"(?:my |a |an |meine[nr]? )?(?P<what>[^.,;:\n]{3,60})",
    re.IGNORECASE,
)
_NOT_NAMES = {
    "LinkedIn", "English", "German", "French", "Spanish", "Italian", "Portuguese", "Upwork", "Fiverr",
    "Monday", "Tuesday",
    "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "I", "Deutsch", "Englisch",
}  # fmt: skip


def read(clause: str) -> dict[str, Any]:
    """The action with what belongs to it: kind and language of a new text, or the text that is to be bettered."""
    said = _TEXT.search(clause)
    text = (said["after"] or said["quoted"] or "").strip(' "”“»') if said else ""
    request = clause[: said.start()] if said else clause
    action = next((name for name, pattern in _ACTIONS if re.search(pattern, request, re.IGNORECASE)), "")
    kind = kind_in(request)
    if (
        action in ("rewrite", "plain", "shorten")
        and kind
        and not text
        and re.match(
            r"\W*(?:write|draft|"
            r"create)\b",
            request,
            re.I,
        )
    ):
        action = ""
    found: dict[str, Any] = {"action": action or ("letter" if kind else "free"), "kind": kind, "text": text}
    if languages := named(request):
        found["language"] = languages[-1]
    elif (guess := detect(request)) and guess.sure >= 0.25 and guess.code in ("de", "es", "fr", "it", "pt"):
        found["language"] = guess.code
    if (project := _PROJECT.search(request)) and not text:
        found["project"] = f"the {project['what']}" if project["what"] else project["named"]
    if service := _SERVICE.search(request):
        found["service"] = service["what"].strip()
    names = [hit["name"] for hit in _TO.finditer(request) if hit["name"].split()[0] not in _NOT_NAMES]
    if names:
        found["name"] = names[0]
    return {name: value for name, value in found.items() if value}
