"""Uploads are named by what they are, and refused with one sentence."""

import asyncio
import http.client
import io
import json
import zipfile
from pathlib import Path

import httpx
import pytest
from chat_server import Server
from chat_socket import PageSocket

from chainlit_app.uploads import named_by_content


def docx() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"a,b,c\n1,2,3\n4,5,6\n", "csv"),
        (b"a;b\n1;2\n3;4\n", "csv"),
        (b"a\tb\n1\t2\n3\t4\n", "tsv"),
        ("Grüße,\nein Brief".encode(), "txt"),
        (("x" * 8191 + "ü").encode(), "txt"),
        (b"PAR1....", "parquet"),
        (docx(), "docx"),
    ],
)
def test_a_file_without_a_suffix_is_named_by_its_content(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert named_by_content("report", path) == f"report.{suffix}"


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xfe\xed\xfa", b"PK\x03\x04 broken"])
def test_what_cannot_be_told_keeps_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert named_by_content("report", path) == "report"


def test_a_name_that_says_what_it_is_stays(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"%PDF-1.7")
    assert named_by_content("table.csv", path) == "table.csv"


async def upload(page: PageSocket, name: str, content: bytes, kind: str | None = None) -> httpx.Response:
    part = (name, content, kind) if kind else (name, content)
    async with httpx.AsyncClient(base_url=page.address, headers={"Cookie": page.cookie}) as client:
        return await client.post(f"/project/file?session_id={page.session}", files={"file": part})


async def test_an_upload_arrives_with_the_message_and_stays_with_the_conversation(server: Server) -> None:
    async with PageSocket(server.address) as page:
        sent = (await upload(page, "Ein Brief", b"%PDF-1.4 tiny")).json()
        asked = await page.say("echo this file", files=[sent["id"]])
        shown = await page.until("element", forId=asked)
        assert (shown["name"], shown["type"]) == ("Ein Brief.pdf", "pdf")
        await page.until("task_end", after=len(page.told))
        thread = page.all("first_interaction")[0]["thread_id"]
    async with PageSocket(server.address, thread) as again:
        kept = await again.until("resume_thread")
        assert [one["name"] for one in kept["elements"]] == ["Ein Brief.pdf"]
        async with httpx.AsyncClient(base_url=server.address) as client:
            assert (await client.get(kept["elements"][0]["url"])).content == b"%PDF-1.4 tiny"


async def test_an_empty_file_is_refused_with_one_sentence(server: Server) -> None:
    async with PageSocket(server.address) as page:
        refused = await upload(page, "empty.csv", b"")
    assert refused.status_code == 400
    assert refused.json()["detail"] == "empty.csv is empty: send another file."


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(server: Server) -> None:
    async with PageSocket(server.address) as page:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.putrequest("POST", f"/project/file?session_id={page.session}")
        connection.putheader("Content-Length", str(10**12))
        connection.endheaders()
        refused = await asyncio.to_thread(connection.getresponse)
    assert refused.status == 413
    assert "500 MB" in json.loads(refused.read())["detail"]


async def test_a_page_that_is_gone_cannot_upload(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.address) as client:
        refused = await client.post("/project/file?session_id=unknown", files={"file": ("a.txt", b"a")})
    assert refused.status_code == 404
