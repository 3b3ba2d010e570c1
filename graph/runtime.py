"""Everything one installation has open, opened once and closed in order."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from agents import registry
from agents.deps import Deps
from agents.spec import AgentSpec
from agents.tools.tables.model_runs import adopt_runs
from config.settings import Settings
from graph.breaker import Breaker
from graph.context import TurnContext
from graph.indexing import indexing
from graph.jobs import ProcessJobs
from graph.learning import learning
from graph.places import Places
from graph.planner.planner import Planner
from graph.summaries import Summaries
from integrations.http import HttpClient
from integrations.models.downloads import Downloads, fetching
from integrations.models.embeddings.embedder import Embedder, open_embedder
from integrations.models.models import Models
from memory.agent_runs import AgentRun
from memory.data_keys import key_for
from memory.known_names import known_names
from memory.recall.indexing import Index
from memory.recall.search import Recall
from memory.recall.vectors import Vectors, vectors_of
from memory.restored import settle
from memory.stores import Stores, open_stores
from memory.turns import Turn
from monitoring.metrics import Metrics
from monitoring.traces import Traces, open_traces
from privacy.audit import AuditLog
from privacy.keys.ring import DataKey, KeyName

os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"  # a checkpoint may hold plain data only
os.environ["LANGSMITH_TRACING"] = "false"  # no trace leaves this machine, whatever the environment says


@dataclass(frozen=True)
class Runtime:
    """One installation, open. `running` are the conversations at work; `closing` is set when the server is to end."""

    settings: Settings
    stores: Stores
    http: HttpClient
    jobs: ProcessJobs
    audit: AuditLog
    agents: Mapping[str, AgentSpec]
    planner: Planner
    metrics: Metrics
    graph: Any
    checkpoints: Any
    models: Models
    downloads: Downloads
    summaries: Summaries
    embedder: Embedder | None
    recall: Recall
    running: set[str] = field(default_factory=set)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    places: Places = field(default_factory=Places)
    breaker: Breaker = field(default_factory=Breaker)
    traces: Traces = field(default_factory=Traces)

    def deps(self, user: str, thread: str) -> Deps:
        """What agents get in one conversation."""
        return Deps(
            user=user,
            thread=thread,
            settings=self.settings,
            stores=self.stores,
            http=self.http,
            jobs=self.jobs,
            audit=self.audit,
            today=date.today(),
            model=self.models.backend(user=user),
            models=self.models,
            downloads=self.downloads,
            embedder=self.embedder,
            recall=self.recall,
        )

    def context(self, turn: Turn, runs: list[AgentRun]) -> TurnContext:
        """What the nodes of one turn get; to `runs` they add how agents did."""
        return TurnContext(
            self.deps(turn.user, turn.thread),
            self.agents,
            self.planner,
            self.metrics,
            self.models,
            self.summaries,
            self.breaker,
            self.traces,
            runs,
            partial(self.checkpoints.keep, turn.id),
        )


@asynccontextmanager
async def open_runtime(
    settings: Settings, *, serving: bool = False, agents: Mapping[str, AgentSpec] | None = None
) -> AsyncIterator[Runtime]:
    """Open the stores, the checkpoints, the worker processes and the model.

    `serving` says that this process is the one that answers the chat: turns that were running when the last one died
    are then marked unfinished. `agents` are all there are, unless given. Raises agents.registry.BrokenAgent, OSError,
    or a database error.
    """
    from graph.build import build
    from graph.checkpoints import open_checkpoints
    from integrations.models.choose import source

    agents = agents or registry.load()
    async with AsyncExitStack() as stack:
        stores = await open_stores(settings)
        stack.push_async_callback(stores.close)
        await settle(stores, settings)
        stack.enter_context(_temporary_files_in(stores.files.desk.passing()))
        await adopt_runs(settings.paths.runs, stores.files)
        if serving:
            await stores.turns.after_restart()
        checkpoints = await stack.enter_async_context(
            open_checkpoints(settings.paths.checkpoints, stores.keys, partial(_checkpoint_key, stores))
        )
        audit = AuditLog.open(settings, stores.keys.master)
        http = HttpClient(
            settings,
            audit,
            stores.consents.granted,
            cache_key=lambda user: key_for(stores.database, KeyName(user, "cache")),
        )
        stack.push_async_callback(http.close)
        stores.consents.withdrawn.append(http.withdrawn)
        traces = _traces(settings, http)
        stack.push_async_callback(asyncio.to_thread, traces.close)
        jobs = ProcessJobs(settings.workers, cluster=settings.dask_scheduler)
        stack.push_async_callback(jobs.close)
        models = Models(
            source(settings, http, partial(known_names, stores)),
            percent=settings.model_memory,
            waiting=settings.model_waiting,
        )
        stack.push_async_callback(models.close)
        downloads = fetching(settings, http, models)
        stack.push_async_callback(downloads.pause)
        planner, embedder = Planner(agents), open_embedder(settings)
        await stack.enter_async_context(learning(planner, embedder, settings, serving=serving))
        summaries = Summaries()
        stack.push_async_callback(summaries.stop)
        index, running = Index(stores.database, Vectors(vectors_of(settings.paths)), embedder), set[str]()
        await stack.enter_async_context(indexing(index, running, serving=serving))
        yield Runtime(
            settings=settings,
            stores=stores,
            http=http,
            jobs=jobs,
            audit=audit,
            agents=agents,
            planner=planner,
            metrics=Metrics(),
            graph=build(checkpoints),
            checkpoints=checkpoints,
            models=models,
            downloads=downloads,
            summaries=summaries,
            embedder=embedder,
            recall=Recall(index),
            running=running,
            traces=traces,
        )


def _traces(settings: Settings, http: HttpClient) -> Traces:
    """Spans for the collector that is set, if one is."""
    if not settings.otlp:
        return Traces()
    from integrations.traces import Collector

    return open_traces(Collector(http, settings.otlp, asyncio.get_running_loop()))


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """What libraries and worker processes write for a moment lies on the desk, too."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    variable, os.environ["TMPDIR"] = os.environ.get("TMPDIR"), str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        os.environ.pop("TMPDIR", None)
        if variable is not None:
            os.environ["TMPDIR"] = variable


async def _checkpoint_key(stores: Stores, turn: str) -> DataKey:
    return await key_for(stores.database, KeyName(await stores.turns.owner(turn) or "", "checkpoint"))
