"""Reads what is wanted of payments from a sentence: a link for an invoice, or a look at what came."""

from __future__ import annotations

import re
from typing import Any

_LINK = re.compile(
    r"\b(?:make|create|generate|need|want|get|give|send|set up|erstell\w*|crea\w*|crée\w*|link for|link so)\b.*"
    r"\b(?:links?|zahlungslink|enlace|lien)\b|\b(?:payment|stripe) link for\b|\bzahlungslink\b"
    r"|^\W*(?:(?:an?|un|uma?|the|pay|payment|stripe|please|ein(?:en)?)\s+)*(?:links?|enlace|lien|pay ?link)\b",
    re.I | re.S,
)
_NUMBER = re.compile(
    r"\b(?:invoice|rechnung|factura|facture|fattura|fatura)s?\s*(?:no\.?|nr\.?|number|n[º°]|#)?\s*(\d[\d-]*)\b|\b(\d{4}-\d{1,6})\b",
    re.I,
)


def read_payment(clause: str) -> dict[str, Any]:
    """`action`: link or check; `number` of the invoice when it is named."""
    found: dict[str, Any] = {"action": "link" if _LINK.search(clause) else "check"}
    if number := _NUMBER.search(clause):
        found["number"] = number[1] or number[2]
    return found
