"""The colours a picture is made of: their share, a plain name, and whether text in one can be read on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

Rgb = tuple[int, int, int]
NAMES: dict[str, Rgb] = {
    "black": (0, 0, 0), "dark grey": (64, 64, 64), "grey": (128, 128, 128), "light grey": (200, 200, 200),
    "white": (255, 255, 255), "red": (220, 30, 35), "dark red": (130, 20, 25), "brown": (120, 75, 40),
    "orange": (245, 140, 30), "yellow": (250, 220, 50), "cream": (250, 240, 210), "beige": (215, 195, 160),
    "olive": (120, 120, 40), "green": (45, 155, 70), "dark green": (20, 80, 45), "light green": (150, 215, 140),
    "teal": (20, 130, 130), "turquoise": (65, 205, 200), "light blue": (150, 200, 240), "blue": (40, 100, 220),
    "navy": (20, 35, 95), "purple": (120, 60, 170), "violet": (170, 130, 225), "pink": (245, 160, 190),
    "magenta": (215, 40, 150),
}  # fmt: skip
COLOURS = 6
SMALLEST_SHARE = 0.004
READABLE, LARGE_ONLY = 4.5, 3.0
"""Contrast that text needs, and that large text needs (WCAG 2.2, 1.4.3)."""


@dataclass(frozen=True)
class Colour:
    """One colour: its name, ``#rrggbb``, and its share of the picture (0 to 1)."""

    name: str
    hex: str
    share: float

    @property
    def rgb(self) -> Rgb:
        """Red, green, blue, 0 to 255 each."""
        return int(self.hex[1:3], 16), int(self.hex[3:5], 16), int(self.hex[5:7], 16)


def colours_of(image: Image) -> list[Colour]:
    """The main colours of a picture, the largest share first; small but vivid ones are kept."""
    import cv2
    import numpy as np

    small = image.copy()
    small.thumbnail((160, 160))
    shown = np.asarray(small).reshape(-1, 3)
    pixels = cv2.cvtColor(np.asarray(small), cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float32)
    count = min(2 * COLOURS, len(np.unique(pixels, axis=0)))
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    labels = cv2.kmeans(pixels, count, np.empty(0, np.int32), stop, 2, cv2.KMEANS_PP_CENTERS)[1]
    shares = np.bincount(labels.ravel(), minlength=count) / len(pixels)
    rgb = [_most_frequent(shown[labels.ravel() == label]) for label in range(count)]
    merged: dict[str, Colour] = {}
    for share, (red, green, blue) in sorted(zip(shares.tolist(), rgb, strict=True), reverse=True):
        name = name_of((red, green, blue))
        before = merged.get(name)
        code = before.hex if before else f"#{red:02x}{green:02x}{blue:02x}"
        merged[name] = Colour(name, code, round(share + (before.share if before else 0), 4))
    kept = [colour for colour in merged.values() if colour.share >= SMALLEST_SHARE]
    return sorted(kept, key=lambda colour: -colour.share)[:COLOURS]


def _most_frequent(pixels: Any) -> Rgb:
    """The colour most of these pixels have exactly, so that a flat colour keeps its code."""
    import numpy as np

    values, counts = np.unique(pixels, axis=0, return_counts=True)
    red, green, blue = (int(value) for value in values[counts.argmax()])
    return red, green, blue


def name_of(rgb: Rgb) -> str:
    """The nearest of `NAMES`, by the "redmean" distance (Riemersma, https://www.compuphase.com/cmetric.htm)."""

    def distance(other: Rgb) -> float:
        mean = (rgb[0] + other[0]) / 2
        red, green, blue = (one - two for one, two in zip(rgb, other, strict=True))
        return (2 + mean / 256) * red**2 + 4 * green**2 + (2 + (255 - mean) / 256) * blue**2

    return min(NAMES, key=lambda name: distance(NAMES[name]))


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def light(rgb: Rgb) -> float:
        parts = [value / 255 for value in rgb]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
