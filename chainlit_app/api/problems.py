"""Errors as RFC 9457 problem details: ``application/problem+json`` with type, title, status, detail and request id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from config.errors import Mendable
from integrations.models.backend import Busy
from memory.business.invoice import InvoiceError
from memory.business.time_entries import TimeError
from memory.trouble import StorageTrouble
from monitoring.traces import correlation

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "That request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not done that way",
    409: "Not now",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Not a kind this takes",
    422: "Something in it is wrong",
    428: "Say which version you change",
    429: "Too many requests",
    500: "Something broke here",
    503: "Not ready",
    504: "Took too long",
}
BROKEN = "Something went wrong in FreelanceX itself. Try again; the log tells more under this request's id."
AGAIN_S = "5"
"""Seconds after which it is worth asking again while the disk, another program or a full queue stands in the way."""


class Wrong(BaseModel):
    """One thing that is wrong: where (a JSON pointer into the body, or the name of a parameter), and what."""

    pointer: str = Field(examples=["#/lines/0/price"])
    detail: str = Field(examples=["String should match pattern '^-?[0-9]{1,12}(\\.[0-9]{1,6})?$'"])


class Problem(BaseModel):
    """What went wrong and what to do. `request_id` finds it in the log; `errors` are there for a body that is wrong."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Not found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(examples=["There is no such invoice."])
    request_id: str = Field(default="", examples=["4f0c2c9e7d3b4f6a8a52d0a7b0f1c3de"])
    errors: list[Wrong] = []


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> JSONResponse:
    """A problem: `detail` is one sentence that says what is wrong and what to do."""
    body = {"type": "about:blank", "title": TITLES.get(status, "Not possible"), "status": status, "detail": detail}
    return JSONResponse({**body, "request_id": correlation(), **more}, status, headers, MEDIA_TYPE)


def tell_problems(app: FastAPI) -> None:
    """Answer every error of an app as a problem; what is unexpected is for `named.Unbroken`."""

    @app.exception_handler(HTTPException)
    async def said(_request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        found = error.errors()
        if any(one["type"] == "json_invalid" for one in found):
            return problem(400, "The body is no JSON: " + str(found[0].get("ctx", {}).get("error", "it ends early")))
        errors = [{"pointer": pointer(one["loc"]), "detail": one["msg"].removeprefix("Value error, ")} for one in found]
        return problem(422, f"{errors[0]['pointer']}: {errors[0]['detail']}", errors=errors)

    @app.exception_handler(StorageTrouble)
    async def trouble(_request: Request, error: StorageTrouble) -> JSONResponse:
        return problem(503, str(error), {"Retry-After": AGAIN_S})

    @app.exception_handler(Busy)
    async def busy(_request: Request, error: Busy) -> JSONResponse:
        return problem(waiting(own=error.own), str(error), {"Retry-After": AGAIN_S})

    async def mendable(_request: Request, error: Exception) -> JSONResponse:
        return problem(409, str(error))

    for kind in (Mendable, InvoiceError, TimeError):
        app.add_exception_handler(kind, mendable)


def waiting(*, own: bool) -> int:
    """The status where a model has too many questions waiting: 429 where they are the asking user's own."""
    return 429 if own else 503


def pointer(place: Sequence[Any]) -> str:
    """Where something is wrong: in the body as a JSON pointer, else the parameter's name."""
    where, *names = [str(one).replace("~", "~0").replace("/", "~1") for one in place]
    return "#" + "".join(f"/{name}" for name in names) if where == "body" else ".".join(names) or where
