"""Agents that write with a model: the words may be its own, what is said may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.deps import Deps
from agents.spec import Finding, Given
from agents.specialists import documents, proposal
from agents.specialists.documents import DocumentTask
from agents.specialists.proposal import ProposalTask
from config.paths import SAMPLES
from integrations.models.backend import Gone
from tests.graph.scripted import Scripted

POST = (SAMPLES / "job_post.txt").read_text()
ME = {"name": "Mara", "skills": ["Python", "SQL"], "rate": "65 EUR", "country": "Germany"}


async def propose(deps: Deps, model: Scripted | None) -> Finding:
    await deps.stores.profiles.save("mara", **ME)
    given = Given(text="write a proposal", message="write a proposal")
    return await proposal.run(ProposalTask(post=POST), given, replace(deps, model=model))


async def ask_document(deps: Deps, question: str, model: Scripted) -> Finding:
    files = deps.stores.files
    brief = await files.put(SAMPLES / "project_brief.pdf", "project_brief.pdf", user="mara", thread="t1")
    given = Given(text=question, message=question, files=(brief,))
    return await documents.run(DocumentTask(), given, replace(deps, model=model))


async def test_a_proposal_gets_the_model_s_wording_when_it_says_the_same(table_deps: Deps) -> None:
    own = await propose(table_deps, None)
    reader = Scripted("")
    await propose(table_deps, reader)
    body = reader.asked[0][1].content.removeprefix("<draft>\n").removesuffix("\n</draft>")
    model = Scripted(body.replace("I also work with", "I work with").replace("I am writing", "I gladly write"))
    found = await propose(table_deps, model)
    assert "I gladly write about your project" in found.data["text"]
    assert found.data["text"].endswith(own.data["text"][-40:])  # the signature is not the model's
    assert found.data["by_model"]
    assert "The wording is the model's" in found.text
    markdown = next(one for one in found.artifacts if one.name.endswith(".md"))
    assert (await table_deps.stores.files.read(markdown)).decode() == found.data["text"]


@pytest.mark.parametrize("words", ["I did this for Google in 12 days.", "My rate is 10 € an hour.", "Gladly.", ""])
async def test_a_wording_that_adds_or_loses_a_fact_is_not_used(table_deps: Deps, words: str) -> None:
    own = await propose(table_deps, None)
    found = await propose(table_deps, Scripted(words))
    assert found.data["text"] == own.data["text"]
    assert not found.data["by_model"]
    assert "The model's wording changed facts (" in found.text


async def test_a_model_that_dies_over_a_proposal_leaves_the_draft_and_a_line(table_deps: Deps) -> None:
    own = await propose(table_deps, None)
    found = await propose(table_deps, Scripted(("Dear", Gone("It is gone."))))
    assert found.data["text"] == own.data["text"]
    assert "The model stopped, so this is my own wording. It is gone." in found.text


async def test_an_answer_about_a_document_cites_the_page_above_the_quotes(table_deps: Deps) -> None:
    model = Scripted("30 % is due on signing [1]. You also get 500 EUR [1]. See [9].", note="Loading scripted")
    found = await ask_document(table_deps, "What does it say about payment terms?", model)
    above, _, below = found.text.partition(
        "From project\\_brief.pdf:" if "\\_" in found.text else "From project_brief.pdf:"
    )
    assert above.startswith("30 % is due on signing (page 2).")
    assert "*(not in the document: 500 EUR)*" in above
    assert "[9]" not in above
    assert "> " in below and "30 % of the fee is due on signing" in below
    assert found.data["by_model"]


async def test_an_answer_that_cites_nothing_is_left_out(table_deps: Deps) -> None:
    found = await ask_document(table_deps, "What does it say about payment terms?", Scripted("All is well."))
    assert found.text.startswith("*The model named no place for what it said, so I left that out.*\n\nFrom project")
    assert not found.data["by_model"]


async def test_a_summary_says_how_much_of_the_document_the_model_has_read(table_deps: Deps) -> None:
    model = Scripted("It is about churn [1].", context=1024)
    found = await ask_document(table_deps, "Summarise it", model)
    assert found.text.startswith("It is about churn (page 1).\n\n*")
    assert "tokens read; the rest was too long for the model.*\n\n**project" in found.text


async def test_a_question_the_document_does_not_answer_is_not_put_to_the_model(table_deps: Deps) -> None:
    model = Scripted("Rex [1].")
    found = await ask_document(table_deps, "what is the name of the dog?", model)
    assert "I found nothing about" in found.text
    assert not model.asked
