"""A recogniser behind OpenAI's transcription protocol: POST {address}/v1/audio/transcriptions, by the user's setting.

Known servers: speaches, LocalAI, whisper.cpp's server, OpenAI. The recording leaves this computer, so it needs consent.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from pydantic import BaseModel, ValidationError

from config.settings import Settings
from integrations.http import Ask, Errand, HttpClient
from integrations.http_errors import Unreadable
from integrations.media.speech.engine import SpeechError, Standing
from integrations.media.speech.transcript import Segment, Transcript

PURPOSE = "speech_server"
MAX_BYTES = 25 * 1024 * 1024
"""What OpenAI's own server takes at most."""
ASK = Ask(seconds=600, retries=0)
USUAL_MODEL = "whisper-1"


class _Said(BaseModel):
    start: float = 0.0
    end: float = 0.0
    text: str
    avg_logprob: float | None = None


class _Answer(BaseModel):
    text: str
    language: str = ""
    duration: float = 0.0
    segments: list[_Said] | None = None


def standing(settings: Settings) -> Standing:
    """Whether a server is set; nobody is asked."""
    if not settings.speech_server:
        return Standing(False, "off until FREELANCEX_SPEECH_SERVER is set", "set FREELANCEX_SPEECH_SERVER")
    host = urlsplit(settings.speech_server).hostname
    if settings.offline and host not in ("127.0.0.1", "localhost"):
        return Standing(False, "off, because FreelanceX is set to offline")
    return Standing(True, f"recordings go to {host}, with your consent")


async def transcribe(
    sound: bytes, name: str, language: str, settings: Settings, http: HttpClient, errand: Errand
) -> Transcript:
    """Have the server of the settings recognise a file's bytes. Raises HttpError, and SpeechError for a long file."""
    if len(sound) > MAX_BYTES:
        raise SpeechError(
            f"The recording is larger than the {MAX_BYTES // 1024**2} MB a server takes; cut it into parts."
        )
    address = (settings.speech_server or "").rstrip("/").removesuffix("/v1")
    http.allow(urlsplit(address).netloc)
    fields = {"model": settings.speech_model or USUAL_MODEL, "response_format": "verbose_json", "language": language}
    body, kind = _form(fields, name, sound)
    headers = {"content-type": kind}
    if settings.speech_key:
        headers["authorization"] = f"Bearer {settings.speech_key}"
    reply = await http.request(
        "POST", f"{address}/v1/audio/transcriptions", errand, headers=headers, body=body, ask=ASK
    )
    return _read(reply.json(), language, urlsplit(address).hostname or "the server")


def _read(data: Any, language: str, host: str) -> Transcript:
    try:
        answer = _Answer.model_validate(data)
    except ValidationError as error:
        raise Unreadable(f"{host} sent something that is no transcript; check FREELANCEX_SPEECH_SERVER.") from error
    parts = answer.segments or ([_Said(text=answer.text, end=answer.duration)] if answer.text.strip() else [])
    segments = tuple(
        Segment(one.start, one.end, one.text.strip(), round(2.718281828 ** min(one.avg_logprob or -0.2, 0.0), 2))
        for one in parts
        if one.text.strip()
    )
    return Transcript(segments, language or answer.language[:2].lower(), host, answer.duration)


def _form(fields: dict[str, str], name: str, sound: bytes) -> tuple[bytes, str]:
    """A form with one file, as RFC 7578 has it, and its content type."""
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
        if value
    ]
    safe = "".join(letter for letter in name if letter.isalnum() or letter in ".-_") or "recording"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\n'
    parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", sound, f"\r\n--{mark}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={mark}"
