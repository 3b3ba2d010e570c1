"""``/metrics``: the figures of this server for Prometheus. Where people sign in, it takes a key (metrics:read)."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response

from chainlit_app.api.access import Opened, may
from graph.figures import machine
from monitoring.exposition import Exposition

router = APIRouter(include_in_schema=False, dependencies=[may("metrics")])


@router.get("/metrics")
async def metrics(runtime: Opened) -> Response:
    """Everything, in the text format of Prometheus."""
    exposition = Exposition(runtime.metrics, await machine(runtime))
    return Response(await asyncio.to_thread(exposition.text), media_type="text/plain; version=0.0.4; charset=utf-8")
