"""What can be done with documents that were read: each act adds to one reply."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from agents.deps import Deps
from agents.spec import Artifact, Record
from agents.tools.documents import changes_report
from agents.tools.documents.citations import (
    FACTS,
    cell,
    facts_text,
    headings_text,
    plain,
    quotes_text,
    sections_text,
    summary_text,
)
from agents.tools.documents.document_intake import job_file, passages_of, run_long
from agents.tools.documents.field_extraction import as_csv, described
from agents.tools.documents.passages import Answer, answer
from agents.tools.documents.retrieval import look
from agents.tools.documents.topics import concepts
from agents.tools.models.cited_answer import QUESTION, SUMMARY, Cited, cited_answer
from integrations.media.documents.read import SECONDS
from memory.documents import Document
from memory.files import FileRef

NAME = "documents"
MOST_TABLES = 20
REMARKS = re.compile(r"(?:Comment by|Tracked change by|Footnote|Endnote|Speaker notes)\b")


@dataclass
class Told:
    """What a reply says so far, and what was asked."""

    deps: Deps
    question: str = ""
    fields: list[str] = field(default_factory=list)
    password: str = ""
    texts: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[tuple[str, str], None] = field(default_factory=dict)
    artifacts: list[Artifact] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    async def keep(self, content: bytes, name: str, caption: str, record: str = "") -> None:
        """Put a file that was made into the file store, as a record of a kind that later messages can refer to."""
        put = self.deps.stores.files.put
        file = await put(content, name, user=self.deps.user, thread=self.deps.thread, made_by=NAME)
        self.artifacts.append(Artifact(file.id, file.name, file.mime, caption))
        if record:
            self.records.append(Record(record, file.id, file.name))


async def questions(documents: list[Document], told: Told) -> None:
    """What documents say about a question, quoted with the place."""
    for document in documents:
        best, cited, text = await _answer(told.question, document, told.deps)
        told.texts.append(cited.above(text))
        told.data["by_model"] = told.data.get("by_model", False) or bool(cited.text)
        told.data["question"], told.data["sure"] = told.question, told.data.get("sure", False) or best.sure
        told.data.setdefault("quotes", []).extend(asdict(quote) for quote in best.quotes)
        told.places |= dict.fromkeys((document.name, quote.place) for quote in best.quotes)


async def summaries(documents: list[Document], told: Told) -> None:
    """The sentences that say most, and a model's words above them."""
    for document in documents:
        whole = await told.deps.stores.documents.passages(document.id, user=told.deps.user)
        passages = await passages_of([document], told.deps)
        sentences = await told.deps.jobs.run(
            "agents.tools.documents.summary:summary", {"passages": passages}, seconds=SECONDS
        )
        cited = await cited_answer(SUMMARY, "", whole, told.deps)
        told.texts.append(cited.above(summary_text(document, sentences)))
        told.data["by_model"] = told.data.get("by_model", False) or bool(cited.text)
        told.data.setdefault("summary", []).extend(sentences)
        told.places |= dict.fromkeys((document.name, sentence["place"]) for sentence in sentences)


async def sections(documents: list[Document], told: Told) -> None:
    """What each section says, in a sentence or two."""
    for document in documents:
        passages = await passages_of([document], told.deps)
        found = await told.deps.jobs.run(
            "agents.tools.documents.summary:by_section", {"passages": passages}, seconds=SECONDS
        )
        told.texts.append(sections_text(document, found))
        told.data.setdefault("sections", []).extend(found)
        told.places |= dict.fromkeys((document.name, one["place"]) for section in found for one in section["sentences"])


async def facts(kinds: list[str], documents: list[Document], told: Told) -> None:
    """Dates, amounts and parties, as tables."""
    for document in documents:
        passages = await passages_of([document], told.deps)
        facts = await told.deps.jobs.run("agents.tools.documents.facts:facts", {"passages": passages}, seconds=SECONDS)
        told.texts.append(facts_text(document, {kind: facts[kind] for kind in kinds}))
        told.data.setdefault("facts", {})[document.id] = {kind: facts[kind] for kind in kinds}
        told.places |= dict.fromkeys((document.name, fact["place"]) for kind in kinds for fact in facts[kind])


async def remarks(documents: list[Document], told: Told) -> None:
    """The comments, tracked changes and footnotes of documents, each with its place."""
    for document in documents:
        found = [
            (line, one["place"])
            for one in await passages_of([document], told.deps)
            for line in one["text"].splitlines()
            if REMARKS.match(line)
        ]
        told.data.setdefault("remarks", []).extend({"text": line, "place": place} for line, place in found)
        lines = "\n".join(f"- {plain(line)} ({plain(place)})" for line, place in found)
        none = f"{plain(document.name)} has no comments, tracked changes or footnotes that I can see."
        told.texts.append(f"Beside the text of **{plain(document.name)}**:\n\n{lines}" if found else none)
        told.places |= dict.fromkeys((document.name, place) for _, place in found)


