"""Of a film that browsers do not play, a small copy with picture and sound side by side is made."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from integrations.media.video.opening import UnreadableFilm
from integrations.media.video.playable import write_playable
from tests.films import film, slide, talk


def test_an_avi_becomes_a_small_webm_of_the_same_length_with_its_sound(tmp_path: Path) -> None:
    voice = (np.sin(np.arange(22_050 * 11) / 20) * 8000).astype(np.int16)
    path = write_playable(str(talk(tmp_path / "talk.avi", voice=voice)), "talk.avi", str(tmp_path))
    with av.open(path) as copy:
        assert [stream.codec_context.name for stream in copy.streams] == ["vp8", "opus"]
        assert copy.duration is not None and copy.duration / 1e6 == pytest.approx(12, abs=0.3)
        times = [(packet.stream.type, float(packet.pts * packet.time_base)) for packet in copy.demux() if packet.pts]
    apart = [at - times[place - 1][1] for place, (_, at) in enumerate(times) if place]
    assert max(map(abs, apart)) < 1  # a player needs not look for the sound at the end


def test_a_film_without_sound_is_copied_too(tmp_path: Path) -> None:
    path = write_playable(str(film(tmp_path / "a.avi", [(1, "white", slide("Hi"))])), "a.avi", str(tmp_path))
    with av.open(path) as copy:
        assert [stream.type for stream in copy.streams] == ["video"]


def test_what_is_no_film_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "a.avi").write_bytes(b"RIFF" + bytes(200))
    with pytest.raises(UnreadableFilm):
        write_playable(str(tmp_path / "a.avi"), "a.avi", str(tmp_path))
