"""Requests by script: answered whole and as a stream, only planned, given to one agent, waiting for the user."""

import io
import json
import zipfile

from starlette.testclient import TestClient

from chainlit_app.identity.walk import within


def test_a_request_is_answered_as_a_whole_and_kept_in_its_session(api: TestClient) -> None:
    sent = {"type": "message", "session_id": "books-1", "data": {"text": "what is 12.5 * 80?"}}
    answer = api.post("/process_request", json=sent).json()
    assert (answer["status"], answer["thread"]) == ("done", "books-1")
    assert "1,000" in answer["answer"] or "1000" in answer["answer"]
    said = api.get("/threads/books-1/messages").json()["items"]
    assert [one["type"] for one in said] == ["assistant_message", "tool", "user_message"]
    assert said[-1]["output"] == "what is 12.5 * 80?"
    assert api.get("/threads", params={"q": "12.5"}).json()["items"][0]["id"] == "books-1"


def test_a_request_is_answered_as_the_events_the_page_shows(api: TestClient) -> None:
    headers = {"Accept": "text/event-stream"}
    with api.stream("POST", "/process_request", json={"data": {"text": "what is 2 + 3?"}}, headers=headers) as live:
        lines = live.read().decode().splitlines()
    names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    assert names[:3] == ["Thread", "TurnStarted", "Planned"]
    assert names[-1] == "Done"
    assert "5" in json.loads(lines[-2].removeprefix("data: "))["text"]


def test_one_agent_does_exactly_the_task_it_is_given(api: TestClient) -> None:
    sent = {"type": "memory", "data": {"text": "Nova pays late", "task": {"action": "list"}}}
    answer = api.post("/process_request", json=sent).json()
    assert [one["agent"] for one in answer["findings"]] == ["memory"]
    wrong = api.post("/process_request", json={"type": "memory", "data": {"task": {"action": "sing"}}})
    assert wrong.status_code == 422
    assert wrong.json()["detail"].startswith("#/data/task/action: ")
    assert api.post("/process_request", json={"type": "nobody", "data": {}}).status_code == 422


def test_a_plan_does_nothing(api: TestClient) -> None:
    planned = api.post("/plans", json={"text": "create an invoice for Zeta Ltd for 3 hours at 70 EUR"}).json()
    assert [step["agent"] for step in planned["steps"]] == ["bookkeeping"]
    assert not [one for one in api.get("/records/clients?limit=200").json()["items"] if one["name"] == "Zeta Ltd"]


def test_what_goes_out_or_deletes_waits_for_the_users_word(api: TestClient) -> None:
    asked = api.post("/process_request", json={"type": "privacy", "data": {"task": {"action": "erase"}}})
    assert (asked.status_code, asked.json()["status"]) == (202, "waiting")
    waiting = asked.json()["approvals"][0]
    path = f"/approvals/{waiting['turn']}/{waiting['step']}"
    assert api.get(path).json()["title"] == "Erase everything"
    assert api.post(path, json={"decision": "reject"}).json()["state"] == "rejected"
    assert api.get(path).status_code == 409


def test_everything_is_exported_into_one_file(api: TestClient) -> None:
    made = api.post("/privacy/export")
    assert made.status_code == 201
    packed = api.get(made.json()["url"].removeprefix("/api/v1")).content
    assert "everything.html" in zipfile.ZipFile(io.BytesIO(packed)).namelist()


def test_everything_of_one_user_is_erased_only_with_the_accounts_name(api: TestClient) -> None:
    stores = within(api.app).state.runtime.stores

    async def eve() -> str:
        account = await stores.accounts.add("eve", "member")
        return (await stores.api_keys.make(account.user, "hers", ["*"], None))[1].text

    assert api.portal is not None
    hers = {"Authorization": f"Bearer {api.portal.call(eve)}"}
    kept = api.post("/memory/facts", json={"text": "Ada likes tea"}).json()
    api.post("/memory/facts", json={"text": "Nova moved to Kiel"}, headers=hers)
    assert api.delete("/privacy/delete", headers=hers).status_code == 422
    assert api.delete("/privacy/delete", params={"confirm": "yes"}, headers=hers).status_code == 422
    gone = api.delete("/privacy/delete", params={"confirm": "eve"}, headers=hers)
    assert gone.status_code == 200, gone.text
    assert "Everything is erased" in gone.json()["text"]
    assert api.portal.call(stores.accounts.named, "eve") is None
    assert api.get(f"/memory/facts/{kept['id']}").json() == kept


def test_nothing_goes_out_while_it_is_set_to_offline(api: TestClient) -> None:
    answer = api.get("/jobs/search", params={"q": "Python"}).json()
    assert answer["findings"][0]["error"] == "offline"


def test_settings_show_no_secret(api: TestClient) -> None:
    shown = {one["name"]: one["value"] for one in api.get("/settings").json()}
    assert shown["offline"] is True
    assert shown["stripe_key"] is None
    refused = api.patch("/settings/preferences", json={"allowed": ["everything"]})
    assert refused.status_code == 422
    given = api.patch("/settings/preferences", json={"allowed": ["research"]}).json()
    assert given["allowed"] == ["research"]
    assert api.patch("/settings/preferences", json={"allowed": []}).json()["allowed"] == []


def test_a_request_is_scheduled_paused_and_removed(api: TestClient) -> None:
    sent = {"words": "give me my briefing", "rule": "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0", "zone": "Europe/Berlin"}
    made = api.post("/schedules", json=sent).json()
    assert made["due"]
    assert api.post(f"/schedules/{made['id']}/state", json={"state": "paused"}).json()["state"] == "paused"
    assert api.post(f"/schedules/{made['id']}/state", json={"state": "paused"}).status_code == 409
    assert api.delete(f"/schedules/{made['id']}").status_code == 204
    assert api.post("/schedules", json={**sent, "zone": "Mars/Olympus"}).status_code == 422
