"""What holds for every route: problems, names of requests, pages, versions, writes done once, bounds, packing."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/health", 405),
        ("POST", "/system/status", 405),
        ("GET", "/records/leads/unknown", 404),
        ("GET", "/records/leads?limit=many", 422),
    ],
)
def test_every_error_is_a_problem_with_the_requests_name(api: TestClient, method: str, path: str, status: int) -> None:
    answer = api.request(method, path, headers={"X-Request-Id": "my-request-7"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "my-request-7"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


def test_whom_nobody_knows_is_told_so_in_the_words_of_each_api(api: TestClient) -> None:
    unknown = {"Authorization": "Bearer fx_nobody", "X-Request-Id": "my-request-8"}
    ours = api.get("/health/ready", headers=unknown)
    theirs = api.get("http://127.0.0.1:8000/v1/models", headers=unknown)
    assert (ours.status_code, ours.json()["request_id"]) == (401, "my-request-8")
    assert (theirs.status_code, theirs.json()["error"]["type"]) == (401, "authentication_error")
    assert ours.headers["x-request-id"] == theirs.headers["x-request-id"] == "my-request-8"
    nowhere = api.post("http://127.0.0.1:8000/v1/embeddings", json={})
    assert (nowhere.status_code, nowhere.json()["error"]["type"]) == (404, "not_found_error")


def test_a_way_that_is_not_taken_names_those_that_are(api: TestClient) -> None:
    assert api.put("/records/leads").headers["allow"] == "GET, POST"


def test_a_name_that_is_no_plain_word_is_replaced(api: TestClient) -> None:
    given = 'x" onload="alert(1)'
    assert api.get("/health", headers={"X-Request-Id": given}).headers["x-request-id"] != given


def test_a_body_that_is_no_json_is_said_to_be_none(api: TestClient) -> None:
    answer = api.post("/records/leads", content=b'{"title": ', headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)


def test_a_defect_is_told_by_the_requests_name_alone(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret detail of the machine")

    monkeypatch.setattr("memory.facts.Facts.forget", broken)
    answer = api.delete("/memory/facts/unknown")
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "secret" not in answer.text


def test_pages_lead_on_without_skipping_or_doubling_while_others_are_added(api: TestClient) -> None:
    made = [api.post("/memory/facts", json={"text": f"fact {uuid4().hex}"}).json()["id"] for _ in range(5)]
    seen, path = [], "/memory/facts?limit=2"
    while path:
        page = api.get(path)
        seen += [one["id"] for one in page.json()["items"]]
        api.post("/memory/facts", json={"text": f"fact {uuid4().hex}"})
        path = page.links["next"]["url"].removeprefix("/api/v1") if "next" in page.links else ""
        assert bool(path) == (page.json()["next"] is not None)
    assert [one for one in seen if one in made] == made[::-1]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("cursor", ["x", "bm8", "WyJ4IiwgInkiXQ"])
def test_a_cursor_that_leads_nowhere_is_said_to(api: TestClient, cursor: str) -> None:
    assert api.get("/records/leads", params={"cursor": cursor}).status_code == 422


def test_what_is_known_is_not_sent_again(api: TestClient) -> None:
    lead = api.post("/records/leads", json={"title": "Shop"})
    tag = lead.headers["etag"]
    again = api.get(f"/records/leads/{lead.json()['id']}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_nobodys_change_is_overwritten(api: TestClient) -> None:
    lead = api.post("/records/leads", json={"title": "Shop"})
    path, tag = f"/records/leads/{lead.json()['id']}", lead.headers["etag"]
    first = api.patch(path, json={"title": "Shop in Django"}, headers={"If-Match": tag})
    assert first.status_code == 200
    second = api.patch(path, json={"title": "Shop in Rails"}, headers={"If-Match": tag})
    assert (second.status_code, second.headers["content-type"]) == (412, PROBLEM)
    assert api.patch(path, json={"niche": "web"}, headers={"If-Match": first.headers["etag"]}).status_code == 200
    assert api.get(path).json()["title"] == "Shop in Django"


def test_what_may_be_shared_is_changed_and_deleted_only_as_it_was_read(api: TestClient) -> None:
    path = f"/assistants/{api.post('/assistants', json={'name': f'Helper {uuid4().hex[:8]}'}).json()['id']}"
    seen = api.get(path).headers["etag"]
    first = api.patch(path, json={"prompt": "Be short."}, headers={"If-Match": seen})
    assert (first.status_code, first.headers["etag"]) == (200, api.get(path).headers["etag"])
    second = api.patch(path, json={"prompt": "Be long."}, headers={"If-Match": seen})
    assert (second.status_code, second.headers["etag"]) == (412, first.headers["etag"])
    assert api.delete(path, headers={"If-Match": seen}).status_code == 412
    assert api.delete(path, headers={"If-Match": f'"other", {first.headers["etag"]}'}).status_code == 204
    assert api.delete(path, headers={"If-Match": seen}).status_code == 404


def test_of_several_who_saw_the_same_one_changes_it(api: TestClient) -> None:
    lead = api.post("/records/leads", json={"title": "Shop"})
    path, headers = f"/records/leads/{lead.json()['id']}", {"If-Match": lead.headers["etag"]}

    def change(number: int) -> int:
        return api.patch(path, json={"title": f"Shop {number}"}, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, range(4))) == [200, 412, 412, 412]


def test_the_profile_is_replaced_only_as_it_was_read(api: TestClient) -> None:
    tag = api.get("/user/profile").headers["etag"]
    assert api.put("/user/profile", json={"name": "Ada"}).status_code == 428
    set_ = api.put("/user/profile", json={"name": "Ada", "skills": ["Python"]}, headers={"If-Match": tag})
    assert set_.json() == {"fields": {"name": "Ada", "skills": ["Python"]}}
    assert api.put("/user/profile", json={"name": "Eve"}, headers={"If-Match": tag}).status_code == 412


def test_a_write_that_is_sent_twice_is_done_once(api: TestClient) -> None:
    sent: dict[str, Any] = {"json": {"title": f"Shop {uuid4().hex}"}, "headers": {"Idempotency-Key": uuid4().hex}}
    first, again = api.post("/records/leads", **sent), api.post("/records/leads", **sent)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    other = api.post("/records/leads", json={"title": "Another"}, headers=sent["headers"])
    assert other.status_code == 409


def test_sent_at_the_same_moment_it_is_done_once_too(api: TestClient) -> None:
    title = f"Shop {uuid4().hex}"
    headers = {"Idempotency-Key": uuid4().hex}

    def send(_: int) -> int:
        return api.post("/records/leads", json={"title": title}, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(send, range(8)))
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    found = [one for one in api.get("/records/leads?limit=200").json()["items"] if one["title"] == title]
    assert len(found) == 1


def test_an_upload_that_is_sent_twice_is_kept_once_though_its_form_differs(api: TestClient) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    sent = [api.post("/files", files={"file": ("a.txt", b"the same")}, headers=headers) for _ in range(2)]
    assert sent[0].json() == sent[1].json()


def test_a_request_that_failed_may_be_sent_again(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    headers, body = {"Idempotency-Key": uuid4().hex}, {"text": f"fact {uuid4().hex}"}
    with monkeypatch.context() as patched:

        async def broken(*_: Any, **__: Any) -> None:
            raise RuntimeError

        patched.setattr("memory.facts.Facts.add", broken)
        assert api.post("/memory/facts", json=body, headers=headers).status_code == 500
    assert api.post("/memory/facts", json=body, headers=headers).status_code == 201


def test_a_body_larger_than_is_taken_is_refused_while_it_comes(api: TestClient) -> None:
    pieces = (b" " * 64 * 1024 for _ in range(100))
    answer = api.post("/records/leads", content=pieces, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)


def test_long_answers_are_packed_and_streams_are_not(api: TestClient) -> None:
    with api.stream("GET", "/agents", headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert json.loads(gzip.decompress(b"".join(packed.iter_raw())))
    headers = {"Accept": "text/event-stream", "Accept-Encoding": "gzip"}
    with api.stream(
        "POST", "/process_request", json={"type": "math", "data": {"text": "1+1"}}, headers=headers
    ) as live:
        assert "content-encoding" not in live.headers
        assert "event: Done" in live.read().decode()
