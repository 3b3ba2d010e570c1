"""Reads documents: answers with the page cited, summaries, facts, tables, fields, and what changed between versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Finding, Given, Record, Slot, Source
from agents.tools.contracts import contract_answer, contract_words
from agents.tools.documents.citations import FACTS, plain
from agents.tools.documents.document_acts import ACTS, NAME, Told, compare, fact_kinds, facts, tables
from agents.tools.documents.document_intake import WHICH, chosen_files, opened, two_versions
from agents.tools.documents.document_words import PAPER, read
from agents.tools.documents.password_words import waiting_request
from memory.documents import Document

OFFERS = {
    "question": "What does it say about payment terms?",
    "summary": "Summarise the document",
    "facts": "List the key dates and amounts in the document",
}


class DocumentTask(BaseModel):
    """What to find in which document; with no document, the newest one of the conversation."""

    document: Annotated[str | None, Slot("file:document", WHICH)] = None
    earlier: Annotated[str | None, Slot("record:document")] = None
    table: Annotated[str | None, Slot("file:table")] = None
    actions: list[str] = []
    question: str = ""
    fields: list[str] = []
    password: str = ""


def needs(filled: dict[str, Any]) -> list[str]:
    """The document, when nothing says which one is meant."""
    return [] if any(filled.get(name) for name in ("document", "earlier", "table")) else ["document"]


async def run(task: DocumentTask, given: Given, deps: Deps) -> Finding:
    """Read what has to be read, and answer from it. Raises AgentError and JobError."""
    said = read(given.text)
    if said["password"] and not said["question"]:
        waiting = waiting_request(await deps.stores.turns.recent(deps.thread))
        if waiting and waiting.agent == contract_answer.NAME:
            return await _reviewed(waiting.words, said["password"], task, given, deps)
        said = {**read(waiting.words if waiting else ""), "password": said["password"]}
        asked = task.model_copy(update=said)
    else:
        known = task.model_dump()
        missing = {name: value for name, value in said.items() if not known[name]}
        asked = DocumentTask.model_validate({**known, **missing})
    told = Told(deps, asked.question, asked.fields, asked.password)
    if "compare" in asked.actions:
        files = await two_versions(given, deps)
        await compare(*files, told)
        documents: list[Document] = []
    else:
        chosen = await chosen_files(asked.document or asked.earlier or asked.table, given, deps)
        documents = [await opened(file, deps, asked.password) for file in chosen]
        told.data["documents"] = [{"id": one.id, "name": one.name, "pages": one.pages} for one in documents]
        told.records += [Record("document", one.id, one.name) for one in documents]
        for action, act in ACTS.items():
            if action in asked.actions:
                await act(documents, told)
        if kinds := fact_kinds(asked.actions):
            await facts(kinds, documents, told)
        if "tables" in asked.actions:
            await tables(chosen, told)
    notes = [f"*{plain(note)}*" for document in documents for note in document.notes]
    done = {"facts" if action in FACTS else action for action in asked.actions}
    return Finding(
        agent=NAME,
        ok=True,
        text="\n\n".join([*told.texts, *notes]),
        data=told.data,
        records=tuple(told.records),
        sources=tuple(Source(title, place) for title, place in told.places),
        artifacts=tuple(told.artifacts),
        trust="outside",
        offers=tuple(offer for name, offer in OFFERS.items() if name not in done),
    )


async def _reviewed(words: str, password: str, task: DocumentTask, given: Given, deps: Deps) -> Finding:
    """The contract that a lock kept from being reviewed, now that its password is told."""
    wanted = contract_words.read(words)
    asked = contract_answer.Asked(task.document or task.earlier, wanted["topics"], bool(wanted["compare"]), password)
    return await contract_answer.contract_answer(asked, given, deps)


def _for_contract(task: Mapping[str, Any]) -> dict[str, Any]:
    """A contract that cannot be reviewed is at least summarised, and two versions of it compared."""
    kept = {name: task[name] for name in ("document", "earlier", "password") if task.get(name)}
    return {**kept, "actions": ["compare" if task.get("compare") else "summary"]}


AGENT = AgentSpec(
    name="documents",
    title="Documents",
    description=(
        "Reads PDF (scanned too), Word, PowerPoint, OpenDocument, HTML, text, mails, books and ZIP: answers with the "
        "page cited, summaries, dates, amounts, tables, fields you name, and what changed between two versions."
    ),
    examples=(
        "what does it say about payment terms?",
        "what does the attached contract say about termination",
        "summarise this PDF",
        "give me a summary of the brief",
        "list the key dates and amounts in the document",
        "who are the parties to this agreement?",
        "what is the deadline in the contract?",
        "read the attached document and tell me who owns the intellectual property",
        "is there a non-compete clause in the agreement",
        "how long is the notice period according to the contract?",
        "what are the important dates in the brief I uploaded",
        "what does the docx say about liability",
        "find the section on confidentiality",
        "extract all amounts from the PDF",
        "does the contract mention travel expenses?",
        "what is this document about?",
        "what does the file say about data protection",
        "which deliverables are listed in the brief",
        "what's the deadline in this",
        "anything about travel costs in there?",
        "tl;dr of this",
        "who signs this",
        "what are they offering in this pdf",
        "read this and tell me what matters",
        "does it mention a penalty for late delivery",
        "how much do they pay according to this",
        "what happens if I cancel early",
        "list every amount mentioned",
        "when does the contract end",
        "summarise the attached letter in a few lines",
        "what does the contract say about invoicing",
        "compare these two versions of the contract",
        "what changed between the old and the new document",
        "extract invoice number, date and total from these",
        "pull the vendor, due date and IBAN out of these invoices",
        "make a table with the columns client, hourly rate and start date from these contracts",
        "fill this schema from the document: client name (text), fee (number), deadline (date)",
        "get the tables out of this PDF as CSV",
        "summarise the report section by section",
        "which comments and tracked changes are in the docx",
        "the password of the PDF is Sommer24",
        "Fasse das Dokument zusammen",
        "Vergleiche die beiden Fassungen",
        "Résume ce document",
    ),
    cues=(
        rf"\bwhat (?:does|do|did) (?:it|this|that|(?:the|my) (?:\w+ ){{0,2}}?{PAPER}) (?:say|state|mention|require)",
        rf"\b(?:summari[sz]e|summary of|overview of|gist of|read|explain|check|go through)\b.{{0,30}}\b{PAPER}\b",
        rf"\b(?:in|of|from|according to) (?:the|this|that|my) (?:attached |uploaded |client'?s? )?{PAPER}\b",
        r"\b(?:key|important|all) (?:dates|deadlines|amounts|parties)\b",
        r"\b(?:payment terms|notice period|termination|liability|confidentiality|non-compete)\b.{0,40}\?",
        r"\bclauses?\b",
        r"\b(?:compare|vergleich\w*|diff(?:erences?)?)\b.{0,40}\b(?:versions?|fassungen|documents?|contracts?|files?|drafts?)\b",
        r"\bwhat (?:has )?changed (?:between|from|in the new)\b|\btracked changes\b",
        r"\b(?:extract|pull|get|export)\b.{0,60}\b(?:from|out of)\b.{0,20}\b(?:these|this|the|those)\b",
        r"\b(?:pdf|document|file|its|the) (?:password|passwort)\b|\bpass(?:word|wort) (?:is|ist|of|for)\b",
        r"\b(?:fass\w*|zusammenfass\w*|résume\w*|resum\w*|riassum\w*)\b.{0,40}\b(?:dokument|datei|pdf|vertrag|document\w*|contrat\w*|fichier|archivo)\b",
    ),
    task=DocumentTask,
    run=run,
    needs=needs,
    read=read,
    makes=("document",),
    takes=("document",),
    stands_in={"contract": _for_contract},
)
