"""Files that are broken, cut, renamed or hostile: each is read or refused with one sentence, and memory stays flat."""

from __future__ import annotations

import random
import resource
from pathlib import Path

import pytest

from integrations.media.documents.format import UnreadableDocument
from integrations.media.documents.read import read_document
from tests.integrations.media.documents import made

SEED = 20260
FLAT_MB = 150
_STALE = sorted(made.EVERY)


def damages(whole: bytes, chance: random.Random) -> dict[str, bytes]:
    """One file damaged in each way that disks, transfers and attackers know."""
    cut = chance.randrange(1, max(2, len(whole) - 1))
    flipped = bytearray(whole)
    for _ in range(max(3, len(whole) // 400)):
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    zeroed = bytearray(whole)
    start = chance.randrange(max(1, len(whole) // 2))
    zeroed[start : start + len(whole) // 4] = bytes(len(zeroed[start : start + len(whole) // 4]))
    at = chance.randrange(len(whole))
    return {
        "cut off": whole[:cut],
        "flipped bits": bytes(flipped),
        "zero-filled": bytes(zeroed),
        "doubled in the middle": whole[:at] + whole[:at] + whole[at:],
        "noise behind its head": whole[:64] + chance.randbytes(4_000),
    }


def broken_files() -> list[tuple[str, str, bytes]]:
    """The damaged files: how they are damaged, the name they come with, the bytes."""
    chance = random.Random(SEED)
    files = [
        (how, f"a.{suffix}", content)
        for suffix, make in made.EVERY.items()
        for how, content in damages(make(), chance).items()
    ]
    files += [("wrong name", f"a.{other}", make()) for (_, make), other in
              zip(made.EVERY.items(), [*_STALE[3:], *_STALE[:3]], strict=True)]  # fmt: skip
    files += [("empty", f"a.{suffix}", b"") for suffix in ("pdf", "docx", "eml")]
    bomb = {"word/document.xml": "<w>" + " " * 30_000_000, "xl/workbook.xml": "", "ppt/presentation.xml": ""}
    files += [("bomb", f"a.{suffix}", made.zipped(bomb)) for suffix in ("docx", "zip")]
    many = {f"{number}.txt": "x" for number in range(2_100)}
    files += [("too many parts", "a.zip", made.zipped(many))]
    laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    files += [("entities", "a.odt", made.zipped({"mimetype": "application/vnd.oasis.opendocument.text",
                                                 "content.xml": laughs}))]  # fmt: skip
    files += [
        ("deep", "a.html", b"<!doctype html>" + b"<div>" * 100_000),
        ("deep", "a.rtf", b"{\\rtf1 " + b"{" * 50_000),
    ]
    return files


FILES = broken_files()


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 80


def test_each_is_read_or_refused_with_one_sentence_and_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "file"
    refused = 0
    before = _peak_mb()
    for how, name, content in FILES:
        path.write_bytes(content)
        try:
            read_document(str(path), name)
        except UnreadableDocument as error:
            refused += 1
            sentence = str(error)
            assert sentence.endswith(".") and "\n" not in sentence and str(tmp_path) not in sentence, (how, name)
        except Exception as error:
            pytest.fail(f"{how} {name}: {error!r}")
    assert refused >= len(FILES) / 4
    assert _peak_mb() - before < FLAT_MB


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
