"""Recordings into transcripts: every kind of file, damaged ones, voices told apart, and what one would type of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from integrations.media.speech.cleaning import LEVEL_DB, denoised, levelled, signal_to_noise
from integrations.media.speech.listening import NOTHING_SAID, resampled, transcribe_file, understood
from integrations.media.speech.sound import RATE, Sound, UnreadableSound, read_sound
from integrations.media.speech.transcript import Segment, Transcript, srt, transcript_of, vtt
from integrations.media.speech.voiced import first_pause, utterances
from tests.speech import RATE as SPOKEN_RATE
from tests.speech import encode, needs_espeak, spoken, write_wav

pytestmark = needs_espeak
KINDS = (
    ("memo.mp3", "mp3", "libmp3lame"),
    ("memo.wav", "wav", "pcm_s16le"),
    ("memo.m4a", "ipod", "aac"),
    ("memo.ogg", "ogg", "libopus"),
    ("memo.opus", "opus", "libopus"),
    ("memo.webm", "webm", "libopus"),
    ("memo.flac", "flac", "flac"),
)
REQUEST = "invoice acme three hours at eighty euros"


def silent(_text: str, _part: float | None = None) -> None:
    return None


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("recordings")
    return {name: encode(folder / name, spoken(REQUEST), format, codec) for name, format, codec in KINDS}


@pytest.mark.parametrize("name", [name for name, _, _ in KINDS])
def test_every_kind_of_recording_is_read_whole_at_16_khz(name: str, files: dict[str, Path]) -> None:
    sound = read_sound(files[name])
    assert sound.seconds == pytest.approx(len(spoken(REQUEST)) / SPOKEN_RATE, abs=0.15)
    assert 0.05 < np.abs(sound.samples).max() <= 1
    assert sound.notes == ()


def test_a_request_is_recognised_word_for_word_with_its_place(files: dict[str, Path]) -> None:
    transcript = transcript_of(transcribe_file(str(files["memo.wav"]), "embedded", "", "en", silent))
    assert transcript.text.removesuffix("s") == REQUEST.removesuffix("s")
    assert 0.1 < transcript.segments[0].start < 0.8
    assert 0.3 < transcript.confidence < 1
    assert "check it" in transcript.notes[0]


def test_two_people_are_told_apart_and_numbered_as_they_begin() -> None:
    first, second = "please call the bank tomorrow", "i will send the new design on friday"
    parts = [spoken(first), spoken(second, "en-us+f3"), spoken(first), spoken(second, "en-us+f3")]
    joined = np.concatenate(parts).astype(np.float32) / 32768
    places = np.arange(int(len(joined) * RATE / SPOKEN_RATE)) * SPOKEN_RATE / RATE
    samples = np.interp(places, np.arange(len(joined)), joined).astype(np.float32)
    heard = understood(Sound(samples), "embedded", "", "en", silent)
    assert [one.speaker for one in heard.segments] == [1, 2, 1, 2]
    assert all(voice["confidence"] <= 0.6 for voice in heard.voices)


def test_one_person_is_not_taken_for_two() -> None:
    joined = np.concatenate([spoken("please call the bank"), spoken("send the invoice to the client")])
    places = np.arange(int(len(joined) * RATE / SPOKEN_RATE)) * SPOKEN_RATE / RATE
    samples = (np.interp(places, np.arange(len(joined)), joined) / 32768).astype(np.float32)
    assert {one.speaker for one in understood(Sound(samples), "embedded", "", "en", silent).segments} == {0}


def test_silence_is_said_to_be_silence() -> None:
    heard = understood(Sound(np.zeros(3 * RATE, dtype=np.float32)), "embedded", "", "en", silent)
    assert heard.segments == () and heard.notes == (NOTHING_SAID,)


def test_a_quiet_recording_is_brought_to_one_level() -> None:
    quiet = (spoken(REQUEST) / 32768 * 0.02).astype(np.float32)
    loud = levelled(quiet)
    frames = loud[: len(loud) // 320 * 320].reshape(-1, 320)
    energy = (frames**2).mean(axis=1)
    level = 10 * np.log10(energy[energy >= np.percentile(energy, 70)].mean())
    assert level == pytest.approx(LEVEL_DB, abs=2)


def test_noise_is_taken_off_only_where_there_is_much_of_it() -> None:
    clean = (spoken(REQUEST) / 32768).astype(np.float32)
    noisy = clean + np.random.default_rng(3).normal(0, 0.05, len(clean)).astype(np.float32)
    assert denoised(clean)[1] is False
    cleaned, helped = denoised(noisy)
    assert helped and signal_to_noise(cleaned) > signal_to_noise(noisy) + 2


def test_utterances_are_parted_at_pauses_and_long_ones_cut() -> None:
    speech = (spoken("log two hours for the client yesterday") / 32768).astype(np.float32)
    once = len(utterances(resampled((speech * 32767).astype("<i2").tobytes())))
    assert once == 1
    endless = np.tile(speech[11_025:-11_025], 16)
    assert all(end - start <= 18.5 for start, end in utterances(endless))


def test_the_microphones_sound_keeps_its_pitch_and_a_pause_is_noticed() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(24_000) / 24_000)
    samples = resampled((tone * 20_000).astype("<i2").tobytes())
    peak = np.fft.rfftfreq(len(samples), 1 / RATE)[np.abs(np.fft.rfft(samples)).argmax()]
    assert len(samples) == RATE and peak == pytest.approx(440, abs=2)
    speech = (spoken(REQUEST) / 32768).astype(np.float32)
    rest = np.zeros(RATE * 2, dtype=np.float32)
    at = first_pause(np.concatenate([rest, speech, rest, speech]), 0.7)
    assert at is not None and 4 < at < 2 + len(speech) / RATE + 1  # after the first of the two, not at the end
    assert first_pause(rest, 0.7) is None


def test_subtitles_have_the_times_players_expect() -> None:
    said = Transcript((Segment(3661.5, 3663.25, "good morning", 0.8, 2),), "en", "embedded", 3700)
    assert "01:01:01,500 --> 01:01:03,250\ngood morning" in srt(said)
    assert "01:01:01.500 --> 01:01:03.250\n<v Speaker 2>good morning" in vtt(said)


def test_a_recording_longer_than_an_hour_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    head = write_wav(tmp_path / "one.wav", np.zeros(8000, dtype="<i2"), 8000).read_bytes()[:44]
    size = 8000 * 2 * 3700
    with path.open("wb") as file:
        file.write(head[:4] + (size + 36).to_bytes(4, "little") + head[8:40] + size.to_bytes(4, "little"))
        file.truncate(44 + size)
    with pytest.raises(UnreadableSound, match="an hour at once"):
        read_sound(path)
