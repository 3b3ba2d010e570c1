"""Words into sound, and what of an answer is said at all."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from config.settings import Settings
from integrations.media.speech.aloud import TABLE_SAID, Sentences, sentences
from integrations.media.speech.engine import LANGUAGES, SpeechError, chosen, engines
from integrations.media.speech.language import language_of
from integrations.media.speech.recorded import read_to_file
from integrations.media.speech.sound import read_sound
from integrations.media.speech.speaker import say, speaker_for
from integrations.media.speech.status import checks
from tests.speech import needs_espeak

HELLO = {
    "en": "Good morning, this is the invoice for you", "es": "Buenos días, la factura es para el cliente",
    "fr": "Bonjour, voici la facture pour vous", "de": "Guten Morgen, das ist die Rechnung",
    "it": "Buongiorno, ecco la fattura per il cliente", "pt": "Bom dia, a fatura não é para o cliente",
    "ru": "Доброе утро", "ja": "おはようございます", "ko": "안녕하세요", "zh": "早上好",
    "ar": "صباح الخير", "hi": "सुप्रभात",
    "ur": "صبح بخیر یہ ہے", "th": "สวัสดีตอนเช้า",
}  # fmt: skip


@needs_espeak
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_of_the_fourteen_languages_is_spoken_and_told_from_its_text(language: str, settings: Settings) -> None:
    assert language_of(HELLO[language]) == language
    speech = say(HELLO[language], language, settings)
    assert speech.rate == 22_050 and 0.4 < speech.seconds < 8


@needs_espeak
def test_a_text_is_read_into_an_mp3_that_can_be_played(settings: Settings, tmp_path: Path) -> None:
    told: list[float | None] = []
    data = read_to_file(["One.", "Two."], "en", str(settings.data_dir), lambda _text, part: told.append(part))
    path = tmp_path / "read.mp3"
    path.write_bytes(base64.b64decode(data))
    assert 1 < read_sound(path).seconds < 4 and told == [0.5, 1.0]


def test_without_a_program_that_speaks_one_sentence_says_how_to_get_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert speaker_for(settings, "en") is None
    with pytest.raises(SpeechError, match="espeak-ng"):
        say("hello", "en", settings)


def test_only_words_are_said() -> None:
    answer = (
        "## Done\n\n**Total**: 240 €. See [the file](https://x.example/a).\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx\n```\n- one\n- two"
    )
    assert sentences(answer) == ["Done", "Total: 240 €.", "See the file.", TABLE_SAID, "one", "two"]


def test_sentences_come_as_soon_as_they_are_whole() -> None:
    coming = Sentences()
    heard = [coming.add(piece) for piece in ("Good mor", "ning. The inv", "oice is ready.\n", "Bye")]
    assert heard == [[], ["Good morning."], ["The invoice is ready."], []]
    assert coming.rest() == ["Bye"]


def test_the_embedded_engine_is_honest_about_its_language(settings: Settings) -> None:
    assert chosen(settings, "en").name == "embedded" and chosen(settings).name == "embedded"
    with pytest.raises(SpeechError, match="English only; for German"):
        chosen(settings, "de")


def test_doctor_names_each_engine_and_how_to_get_what_is_missing(settings: Settings) -> None:
    lines = {one.name: one for one in checks(settings)}
    assert lines["Speech to text, Embedded recogniser"].ok
    whisper = lines["Speech to text, Whisper (faster-whisper)"]
    assert not whisper.ok and "faster-whisper" in whisper.fix and not whisper.needed
    assert "FREELANCEX_SPEECH_SERVER" in lines["Speech to text, a server of yours"].fix
    assert list(engines()) == ["whisper", "embedded"]
