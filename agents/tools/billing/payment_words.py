"""Reads what is wanted of payments from a sentence: a link for an invoice, or a look at what came."""

from __future__ import annotations

import re
from typing import Any

from agents.tools.billing.invoice_requests import read_request

_LINK = re.compile(
    r"\b(?:make|create|generate|need|want|get|give|send|set up|erstell\w*|crea\w*|crée\w*|link for|link so)\b.*"
    r"\b(?:links?|zahlungslink|enlace|lien)\b|\b(?:payment|stripe) link for\b|\bzahlungslink\b"
    r"|^\W*(?:(?:an?|un|uma?|the|pay|payment|stripe|please|ein(?:en)?)\s+)*(?:links?|enlace|lien|pay ?link)\b",
    re.I | re.S,
)
_ASKS = re.compile(
    r"\?|\b(?:check|see|look|any|stripe|did|has|have (?:any|my)|what|which|links?)\b(?! (?:paid|pagado))", re.I
)
_NUMBER = re.compile(
    r"\b(?:invoice|rechnung|factura|facture|fattura|fatura)s?\s*(?:no\.?|nr\.?|number|n[º°]|#)?\s*(\d[\d-]*)\b|\b(\d{4}-\d{1,6})\b",
    re.I,
)


def read_payment(clause: str) -> dict[str, Any]:
    """`action`: link, check or paid; `number` of the invoice that is named; `payer` is who is said to have."""
    found: dict[str, Any] = {"action": "link" if _LINK.search(clause) else "check"}
    if found["action"] == "check" and not _ASKS.search(clause):
        said = read_request(clause)
        if said["action"] == "paid":
            found = {"action": "paid", "payer": said.get("client")}
    if number := _NUMBER.search(clause):
        found["number"] = number[1] or number[2]
    return found
