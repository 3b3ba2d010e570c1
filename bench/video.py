"""How fast a film is looked through, beside plain PyAV that only decodes it; and how well cuts and movement are found.

The film is made here: 720p, slides with a cut every five seconds and a ball that rolls over every other one.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

SIZE, FPS, LENGTH, SCENE = (1280, 720), 30, 120, 5
BALL, SPEED = 90, 190
WANTED = 4.0
"""Times real time that are wanted on two cores."""
TOLERANCE_S = 0.15
WORDS = ("Quarterly plan", "Revenue by region", "Open questions", "Next steps", "Costs of hosting", "Who does what")
BACKGROUNDS = ("#f4f2ea", "#27456b", "#dfe9df", "#5a2f40")


def run() -> dict[str, Any]:
    """Seconds for each part, times real time, and how many cuts, texts and places of the ball were found."""
    import av

    from integrations.media.video.watch import watch

    with tempfile.TemporaryDirectory() as folder:
        path = str(_film(Path(folder) / "film.mp4"))
        watch(str(_film(Path(folder) / "warm.mp4", seconds=2)), "warm.mp4", folder)
        started = time.perf_counter()
        with av.open(path) as container:
            container.streams.video[0].thread_type = "AUTO"
            frames = sum(1 for _ in container.decode(video=0))
        plain = time.perf_counter() - started
        started, processor = time.perf_counter(), time.process_time()
        seen = watch(path, "film.mp4", folder)
        looked, worked = time.perf_counter() - started, time.process_time() - processor
    starts = [scene["start"] for scene in seen["scenes"]]
    cuts = [float(at) for at in range(0, LENGTH, SCENE)]
    right = sum(any(abs(at - cut) <= TOLERANCE_S for at in starts) for cut in cuts)
    read = sum(
        bool(scene["text"]) and any(scene["text"][0].startswith(one) for one in WORDS) for scene in seen["scenes"]
    )
    return {
        "seconds": LENGTH, "frames": frames, "plain": LENGTH / plain, "looked": LENGTH / looked,
        "processor": LENGTH / worked, "cuts": len(cuts), "found": len(starts), "right": right, "read": read,
        "off": _off(seen["scenes"]),
    }  # fmt: skip


def show(found: dict[str, Any]) -> None:
    """Print the figures."""
    print(f"{found['seconds']} s of 720p at {FPS} frames a second, {found['frames']} frames")
    print(f"plain PyAV, decoded only    {found['plain']:6.1f} × real time")
    print(f"looked through, on the clock{found['looked']:6.1f} × real time (wanted: {WANTED:g})")
    print(f"looked through, one core    {found['processor']:6.1f} × real time")
    print(f"cuts: {found['right']} of {found['cuts']} found, {found['found'] - found['right']} false")
    print(f"slides read: {found['read']} of {found['cuts']} (text is read on {6 + found['seconds'] // 12} key frames)")
    print(f"the ball's place: {found['off']:.1%} of the width off in the middle of its ways")


def _off(scenes: list[dict[str, Any]]) -> float:
    """How far the followed ball is from where it was drawn, in picture widths: the median over all points."""
    apart = [
        abs(across * SIZE[0] - (BALL / 2 + SPEED * (at - scene["start"]))) / SIZE[0]
        for scene in scenes
        for track in scene["tracks"]
        for at, across, _ in track["points"]
    ]
    return sorted(apart)[len(apart) // 2] if apart else 1.0


def _film(path: Path, seconds: int = LENGTH) -> Path:
    import av
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype("DejaVuSans.ttf", 56)
    noise = np.random.default_rng(1).integers(0, 9, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=FPS, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number in range(seconds * FPS):
            scene, at = divmod(number / FPS, SCENE)
            place = int(scene)
            sheet = Image.new("RGB", SIZE, BACKGROUNDS[place % len(BACKGROUNDS)])
            pen = ImageDraw.Draw(sheet)
            pen.text((90, 90), WORDS[place % len(WORDS)], font=font, fill="black" if place % 2 == 0 else "#e8e0c8")
            if place % 2:
                pen.ellipse((SPEED * at, 430, SPEED * at + BALL, 430 + BALL), fill="#dc1e23")
            pixels = np.minimum(np.asarray(sheet), 245) + np.roll(noise, number * 7, axis=1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels.astype(np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    return path
