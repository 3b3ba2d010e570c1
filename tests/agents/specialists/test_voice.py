"""Voice: a recording becomes a transcript that is kept, notes, a message; and what is written is read aloud."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists.voice import AGENT, VoiceTask, keep_tasks, keep_transcript, run
from agents.tools.media.heard_words import as_typed
from agents.tools.media.meeting_notes import notes_of, said_in
from agents.tools.media.voice_words import read
from memory.files import FileRef
from tests.speech import needs_espeak, spoken, write_wav

TODAY = date(2026, 11, 21)  # a Saturday
MEETING = """[0:00] Speaker 1: we decided to move the launch to march
[0:04] Speaker 2: i will send the new design by next friday
[0:08] Speaker 1: please call the bank tomorrow
[0:12] Speaker 2: Anna has to check the translations. We will see."""


async def sent(path: Path, deps: Deps) -> FileRef:
    return await deps.stores.files.put(path, path.name, user=deps.user, thread=deps.thread)


async def asked(words: str, deps: Deps, *files: FileRef, **fields: Any) -> Finding:
    task = VoiceTask.model_validate({**read(words), **fields})
    return await run(task, Given(text=words, message=words, files=files), deps)


@pytest.fixture
def memo(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "memo.wav", spoken("invoice acme three hours at eighty euros"))


@pytest.mark.parametrize(
    "heard, typed",
    [
        ("invoice acme three hours at eighty euros", "Invoice ACME 3 hours at 80 euros"),
        ("log two and a half hours for zeta", "Log 2.5 hours for zeta"),
        ("i spent one thousand two hundred and fifty dollars", "I spent 1250 dollars"),
        ("write an invoice for half an hour at ninety five", "Write an invoice for 0.5 hours at 95"),
        ("what is nineteen point five percent of four hundred", "What is 19.5 percent of 400"),
        ("the second one is better", "The second one is better"),
        ("remind me on friday at ten", "Remind me on friday at 10"),
    ],
)
def test_what_was_heard_is_written_as_one_would_type_it(heard: str, typed: str) -> None:
    assert as_typed(heard, ["ACME"]) == typed


@needs_espeak
async def test_a_memo_becomes_a_draft_to_send_and_a_document_that_can_be_questioned(
    memo: Path, table_deps: Deps
) -> None:
    await table_deps.stores.clients.save("mara", "ACME")
    found = await asked("transcribe this", table_deps, await sent(memo, table_deps))
    assert found.data["draft"].startswith("Invoice ACME 3 hours at 80 euro")
    assert found.offers[0] == found.data["draft"]
    assert found.trust == "outside" and found.effect is None  # nothing happens before the user's word
    document = found.records[0]
    assert document.kind == "document"
    passages = await table_deps.stores.documents.passages(document.id, user="mara")
    assert "acme three hours" in passages[0].text and passages[0].place.startswith("0:0")
    assert [Path(one.name).suffix for one in found.artifacts] == [".md", ".srt", ".vtt"]
    assert "mishears words" in found.text
    assert "(/api/v1/files/" in found.text and "#t=0) invoice acme" in found.text  # the time plays it from there


@needs_espeak
async def test_a_misheard_word_is_corrected_by_a_sentence_or_in_the_lines_themselves(
    memo: Path, table_deps: Deps
) -> None:
    await asked("transcribe this", table_deps, await sent(memo, table_deps))
    swapped = await asked('replace "acme" with "Akmé Ltd" in the transcript', table_deps)
    assert "Akmé Ltd three hours" in swapped.text
    opened = await asked("correct the transcript", table_deps)
    assert opened.effect is not None and opened.effect.editable == ("text",)
    kept = await keep_transcript({**opened.effect.arguments, "text": "[0:00] all new words"}, table_deps)
    passages = await table_deps.stores.documents.passages(kept.records[0].id, user="mara")
    assert [one.text for one in passages] == ["[0:00] all new words"]


def test_notes_quote_decisions_tasks_and_days() -> None:
    notes = notes_of(said_in(MEETING), TODAY)
    assert [one.words for one in notes.decisions] == ["we decided to move the launch to march"]
    assert [(task.who, task.what, task.due) for task in notes.tasks] == [
        ("Speaker 2", "send the new design by next friday", "2026-11-27"),
        ("", "call the bank tomorrow", "2026-11-22"),
        ("Anna", "check the translations", ""),
    ]
    assert [day for day, _ in notes.days] == ["2026-11-27", "2026-11-22"]


@pytest.mark.parametrize(
    "line, task",
    [
        ("Ich muss am Montag die Rechnung schreiben.", "am Montag die Rechnung schreiben"),
        ("Marie doit envoyer le contrat demain.", "envoyer le contrat demain"),
        ("Yo voy a llamar al cliente mañana.", "llamar al cliente mañana"),
    ],
)
def test_tasks_are_found_in_other_languages_too(line: str, task: str) -> None:
    assert [one.what for one in notes_of(said_in(line), TODAY).tasks] == [task]


async def test_dated_tasks_become_reminders_only_on_approval(table_deps: Deps) -> None:
    found = await asked("meeting notes please", table_deps, pasted="I will send the offer on 5 March 2026. Agreed.")
    assert found.effect is not None and found.effect.arguments == {"tasks": "2026-03-05 send the offer on 5 March 2026"}
    assert await table_deps.stores.reminders.open("mara") == []
    await keep_tasks({"tasks": "2026-03-05 send the better offer"}, table_deps)
    assert [row.text for row in await table_deps.stores.reminders.open("mara")] == ["send the better offer"]


async def test_a_task_without_a_day_cannot_be_kept(table_deps: Deps) -> None:
    with pytest.raises(AgentError, match="begins with its day"):
        await AGENT.edits["keep_tasks"]({"tasks": "some day call the bank"}, table_deps)


@needs_espeak
@pytest.mark.parametrize(
    "words, language",
    [('read this aloud: "Good morning to you"', "en"), ("lies das vor: Guten Morgen, die Rechnung ist da", "de")],
)
async def test_a_text_is_read_aloud_in_its_language_as_a_file_that_plays(
    words: str, language: str, table_deps: Deps
) -> None:
    found = await asked(words, table_deps)
    assert found.data["language"] == language
    file = await table_deps.stores.files.get(found.artifacts[0].id, user="mara")
    assert file is not None and file.mime == "audio/mpeg" and file.size > 3000


async def test_with_nothing_to_read_or_hear_one_sentence_says_what_to_do(table_deps: Deps) -> None:
    with pytest.raises(AgentError, match="nothing to read yet"):
        await asked("read that aloud", table_deps)
    with pytest.raises(AgentError, match="Please attach"):
        await asked("transcribe this", table_deps)
    with pytest.raises(AgentError, match="no transcript to correct"):
        await asked("correct the transcript", table_deps)


@needs_espeak
async def test_with_a_server_set_the_recording_waits_for_consent(memo: Path, table_deps: Deps) -> None:
    from dataclasses import replace

    settings = table_deps.settings.model_copy(update={"speech_server": "http://127.0.0.1:9"})
    deps = replace(table_deps, settings=settings)
    found = await asked("transcribe this", deps, await sent(memo, deps))
    assert found.effect is not None and found.effect.consent == "speech_server"
    assert "memo.wav" in found.effect.preview and "127.0.0.1" in found.effect.preview


async def test_silence_is_no_transcript(tmp_path: Path, table_deps: Deps) -> None:
    quiet = write_wav(tmp_path / "quiet.wav", np.zeros(44_100, dtype="<i2"))
    found = await asked("transcribe this", table_deps, await sent(quiet, table_deps))
    assert "nobody speak" in found.text and found.artifacts == ()
