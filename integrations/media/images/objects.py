"""Objects on a picture, by a detector that the user gives: an ONNX file with a YOLO network's input and output.

    picture ──▶ scaled into the network's square, grey around ──▶ scores ──▶ one box for each object

Three outputs are known, as exporters write them: ``(1, 4 + classes, n)`` of centres and sizes (YOLOv8 and later),
``(1, n, 5 + classes)`` with how sure it is of any object (YOLOv5), and ``(1, n, 6)`` of corners, score and class.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.errors import Mendable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

SURE = 0.35
OVERLAP = 0.5
MOST = 100
"""Objects that are told of."""
USUAL_SIDE = 640
GREY = (114, 114, 114)
"""What YOLO networks were taught to see around a picture."""
STRANGE = "The detector's answer has a form I do not know; export it as YOLO for ONNX."


class NoDetector(Mendable):
    """The file is no detector that can be used. The message is one sentence."""


@dataclass(frozen=True)
class Found:
    """An object: its name, how sure the network is (0 to 1), and left, top, right, bottom in pixels of the picture."""

    name: str
    confidence: float
    box: tuple[int, int, int, int]


def objects_in(image: Image, detector: str | Path) -> list[Found]:
    """The objects a detector finds, the surest first. Meant for a job's process. Raises NoDetector."""
    session, side, names = _opened(Path(detector))
    square, scale = _fitted(image, side)
    try:
        output = session.run(None, {session.get_inputs()[0].name: square})[0]
    except Exception as error:  # the runtime raises its own kinds, which are no public names
        raise NoDetector(f"{Path(detector).name} failed on this picture; it may not be a YOLO detector.") from error
    boxes, scores, classes = _read(output, len(names))
    kept = _apart(boxes, scores, classes)
    found = []
    for place in kept[:MOST]:
        left, top, right, bottom = (float(side) / scale for side in boxes[place])
        box = (
            max(0, round(left)),
            max(0, round(top)),
            min(image.width, round(right)),
            min(image.height, round(bottom)),
        )
        number = int(classes[place])
        found.append(Found(names.get(number, f"class {number}"), round(float(scores[place]), 3), box))
    return found


def _opened(path: Path) -> tuple[Any, int, dict[int, str]]:
    """The network, the side of its input in pixels, and the names of its classes by number."""
    import onnxruntime

    if not path.is_file():
        raise NoDetector(f"There is no {path}; FREELANCEX_DETECTOR names the detector's .onnx file.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # as above
        raise NoDetector(f"{path.name} is no ONNX network that can be opened; export the detector again.") from error
    shape = session.get_inputs()[0].shape
    if len(session.get_inputs()) != 1 or len(shape) != 4 or shape[1] not in (3, "3"):
        raise NoDetector(f"{path.name} does not take one colour picture, so it is no detector that I can use.")
    side = shape[2] if isinstance(shape[2], int) and shape[2] == shape[3] else USUAL_SIDE
    return session, side, _names(session.get_modelmeta().custom_metadata_map.get("names", ""))


def _names(written: str) -> dict[int, str]:
    """As exporters write them: ``{0: 'person', 1: 'bicycle'}``."""
    try:
        read = ast.literal_eval(written)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {}
    pairs = read.items() if isinstance(read, dict) else enumerate(read) if isinstance(read, list | tuple) else ()
    return {int(number): str(name)[:40] for number, name in pairs if isinstance(number, int)}


def _fitted(image: Image, side: int) -> tuple[NDArray[np.float32], float]:
    """The picture in the left upper corner of a square, as the network takes it, and how much it was scaled."""
    import numpy as np
    from PIL import Image as pillow

    scale = side / max(image.size)
    small = image.convert("RGB").resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    square = pillow.new("RGB", (side, side), GREY)
    square.paste(small)
    return np.asarray(square, dtype=np.float32).transpose(2, 0, 1)[None] / np.float32(255), scale


def _read(output: Any, named: int) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """Corners in pixels of the square, scores and classes of what is sure enough. Raises NoDetector."""
    import numpy as np

    if not isinstance(output, np.ndarray) or output.ndim != 3 or output.shape[0] != 1:
        raise NoDetector(STRANGE)
    table: NDArray[np.float32] = output[0].astype(np.float32)
    rows, columns = table.shape
    if columns == 6 and named != 1 and rows != 4 + named:
        sure = table[table[:, 4] >= SURE]
        return sure[:, :4], sure[:, 4], sure[:, 5].astype(np.int64)
    if 5 <= rows < columns or rows == 4 + named > 4:
        table = table.T
        each = table[:, 4:]
    elif columns >= 6:
        each = table[:, 5:] * table[:, 4:5]
    else:
        raise NoDetector(STRANGE)
    scores = each.max(axis=1)
    enough = scores >= SURE
    middle, size = table[enough, :2], table[enough, 2:4]
    return np.hstack([middle - size / 2, middle + size / 2]), scores[enough], each[enough].argmax(axis=1)


def _apart(boxes: Any, scores: Any, classes: Any) -> list[int]:
    """Places of the surest box of each object, the surest first."""
    import cv2

    if not len(boxes):
        return []
    sizes = [[float(left), float(top), float(right - left), float(bottom - top)] for left, top, right, bottom in boxes]
    kept = cv2.dnn.NMSBoxesBatched(sizes, scores.tolist(), classes.tolist(), SURE, OVERLAP)
    return sorted((int(place) for place in kept), key=lambda place: -float(scores[place]))
