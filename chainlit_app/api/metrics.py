"""The figures of this server since it started, for owners."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from chainlit_app.api.access import Opened, may
from chainlit_app.api.resource import Resource

router = Resource(prefix="/metrics", tags=["system"], dependencies=[may("metrics")])


class Figures(BaseModel):
    """Counts and durations in seconds, by subject."""

    figures: dict[str, Any]


@router.get("")
async def metrics(runtime: Opened) -> Figures:
    """How agents did and how turns ended; `/metrics` tells the same to Prometheus."""
    return Figures(figures=runtime.metrics.snapshot())
