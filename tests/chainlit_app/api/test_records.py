"""The books by script: what a freelancer's own program does from a new client to the money."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient


@pytest.fixture
def nova(api: TestClient) -> Iterator[dict[str, Any]]:
    yield api.post("/records/clients", json={"name": f"Nova {uuid4().hex}", "country": "DE"}).json()


def invoice(api: TestClient, client: str, **more: Any) -> dict[str, Any]:
    line = {"description": "Development", "quantity": "10", "unit": "h", "price": "80", "vat": "19"}
    sent = {"client": client, "currency": "EUR", "lines": [line], **more}
    made = api.post("/records/invoices", json=sent)
    assert made.status_code == 201, made.text
    return made.json()


def test_hours_become_an_invoice_that_is_sent_and_paid(api: TestClient, nova: dict[str, Any]) -> None:
    hours = api.post("/records/time", json={"minutes": 600, "client": nova["id"], "note": "checkout"}).json()
    made = invoice(api, nova["name"], hours=[hours["id"]])
    assert (made["state"], made["net"], made["total"]) == ("draft", "800.00", "952.00")
    billed = api.patch(f"/records/time/{hours['id']}", json={"minutes": 30})
    assert billed.status_code == 409
    assert "on an invoice already" in billed.json()["detail"]
    assert api.post(f"/records/invoices/{made['id']}/state", json={"state": "sent"}).json()["state"] == "sent"
    part = api.post("/records/payments", json={"invoice": made["id"], "amount": "452.00"})
    assert part.status_code == 201
    assert api.get(f"/records/invoices/{made['id']}").json()["open"] == "500.00"
    rest = api.post("/records/payments", json={"invoice": made["id"]}).json()
    assert rest["amount"] == "500.00"
    assert api.get(f"/records/invoices/{made['id']}").json()["state"] == "paid"
    told = [one["action"] for one in api.get(f"/records/invoices/{made['id']}/history").json()["items"]]
    assert told == ["paid", "paid in part", "sent", "made"]


def test_a_payment_that_bounced_opens_its_invoice_again(api: TestClient, nova: dict[str, Any]) -> None:
    made = invoice(api, nova["name"])
    api.post(f"/records/invoices/{made['id']}/state", json={"state": "paid"})
    paid = api.get("/records/payments", params={"invoice": made["id"]}).json()["items"][0]
    assert api.post(f"/records/payments/{paid['id']}/state", json={"state": "reversed"}).json()["state"] == "reversed"
    assert api.get(f"/records/invoices/{made['id']}").json()["state"] == "sent"


def test_an_invoice_is_had_as_pdf_and_as_xml(api: TestClient, nova: dict[str, Any]) -> None:
    made = invoice(api, nova["name"])
    drawn = api.get(f"/records/invoices/{made['id']}/pdf")
    assert drawn.content.startswith(b"%PDF-")
    assert made["number"] in drawn.headers["content-disposition"]
    lacking = api.get(f"/records/invoices/{made['id']}/xml")
    assert lacking.status_code == 409
    assert "An e-invoice also says" in lacking.json()["detail"]


def test_a_lead_is_won_by_way_of_its_states(api: TestClient, nova: dict[str, Any]) -> None:
    lead = api.post("/records/leads", json={"title": "Shop", "client": nova["id"], "value": "5000"}).json()
    for state in ("proposed", "won"):
        moved = api.post(f"/records/leads/{lead['id']}/state", json={"state": state})
        assert moved.json()["state"] == state
    assert moved.json()["closed_at"]
    refused = api.post(f"/records/leads/{lead['id']}/state", json={"state": "new"})
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert refused.json()["detail"] == "That lead is won, so it cannot become new."
    found = api.get("/records/leads", params={"client": nova["id"], "state": "won"}).json()["items"]
    assert [one["id"] for one in found] == [lead["id"]]


def test_a_timer_runs_until_it_is_stopped(api: TestClient) -> None:
    running = api.post("/records/time", json={"note": "reviews"}).json()
    assert running["minutes"] is None and running["started_at"]
    stopped = api.post(f"/records/time/{running['id']}/state", json={"state": "stopped"}).json()
    assert stopped["minutes"] is not None
    again = api.post(f"/records/time/{running['id']}/state", json={"state": "stopped"})
    assert again.status_code == 409


def test_what_was_removed_comes_back_by_undo(api: TestClient) -> None:
    spent = {"description": "Train", "amount": "89.9", "currency": "EUR", "day": "2026-11-20"}
    made = api.post("/records/expenses", json=spent).json()
    assert api.delete(f"/records/expenses/{made['id']}").status_code == 204
    assert api.get(f"/records/expenses/{made['id']}").status_code == 404
    assert api.post("/records/undo").json()[0]["record"] == made["id"]
    assert api.get(f"/records/expenses/{made['id']}").json()["amount"] == "89.9"


def test_a_client_is_renamed_found_and_kept_while_others_rest_on_it(api: TestClient, nova: dict[str, Any]) -> None:
    name = f"Stella {uuid4().hex} GmbH"
    assert api.patch(f"/records/clients/{nova['id']}", json={"name": name}).json()["name"] == name
    taken = api.post("/records/clients", json={"name": name.removesuffix(" GmbH")})
    assert taken.status_code == 409
    api.post("/records/contacts", json={"client": nova["id"], "name": "Mia"})
    kept = api.delete(f"/records/clients/{nova['id']}")
    assert kept.status_code == 409
    assert "remove those first" in kept.json()["detail"]


def test_a_removed_client_comes_back_by_undo(api: TestClient, nova: dict[str, Any]) -> None:
    assert api.delete(f"/records/clients/{nova['id']}").status_code == 204
    api.post("/records/undo")
    back = api.get(f"/records/clients/{nova['id']}").json()
    assert {**back, "created_at": nova["created_at"]} == nova


def test_a_reminder_is_moved_and_done(api: TestClient) -> None:
    sent = {"text": "call Nova", "day": "2027-03-01", "at": "09:30", "zone": "Europe/Berlin"}
    made = api.post("/records/reminders", json=sent).json()
    assert made["due"] == "2027-03-01T08:30:00Z"
    assert (
        api.patch(f"/records/reminders/{made['id']}", json={"day": "2027-07-01"})
        .json()["due"]
        .startswith("2027-07-01T07:30")
    )
    assert api.post(f"/records/reminders/{made['id']}/state", json={"state": "done"}).json()["done_at"]


def test_what_is_billed_again_and_again_keeps_its_lines(api: TestClient, nova: dict[str, Any]) -> None:
    line = {"description": "Hosting", "quantity": "1", "price": "25.00"}
    sent = {"client": nova["id"], "every": "month", "next_on": "2027-01-31", "currency": "EUR", "lines": [line]}
    made = api.post("/records/recurring", json=sent).json()
    assert made["lines"] == [{**line, "unit": "", "price": "25", "vat": "0"}]
    assert api.post(f"/records/recurring/{made['id']}/state", json={"state": "paused"}).json()["state"] == "paused"


@pytest.mark.parametrize(
    ("kind", "sent", "pointer"),
    [
        ("leads", {"title": "Shop", "value": 12}, "#/value"),
        ("leads", {"title": "Shop", "colour": "red"}, "#/colour"),
        ("expenses", {"description": "Train", "amount": "1,50", "currency": "EUR"}, "#/amount"),
        ("time", {"minutes": 5000}, "#/minutes"),
        ("goals", {"measure": "revenue", "target": "1", "since": "2026-02-30", "until": "2026-12-31"}, "#/since"),
    ],
)
def test_what_is_wrong_is_pointed_at(api: TestClient, kind: str, sent: dict[str, Any], pointer: str) -> None:
    answer = api.post(f"/records/{kind}", json=sent)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_a_record_cannot_name_one_that_is_not_the_users(api: TestClient) -> None:
    answer = api.post("/records/leads", json={"title": "Shop", "client": "f" * 32})
    assert (answer.status_code, answer.json()["detail"]) == (422, "#/client: There is no such client.")
