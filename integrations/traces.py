"""Hands spans to the user's own collector by OTLP over HTTP, through the one client that everything leaves by."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from config.errors import Mendable
from integrations.host_limits import OWN_SERVER
from integrations.http import Errand, HttpClient
from integrations.http_messages import Ask

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

PURPOSE = "traces"
SECONDS = 10.0
log = logging.getLogger("freelancex.traces")


class Collector(SpanExporter):
    """The collector at an address such as ``http://127.0.0.1:4318``, asked from another thread than the event loop."""

    def __init__(self, http: HttpClient, address: str, loop: asyncio.AbstractEventLoop) -> None:
        self._http, self._loop = http, loop
        self._url = address.rstrip("/") + ("" if address.rstrip("/").endswith("/v1/traces") else "/v1/traces")
        http.allow(urlsplit(address).netloc)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans and wait for the answer. What cannot be sent is dropped and said in the log."""
        from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

        body = encode_spans(spans).SerializeToString()
        try:
            asyncio.run_coroutine_threadsafe(self._send(body), self._loop).result(SECONDS)
        except (Mendable, TimeoutError, RuntimeError) as error:
            log.warning("%d spans were not sent: %s", len(spans), type(error).__name__)
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    async def _send(self, body: bytes) -> None:
        errand = Errand(PURPOSE, "local", approved=True)  # whoever set the address wants it
        headers = {"Content-Type": "application/x-protobuf"}
        ask = Ask(accept=(), seconds=SECONDS, limit=OWN_SERVER)
        await self._http.request("POST", self._url, errand, headers=headers, body=body, ask=ask)
