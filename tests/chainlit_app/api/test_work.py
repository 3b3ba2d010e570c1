"""Work by script: a table is uploaded, a model trained, asked and explained; long work is waited for and stopped."""

import csv
import io
import random
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

import pytest
from starlette.testclient import TestClient


def done(api: TestClient, work: dict[str, Any]) -> dict[str, Any]:
    for _ in range(12):
        work = api.get(f"/work/{work['id']}", params={"wait": 10}).json()
        if work["state"] != "running":
            break
    return work


@pytest.fixture(scope="module")
def table() -> bytes:
    lot = random.Random(7)
    rows = [(lot.randint(1, 90), lot.choice("abc"), lot.random()) for _ in range(150)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["size", "town", "noise", "price"])
    writer.writerows([size, town, noise, size * 100 + (town == "a") * 500] for size, town, noise in rows)
    return text.getvalue().encode()


def test_a_table_becomes_a_model_that_predicts_and_explains(api: TestClient, table: bytes) -> None:
    dataset = api.post("/datasets", files={"file": ("flats.csv", table, "text/csv")}).json()
    assert dataset["id"] in [one["id"] for one in api.get("/datasets").json()["items"]]
    begun = api.post("/automl/runs", json={"dataset": dataset["id"], "target": "price", "seconds": 2})
    assert begun.status_code == 202
    assert begun.headers["location"] == f"/api/v1/work/{begun.json()['id']}"
    trained = done(api, begun.json())
    assert (trained["state"], trained["agent"]) == ("done", "automl"), trained
    assert trained["answer"]["findings"][0]["data"]["target"] == "price"
    model = next(one for one in api.get("/automl/models").json()["items"] if one["dataset"] == dataset["id"])
    assert (model["target"], model["version"], model["source"]) == ("price", 1, "flats.csv")
    predicted = done(api, api.post(f"/automl/models/{model['id']}/predict", json={"dataset": dataset["id"]}).json())
    file = predicted["answer"]["artifacts"][0]
    lines = api.get(file["url"].removeprefix("/api/v1")).text.splitlines()
    assert len(lines) == 151
    assert "prediction" in lines[0]


EVENTS = "ws://127.0.0.1:8000/api/v1/events"


def of_work(socket: Any, *kinds: str) -> dict[str, Any]:
    """The next event of one of these kinds."""
    while (event := socket.receive_json())["type"] not in kinds:
        pass
    found: dict[str, Any] = event
    return found


def test_long_work_is_followed_live_and_stopped(api: TestClient, table: bytes) -> None:
    """The test client cancels a socket that is left while the server still listens."""
    dataset = api.post("/datasets", files={"file": ("flats.csv", table)}).json()
    with suppress(CancelledError), api.websocket_connect(EVENTS) as socket:
        begun = api.post("/automl/runs", json={"dataset": dataset["id"], "target": "price", "seconds": 3600}).json()
        assert begun["state"] == "running"
        began, progress = of_work(socket, "work.began"), of_work(socket, "work.progress")
    assert (began["data"]["id"], progress["data"]["id"]) == (begun["id"], begun["id"])
    assert progress["data"]["progress"] and "part" in progress["data"]
    assert begun["id"] in [one["id"] for one in api.get("/work", params={"state": "running"}).json()["items"]]
    assert api.post(f"/work/{begun['id']}/cancel").json()["state"] == "stopped"
    assert api.post(f"/work/{begun['id']}/cancel").status_code == 409
    with (
        suppress(CancelledError),
        api.websocket_connect(f"ws://127.0.0.1:8000/api/v1/events?after={progress['id']}") as socket,
    ):
        ended = of_work(socket, "work.ended", "gap")
    assert (ended["type"], ended["data"]) == (
        "work.ended",
        {"id": begun["id"], "thread": begun["thread"], "state": "stopped"},
    )


def test_a_file_that_is_no_table_is_refused(api: TestClient) -> None:
    assert api.post("/datasets", files={"file": ("notes.txt", b"words")}).status_code == 415
    file = api.post("/files", files={"file": ("notes.txt", b"words")}).json()
    answer = api.post("/automl/runs", json={"dataset": file["id"]})
    assert (answer.status_code, answer.json()["detail"]) == (422, "#/dataset: This file is no table.")


def test_a_document_is_read_searched_and_forgotten(api: TestClient) -> None:
    words = b"Terms\n\nThe notice period is four weeks.\n\nPayment is due within thirty days."
    file = api.post("/files", files={"file": ("contract.txt", words)}).json()
    read = api.post("/documents", json={"file": file["id"]})
    assert (read.status_code, read.json()["name"]) == (201, "contract.txt")
    found = api.get("/documents/search", params={"q": "notice period", "document": file["id"]}).json()["items"]
    assert "four weeks" in found[0]["text"]
    assert api.delete(f"/documents/{file['id']}").status_code == 204
    assert api.get(f"/documents/{file['id']}").status_code == 404
    assert api.get(f"/files/{file['id']}").content == words
