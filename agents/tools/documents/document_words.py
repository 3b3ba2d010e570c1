"""What a sentence wants of a document: a summary, facts, its tables, fields, a comparison, or an answer."""

from __future__ import annotations

import re
from typing import Any

from agents.tools.documents.field_extraction import fields
from agents.tools.documents.password_words import password_in
from agents.tools.documents.topics import concepts

PAPER = (
    r"(?:document|file|pdf|docx|contract|brief|agreement|nda|mail|letter|report|paper|presentation|slides|book|scan|zip"
    r"|dokument|datei|vertrag|brief|documento|archivo|contrato|fichier|contrat|contratto|ficheiro)"
)
_ACTIONS = (
    ("compare", r"\bcompar(?:e|ison|er|ar)\b|\bvergleich\w*|\bconfronta\w*|\bcomparez?\b|\bdiffer(?:s|ences?)?\b|"
                r"\bdiff\b|\bunterschied\w*|\bdiferencias?\b|\bwhat(?:'s| has| is)? ?(?:been )?changed? (?:between|"
                r"from|since|in the new)|\bwhat(?:'s| is) (?:new|different)\b|\bredline\b"),
    ("sections", r"\bsection[- ]by[- ]section\b|\b(?:by|each|every|per) (?:section|chapter|slide)\b|\boutline\b|"
                 r"\bkapitelweise\b|\bpro (?:abschnitt|kapitel)\b"),
    ("tables", r"\b(?:extract|get|pull|export|give|take|save|turn|convert|make|show|list)\b[^?.]*\btables?\b|"
               r"\btables?\b[^?.]*\b(?:as|to|into) (?:csv|excel|a dataset|data)\b|\btabellen?\b|\btablas?\b|"
               r"\btableaux\b"),
    ("remarks", r"\b(?:tracked changes|track changes|comments|annotations|redlines|footnotes|kommentare|fußnoten|"
                r"änderungsverlauf)\b"),
    ("summary", r"\bsumm(?:ar|er)i[sz]e\b|\bsummary\b|\boverview\b|\bgist\b|\btl;?dr\b|\b(?:main|key) points\b|"
                r"\bzusammenfass\w*|\bfasse?\b[^?.]*\bzusammen\b|\bresum(?:e|en|ir|é|o)\b|\brésum\w*|\briassum\w*|"
                r"\bwhat(?:'s| is) (?:it|this|the (?:document|file|pdf|brief|contract)) about\b"),
    ("dates", r"\bdates\b|\b(?:list|extract|find|show|all|key|important)\b[^?]*\bdeadlines\b|\btermine\b"),
    ("amounts", r"\b(?:amounts|sums)\b|\b(?:all|key|list|extract)\b[^?]*\b(?:figures|prices|fees)\b|\bbeträge\b"),
    ("parties", r"\bparties\b|\bwho (?:is|are) (?:involved|the signatories)\b|\bsignatories\b|\bvertragsparteien\b"),
)  # fmt: skip


def read(clause: str) -> dict[str, Any]:
    """What is asked of a document: actions by name, the question, the fields to take out, a password."""
    password, clause = password_in(clause)
    wanted = fields(clause)
    if wanted:
        return {"actions": ["fields"], "fields": wanted, "password": password}
    actions = [name for name, pattern in _ACTIONS if re.search(pattern, clause, re.IGNORECASE)]
    if "compare" in actions or "sections" in actions:
        actions = [name for name in actions if name != "summary"]
    question = re.sub(
        r"\S+\.(?:pdf|docx|txt|md|html?|eml|msg|pptx|odt|rtf|epub|zip)\b", " ", clause, flags=re.IGNORECASE
    )
    question = " ".join(question.split())
    if not actions:
        actions = ["question" if concepts(question) else "summary"]
    return {"actions": actions, "question": question, "password": password}
