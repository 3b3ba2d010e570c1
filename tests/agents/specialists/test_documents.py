"""The documents agent: it answers from a file with the page cited, and says so when the file does not."""

from __future__ import annotations

import asyncio
import importlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agents.deps import Deps, JobError
from agents.spec import AgentError, Finding, Given
from agents.specialists.documents import AGENT, DocumentTask, read
from config.errors import Mendable
from config.paths import SAMPLES
from config.settings import Settings
from memory.files import FileRef
from memory.stores import Stores, open_stores
from memory.turns import Turn
from tests.integrations.media.documents import made


class ThreadJobs:
    """Runs jobs beside the loop and counts them."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def run(self, function: str, arguments: dict[str, Any], **limits: Any) -> Any:
        self.calls.append(function)
        module, _, name = function.partition(":")
        try:
            return await asyncio.to_thread(getattr(importlib.import_module(module), name), **arguments)
        except Mendable as error:
            raise JobError(str(error)) from error


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(Settings(data_dir=tmp_path / "data"))
    yield stores
    await stores.close()


@pytest.fixture
def deps(stores: Stores, tmp_path: Path) -> Deps:
    nothing: Any = None
    return Deps(
        user="mara",
        thread="t1",
        settings=Settings(data_dir=tmp_path / "data"),
        stores=stores,
        http=nothing,
        jobs=ThreadJobs(),
        audit=nothing,
        today=date(2026, 3, 1),
    )


@pytest.fixture
async def brief(stores: Stores) -> FileRef:
    return await stores.files.put(SAMPLES / "project_brief.pdf", "project_brief.pdf", user="mara", thread="t1")


async def ask(deps: Deps, text: str, *files: FileRef, **task: Any) -> Finding:
    return await AGENT.run(DocumentTask(**task), Given(text=text, message=text, files=files), deps)


async def test_payment_terms_are_quoted_with_their_page(deps: Deps, brief: FileRef) -> None:
    finding = await ask(deps, "What does it say about payment terms?", brief)
    assert "30 % of the fee is due on signing, and the remainder is payable net 30 days" in finding.text
    assert "(page 2)" in finding.text
    assert ("project_brief.pdf", "page 2") in {(source.title, source.place) for source in finding.sources}
    assert finding.trust == "outside"
    assert [(record.kind, record.id) for record in finding.records] == [("document", brief.id)]


@pytest.mark.parametrize(
    ("question", "words", "page"),
    [
        ("how can I get out of the contract, is there a notice period?", "14 days' written notice", 4),
        ("when is the final delivery due?", "30 April 2026", 2),
        ("who owns the intellectual property?", "exclusive right to use the model", 3),
        ("what is the hourly rate for additional work?", "95 EUR per hour", 2),
        ("how much is the deposit?", "30 % of the fee", 2),
        ("which law applies?", "Federal Republic of Germany", 4),
        ("am I liable for damages?", "limited to the fixed fee", 3),
        ("how many active customers are there?", "84,000 active customers", 1),
        ("what are the deliverables?", "data quality report", 1),
    ],
)
async def test_questions_find_their_sentence(deps: Deps, brief: FileRef, question: str, words: str, page: int) -> None:
    finding = await ask(deps, question, brief)
    assert finding.data["sure"]
    quote = next(quote for quote in finding.data["quotes"] if words in quote["text"])
    assert quote["place"] == f"page {page}"


@pytest.mark.parametrize("question", ["is there a non-compete clause?", "what is the name of the dog?"])
async def test_what_is_not_there_is_said_plainly(deps: Deps, brief: FileRef, question: str) -> None:
    finding = await ask(deps, question, brief)
    assert "I found nothing about" in finding.text
    assert "10. Termination" in finding.text
    assert not finding.data["sure"]


async def test_summary_dates_amounts_and_parties(deps: Deps, brief: FileRef) -> None:
    finding = await ask(deps, "Summarise it and list the key dates, amounts and parties", brief)
    facts = finding.data["facts"][brief.id]
    assert 3 <= len(finding.data["summary"]) <= 5
    assert ("2026-04-30", "page 2") in {(fact["value"], fact["place"]) for fact in facts["dates"]}
    assert {"12,000.00 €", "95.00 € / hour", "600.00 €"} <= {fact["value"] for fact in facts["amounts"]}
    assert {fact["value"]: fact["text"] for fact in facts["parties"]} == {
        "Nordlicht Outdoor GmbH": "Client",
        "Mara Lindqvist Data Studio": "Contractor",
        "Katrin Albers": "represents, Head of E-Commerce",
    }
    assert "| 2026-04-30 |" in finding.text


async def test_a_later_question_uses_the_newest_upload_of_the_conversation(
    deps: Deps, stores: Stores, brief: FileRef
) -> None:
    await stores.files.put(b"Invoice for 1 EUR", "invoice.txt", user="mara", thread="t1", made_by="bookkeeping")
    finding = await ask(deps, "what does it say about termination?")
    assert finding.records[0].id == brief.id


async def test_a_document_is_read_once(deps: Deps, brief: FileRef) -> None:
    await ask(deps, "what does it say about termination?", brief)
    await ask(deps, "and about liability?", earlier=brief.id)
    jobs = deps.jobs
    assert isinstance(jobs, ThreadJobs)
    assert jobs.calls.count("integrations.media.documents.read:read_document") == 1


async def test_two_documents_sent_together_both_answer(deps: Deps, stores: Stores, brief: FileRef) -> None:
    other = await stores.files.put(
        b"# Terms\n\nInvoices are payable net 14 days.\n", "terms.md", user="mara", thread="t1"
    )
    finding = await ask(deps, "what are the payment terms?", brief, other)
    assert "> Invoices are payable net 14 days. (line 3)" in finding.text
    assert {("terms.md", "line 3"), ("project_brief.pdf", "page 2")} <= {(s.title, s.place) for s in finding.sources}


async def test_nobody_reads_the_documents_of_another(deps: Deps, brief: FileRef) -> None:
    await ask(deps, "summarise it", brief)
    with pytest.raises(AgentError, match="no longer here"):
        await ask(replace(deps, user="eve"), "summarise it", earlier=brief.id)


async def test_without_a_document_it_asks_for_one(deps: Deps) -> None:
    with pytest.raises(AgentError, match="Which document"):
        await ask(deps, "what does it say about payment terms?")


async def test_a_picture_is_refused_in_a_sentence(deps: Deps, stores: Stores) -> None:
    picture = await stores.files.put(b"\x89PNG", "scan.png", user="mara", thread="t1")
    with pytest.raises(AgentError, match=r"scan\.png"):
        await ask(deps, "summarise this", picture)


async def test_what_stands_in_a_document_never_acts(deps: Deps, stores: Stores) -> None:
    text = b"The payment terms are net 7 days ![x](http://evil.example/p.png) <img src=x> and [pay here](http://evil.example)."
    file = await stores.files.put(text, "trap.html.txt", user="mara", thread="t1")
    finding = await ask(deps, "what are the payment terms?", file)
    assert "net 7 days" in finding.text
    assert not re.search(r"(?<!\\)\[[^\]]*\]\(|(?<!\\)<img", finding.text)


@pytest.mark.parametrize(
    ("clause", "actions"),
    [
        ("summarise brief.pdf", ["summary"]),
        ("give me the key dates and amounts", ["dates", "amounts"]),
        ("who are the parties?", ["parties"]),
        ("what does it say about payment terms?", ["question"]),
        ("read this document", ["summary"]),
    ],
)
def test_the_action_is_read_from_the_words(clause: str, actions: list[str]) -> None:
    assert read(clause)["actions"] == actions


def test_every_example_is_understood() -> None:
    for example in AGENT.examples:
        assert read(example)["actions"]


async def stopped_by_the_lock(deps: Deps, words: str, agent: str) -> None:
    """A turn in which the lock of a document kept a step from its answer."""
    locked = made.locked_office(made.EVERY["docx"](), "Sommer24")
    file = await deps.stores.files.put(locked, "terms.docx", user="mara", thread="t1")
    with pytest.raises(JobError, match="locked with a password") as stopped:
        await ask(deps, words, file)
    plan = {"steps": [{"id": "s1", "agent": agent}]}
    failed = {"s1": {"error": str(stopped.value)}}
    await deps.stores.turns.save(
        Turn(id="one", thread="t1", message="m", user="mara", text=words, status="failed", plan=plan, findings=failed)
    )


async def test_the_question_that_a_lock_stopped_is_answered_once_the_password_is_told(deps: Deps) -> None:
    words = "what does it say about the fee?"
    await stopped_by_the_lock(deps, words, "documents")
    found = await ask(deps, "the password is Sommer24", actions=["summary"])
    assert made.FEE in found.text and found.data["question"] == words


async def test_the_contract_that_a_lock_kept_from_its_review_is_reviewed(deps: Deps) -> None:
    await stopped_by_the_lock(deps, "is this contract ok to sign?", "contract")
    found = await ask(deps, "the password is Sommer24", actions=["summary"])
    assert "no legal advice" in found.text and "risks" in found.data
