"""What moves in a film: parts that differ from a learnt background, followed from sample to sample.

sample ──▶ background by colour (MOG2) ──▶ moving parts as boxes ──▶ the track each goes on: overlap, else nearness
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]

Box = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""
LEARNT_SAMPLES, THRESHOLD = 60, 25
SETTLING = 2
"""Samples after a cut in which the background is not known yet."""
SMALLEST, LARGEST = 0.0015, 0.5
"""Parts of the picture a moving thing covers; above, it is the camera that moves."""
NEAR = 0.12
"""How far a thing goes between two samples, in picture widths."""
LOST = 5
SHORTEST, TRAVEL = 5, 0.06
"""Samples and picture widths from which a track is told."""


@dataclass
class Track:
    """One thing that moved: when (seconds), where its middle was (0 to 1 across and down), its colour and size."""

    points: list[tuple[float, float, float]] = field(default_factory=list)
    rgb: tuple[int, int, int] = (0, 0, 0)
    area: float = 0.0
    box: Box = (0, 0, 0, 0)
    missed: int = 0

    @property
    def travel(self) -> float:
        """The way between its farthest ends, in picture widths or heights."""
        across, down = [x for _, x, _ in self.points], [y for _, _, y in self.points]
        return max(max(across) - min(across), max(down) - min(down))

    @property
    def way(self) -> str:
        """Where it went, in words."""
        (_, x0, y0), (_, x1, y1) = self.points[0], self.points[-1]
        if max(abs(x1 - x0), abs(y1 - y0)) < 0.5 * self.travel:
            return "back and forth"
        if abs(x1 - x0) >= abs(y1 - y0):
            return "from left to right" if x1 > x0 else "from right to left"
        return "downwards" if y1 > y0 else "upwards"


@dataclass
class Movement:
    """Follows what moves within one scene."""

    done: list[Track] = field(default_factory=list)
    samples: int = 0
    moving: int = 0
    sweeping: int = 0
    _open: list[Track] = field(default_factory=list)
    _background: Any = None

    def see(self, at: float, pixels: Pixels) -> None:
        """Take in a sample (height × width × BGR, small) at `at` seconds."""
        import cv2

        if self._background is None:
            self._background = cv2.createBackgroundSubtractorMOG2(LEARNT_SAMPLES, THRESHOLD, detectShadows=False)
        mask = self._background.apply(pixels)
        self.samples += 1
        if self.samples <= SETTLING:
            return
        height, width = mask.shape
        share = cv2.countNonZero(mask) / mask.size
        if share > LARGEST:
            self.sweeping += 1
            self._go_on([], at, pixels)
            return
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
        mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_RECT, (9, 9)))
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        least = SMALLEST * width * height
        boxes = [tuple(int(n) for n in stats[i][:4]) for i in range(1, count) if stats[i][4] >= least]
        self.moving += bool(boxes)
        self._go_on(boxes, at, pixels)

    def finished(self) -> list[Track]:
        """The things that moved, the longest way first."""
        self.done += [track for track in self._open if _told(track)]
        self._open = []
        return sorted(self.done, key=lambda track: -track.travel * len(track.points))

    def _go_on(self, boxes: list[Any], at: float, pixels: Pixels) -> None:
        height, width = pixels.shape[:2]
        left = list(boxes)
        for track in sorted(self._open, key=lambda track: track.missed):
            best = max(left, key=lambda box: _fit(track, box, width), default=None)
            if best is None or _fit(track, best, width) <= 0:
                track.missed += 1
                continue
            left.remove(best)
            _extend(track, best, at, width, height)
        for box in left:
            track = Track(rgb=_colour(pixels, box), area=box[2] * box[3] / (width * height))
            _extend(track, box, at, width, height)
            self._open.append(track)
        lost = [track for track in self._open if track.missed > LOST]
        self.done += [track for track in lost if _told(track)]
        self._open = [track for track in self._open if track.missed <= LOST]


def _told(track: Track) -> bool:
    return len(track.points) >= SHORTEST and track.travel >= TRAVEL


def _extend(track: Track, box: Box, at: float, width: int, height: int) -> None:
    track.box, track.missed = box, 0
    track.points.append((round(at, 2), (box[0] + box[2] / 2) / width, (box[1] + box[3] / 2) / height))


def _fit(track: Track, box: Box, width: int) -> float:
    """How well a box goes on a track: above 1 when they overlap, above 0 when they are near, else not at all."""
    ours, reach = track.box, NEAR * width * (1 + track.missed)
    wide = min(ours[0] + ours[2], box[0] + box[2]) - max(ours[0], box[0])
    high = min(ours[1] + ours[3], box[1] + box[3]) - max(ours[1], box[1])
    if wide > 0 and high > 0:
        both = wide * high
        return 1 + both / (ours[2] * ours[3] + box[2] * box[3] - both)
    apart = float(
        ((ours[0] + ours[2] / 2 - box[0] - box[2] / 2) ** 2 + (ours[1] + ours[3] / 2 - box[1] - box[3] / 2) ** 2) ** 0.5
    )
    alike = min(ours[2] * ours[3], box[2] * box[3]) / max(ours[2] * ours[3], box[2] * box[3])
    return (1 - apart / reach) if alike > 0.25 else 0.0


def _colour(pixels: Pixels, box: Box) -> tuple[int, int, int]:
    import numpy as np

    x, y, wide, high = box
    middle = pixels[y + high // 4 : y + high - high // 4, x + wide // 4 : x + wide - wide // 4]
    blue, green, red = (int(value) for value in np.median(middle.reshape(-1, 3), axis=0))
    return red, green, blue
