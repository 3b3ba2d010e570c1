"""Reads documents: answers with the page cited, a summary, the dates, sums of money and parties in them."""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Finding, Given, Record, Slot, Source
from agents.tools.citations import FACTS, facts_text, headings_text, plain, quotes_text, summary_text
from agents.tools.cited_answer import QUESTION, SUMMARY, Cited, cited_answer
from agents.tools.passages import Answer, answer
from agents.tools.retrieval import look
from agents.tools.topics import concepts
from integrations.media.documents.read import MEMORY_MB, SECONDS
from memory.documents import Document
from memory.files import FileRef

WHICH = "Which document shall I read? Please attach it as PDF, DOCX, TXT, MD or HTML."
OFFERS = {
    "question": "What does it say about payment terms?",
    "summary": "Summarise the document",
    "facts": "List the key dates and amounts in the document",
}
_ACTIONS = (
    ("summary", r"\bsumm(?:ar|er)i[sz]e\b|\bsummary\b|\boverview\b|\bgist\b|\btl;?dr\b|\b(?:main|key) points\b|"
                r"\bzusammenfass\w*|\bwhat(?:'s| is) (?:it|this|the (?:document|file|pdf|brief|contract)) about\b"),
    ("dates", r"\bdates\b|\b(?:list|extract|find|show|all|key|important)\b[^?]*\bdeadlines\b|\btermine\b"),
    ("amounts", r"\b(?:amounts|sums)\b|\b(?:all|key|list|extract)\b[^?]*\b(?:figures|prices|fees)\b|\bbeträge\b"),
    ("parties", r"\bparties\b|\bwho (?:is|are) (?:involved|the signatories)\b|\bsignatories\b|\bvertragsparteien\b"),
)  # fmt: skip

_PAPER = r"(?:document|file|pdf|docx|contract|brief|agreement|nda|mail|letter|report|paper)"


class DocumentTask(BaseModel):
    """What to find in which document; with no document, the newest one of the conversation."""

    document: Annotated[str | None, Slot("file:document", WHICH)] = None
    earlier: Annotated[str | None, Slot("record:document")] = None
    actions: list[str] = []
    question: str = ""


def read(clause: str) -> dict[str, Any]:
    """What is asked of a document: any of summary, dates, amounts, parties; else a question."""
    actions = [name for name, pattern in _ACTIONS if re.search(pattern, clause, re.IGNORECASE)]
    question = re.sub(r"\S+\.(?:pdf|docx|txt|md|html?|eml)\b", " ", clause, flags=re.IGNORECASE)
    question = " ".join(question.split())
    if not actions:
        actions = ["question" if concepts(question) else "summary"]
    return {"actions": actions, "question": question}


def needs(filled: dict[str, Any]) -> list[str]:
    """The document, when nothing says which one is meant."""
    return [] if filled.get("document") or filled.get("earlier") else ["document"]


async def run(task: DocumentTask, given: Given, deps: Deps) -> Finding:
    """Read what has to be read, and answer from it. Raises AgentError and JobError."""
    asked = read(given.text)
    actions, question = task.actions or asked["actions"], task.question or asked["question"]
    files = await _files(task, given, deps)
    documents = [await _open(file, deps) for file in files]
    texts: list[str] = []
    data: dict[str, Any] = {"documents": [{"id": d.id, "name": d.name, "pages": d.pages} for d in documents]}
    places: dict[tuple[str, str], None] = {}
    for document in documents if "question" in actions else ():
        best, cited, text = await _answer(question, document, deps)
        texts.append(cited.above(text))
        data["by_model"] = data.get("by_model", False) or bool(cited.text)
        data["question"], data["sure"] = question, data.get("sure", False) or best.sure
        data.setdefault("quotes", []).extend(asdict(quote) for quote in best.quotes)
        places |= dict.fromkeys((document.name, quote.place) for quote in best.quotes)
    for document in documents if set(actions) - {"question"} else ():
        whole = await deps.stores.documents.passages(document.id, user=deps.user)
        passages = [{"text": one.text, "place": one.place, "heading": one.heading} for one in whole]
        if "summary" in actions:
            sentences = await deps.jobs.run("agents.tools.summary:summary", {"passages": passages}, seconds=SECONDS)
            cited = await cited_answer(SUMMARY, "", whole, deps)
            texts.append(cited.above(summary_text(document, sentences)))
            data["by_model"] = data.get("by_model", False) or bool(cited.text)
            data.setdefault("summary", []).extend(sentences)
            places |= dict.fromkeys((document.name, sentence["place"]) for sentence in sentences)
        if kinds := _kinds(actions):
            facts = await deps.jobs.run("agents.tools.facts:facts", {"passages": passages}, seconds=SECONDS)
            texts.append(facts_text(document, {kind: facts[kind] for kind in kinds}))
            data.setdefault("facts", {})[document.id] = {kind: facts[kind] for kind in kinds}
            places |= dict.fromkeys((document.name, fact["place"]) for kind in kinds for fact in facts[kind])
    notes = [f"*{plain(note)}*" for document in documents for note in document.notes]
    done = {"facts" if action in FACTS else action for action in actions}
    return Finding(
        agent="documents",
        ok=True,
        text="\n\n".join([*texts, *notes]),
        data=data,
        records=tuple(Record("document", document.id, document.name) for document in documents),
        sources=tuple(Source(title, place) for title, place in places),
        trust="outside",
        offers=tuple(offer for name, offer in OFFERS.items() if name not in done),
    )


