"""Counts faces, never tells whose: OpenCV's Haar cascade sees upright faces that look at the camera."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 900


def faces_in(image: Image) -> int:
    """How many frontal faces are found; a lower bound, with rare false ones in patterns."""
    import cv2
    import numpy as np

    grey = image.convert("L")
    grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    cascades = Path(cv2.__file__).parent / "data"
    cascade = cv2.CascadeClassifier(str(cascades / "haarcascade_frontalface_default.xml"))
    found = cascade.detectMultiScale(
        cv2.equalizeHist(np.asarray(grey)), scaleFactor=1.1, minNeighbors=7, minSize=(36, 36)
    )
    return len(found)
