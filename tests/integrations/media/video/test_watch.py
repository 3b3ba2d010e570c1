"""A film is looked through: its scenes, what moves, its text and its facts, whatever it is packed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from integrations.media.video.opening import UnreadableFilm, open_film
from integrations.media.video.watch import watch
from tests.films import CODECS, FPS, film, rolling, slide, talk


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("talk")
    return watch(str(talk(folder / "talk.mp4")), "talk.mp4", str(folder))


def test_the_facts_are_told(seen: dict[str, Any]) -> None:
    facts = seen["facts"]
    assert (facts["format"], facts["codec"], facts["width"], facts["height"], facts["fps"]) == (
        "MP4", "H.264", 640, 360, FPS,
    )  # fmt: skip
    assert seen["seconds"] == pytest.approx(12, abs=0.1)
    assert seen["notes"] == []


def test_scenes_start_where_the_picture_is_cut(seen: dict[str, Any]) -> None:
    assert [scene["start"] for scene in seen["scenes"]] == pytest.approx([0, 4, 8], abs=0.11)


def test_the_text_of_slides_is_read(seen: dict[str, Any]) -> None:
    assert seen["scenes"][0]["text"] == ["Quarterly plan", "Revenue grew by 12 percent"]
    assert seen["scenes"][2]["fresh"] == ["Next steps", "Call the client on Monday"]


def test_what_moves_is_followed_along_its_way(seen: dict[str, Any]) -> None:
    still, moving, _ = seen["scenes"]
    assert still["tracks"] == [] and still["moves"] == "nothing"
    (track,) = moving["tracks"]
    assert (track["colour"], track["way"]) == ("red", "from left to right")
    at, across, down = track["points"][len(track["points"]) // 2]
    assert across == pytest.approx((30 + 160 * (at - 4) + 25) / 640, abs=0.03)
    assert down == pytest.approx(245 / 360, abs=0.03)


def test_a_sheet_and_the_tracks_are_drawn(seen: dict[str, Any]) -> None:
    with Image.open(seen["sheet"]) as sheet, Image.open(seen["tracks"]) as tracks:
        assert sheet.width > 800 and tracks.width > 300


def test_a_line_added_to_a_slide_makes_a_new_key_frame(tmp_path: Path) -> None:
    one, two = slide("Agenda", "Prices"), slide("Agenda", "Prices", "Delivery dates for all")
    made = film(tmp_path / "a.mp4", [(2, "white", one), (3, "white", two)])
    scenes = watch(str(made), "a.mp4", str(tmp_path))["scenes"]
    assert [scene["fresh"] for scene in scenes] == [["Agenda", "Prices"], ["Delivery dates for all"]]


@pytest.mark.parametrize("suffix", sorted(CODECS))
def test_every_format_is_looked_through(suffix: str, tmp_path: Path) -> None:
    made = film(tmp_path / f"a.{suffix}", [(1, "white", slide("One")), (1, "navy", rolling())])
    with open_film(made) as opened:
        assert opened.facts.format == suffix.upper()
        assert len(list(opened.frames())) == pytest.approx(20, abs=2)
        assert opened.notes == []


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, float | None]] = []
    made = film(tmp_path / "a.mp4", [(2, "white", rolling())])
    watch(str(made), "a.mp4", str(tmp_path), lambda text, part: told.append((text, part)))
    parts = [part for _, part in told if part is not None]
    assert parts == sorted(parts) and parts[-1] < 1 and len(parts) >= 3


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"%PDF-1.4 and more", "a PDF"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist"),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", "no film I know"),
        (b"\x00\x00\x00\x18ftypmp42 cut off here", "damaged"),
    ],
)
def test_what_is_no_film_is_refused_in_a_sentence(content: bytes, word: str, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(UnreadableFilm, match=word), open_film(tmp_path / "a.mp4") as opened:
        list(opened.frames())


def test_a_recording_without_a_picture_is_refused(tmp_path: Path) -> None:
    import av
    import numpy as np

    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream: Any = container.add_stream("aac", rate=16_000)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.int16), format="s16", layout="mono")
        frame.sample_rate = 16_000
        container.mux([*stream.encode(frame), *stream.encode(None)])
    with pytest.raises(UnreadableFilm, match="no picture"), open_film(tmp_path / "a.mp4"):
        pass
