"""The examples of docs/api.md run as they stand, and the page of the documentation is there without a network."""

import asyncio
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from chainlit_app.api.docs import page
from chainlit_app.identity.walk import within
from config.paths import ROOT
from tests.chainlit_app.api.api_app import api_app, key_in
from tests.loopback import free_port


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    data, port = tmp_path_factory.mktemp("served"), free_port()
    key = asyncio.run(key_in(data))
    server = uvicorn.Server(uvicorn.Config(api_app(data), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/api/v1", key
    server.should_exit = True
    thread.join()


def test_the_examples_run_as_they_stand(served: tuple[str, str], tmp_path: Path) -> None:
    address, key = served
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    script = "set -eu\nset -o pipefail\n" + "\n".join(blocks).replace("http://127.0.0.1:8000/api/v1", address)
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "FREELANCEX_KEY": key},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    assert "event: Done" in ran.stdout
    assert '"state":"paid"' in ran.stdout or '"state":"received"' in ran.stdout
    assert (tmp_path / "invoice.pdf").read_bytes().startswith(b"%PDF-")


def test_the_page_tells_every_operation_once_under_what_it_is_about(tmp_path: Path) -> None:
    schema = within(api_app(tmp_path)).openapi()
    shown = page(schema)
    assert "http://" not in shown and "https://" not in shown
    operations = [one for path in schema["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all(shown.count(f'id="{one["operationId"]}"') == 1 for one in operations)
    assert all(one["description"] for one in schema["tags"])
