"""Makes a photograph of paper or a poor picture clearer: straight, less noise, more contrast, larger if it is small."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_TILT, MOST_TILT = 0.4, 20.0
SMALL = 1000
LARGEST = 3000
HEIGHT_SHOWN = 700
NOISY = 4.0


@dataclass(frozen=True)
class Enhanced:
    """The clearer picture, and what was done to it, in words."""

    image: Image
    done: list[str]


def enhance(image: Image) -> Enhanced:
    """Straighten, denoise, raise contrast and enlarge, each only where it is called for."""
    import cv2
    import numpy as np
    from PIL import Image as pillow

    if max(image.size) > LARGEST:
        image = image.copy()
        image.thumbnail((LARGEST, LARGEST))
    done = []
    tilt = tilt_of(image)
    if LEAST_TILT <= abs(tilt) <= MOST_TILT:
        edge = tuple(int(value) for value in np.median(np.asarray(image)[[0, -1]].reshape(-1, 3), axis=0))
        image = image.rotate(tilt, expand=True, resample=pillow.Resampling.BICUBIC, fillcolor=edge)
        done.append(f"straightened by {abs(tilt):.1f}°")
    pixels: Any = np.asarray(image)
    if noise_of(pixels) > NOISY:
        pixels = cv2.bilateralFilter(pixels, 7, 40, 5)
        done.append("noise smoothed")
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    before = float(lab[:, :, 0].std())
    lab[:, :, 0] = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply(lab[:, :, 0])
    if float(lab[:, :, 0].std()) > before * 1.03:
        pixels = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
        done.append("contrast raised")
    if max(pixels.shape[:2]) < SMALL:
        pixels = cv2.resize(pixels, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        done.append("enlarged twice (no detail is invented)")
    return Enhanced(pillow.fromarray(pixels), done or ["nothing; it needs none"])


def tilt_of(image: Image) -> float:
    """By how many degrees, counter-clockwise, to turn the picture so that its lines lie level; 0 when it shows none.

    The median direction of the long straight edges near the horizontal (probabilistic Hough transform).
    """
    import cv2
    import numpy as np

    small = image.convert("L")
    small.thumbnail((1000, 1000))
    grey = np.asarray(small)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 21), np.uint8))
    found = cv2.HoughLinesP(joined, 1, np.pi / 720, 120, minLineLength=grey.shape[1] // 5, maxLineGap=12)
    if found is None:
        return 0.0
    angles = [float(np.degrees(np.arctan2(y2 - y1, x2 - x1))) for x1, y1, x2, y2 in found.reshape(-1, 4).tolist()]
    level = [angle for angle in angles if abs(angle) <= MOST_TILT]
    return median(level) if len(level) >= 3 else 0.0


def noise_of(pixels: Any) -> float:
    """The standard deviation of the noise in grey levels (Immerkær, 1996), edges left out by taking the median."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    return float(np.median(np.abs(cv2.filter2D(grey, -1, mask))) / 6 / 0.6745)


def before_and_after(before: Image, after: Image) -> Image:
    """Both pictures side by side, equally high."""
    from PIL import Image as pillow

    shown = [
        one.resize((max(1, round(one.width * HEIGHT_SHOWN / one.height)), HEIGHT_SHOWN)) for one in (before, after)
    ]
    both = pillow.new("RGB", (shown[0].width + shown[1].width + 12, HEIGHT_SHOWN), "white")
    both.paste(shown[0], (0, 0))
    both.paste(shown[1], (shown[0].width + 12, 0))
    return both
