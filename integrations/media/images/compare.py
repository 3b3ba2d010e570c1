"""How two pictures differ: in size, in colours, and where, when they show the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 800
CHANGED = 28
SMALLEST = 60
SAME_UP_TO = 0.002
OTHER_FROM = 0.55


@dataclass(frozen=True)
class Difference:
    """`part` is the share of pixels that differ (0 to 1), `places` how many areas, `marked` the second with frames."""

    part: float
    places: int
    marked: Image

    @property
    def words(self) -> str:
        """The outcome in one sentence."""
        if self.part <= SAME_UP_TO:
            return "The two pictures show the same."
        if self.part >= OTHER_FROM:
            return "These are two different pictures."
        areas = "one area" if self.places == 1 else f"{self.places} areas"
        return f"They differ in {areas}, {self.part:.1%} of the picture; the frames show where."


def compare(one: Image, other: Image) -> Difference:
    """Lay two pictures over each other, the second at the size of the first, and frame what differs."""
    import cv2
    import numpy as np
    from PIL import Image as pillow

    first = one.copy()
    first.thumbnail((SIDE, SIDE))
    second = other.resize(first.size)
    blurred = [cv2.GaussianBlur(np.asarray(image), (5, 5), 0).astype(np.int16) for image in (first, second)]
    changed = (np.abs(blurred[0] - blurred[1]).max(axis=2) > CHANGED).astype(np.uint8)
    joined = cv2.dilate(changed, np.ones((15, 15), np.uint8))
    outlines = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    marked = np.asarray(second).copy()
    frames = [box for outline in outlines if (box := cv2.boundingRect(outline)) and box[2] * box[3] >= SMALLEST]
    for left, top, width, height in frames:
        cv2.rectangle(marked, (left, top), (left + width, top + height), (220, 40, 60), 2)
    return Difference(float(changed.mean()), len(frames), pillow.fromarray(marked))
