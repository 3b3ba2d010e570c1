"""Documents, contracts, texts and translations through the whole chain: from the message and its file to the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from agents import registry
from config.settings import Settings
from graph.events import Done, Planned, StepFinished
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from memory.files import FileRef
from tests.integrations.media.documents import made

CONTRACTS = Path(__file__).parent.parent / "agents" / "tools" / "contracts" / "contracts.yaml"
AGENTS = ("documents", "contract", "writer", "translator", "mail", "proposal")


@pytest.fixture
async def readers(settings: Settings) -> AsyncIterator[Runtime]:
    agents = {name: spec for name, spec in registry.load().items() if name in AGENTS}
    async with open_runtime(settings, agents=agents) as opened:
        yield opened


async def said(runtime: Runtime, text: str, *files: FileRef, thread: str = "t1") -> tuple[list[str], str]:
    """The agents that were asked, and the answer."""
    events = [event async for event in reply(Message(text, thread, files=files), runtime)]
    done = events[-1]
    assert isinstance(done, Done), done
    asked = [step["agent"] for event in events if isinstance(event, Planned) for step in event.steps]
    assert any(isinstance(event, StepFinished) for event in events)
    return asked, done.text


async def put(runtime: Runtime, name: str, content: str | bytes, thread: str = "t1") -> FileRef:
    data = content.encode() if isinstance(content, str) else content
    return await runtime.stores.files.put(data, name, user="local", thread=thread)


async def test_a_contract_sent_with_a_question_is_reviewed_and_then_questioned(readers: Runtime) -> None:
    harsh = yaml.safe_load(CONTRACTS.read_text(encoding="utf-8"))[0]["text"]
    file = await put(readers, "contract.md", harsh)
    asked, text = await said(readers, "is this contract ok to sign?", file)
    assert asked == ["contract"] and "payable within 90 days" in text and "no legal advice" in text
    asked, text = await said(readers, "what does it say about confidentiality?")
    assert set(asked) <= {"contract", "documents"} and "secret for an indefinite period" in text


async def test_a_locked_file_is_opened_with_the_password_of_the_next_message(readers: Runtime) -> None:
    file = await put(readers, "locked.pdf", made.locked_pdf("Sommer24"))
    _, text = await said(readers, "summarise this pdf", file)
    assert "the password is" in text
    asked, text = await said(readers, "the password is Sommer24")
    assert asked == ["documents"] and "12,000 EUR" in text


async def test_a_text_is_written_and_then_made_shorter(readers: Runtime) -> None:
    asked, first = await said(readers, "write a kick-off message for the project")
    assert asked == ["writer"] and "First week" in first
    asked, second = await said(readers, "make it shorter")
    assert asked == ["writer"] and "left out" in second


async def test_a_phrase_is_translated_in_the_language_that_is_named(readers: Runtime) -> None:
    asked, text = await said(readers, "how do you say notice period in Spanish?")
    assert asked == ["translator"] and "plazo de preaviso" in text


async def test_a_damaged_file_is_one_sentence_in_the_chat(readers: Runtime) -> None:
    file = await put(readers, "cut.docx", made.docx()[:900])
    asked, text = await said(readers, "summarise this document", file)
    assert asked == ["documents"] and "damaged or cut off" in text and "Traceback" not in text
