"""A video dropped into the chat is looked through, whatever language it is asked in; a stop ends the work."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import Settings
from graph.events import StepFinished, StepProgress
from graph.reply import Message, reply
from graph.runtime import open_runtime
from tests.films import film, slide
from tests.speech import needs_espeak, spoken

ASKED = ("summarise this video", "what happens in this clip?", "fasse dieses Video zusammen", "résume cette vidéo")


async def test_a_video_is_summed_up_by_the_one_who_looks(settings: Settings, tmp_path: Path) -> None:
    made = film(tmp_path / "plan.webm", [(1, "white", slide("Quarterly plan"))])
    async with open_runtime(settings) as runtime:
        for number, words in enumerate(ASKED):
            file = await runtime.stores.files.put(made, made.name, user="local", thread=f"t{number}")
            events = [event async for event in reply(Message(words, f"t{number}", files=[file]), runtime)]
            (step,) = [event for event in events if isinstance(event, StepFinished)]
            assert (step.agent, step.ok) == ("vision", True), words
            assert "Quarterly plan" in step.output
            assert [event for event in events if isinstance(event, StepProgress)]


@needs_espeak
async def test_a_video_is_transcribed_by_the_one_who_listens(settings: Settings, tmp_path: Path) -> None:
    voice = spoken("the meeting starts at ten on monday")
    made = film(tmp_path / "plan.mp4", [(1, "white", slide("Quarterly plan"))], voice=voice)
    async with open_runtime(settings) as runtime:
        file = await runtime.stores.files.put(made, made.name, user="local", thread="t1")
        events = [event async for event in reply(Message("transcribe this video", "t1", files=[file]), runtime)]
    (step,) = [event for event in events if isinstance(event, StepFinished)]
    assert (step.agent, step.ok) == ("voice", True)
    assert "monday" in step.output.lower()


@pytest.mark.timeout(120)
async def test_a_stop_ends_the_looking(settings: Settings, tmp_path: Path) -> None:
    made = film(tmp_path / "long.mp4", [(60, "white", slide("Long"))], size=(320, 180))
    async with open_runtime(settings) as runtime:
        file = await runtime.stores.files.put(made, made.name, user="local", thread="t1")
        events = reply(Message("summarise this video", "t1", files=[file]), runtime)
        async for event in events:
            if isinstance(event, StepProgress) and event.part is not None:
                break
        await events.aclose()
        turns = await runtime.stores.turns.recent("t1", 5)
    assert not any("scenes" in str(turn.findings) for turn in turns)
