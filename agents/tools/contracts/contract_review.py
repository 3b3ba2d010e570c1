"""Reviews a contract by rules: its kind, its clauses by topic, what may hurt, what is missing, what to ask.

passages ─▶ sentences ─┬─ topics ─▶ clauses quoted with their place
                       ├─ rules ──▶ risks with reasons and questions
                       └─ what a contract of this kind should hold ─▶ what is missing
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.tools.contracts.contract_risks import MISSING, risks
from agents.tools.contracts.contract_topics import TOPICS, Clause, about, clauses
from agents.tools.documents.facts import facts

MOST_CLAUSES = 4
_KINDS = (
    ("NDA", r"\bnon-?disclosure agreement\b|\bnda\b|\bgeheimhaltungsvereinbarung\b|\bvertraulichkeitsvereinbarung\b|"
            r"\baccord de confidentialité\b|\bacuerdo de confidencialidad\b|\baccordo di riservatezza\b|"
            r"\bacordo de confidencialidade\b|\bconfidentiality agreement\b"),
    ("platform terms", r"\bterms of (?:service|use)\b|\buser agreement\b|\bplatform terms\b|\bnutzungsbedingungen\b|"
                       r"\bconditions générales d['’]utilisation\b|\btérminos de (?:uso|servicio)\b"),
    ("frame contract", r"\b(?:master|framework) (?:services? )?agreement\b|\brahmenvertrag\b|\bcontrat[- ]cadre\b|"
                       r"\bcontrato marco\b|\baccordo quadro\b|\bcontrato-quadro\b"),
    ("employment contract", r"\bemployment (?:agreement|contract)\b|\barbeitsvertrag\b|\bcontrat de travail\b"),
    ("service contract", r"\b(?:services?|consulting|freelance|contractor|project) (?:agreement|contract)\b|"
                         r"\b(?:dienst|werk|dienstleistungs|honorar|freelancer?|projekt)\w*vertrag\b|"
                         r"\bcontrat de prestation\b|\bcontrato de (?:prestación de )?servicios\b|"
                         r"\bcontratto (?:di prestazione|d['’]opera)\b|\bcontrato de prestação\b"),
)  # fmt: skip
_NOT_NEEDED = {
    "NDA": {"payment", "ip", "acceptance", "changes", "liability"},
    "platform terms": {"acceptance", "confidentiality"},
    "employment contract": {"acceptance", "changes", "liability"},
}
_CAP = re.compile(
    r"\blimited to\b|\bcapp?ed\b|\bnot exceed\b|\b(?:begrenzt|beschränkt)\b|\blimitée? (?:à|au)\b|\bplafonn\w+|"
    r"\blimitad[ao] (?:a|al|ao)\b|"
    r"\blimitata\b|\b(?:maximum|höchstens|maximal)\b",
    re.IGNORECASE,
)


def review(passages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Review a contract's passages (``text``, ``place``, ``heading``), for a job.

    Returns ``{"kind", "parties", "dates", "amounts", "topics": {name: [clause]}, "risks", "missing": [{"topic", "why",
    "ask"}]}``; every clause and risk has its ``text`` and ``place``.
    """
    said = clauses(passages)
    found = {topic.name: about(topic, said) for topic in TOPICS}
    kind = kind_of(passages)
    stated = facts(passages)
    return {
        "kind": kind,
        "parties": stated["parties"][:6],
        "dates": stated["dates"][:12],
        "amounts": stated["amounts"][:12],
        "topics": {name: [vars(one) for one in group[:MOST_CLAUSES]] for name, group in found.items() if group},
        "risks": [vars(risk) for risk in risks(found)],
        "missing": list(_missing(found, kind)),
    }


def kind_of(passages: Sequence[Mapping[str, Any]]) -> str:
    """What kind of contract it is: by its title and opening, else "contract"."""
    opening = " ".join(f"{one['heading']} {one['text']}" for one in passages[:3])[:1500]
    hits = [(match.start(), kind) for kind, pattern in _KINDS if (match := re.search(pattern, opening, re.IGNORECASE))]
    return min(hits)[1] if hits else "contract"


def _missing(found: Mapping[str, Sequence[Clause]], kind: str) -> list[dict[str, str]]:
    lacking = [name for name in MISSING if not found.get(name) and name not in _NOT_NEEDED.get(kind, ())]
    liable = found.get("liability", ())
    if (
        liable
        and not any(_CAP.search(clause.text) for clause in liable)
        and "liability" not in _NOT_NEEDED.get(kind, ())
    ):
        lacking.append("liability")
    return [{"topic": name, "why": MISSING[name][0], "ask": MISSING[name][1]} for name in lacking]
