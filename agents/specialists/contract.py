"""Reviews contracts for a freelancer: clauses quoted with their page, risks with reasons, what is missing."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Finding, Given, Slot
from agents.tools.contracts.contract_answer import NAME, WHICH, Asked, contract_answer
from agents.tools.contracts.contract_words import read


class ContractTask(BaseModel):
    """Which contract to review, on which topics; all of them when none is named. `pasted` is one told in words."""

    document: Annotated[str | None, Slot("file:document", WHICH)] = None
    earlier: Annotated[str | None, Slot("record:document")] = None
    pasted: Annotated[str | None, Slot("pasted")] = None
    inline: str = ""
    topics: list[str] = []
    compare: bool = False
    password: str = ""


def needs(filled: dict[str, Any]) -> list[str]:
    """The contract, when nothing says which one is meant."""
    return [] if any(filled.get(name) for name in ("document", "earlier", "pasted", "inline")) else ["document"]


async def run(task: ContractTask, given: Given, deps: Deps) -> Finding:
    """Read the contract and review it, or what a second version changes. Raises AgentError and JobError."""
    file = task.document or task.earlier
    if not task.document and not given.files and (words := task.pasted or task.inline):
        put = deps.stores.files.put
        file = (await put(words.encode(), "pasted contract.txt", user=deps.user, thread=deps.thread, made_by=NAME)).id
    asked = Asked(file, task.topics, task.compare, task.password)
    return await contract_answer(asked, given, deps)


AGENT = AgentSpec(
    name=NAME,
    title="Contracts",
    description=(
        "Reviews contracts, NDAs and terms: clauses quoted with their page, risks for a freelancer with reasons, "
        "what is "
        "missing and what to ask. No legal advice."
    ),
    examples=(
        "review this contract",
        "is this contract ok to sign?",
        "check this NDA for red flags",
        "what are the risks in this agreement",
        "is the liability limited in this contract",
        "can they cancel without notice under this agreement",
        "what is missing in this contract",
        "who owns the IP under this agreement and when",
        "does the contract have a non-compete",
        "is there an automatic renewal in the terms",
        "what should I ask before signing this",
        "compare the new contract with the old one and tell me what got worse",
        "find the dangerous clauses in the freelance agreement",
        "Prüfe diesen Vertrag",
        "Welche Risiken hat dieser Vertrag?",
        "Kann ich das so unterschreiben?",
        "Relis ce contrat et dis-moi les risques",
        "Revisa este contrato, ¿qué riesgos tiene?",
        "Controlla questo contratto",
        "Este contrato tem riscos?",
    ),
    cues=(
        r"\b(?:review|check|look over|vet|assess|analy[sz]e|inspect)\b.{0,40}\b(?:contract|nda|agreement|msa|terms|"
        r"clauses?)\b",
        r"\bred flags?\b|\b(?:risks?|risky|dangerous|unfair|traps?|pitfalls?)\b.{0,40}\b(?:contract|nda|agreement|"
        r"terms|clauses?)\b",
        r"\b(?:contract|nda|agreement|terms)\b.{0,50}\b(?:ok|okay|safe|fair|sign|risks?|red flags?|missing|unfair)\b",
        r"\b(?:before|should i|can i|safe to|ok to)\b.{0,20}\bsign(?:ing)?\b",
        r"\b(?:prüf\w*|check\w*|risik\w*|unterschreib\w*)\b.{0,40}\b(?:vertrag\w*|nda|vereinbarung|agb)\b|"
        r"\bvertrag\w*\b.{0,40}\b(?:prüf\w*|risik\w*|unterschreib\w*|gefährlich\w*)\b",
        r"\b(?:relis|vérifie\w*|analys\w*|risques?)\b.{0,40}\bcontrat\b|\b(?:revisa\w*|riesgos?)\b.{0,40}\bcontrato\b|"
        r"\b(?:controlla|rischi)\b.{0,40}\bcontratto\b|\b(?:revê|riscos?)\b.{0,40}\bcontrato\b|"
        r"\bcontrat[oe]?\b.{0,40}\b(?:risques|riesgos|riscos)\b|\bcontratto\b.{0,40}\brischi\b",
        r"\b(?:liability|liable|non-?compete|renewal|penalt(?:y|ies)|indemnity|notice period|terminat\w+|ip|"
        r"rights)\b.{0,40}"
        r"\b(?:contract|agreement|nda|msa)\b",
    ),
    task=ContractTask,
    run=run,
    read=read,
    needs=needs,
    makes=("document",),
    takes=("document",),
)