async def _files(task: DocumentTask, given: Given, deps: Deps) -> list[FileRef]:
    sent = [file for file in given.files if file.kind == "document"]
    if sent and (task.document is None or task.document in {file.id for file in sent}):
        return sent
    chosen = task.document or task.earlier
    if chosen:
        file = await deps.stores.files.get(chosen, user=deps.user)
        if file is None:
            raise AgentError("That document is no longer here; please attach it again.")
        return [file]
    if given.files:
        raise AgentError(
            f"I cannot read {given.files[0].name} as a document; please attach a PDF, DOCX, TXT, MD or HTML."
        )
    here = await deps.stores.files.in_thread(deps.thread, user=deps.user)
    uploads = [file for file in here if file.kind == "document" and file.made_by == "user"]
    if not uploads:
        raise AgentError(WHICH)
    return uploads[:1]


async def _open(file: FileRef, deps: Deps) -> Document:
    """The document as it was read before, or read now, in a process of its own."""
    known = await deps.stores.documents.get(file.id, user=deps.user)
    if known is not None:
        return known
    deps.progress(f"Reading {file.name}", None)
    arguments = {"path": file.path, "name": file.name}
    reader = "integrations.media.documents.read:read_document"
    parsed = await deps.jobs.run(reader, arguments, seconds=SECONDS, memory_mb=MEMORY_MB)
    passages = parsed.pop("passages")
    document = Document(id=file.id, user=deps.user, name=file.name, **parsed)
    await deps.stores.documents.save(document, passages)
    return document


async def _answer(question: str, document: Document, deps: Deps) -> tuple[Answer, Cited, str]:
    """What is quoted, what a model makes of the passages the quotes are from, and the quotes as markdown."""
    places = await look(question, document.id, deps)
    total = await deps.stores.documents.count(document.id, user=deps.user)
    best = await asyncio.to_thread(answer, question, places.passages, total, places.closeness)
    quotes = quotes_text(best.quotes)
    if best.sure:
        quoted = [one for one in places.passages if any(quote.text in one.text for quote in best.quotes)]
        cited = await cited_answer(QUESTION, question, quoted, deps)
        return best, cited, f"From {plain(document.name)}:\n\n{quotes}"
    subject = ", ".join(concept.words for concept in concepts(question)) or question
    text = f"I found nothing about **{plain(subject)}** in {plain(document.name)}."
    if quotes and places.closeness:
        text = f"I am not sure that {plain(document.name)} says it. The nearest I can quote is:\n\n{quotes}"
    elif quotes:
        text += f" The nearest I can quote is:\n\n{quotes}"
    return best, Cited(), text + headings_text(document)


def _kinds(actions: list[str]) -> list[str]:
    kinds = [kind for kind in FACTS if kind in actions]
    return ["dates", "periods", *kinds[1:]] if "dates" in kinds else kinds + ["shares"] * ("amounts" in kinds)


AGENT = AgentSpec(
    name="documents",
    title="Documents",
    description=(
        "Reads PDF, Word, text, Markdown, HTML and mail files: answers with the page cited, summaries, key dates, "
        "amounts and parties."
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
    ),
    cues=(
        rf"\bwhat (?:does|do|did) (?:it|this|that|(?:the|my) (?:\w+ ){{0,2}}?{_PAPER}) (?:say|state|mention|require)",
        rf"\b(?:summari[sz]e|summary of|overview of|gist of|read|explain|check|go through)\b.{{0,30}}\b{_PAPER}\b",
        rf"\b(?:in|of|from|according to) (?:the|this|that|my) (?:attached |uploaded |client'?s? )?{_PAPER}\b",
        r"\b(?:key|important|all) (?:dates|deadlines|amounts|parties)\b",
        r"\b(?:payment terms|notice period|termination|liability|confidentiality|non-compete)\b.{0,40}\?",
        r"\bclauses?\b",
    ),
    task=DocumentTask,
    run=run,
    needs=needs,
    read=read,
    makes=("document",),
    takes=("document",),
)
