"""Names of fields, made of what pages call things."""

from __future__ import annotations

import re


def tidy(name: str) -> str:
    """A name in lower case with underscores: ``priceCurrency`` and ``price-currency`` are ``price_currency``."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z0-9]+", "_", name).strip("_").lower()
    return words[:40] or "text"
