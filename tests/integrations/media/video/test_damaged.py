"""Twenty damaged films: each is seen as far as it goes, or refused with one sentence, and memory stays flat."""

from __future__ import annotations

import random
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.media.video.opening import UnreadableFilm, open_film
from tests.films import CODECS, film, rolling

FLAT_MB = 200


def damages(whole: bytes, chance: random.Random) -> Iterator[bytes]:
    """One film cut, flipped, zeroed and drowned in noise."""
    yield whole[: chance.randrange(200, len(whole))]
    flipped = bytearray(whole)
    for _ in range(len(whole) // 300):
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    yield bytes(flipped)
    start = chance.randrange(len(whole) // 2)
    yield whole[:start] + bytes(len(whole) // 4) + whole[start + len(whole) // 4 :]
    yield whole[:64] + chance.randbytes(8_000)


@pytest.mark.timeout(120)
def test_twenty_damaged_films_end_in_frames_or_a_sentence(tmp_path: Path) -> None:
    chance, outcomes = random.Random(8), []
    before = 0
    for suffix in sorted(CODECS):
        whole = film(tmp_path / f"a.{suffix}", [(2, "white", rolling())]).read_bytes()
        for number, broken in enumerate(damages(whole, chance)):
            path = tmp_path / f"{number}.{suffix}"
            path.write_bytes(broken)
            try:
                with open_film(path) as opened:
                    outcomes.append(str(len(list(opened.frames()))))
            except UnreadableFilm as refused:
                said = str(refused)
                assert said.endswith(".") and said.count(". ") == 0 and "Error" not in said
                outcomes.append(said)
        before = before or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert len(outcomes) == 20
    assert any(outcome.isdigit() for outcome in outcomes) and not all(outcome.isdigit() for outcome in outcomes)
    assert grown < FLAT_MB
