"""Where a film changes: cuts, by how its colours are spread; and new pictures that stand still, as slides do.

sample ── colours unlike the sample before? ──▶ cut
       └─ stands still for a while, but unlike the key frame? ──▶ a new slide, or what came after a dissolve
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]

CUT = 0.35
"""Bhattacharyya distance of two colour histograms (0 to 1) from which a sample starts another scene."""
STILL_SHARE, STILL_SAMPLES = 0.002, 5
NEW_SHARE = 0.012
"""Part of the picture that has to differ from the key frame, once it stands still, to count as another one."""
DIFFERENT = 28
"""Difference of a pixel, of 255, that the eye sees and that noise does not reach."""


@dataclass
class Scenes:
    """Tells for one sample after another whether it starts a scene."""

    _histogram: Any = None
    _before: Any = None
    _key: Any = None
    _still: int = field(default=0)

    def starts(self, pixels: Pixels) -> bool:
        """Whether this sample (height × width × BGR, small) starts a scene."""
        import cv2

        smooth = cv2.blur(pixels, (3, 3))
        histogram = _spread(smooth)
        if self._histogram is None:
            new = True
        else:
            cut = cv2.compareHist(self._histogram, histogram, cv2.HISTCMP_BHATTACHARYYA) > CUT
            self._still = self._still + 1 if differing(self._before, smooth) < STILL_SHARE else 0
            new = cut or (self._still == STILL_SAMPLES and differing(self._key, smooth) > NEW_SHARE)
        self._histogram, self._before = histogram, smooth
        if new:
            self._key, self._still = smooth, 0
        elif self._still == STILL_SAMPLES:  # what has settled is what later pictures are held against
            self._key = smooth
        return bool(new)


def differing(one: Pixels, other: Pixels) -> float:
    """The part of two pictures (0 to 1) in which they differ to the eye."""
    import cv2
    import numpy as np

    return float(np.mean(cv2.absdiff(one, other).max(axis=2) > DIFFERENT))


def _spread(pixels: Pixels) -> Any:
    import cv2

    histogram = cv2.calcHist([pixels], [0, 1, 2], None, [8, 8, 8], [0, 256] * 3)
    return cv2.GaussianBlur(histogram.reshape(64, 8), (3, 3), 0) / (pixels.shape[0] * pixels.shape[1])
