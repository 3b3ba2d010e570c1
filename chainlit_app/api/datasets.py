"""Tables, and models trained on them.

POST /datasets (CSV) ──▶ POST /automl/runs ──▶ a work … ──▶ GET /automl/models ──▶ predict · explain · report
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import HTTPException, Request, Response, UploadFile
from pydantic import BaseModel, Field
from sqlmodel import col

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.ask import files_of, request_to
from chainlit_app.api.fields import At, Body, Given, Id, Line, Text, Whole
from chainlit_app.api.files import Listed, Stored, listed, shown, taken
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.resource import Resource
from chainlit_app.api.work import Work, begun, works_of
from graph.runtime import Runtime
from memory.database import new_id
from memory.file_kinds import KINDS, kind_of, mime_of
from memory.files import StoredFile
from memory.model_versions import ModelVersion

router = Resource(tags=["datasets"], dependencies=[may("datasets")])

TABLES = tuple({mime_of(f"table.{suffix}") for suffix in KINDS["table"]} - {mime_of("")})
"""Media types of tables that are no other kind's, too."""
BEGUN: dict[int | str, dict[str, Any]] = {202: {"description": "It is at work; Location leads to it."}}


class Training(Body):
    """What to learn from which table; without a target, the agent asks or finds one in the words."""

    dataset: Id
    target: Line | None = Field(None, examples=["price"])
    ignore: Annotated[list[Line], Field(max_length=500)] = Field(default_factory=list)
    seconds: Annotated[Whole, Field(ge=1, le=86_400)] | None = None
    words: Text = ""


class Predicting(Body):
    """The table whose rows are to be predicted."""

    dataset: Id


class Explaining(Body):
    """How many rows to look at."""

    rows: Annotated[Whole, Field(ge=1, le=2_000)] = 1_000


class Reporting(Body):
    """The formats of the report; PDF unless others are named."""

    formats: Annotated[list[Literal["pdf", "docx", "html"]], Field(max_length=3)] = Field(default_factory=list)


class TrainedModel(BaseModel):
    """One version of a model: what it predicts, from which table, and how well on rows it had not seen."""

    id: str
    target: str
    source: str
    dataset: str
    version: int
    follows: str
    alias: str
    metric: str
    score: float
    created_at: At


@router.get("/datasets")
async def list_datasets(asked: Paged, runtime: Opened, user: User) -> Page[Listed]:
    """The user's tables, the newest first."""
    tables = col(StoredFile.mime).in_(TABLES)
    rows = await asked.rows(runtime.stores.database, StoredFile, StoredFile.user == user, tables)
    page: Page[Listed] = asked.page([listed(row) for row in rows], [place(row) for row in rows])
    return page


@router.post("/datasets", status_code=201)
async def add_dataset(file: UploadFile, runtime: Opened, user: User, response: Response) -> Stored:
    """Keep a table: CSV, TSV, Excel, Parquet or JSON lines."""
    if kind_of(file.filename or "") != "table":
        raise HTTPException(415, f"A table is one of {', '.join(KINDS['table'])}, by the end of its name.")
    kept = await taken(file, runtime, user)
    response.headers["Location"] = f"/api/v1/files/{kept.id}"
    return shown(kept)


@router.post("/automl/runs", status_code=202, responses=BEGUN)
async def train(sent: Training, runtime: Opened, user: User, request: Request, response: Response) -> Work:
    """Train a model; stopped, it keeps the best it has by then."""
    task = sent.model_dump(exclude={"dataset", "words"}, exclude_none=True)
    return await _begin("automl", task, sent.dataset, sent.words, runtime, user, request, response)


@router.get("/automl/models")
async def list_trained(asked: Paged, runtime: Opened, user: User) -> Page[TrainedModel]:
    """The trained models, the newest first."""
    rows = await asked.rows(runtime.stores.database, ModelVersion, ModelVersion.user == user)
    page: Page[TrainedModel] = asked.page([_shown(row) for row in rows], [place(row) for row in rows])
    return page


@router.get("/automl/models/{id}")
async def get_trained(id: Given, runtime: Opened, user: User) -> TrainedModel:
    """One trained model."""
    return _shown(await _model(id, runtime, user))


@router.post("/automl/models/{id}/predict", status_code=202, responses=BEGUN)
async def predict(
    id: Given, sent: Predicting, runtime: Opened, user: User, request: Request, response: Response
) -> Work:
    """Predict the rows of a table; the work gives a CSV."""
    task = {"model_run": (await _model(id, runtime, user)).id, "act": "predict"}
    return await _begin("model_delivery", task, sent.dataset, "", runtime, user, request, response)


@router.post("/automl/models/{id}/explain", status_code=202, responses=BEGUN)
async def explain(
    id: Given, sent: Explaining, runtime: Opened, user: User, request: Request, response: Response
) -> Work:
    """Say what moves its predictions; the work gives drivers and pictures."""
    task = {"model_run": (await _model(id, runtime, user)).id, "rows": sent.rows}
    return await _begin("explain", task, None, "", runtime, user, request, response)


@router.post("/automl/models/{id}/report", status_code=202, responses=BEGUN)
async def report(id: Given, sent: Reporting, runtime: Opened, user: User, request: Request, response: Response) -> Work:
    """Write the report for the client; the work gives the files."""
    task = {"model_run": (await _model(id, runtime, user)).id, "act": "report", "formats": sent.formats or ["pdf"]}
    return await _begin("model_delivery", task, None, "", runtime, user, request, response)


async def _begin(
    agent: str,
    task: dict[str, Any],
    dataset: str | None,
    words: str,
    runtime: Runtime,
    user: str,
    request: Request,
    response: Response,
) -> Work:
    files = await files_of([dataset] if dataset else [], runtime, user)
    if any(file.kind != "table" for file in files):
        raise HTTPException(422, "#/dataset: This file is no table.")
    thread = new_id()
    events = request_to(agent, task, runtime, user, thread, words, files)
    tell = partial(runtime.stores.database.live.tell, user)
    return await begun(request, response, runtime, await works_of(request).begin(thread, events, tell))


async def _model(id: str, runtime: Runtime, user: str) -> ModelVersion:
    row = await runtime.stores.database.own(ModelVersion, id, user=user)
    if row is None:
        raise HTTPException(404, "There is no such model.")
    return row


def _shown(row: ModelVersion) -> TrainedModel:
    return TrainedModel.model_validate({**row.model_dump(), "dataset": row.data})