async def fields(documents: list[Document], told: Told) -> None:
    """The fields that were named, a row for each document, as a table and as CSV."""
    names = [described(name).name for name in told.fields]
    rows: list[list[str]] = []
    for document in documents:
        arguments = {"passages": await passages_of([document], told.deps), "wanted": told.fields}
        found = await told.deps.jobs.run("agents.tools.documents.field_extraction:extract", arguments, seconds=SECONDS)
        rows.append([document.name, *(found[name]["value"] if name in found else "" for name in names)])
        told.data.setdefault("fields", []).append({"document": document.name, "found": found})
        told.places |= dict.fromkeys((document.name, one["place"]) for one in found.values())
    head = ["Document", *names]
    shown = [head, ["---"] * len(head), *rows]
    told.texts.append("\n".join(f"| {' | '.join(cell(value) or 'not found' for value in row)} |" for row in shown))
    lacking = sum(not value for row in rows for value in row[1:])
    if lacking:
        told.texts.append(f"{lacking} {'value' if lacking == 1 else 'values'} I did not find under such a label.")
    await told.keep(as_csv([head, *rows]), "extracted.csv", "What was taken out", "dataset")


async def tables(files: list[FileRef], told: Told) -> None:
    """Every table of the documents as a data set of its own."""
    for file in files:
        arguments = await job_file(file, told.deps, told.password)
        tables = await run_long("integrations.media.documents.tables:read_tables", arguments, told.deps)
        if not tables:
            told.texts.append(f"I found no table in {plain(file.name)}.")
        for number, table in enumerate(tables[:MOST_TABLES], 1):
            where = f"page {table['page']}" if table["page"] else "in the text"
            title = table["title"] or f"Table {number}"
            rows = table["rows"]
            sample = "\n".join(f"| {' | '.join(cell(value) or ' ' for value in row)} |" for row in rows[1:6])
            more = f"\n\n{len(rows) - 6} more rows are in the file." if len(rows) > 6 else ""
            head = f"| {' | '.join(cell(value) or ' ' for value in rows[0])} |\n{'|---' * len(rows[0])}|"
            told.texts.append(f"**{plain(title)}** ({where}, {len(rows) - 1} rows)\n\n{head}\n{sample}{more}")
            stem = re.sub(r"[^\w-]+", "-", f"{file.name.rpartition('.')[0]}-{number}").strip("-")[:60]
            await told.keep(as_csv(rows), f"{stem}.csv", f"{title}, {where}", "dataset")
            told.places[(file.name, where)] = None
        told.data.setdefault("tables", []).extend(tables[:MOST_TABLES])


async def compare(old: FileRef, new: FileRef, told: Told) -> None:
    """What changed from one version to the other, with the whole comparison as a page and as markdown."""
    password = told.password
    arguments = {"old": await job_file(old, told.deps, password), "new": await job_file(new, told.deps, password)}
    told.deps.progress(f"Comparing {old.name} with {new.name}", None)
    found = await run_long("agents.tools.documents.document_changes:compare", arguments, told.deps)
    text = changes_report.markdown(old.name, new.name, found)
    told.texts.append(text)
    told.data |= {"old": old.name, "new": new.name, "changes": found["changes"], "same": found["same"]}
    told.records += [Record("document", file.id, file.name) for file in (new, old)]
    told.places |= dict.fromkeys((new.name, one["place"]) for one in found["changes"][: changes_report.SHOWN])
    if found["changes"]:
        page = changes_report.page(old.name, new.name, found)
        await told.keep(page.encode(), "comparison.html", f"{old.name} → {new.name}")
        await told.keep(text.encode(), "comparison.md", f"{old.name} → {new.name}, as text")


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


def fact_kinds(actions: list[str]) -> list[str]:
    """The kinds of facts that actions ask for; dates come with periods, amounts with shares."""
    kinds = [kind for kind in FACTS if kind in actions]
    return ["dates", "periods", *kinds[1:]] if "dates" in kinds else kinds + ["shares"] * ("amounts" in kinds)


ACTS: dict[str, Callable[[list[Document], Told], Awaitable[None]]] = {
    "question": questions,
    "summary": summaries,
    "sections": sections,
    "remarks": remarks,
    "fields": fields,
}
