"""Spans of OpenTelemetry, where a collector is set: a turn, and in it each try of an agent. No words of the user.

    turn 4f… ──┬── agent math        span = name, times, outcome; its trace is that of the turn
               └── agent bookkeeping

Without a collector nothing of OpenTelemetry is imported, and a span is the name bound for the log alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

_CORRELATION: ContextVar[str] = ContextVar("correlation", default="")


def correlate(id: str) -> None:
    """Let every line of the log from here on, in this task and those it starts, name what it belongs to."""
    _CORRELATION.set(id)


def correlation() -> str:
    """What the work at hand belongs to: the id that the browser gave the message; empty outside of any."""
    return _CORRELATION.get()


@dataclass(frozen=True)
class Traces:
    """Makes spans, of a `provider` where there is one."""

    provider: TracerProvider | None = None

    def begin(self, name: str, **attributes: str) -> Any:
        """A span that those begun in this task from here on belong to; end it with `end`."""
        if self.provider is None:
            return None
        from opentelemetry import context, trace

        span = self.provider.get_tracer("freelancex").start_span(name, attributes=_named(attributes))
        context.attach(trace.set_span_in_context(span))
        return span

    def end(self, span: Any, outcome: str) -> None:
        """End a span that `begin` gave."""
        if span is not None:
            span.set_attribute("outcome", outcome)
            span.end()

    @contextmanager
    def span(self, name: str, **attributes: str) -> Iterator[None]:
        """A span of what is done inside; an exception is noted by its class."""
        if self.provider is None:
            yield
            return
        tracer = self.provider.get_tracer("freelancex")
        made = tracer.start_as_current_span(name, attributes=_named(attributes), record_exception=False)
        with made:
            yield

    def close(self) -> None:
        """Send what is left. Waits for it; not on the event loop."""
        if self.provider is not None:
            self.provider.shutdown()


def open_traces(exporter: SpanExporter) -> Traces:
    """Traces that are handed to an exporter, some seconds at a time."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource({"service.name": "freelancex"}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Traces(provider)


def _named(attributes: dict[str, str]) -> dict[str, str]:
    return {**attributes, "correlation": correlation()}
