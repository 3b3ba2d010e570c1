"""Reads what a pasted post tells about the client: payment verified, rating, hires, money spent, country."""

from __future__ import annotations

import re
from decimal import Decimal

from integrations.job_boards.post import ClientFacts

_VERIFIED = re.compile(
    r"\bpayment (?:method )?(?:is )?(not verified|unverified|verified)\b|\b(unverified) payment\b", re.I
)
_RATING = re.compile(
    r"\b(?:rating (?:is )?|rated |client rating:?\s*)?([0-5](?:\.\d{1,2})?)\s*(?:out of 5|/\s?5|of \d+ reviews?|"
    r"stars?\b|★)",
    re.I,
)
_REVIEWS = re.compile(r"\b(?:of )?(\d{1,5}) reviews?\b", re.I)
_HIRES = re.compile(r"\b(\d{1,5}) hires?\b(?! rate)", re.I)
_HIRE_RATE = re.compile(r"\b(\d{1,3})\s?% hire rate\b|\bhire rate:?\s*(\d{1,3})\s?%", re.I)
_JOBS = re.compile(r"\b(\d{1,5}) jobs? posted\b", re.I)
_SPENT = re.compile(r"\$\s?([\d,.]+)\s?([KM])?\+?\s*(?:total )?spent\b", re.I)
_COUNTRY = re.compile(
    r"about the client(?:[^\n]*\n+){1,8}?(?P<country>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,3})\n+[^\n]*\d{1,2}:\d{2}",
    re.I,
)


def read_client(text: str) -> ClientFacts:
    """What the text tells; what it does not tell stays None."""
    verified = _VERIFIED.search(text)
    rating = _RATING.search(text)
    rate = _HIRE_RATE.search(text)
    country = _COUNTRY.search(text)
    return ClientFacts(
        payment_verified=None if verified is None else (verified[1] or verified[2]).lower() == "verified",
        rating=Decimal(rating[1]) if rating else None,
        reviews=_count(_REVIEWS, text),
        hires=_count(_HIRES, text),
        hire_rate=min(100, int(rate[1] or rate[2])) if rate else None,
        jobs_posted=_count(_JOBS, text),
        spent=_spent(text),
        country=country["country"] if country else "",
    )


def _count(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match[1]) if match else None


def _spent(text: str) -> Decimal | None:
    match = _SPENT.search(text)
    if match is None:
        return None
    digits = match[1].replace(",", "").strip(".")
    if not re.fullmatch(r"\d+(?:\.\d+)?", digits):
        return None
    return Decimal(digits) * {"": 1, "K": 1000, "M": 1_000_000}[(match[2] or "").upper()]
