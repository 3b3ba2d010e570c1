"""What an assistant's documents say: quoted with the place, and with a model in its words above.

question ──▶ which of its documents hold the words ──▶ sentences that answer ──▶ quotes, the same documents' places
                                                          └─ model, in the manner its owner wishes ──▶ above them

The documents stay their owner's: who uses a shared assistant gets what is quoted, and cannot open them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agents.deps import Deps
from agents.spec import AgentError, Source
from agents.tools.documents.citations import plain, quotes_text
from agents.tools.documents.passages import answer
from agents.tools.documents.retrieval import look
from agents.tools.documents.topics import concepts, search_words
from agents.tools.models.asking import told
from agents.tools.models.checked_text import Ground, Writing
from agents.tools.models.cited_answer import QUESTION, STOPPED, cited_answer
from agents.tools.text.stated import Held
from integrations.models.backend import ChatMessage, ModelError, Tier, Wanted
from memory.assistants import Assistant
from memory.documents import Document, FoundPassage
from memory.restrictions import EVERYTHING

MOST = 30
"""Documents an assistant may have."""
LOOKED_INTO = 3
"""Documents that are read closely for one question."""
_TIERS: dict[str, Tier] = {"fast": "fast", "powerful": "powerful"}
MANNER = "The owner of this assistant, {name}, wishes this manner of answering: {manner}"
FREE = "You are {name}, an assistant for a freelancer. {manner}\nWhat you do not know you say you do not know."


@dataclass
class Known:
    """What was found: markdown, its places, and whether it answers the question."""

    text: str = ""
    sources: list[Source] = field(default_factory=list)
    sure: bool = False
    by_model: bool = False


async def known(helper: Assistant, question: str, deps: Deps) -> Known:
    """What an assistant answers. Raises AgentError where its owner has stopped all work with their data."""
    if EVERYTHING in await deps.stores.restrictions.standing(helper.user):
        raise AgentError(f"The owner of {plain(helper.name)} has stopped all work with their data for now.")
    model = deps.models.backend(_TIERS.get(helper.tier, "balanced"), deps.user) if deps.models else deps.model
    asking = replace(deps, model=model)
    owners = replace(asking, user=helper.user)
    documents = await documents_of(helper, owners)
    if not documents:
        return await _freely(helper, question, asking)
    found, quoted = Known(), list[FoundPassage]()
    nearest: list[str] = []
    for document in await _promising(question, documents, owners):
        places = await look(question, document.id, owners)
        total = await owners.stores.documents.count(document.id, user=helper.user)
        best = await asyncio.to_thread(answer, question, places.passages, total, places.closeness)
        quotes = f"From {plain(document.name)}:\n\n{quotes_text(best.quotes)}"
        if best.sure:
            found.text = "\n\n".join(filter(None, (found.text, quotes)))
            found.sources += [Source(document.name, quote.place) for quote in best.quotes]
            quoted += [one for one in places.passages if any(quote.text in one.text for quote in best.quotes)]
            found.sure = True
        elif best.quotes:
            nearest.append(quotes)
    if not found.sure:
        text = f"I found no answer to that in the documents of **{plain(helper.name)}**."
        found.text = f"{text} The nearest I can quote is this. {nearest[0]}" if nearest else text
        return found
    manner = MANNER.format(name=helper.name, manner=helper.prompt) if helper.prompt else ""
    cited = await cited_answer(f"{QUESTION}\n{manner}".strip(), question, quoted, asking)
    found.text, found.by_model = cited.above(found.text), bool(cited.text)
    return found


async def documents_of(helper: Assistant, owners: Deps) -> list[Document]:
    """The documents of an assistant that are still there, in their order."""
    found = [await owners.stores.documents.get(one, user=helper.user) for one in helper.documents]
    return [document for document in found if document is not None]


async def _promising(question: str, documents: Sequence[Document], owners: Deps) -> list[Document]:
    """The documents with the best passages for a question; without any, the first where meanings are compared."""
    by_id = {document.id: document for document in documents}
    words = search_words(concepts(question))
    hits = await owners.stores.documents.search(words, user=owners.user, documents=list(by_id))
    named = list(dict.fromkeys(hit.document for hit in hits)) or (list(by_id) if owners.embedder else [])
    return [by_id[one] for one in named[:LOOKED_INTO]]


async def _freely(helper: Assistant, question: str, deps: Deps) -> Known:
    """What a model says in the assistant's manner, with no documents to answer from."""
    if deps.model is None:
        return Known(
            f"**{plain(helper.name)}** has no documents yet, and without a language model I cannot answer freely. "
            "Give it documents, or choose a model."
        )
    system = FREE.format(name=helper.name, manner=helper.prompt)
    writing = Writing(Ground(Held([question, helper.prompt], deps.today)))
    try:
        said = await told(deps.model, [ChatMessage("system", system), ChatMessage("user", question)], Wanted())
    except ModelError as error:
        return Known(STOPPED.format(reason=error))
    return Known((writing.add(said) + writing.end()).strip(), sure=True, by_model=True)
