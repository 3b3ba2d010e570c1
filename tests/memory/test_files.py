"""The file store: every file in a folder of its own, for its owner alone."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Settings
from memory.file_kinds import clean_name, kind_of, mime_of
from memory.stores import Stores
from privacy.keys.ring import Tampered


async def test_a_file_comes_back_as_it_went_in(stores: Stores, tmp_path: Path) -> None:
    source = tmp_path / "sales.csv"
    source.write_bytes(b"a,b\n1,2\n")
    kept = await stores.files.put(source, source.name, user="me", thread="t")
    found = await stores.files.get(kept.id, user="me")
    assert found == kept
    assert await stores.files.read(kept) == b"a,b\n1,2\n"
    assert (kept.kind, kept.mime, kept.size) == ("table", "text/csv", 8)


async def test_another_user_has_no_such_file(stores: Stores) -> None:
    kept = await stores.files.put(b"x", "x.txt", user="me")
    assert await stores.files.get(kept.id, user="you") is None
    assert not await stores.files.delete(kept.id, user="you")


async def test_a_deleted_file_is_off_the_disk(stores: Stores) -> None:
    kept = await stores.files.put(b"x", "x.txt", user="me")
    assert await stores.files.delete(kept.id, user="me")
    assert list(stores.files.folder.iterdir()) == []


async def test_on_disk_lies_neither_its_content_nor_its_name(stores: Stores) -> None:
    await stores.files.put(b"the secret of ACME" * 100_000, "acme merger.txt", user="me")
    for path in await anyio.to_thread.run_sync(lambda: list(stores.files.folder.rglob("*"))):
        assert "acme" not in path.name
        assert path.is_dir() or b"ACME" not in path.read_bytes()


async def test_a_plain_copy_lies_on_the_desk_until_it_is_wiped(stores: Stores) -> None:
    kept = await stores.files.put(b"a,b\n", "sales.csv", user="me", thread="t")
    laid = await stores.files.lay(kept, "t")
    assert (laid.name, laid.read_bytes(), laid.stat().st_mode & 0o777) == ("sales.csv", b"a,b\n", 0o600)
    assert await stores.files.lay(kept, "t") == laid
    stores.files.desk.wipe("another")
    assert laid.exists()
    stores.files.desk.wipe("t")
    assert not laid.exists()


async def test_a_file_that_was_changed_or_put_in_anothers_place_does_not_open(stores: Stores) -> None:
    one, other = [await stores.files.put(b"x" * 100, "x.txt", user="me") for _ in range(2)]
    theirs, mine = (stores.files.folder / file.id / "sealed" for file in (other, one))
    sealed = mine.read_bytes()
    theirs.write_bytes(sealed)
    with pytest.raises(Tampered):
        await stores.files.read(other)
    mine.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Tampered):
        await stores.files.read(one)


async def test_files_of_an_older_version_are_sealed_when_the_stores_open(settings: Settings, stores: Stores) -> None:
    kept = await stores.files.put(b"old", "old.txt", user="me")
    folder = stores.files.folder / kept.id
    (folder / "sealed").unlink()
    (folder / "old.txt").write_bytes(b"old")
    assert await stores.files.seal_plain() == 1
    assert await stores.files.read(kept) == b"old"
    assert [path.name for path in folder.iterdir()] == ["sealed"]


async def test_a_file_that_cannot_be_copied_leaves_nothing(stores: Stores, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await stores.files.put(tmp_path / "nowhere.csv", "nowhere.csv", user="me", thread="t")
    assert await stores.files.in_thread("t", user="me") == []
    assert list(stores.files.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\brief.pdf", "brief.pdf"),
        (".htaccess", "htaccess"),
        ("a\x00b?.csv", "a_b_.csv"),
        ("..", "file"),
        ("", "file"),
    ],
)
def test_no_name_leaves_its_folder(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.text(max_size=400))
def test_every_name_becomes_a_plain_short_one(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= 140
    assert "/" not in clean and "\\" not in clean and "\x00" not in clean and not clean.startswith(".")


def test_kinds_and_types_follow_the_name() -> None:
    assert [kind_of(name) for name in ("a.XLSX", "b.pdf", "c.png", "d", "e.exe")] == [
        "table",
        "document",
        "image",
        "other",
        "other",
    ]
    assert mime_of("a.unknown") == "application/octet-stream"


async def test_a_webm_is_a_film_when_it_holds_pictures_and_a_recording_when_it_does_not(stores: Stores) -> None:
    film = await stores.files.put(b"\x1aE\xdf\xa3webm V_VP9 and more", "a.webm", user="mara")
    memo = await stores.files.put(b"\x1aE\xdf\xa3webm A_OPUS and more", "b.webm", user="mara")
    assert (film.mime, film.kind, memo.mime, memo.kind) == ("video/webm", "video", "audio/webm", "audio")
    again = await stores.files.get(film.id, user="mara")
    assert again is not None and again.kind == "video"
