"""What the fields of bodies may hold: every text bounded, days and times as ISO text, amounts as exact text.

Days, times and amounts are taken as text only: a number such as 1e400, or seconds since 1970, is refused rather than
guessed at.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
    WithJsonSchema,
    create_model,
)
from pydantic.fields import FieldInfo

_AMOUNT = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
_CODE = r"^[A-Z]{3}$"
_ID = r"^[A-Za-z0-9_.-]{1,64}$"


class Body(BaseModel):
    """What a client sends: nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


def _sane(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("write it in whole characters") from None
    return value


def _amount(value: Any) -> Decimal:
    if not isinstance(value, str | Decimal) or not re.fullmatch(_AMOUNT, str(value)):
        raise ValueError("write an amount as text with a point and no thousands separator, as in “1234.50”")
    return Decimal(value)


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("write a day as in “2026-11-21”")


Line = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f]*$"), AfterValidator(_sane)]
Name = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x20][^\x00-\x1f]*$"), AfterValidator(_sane)]
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$"), AfterValidator(_sane)]
Id = Annotated[str, StringConstraints(pattern=_ID), Field(examples=["9f8b2c1d4e5f60718293a4b5c6d7e8f9"])]
Currency = Annotated[str, StringConstraints(pattern=_CODE), Field(examples=["EUR"])]
Whole = Annotated[int, Strict()]
Yes = Annotated[bool, Strict()]
Amount = Annotated[
    Decimal, BeforeValidator(_amount), WithJsonSchema({"type": "string", "pattern": _AMOUNT, "examples": ["1234.50"]})
]
Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-21"]})
]
Given = Annotated[str, Path(pattern=_ID, examples=["9f8b2c1d4e5f60718293a4b5c6d7e8f9"])]
"""An id in a path."""


def _annotation(field: FieldInfo) -> Any:
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def partial(model: type[BaseModel], name: str, *without: str) -> type[BaseModel]:
    """The model of a change: the same fields, none of which has to be there. What is there is set."""
    fields: dict[str, Any] = {
        key: (_annotation(field), Field(default_factory=lambda: None))
        for key, field in model.model_fields.items()
        if key not in without
    }
    made: type[BaseModel] = create_model(name, __base__=Body, __doc__="The fields to set.", **fields)
    return made


def _utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


At = Annotated[datetime, AfterValidator(_utc)]
"""A time as it is shown: with its zone, which SQLite does not keep."""
Exact = Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str)]
"""An amount as it is shown."""
