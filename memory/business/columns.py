"""A column type for exact numbers: SQLite would keep them as binary fractions."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from memory.money import plain


class Exact(TypeDecorator[Decimal]):
    """A Decimal kept as text, digit for digit."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else plain(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)
