"""How good a picture is: sharp or blurred, dark or washed out, and how large it can be printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LOOKED_AT = 1024
"""Pixels of the longest side while sharpness is measured, so that its figure does not depend on resolution."""
BLURRED, SOFT = 60.0, 150.0
PRINT_DPI, SCREEN_DPI = 300, 150


@dataclass(frozen=True)
class Quality:
    """Sharpness is the variance of the Laplacian (Pech-Pacheco et al., 2000) of the sharpest ninth of the picture.

    `brightness` and `contrast` are the mean and the standard deviation of grey (0 to 255), `dark` and `burnt` the parts
    (0 to 1) without any detail. `print_cm` is width and height printed at 300 dots per inch.
    """

    sharpness: float
    brightness: float
    contrast: float
    dark: float
    burnt: float
    print_cm: tuple[float, float]

    @property
    def words(self) -> list[str]:
        """What to say of it, short."""
        sharp = "blurred" if self.sharpness < BLURRED else "a little soft" if self.sharpness < SOFT else "sharp"
        light = "well exposed"
        if self.brightness < 60 or self.dark > 0.4:
            light = "too dark"
        elif self.burnt > 0.25 and self.contrast > 60 and self.brightness > 225:
            light = "overexposed"
        elif self.contrast < 22:
            light = "flat, with little contrast"
        return [sharp, light]


def quality_of(image: Image) -> Quality:
    """Measure an upright RGB picture."""
    import cv2
    import numpy as np

    small = image.convert("L")
    small.thumbnail((LOOKED_AT, LOOKED_AT))
    grey = np.asarray(small)
    edges = cv2.Laplacian(grey, cv2.CV_64F)
    ninths = [part for band in np.array_split(edges, 3) for part in np.array_split(band, 3, axis=1) if part.size]
    width, height = (round(side / PRINT_DPI * 2.54, 1) for side in image.size)
    return Quality(
        sharpness=round(max(float(part.var()) for part in ninths), 1),
        brightness=round(float(grey.mean()), 1),
        contrast=round(float(grey.std()), 1),
        dark=round(float((grey < 8).mean()), 3),
        burnt=round(float((grey > 250).mean()), 3),
        print_cm=(width, height),
    )
