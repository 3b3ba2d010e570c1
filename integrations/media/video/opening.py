"""The one way into a film: recognised by its content, measured before it is decoded, read frame by frame.

    file ── kind by content, no playlists ──▶ length and size stated ≤ limits? ──▶ Film ──▶ frames, ten a second

Meant to run in a process of its own with limits on time and memory: the file is a stranger's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.errors import Mendable

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame

MAX_BYTES = 500 * 1024 * 1024
MAX_SECONDS = 3 * 3600
MAX_PIXELS = 4096 * 2304
LOOKS_A_SECOND = 10
"""Every third frame of the usual thirty: enough to follow what moves."""
MOST_BROKEN = 400
READABLE = "MP4, MOV, AVI, WEBM and MKV"
_DEMUXERS = "mov,matroska,webm,avi"
"""What may be opened. Playlists and the like, which name other files to read, are not among them."""
_NAMES = {"mov": "MP4", "matroska": "MKV", "avi": "AVI"}
_CODECS = {"h264": "H.264", "hevc": "H.265", "vp8": "VP8", "vp9": "VP9", "av1": "AV1", "mpeg4": "MPEG-4",
           "mjpeg": "Motion JPEG"}  # fmt: skip
_OTHERS = (
    (b"%PDF", "a PDF, which I read as a document"),
    (b"PK\x03\x04", "an archive or an Office file and no film"),
    (b"\x89PNG", "a picture and no film"),
    (b"\xff\xd8\xff", "a picture and no film"),
    (b"GIF8", "a GIF, which I look at as a picture"),
    (b"ID3", "a recording without a picture"),
    (b"OggS", "a recording without a picture"),
    (b"#EXTM3U", "a playlist, which only names other files; attach the film itself"),
    (b"<!DO", "a web page and no film"),
    (b"<htm", "a web page and no film"),
)


class UnreadableFilm(Mendable):
    """The film cannot be read. The message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Facts:
    """What a film's header states: size in pixels and bytes, frames a second, length in seconds (0 when unstated)."""

    format: str
    codec: str
    width: int
    height: int
    fps: float
    seconds: float
    bytes: int
    sound: str = ""
    made: str = ""


@dataclass
class Film:
    """An opened film. `notes` are sentences for the user; they are complete once the frames were read."""

    facts: Facts
    container: InputContainer
    notes: list[str] = field(default_factory=list)
    seen: float = 0.0

    def frames(self) -> Iterator[tuple[float, VideoFrame]]:
        """Ten frames a second with their time in seconds; what is broken is skipped and noted.

        Raises UnreadableFilm when there is nothing to see.
        """
        found = 0
        due, broken = 0.0, _Broken()
        for number, frame in enumerate(_decoded(self.container, broken)):
            at = float(frame.time) if frame.time is not None else number / self.facts.fps
            if at > MAX_SECONDS:
                self.notes.append(f"I looked at the first {MAX_SECONDS // 3600} hours.")
                break
            self.seen = max(self.seen, at + 1 / self.facts.fps)
            if at >= due - 0.001:
                due = max(due + 1 / LOOKS_A_SECOND, at)
                found += 1
                yield at, frame
        if not found:
            raise UnreadableFilm("The film is damaged and shows no frame; please export or download it again.")
        if broken.ended or self.seen < self.facts.seconds - max(0.5, 0.1 * self.facts.seconds):
            self.notes.append("The film is damaged or cut off; I looked at what can still be read.")
        elif broken.count:
            self.notes.append("Some frames of the film are damaged and were left out.")


@dataclass
class _Broken:
    count: int = 0
    ended: bool = False


@contextmanager
def open_film(path: str | Path) -> Iterator[Film]:
    """Open a film file. Raises UnreadableFilm, also for what goes wrong while it is read."""
    import av

    path = Path(path)
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFilm("The film's file is empty; please check that the right one was uploaded.")
    if size > MAX_BYTES:
        raise UnreadableFilm(f"The film is larger than {MAX_BYTES // 1024 // 1024} MB; please export it smaller.")
    with path.open("rb") as file:
        head = file.read(64)
    options = {"format_whitelist": _DEMUXERS, "protocol_whitelist": "file"}
    try:
        with av.open(str(path), options=options, metadata_errors="ignore") as container:
            yield Film(_facts(container, size, head), container)
    except MemoryError:
        raise UnreadableFilm("The film needs more memory than it may use; please export it smaller.") from None
    except (av.FFmpegError, ValueError, OSError) as error:
        raise UnreadableFilm(_why(head)) from error


def _facts(container: InputContainer, size: int, head: bytes) -> Facts:
    if not container.streams.video:
        raise UnreadableFilm("There is no picture in that film; for a recording, ask me to transcribe it.")
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    width, height = stream.codec_context.width, stream.codec_context.height
    if min(width, height) < 16:
        raise UnreadableFilm("The film states no size for its picture; please export or download it again.")
    if width * height > MAX_PIXELS:
        raise UnreadableFilm(
            f"The film states {width:,} × {height:,} pixels, more than is safe to open; please export it smaller."
        )
    rate = float(stream.average_rate or stream.guessed_rate or 25)
    sound = container.streams.audio[0].codec_context.name if container.streams.audio else ""
    return Facts(
        format=_format(container.format.name, head),
        codec=_CODECS.get(stream.codec_context.name, stream.codec_context.name),
        width=width,
        height=height,
        fps=round(min(max(rate, 1.0), 240.0), 2),
        seconds=round((container.duration or 0) / 1_000_000, 2),
        bytes=size,
        sound=sound,
        made=str(container.metadata.get("creation_time", ""))[:10],
    )


def _format(name: str, head: bytes) -> str:
    if head[4:12] == b"ftypqt  ":
        return "MOV"
    if name.startswith("matroska") and b"webm" in head:
        return "WEBM"
    return _NAMES.get(name.partition(",")[0], name)


def _decoded(container: InputContainer, broken: _Broken) -> Iterator[Any]:
    """Every frame that can be decoded."""
    import av

    stream = container.streams.video[0]
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.FFmpegError:
            broken.ended = True
            return
        if packet is None:
            return
        try:
            yield from packet.decode()
        except av.FFmpegError:
            broken.count += 1
            if broken.count > MOST_BROKEN:
                broken.ended = True
                return


def _why(head: bytes) -> str:
    for magic, what in _OTHERS:
        if head.startswith(magic):
            return f"The file is {what}."
    if head[4:8] == b"ftyp" or head.startswith((b"\x1a\x45\xdf\xa3", b"RIFF")):
        return "The film is damaged or cut off; please export or download it again."
    return f"The content is no film I know; I look at {READABLE}."
