"""What is told of a film is wholly in the user's language; only what the film itself says stays as it is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agents.tools.media.film_report import told
from graph.wording import in_language, languages

ENGLISH = re.compile(
    r"\b(?:scenes|faces|something|moves|frames|picture|sound|long|left|right|upwards|with|the camera|text stays|still|"
    r"only|found|nothing|here|at most|yellow|dark)\b",
    re.IGNORECASE,
)


def scene(**seen: Any) -> dict[str, Any]:
    return {"start": 0.0, "faces": 0, "text": [], "fresh": [], "moves": "nothing", "tracks": [], "said": [], **seen}


SCENES = [
    scene(fresh=["Quartal", "Umsatz"], text=["Quartal"]),
    scene(
        start=4.0,
        tracks=[
            {"colour": "dark red", "way": "from left to right", "from": 4.0, "to": 7.0},
            {"colour": "yellow", "way": "upwards", "from": 4.0, "to": 7.0},
        ],
    ),
    scene(start=8.0, moves="all of it", faces=2),
    scene(start=15.0, text=["x"], faces=1),
    scene(start=20.0),
]
FACTS = {"format": "MP4", "codec": "H.264", "width": 1280, "height": 720, "fps": 25.0, "sound": "aac"}
SEEN = {"seconds": 75, "facts": {**FACTS, "made": "2026-03-01"}}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("actions", [[], ["sheet"], ["faces"], ["motion"], ["text"]], ids=" ".join)
def test_a_film_is_told_of_in_one_language(language: str, actions: list[str]) -> None:
    for scenes in (SCENES, [scene()]):
        said = in_language(told("a.mp4", "f", SEEN, scenes, [], actions), language)
        assert ENGLISH.findall(said.replace("file", "")) == [], said
