"""Videos sent in the chat: summed up with times that lead into them, their sheet, text and movement on their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agents.deps import Deps, JobError
from agents.spec import AgentError, Finding, Given
from agents.specialists.vision import AGENT, VisionTask
from agents.tools.media.film_report import main_points
from agents.tools.media.vision_words import film_actions, read, speaks_of_film
from memory.files import FileRef
from tests.films import film, rolling, slide, talk
from tests.speech import needs_espeak, spoken


async def sent(deps: Deps, path: Path) -> tuple[FileRef, ...]:
    return (await deps.stores.files.put(path, path.name, user=deps.user, thread=deps.thread),)


async def asked(deps: Deps, text: str, files: tuple[FileRef, ...] = (), **task: Any) -> Finding:
    return await AGENT.run(VisionTask(**read(text), **task), Given(text=text, message=text, files=files), deps)


async def test_a_summary_leads_into_the_film_at_each_scene(table_deps: Deps, tmp_path: Path) -> None:
    files = await sent(table_deps, talk(tmp_path / "talk.mp4"))
    found = await asked(table_deps, "summarise this video", files)
    assert "It has 3 scenes. With text: 2. With something that moves: 1." in found.text
    for start, shown in (
        (0, "**Quarterly plan**"),
        (4, "something red moves from left to right"),
        (8, "**Next steps**"),
    ):
        line = f"- [0:{start:02}](/api/v1/files/{files[0].id}#t={start}): "
        assert any(row.startswith(line) and shown in row for row in found.text.split("\n"))
    assert [made.name for made in found.artifacts] == ["talk contact sheet.png", "talk movement.png"]
    assert found.trust == "outside"
    assert found.records[0].kind == "video"


@needs_espeak
async def test_what_is_said_stands_with_the_scene_it_is_said_in(table_deps: Deps, tmp_path: Path) -> None:
    voice = spoken("the meeting starts at ten on monday")
    files = await sent(table_deps, film(tmp_path / "a.mp4", [(4, "white", slide("Plan"))], voice=voice))
    found = await asked(table_deps, "what happens in this video", files)
    (scene,) = found.data["film"]["scenes"]
    assert "monday" in " ".join(one["text"] for one in scene["said"]).lower()
    assert "“" in found.text


async def test_only_the_sheet_or_only_the_movement_is_told_when_asked(table_deps: Deps, tmp_path: Path) -> None:
    files = await sent(table_deps, film(tmp_path / "a.avi", [(3, "#27456b", rolling("yellow"))]))
    sheet = await asked(table_deps, "contact sheet of the video please", files)
    assert [made.caption for made in sheet.artifacts] == ["Key frames"]
    moves = await asked(table_deps, "what moves in it?", files)
    assert "0:02: something yellow moves from left to right" in moves.text
    copy = moves.artifacts[-1]
    assert (copy.name, copy.mime) == ("a to play.webm", "video/webm")  # browsers do not play AVI
    assert f"[0:00](/api/v1/files/{copy.id}#t=0)" in moves.text


async def test_the_newest_film_of_the_conversation_is_meant_when_none_is_sent(table_deps: Deps, tmp_path: Path) -> None:
    await sent(table_deps, film(tmp_path / "old.mp4", [(1, "white", slide("Hello"))]))
    found = await asked(table_deps, "read the slides in the video")
    assert "> Hello" in found.text


async def test_text_in_a_film_stays_words(table_deps: Deps, tmp_path: Path) -> None:
    files = await sent(table_deps, film(tmp_path / "a.mp4", [(1, "white", slide("[pay](http://evil.example)"))]))
    found = await asked(table_deps, "summarise this video", files)
    assert "\\[pay\\](http:\u200b//evil.example)" in found.text


async def test_without_a_film_one_is_asked_for(table_deps: Deps) -> None:
    with pytest.raises(AgentError, match="Which video"):
        await asked(table_deps, "summarise the video")


async def test_a_damaged_film_is_refused_in_one_sentence(table_deps: Deps, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42 cut off")
    with pytest.raises(JobError, match="damaged or cut off"):
        await asked(table_deps, "summarise this video", await sent(table_deps, tmp_path / "a.mp4"))


def test_the_sentences_that_say_most_are_chosen_from_long_talks_only() -> None:
    words = "the revenue of the northern region grew again because customers ordered more"
    said = [{"at": 4.0 * n, "text": f"{words} in month number {n}"} for n in range(9)]
    scene = {"start": 0.0, "fresh": ["Plan"], "said": said}
    assert main_points([scene | {"said": said[:2]}]) == []
    points = main_points([scene])
    assert points and all(float(point["place"]) >= 0 for point in points)


@pytest.mark.parametrize(
    ("words", "actions"),
    [
        ("summarise this video", []),
        ("contact sheet of the clip", ["sheet"]),
        ("what moves in the footage", ["motion"]),
        ("read the slides in this screencast", ["text"]),
        ("fasse das Video zusammen, auch die Folien", []),
    ],
)
def test_what_is_asked_of_a_film_is_read_from_the_words(words: str, actions: list[str]) -> None:
    assert speaks_of_film(words)
    assert film_actions(words) == actions
