"""What was said, by whom and when, and how that is written down: as text, as markdown, as subtitles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

DOUBTFUL = 0.35
"""Below this confidence a passage is shown as doubtful."""


@dataclass(frozen=True)
class Segment:
    """What was said from `start` to `end`, in seconds. `confidence` runs from 0 to 1; `speaker` is 0 where unknown."""

    start: float
    end: float
    text: str
    confidence: float
    speaker: int = 0


@dataclass(frozen=True)
class Transcript:
    """A whole recording: `language` as ISO 639-1, the engine's name, its length in seconds, notes for the user."""

    segments: tuple[Segment, ...]
    language: str
    engine: str
    seconds: float
    notes: tuple[str, ...] = ()
    voices: tuple[dict[str, Any], ...] = ()

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @property
    def confidence(self) -> float:
        """The mean over the time that was spoken; 0 when nothing was."""
        spoken = sum(segment.end - segment.start for segment in self.segments)
        return sum(one.confidence * (one.end - one.start) for one in self.segments) / spoken if spoken else 0.0


def transcript_of(data: Mapping[str, Any]) -> Transcript:
    """The transcript that `asdict` made JSON of."""
    segments = tuple(Segment(**segment) for segment in data["segments"])
    notes, voices = tuple(data["notes"]), tuple(data["voices"])
    return Transcript(segments, data["language"], data["engine"], data["seconds"], notes, voices)


def clock(seconds: float) -> str:
    """75.2 → ``1:15``; with hours where there are any."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def speaker_name(number: int) -> str:
    """How a voice is called that nobody named."""
    return f"Speaker {number}" if number else ""


def lines(segments: Iterable[Segment]) -> list[str]:
    """A line for each segment: ``[1:15] Speaker 2: words``."""
    return [
        f"[{clock(one.start)}] {f'{speaker_name(one.speaker)}: ' if one.speaker else ''}{one.text}" for one in segments
    ]


def markdown(transcript: Transcript, title: str) -> str:
    """The transcript as a document that can be edited."""
    about = f"*{clock(transcript.seconds)} long, recognised by {transcript.engine}; please check it before you use it.*"
    return "\n\n".join([f"# {title}", about, *lines(transcript.segments)]) + "\n"


def srt(transcript: Transcript) -> str:
    """Subtitles as players read them (SubRip)."""
    blocks = (
        f"{number}\n{_stamp(one.start, ',')} --> {_stamp(one.end, ',')}\n{one.text}\n"
        for number, one in enumerate(transcript.segments, 1)
    )
    return "\n".join(blocks)


def vtt(transcript: Transcript) -> str:
    """Subtitles as browsers read them (WebVTT); the voice is named in its own tag."""
    blocks = (
        f"{_stamp(one.start, '.')} --> {_stamp(one.end, '.')}\n"
        f"{f'<v {speaker_name(one.speaker)}>' if one.speaker else ''}{one.text}\n"
        for one in transcript.segments
    )
    return "\n".join(["WEBVTT\n", *blocks])


def _stamp(seconds: float, mark: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}{mark}{thousandths:03}"
