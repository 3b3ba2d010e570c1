"""Records as they are shown: the fields a client sends, what the books add, and when it was made."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, create_model

from chainlit_app.api.fields import At, Exact
from chainlit_app.api.records.kinds import Kind, LineFields


class LineShown(BaseModel):
    """One line of an invoice."""

    description: str
    quantity: Exact
    unit: str
    price: Exact
    vat: Exact


def model_of(kind: Kind) -> type[BaseModel]:
    """The model that shows a kind."""
    columns = kind.table.model_fields
    fields: dict[str, Any] = {"id": (str, ...)}
    for name in (*kind.fields.model_fields, *kind.more):
        if name == "lines":
            fields[name] = (list[LineShown], ...)
        elif name in columns:
            fields[name] = (_plain(columns[name].annotation), ...)
    made: type[BaseModel] = create_model(
        kind.title, __doc__=(kind.fields.__doc__ or "").strip(), **fields, created_at=(At, ...)
    )
    return made


def show(kind: Kind, model: type[BaseModel], row: Any) -> BaseModel:
    """A row as the model shows it."""
    found = {name: getattr(row, name) for name in model.model_fields}
    if "lines" in found:
        found["lines"] = [dict(zip(LineFields.model_fields, line, strict=True)) for line in row.lines]
    return model.model_validate(found)


def _plain(annotation: Any) -> Any:
    exact: dict[Any, Any] = {
        Decimal: Exact,
        Decimal | None: Exact | None,
        datetime: At,
        datetime | None: At | None,
    }
    return exact.get(annotation, annotation)
