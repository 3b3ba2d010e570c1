"""What a sentence wants of a recording, or of the voice: a transcript, meeting notes, a correction, reading aloud."""

from __future__ import annotations

import re
from typing import Any

from integrations.media.speech.engine import LANGUAGES

RECORDING = (
    r"(?:audio|recordings?|voice ?(?:memos?|notes?|messages?|mail)|memos?|podcast|interview|aufnahme\w*|"
    r"sprachnachricht\w*|sprachmemo\w*|audios?|grabaci[oó]n\w*|nota de voz|enregistrement\w*|message vocal|gravaç\w+|"
    r"registrazion\w+|vocale?)"
)
ALOUD = (
    r"\b(?:read|say|speak)\b[^.?!]{0,60}\b(?:aloud|out loud|out|to me)\b|\blies\b[^.?!]*\bvor\b|\bvorlesen\b|"
    r"\blee\b[^.?!]*\ben voz alta\b|\blis\b[^.?!]*\bà (?:haute )?voix\b|\bl[eê]\b[^.?!]*\bem voz alta\b|"
    r"\bleggi\b[^.?!]*\b(?:ad alta voce|a voce alta)\b|\btext to speech\b|\bread (?:it|that|this) back\b"
)
NOTES = (
    r"\bmeeting (?:notes|minutes|summary)\b|\bminutes (?:of|from)\b|\baction items\b|"
    r""
    r"\bnotes (?:of|from|for) (?:the|this|our|my) (?:meeting|call|recording|audio|memo)\b|\bprotokoll\b|"
    r"\bbesprechungsnotizen\b|\bacta de la reuni[oó]n\b|"
    r"\bnotas de la reuni[oó]n\b|\bcompte[- ]rendu\b|\bata da reuni[aã]o\b|\bverbale\b|"
    r"\bwhat (?:was|did we|did they) (?:decided?|agreed?)\b[^?]*\b(?:meeting|call|recording)\b"
)
_CORRECT = re.compile(
    r"\b(?:correct|fix|edit|change)\b[^.?!\"“]*\btranscript\b|\btranscript\b[^.?!]*\b(?:correct|fix|edit|wrong)\b|"
    r"\bin the transcript\b[^.?!]*\b(?:replace|change)\b|\btranskript\b[^.?!]*\bkorrigier\w*|"
    r"\bkorrigier\w*\b[^.?!]*\btranskript",
    re.IGNORECASE,
)
_REPLACE = re.compile(
    r"(?:replace|change|correct)\s+[\"“'‘](?P<old>[^\"”'’]+)[\"”'’]\s+"
    r"(?:with|to|by|into)\s+[\"“'‘](?P<new>[^\"”'’]+)[\"”'’]",
    re.IGNORECASE,
)
_NAMES = {
    "en": "english|englisch\\w*|inglés|anglais|inglese?",
    "es": "spanish|spanisch\\w*|español|espagnol|spagnolo",
    "fr": "french|französisch\\w*|franc[eé]s|français|francese", "de": "german|deutsch\\w*|alemán|allemand|tedesco",

    "it": "italian\\w*|italienisch\\w*", "pt": "portugu[eê]\\w*|portugiesisch\\w*|portoghese",
    "ru": "russian|russisch\\w*",
    "ja": "japanese|japanisch\\w*", "ko": "korean|koreanisch\\w*", "zh": "chinese|mandarin|chinesisch\\w*",
    "ar": "arabic|arabisch\\w*", "hi": "hindi", "ur": "urdu", "th": "thai",
}  # fmt: skip
_LANGUAGE = {
    code: re.compile(rf"\b(?:in|auf|en|em|it(?:'s| is) in|is|speaks?|spoken|a|an)\s+(?:{names})\b", re.IGNORECASE)
    for code, names in _NAMES.items()
    if code in LANGUAGES
}
_QUOTED = re.compile(r"[\"“«„]([^\"”»“]{2,})[\"”»“]")
_AFTER = re.compile(r"(?:aloud|out loud|text to speech|vor)\s*:\s*(.+)$", re.IGNORECASE | re.DOTALL)


def read(clause: str) -> dict[str, Any]:
    """`action` is transcribe, notes, aloud, or correct; with `language`, `text`, and `old` and `new` words."""
    language = next((code for code, pattern in _LANGUAGE.items() if pattern.search(clause)), "")
    found: dict[str, Any] = {"language": language}
    if _CORRECT.search(clause) or (_REPLACE.search(clause) and "transcript" in clause.lower()):
        swap = _REPLACE.search(clause)
        return found | {"action": "correct", **({"old": swap["old"], "new": swap["new"]} if swap else {})}
    if re.search(ALOUD, clause, re.IGNORECASE):
        said = _AFTER.search(clause) or _QUOTED.search(clause)
        return found | {"action": "aloud", "text": said[1] if said else ""}
    if re.search(NOTES, clause, re.IGNORECASE):
        return found | {"action": "notes"}
    return found | {"action": "transcribe"}
