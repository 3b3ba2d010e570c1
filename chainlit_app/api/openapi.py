"""Completes the OpenAPI schema: how one signs in, every problem an operation may answer, headers, tags, plain ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from chainlit_app.api.examples import example_of
from chainlit_app.api.once import SECRETS
from chainlit_app.api.problems import MEDIA_TYPE, TITLES, Problem
from chainlit_app.api.unchanged import STATE
from privacy.access.policy import is_public

Dict = dict[str, Any]
PREFIX = "/api/v1"
WRITES = ("post", "put", "patch", "delete")
CHANGES = ("put", "patch", "delete")
TAGS = {
    "chat": "Messages and replies, plans, and requests to one agent: the same as in the chat.",
    "threads": "Conversations and what was said in them.",
    "assistants": "Assistants of the user's own, from documents, a manner and other agents; each is a model of /v1.",
    "approvals": "What waits for the user's word, because it goes out or cannot be taken back.",
    "work": "Long work: how far it is, its outcome, and stopping it.",
    "records": "The books: clients, leads, proposals, projects, hours, invoices and more, with history and undo.",
    "files": "Files sent by the user or made for them.",
    "datasets": "Tables, and models trained on them: train, predict, explain, report.",
    "documents": "Documents that were read, and search over them.",
    "memory": "What is remembered about the user and their clients.",
    "research": "Jobs and sources outside, once the user agreed to ask them.",
    "schedules": "What runs by itself.",
    "notifications": "What the user was notified of.",
    "profile": "Who the freelancer is.",
    "privacy": "Everything in one file, and everything erased.",
    "agents": "The agents, their tasks, and how they did.",
    "models": "Language models: installed, downloaded, in use.",
    "tools": "Tools offered to other programs, and the servers of tools that may be used here.",
    "settings": "How the user likes things, and how this installation is set.",
    "dashboard": "Figures and charts.",
    "auth": "Signing in and out without a browser.",
    "account": "The account of whoever asks: sessions, password, second factor.",
    "keys": "Keys for programs.",
    "users": "Who may sign in, for owners.",
    "audit": "What happened at the door, for owners.",
    "system": "Whether the server lives, and what works on it.",
}
WHEN = {
    400: "The body or a header cannot be read.",
    401: "Nobody is signed in, or not any more.",
    403: "The account's role, or the key's scope, does not allow this.",
    404: "It is not there, or another user's.",
    409: "It cannot be done as things stand; the detail says why.",
    412: "It was changed since the version named in If-Match.",
    413: "The body is larger than is taken.",
    415: "The body is of a kind that is not taken.",
    422: "Something in the request is wrong; `errors` say where.",
    428: "If-Match is missing.",
    429: "Too many requests, or too many of your questions wait for a model; Retry-After says when to go on.",
    500: "A defect; the log tells more under the request's id.",
    503: "The disk, the database or a part that is needed does not answer, or too many questions wait for a model.",
    504: "It took too long.",
}
_REF = {"$ref": "#/components/schemas/Problem"}
_REQUEST_ID = {"description": "The request's name in the log.", "schema": {"type": "string"}}
_RETRY_AFTER = {
    "description": "Seconds until it is worth asking again.",
    "schema": {"type": "integer", "minimum": 1},
}
_SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key (fx_…) or a short token."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "freelancex", "description": "The browser's own session."},
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A word of your own: sent again with it within a day, the request is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you read: with it nothing is overwritten that somebody changed meanwhile.",
    "schema": {"type": "string", "maxLength": 200, "pattern": "^[ -~]*$"},
}


def describe(app: FastAPI) -> None:
    """Let an app tell the completed schema."""

    def schema() -> Dict:
        if not app.openapi_schema:
            app.openapi_schema = _completed(
                get_openapi(title=app.title, version="1", description=app.description, routes=app.routes)
            )
        return app.openapi_schema

    app.openapi = schema  # type: ignore[method-assign]


def _completed(schema: Dict) -> Dict:
    components = schema.setdefault("components", {})
    models = components.setdefault("schemas", {})
    for gone in ("HTTPValidationError", "ValidationError"):
        models.pop(gone, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    models.update({**problem.pop("$defs"), "Problem": problem})
    components["securitySchemes"] = _SCHEMES
    components["responses"] = {f"Problem{status}": _problem(status) for status in WHEN}
    used: set[str] = set()
    for path, method, operation in _operations(schema):
        operation["operationId"] = _id(operation, path, method)
        used.update(operation.get("tags", ()))
        if path.startswith(PREFIX):
            _complete(path, method, operation, versioned=_versioned(path, method, schema["paths"]))
            for content in operation.get("requestBody", {}).get("content", {}).values():
                if (example := example_of(content["schema"], models)) is not None:
                    content["example"] = example
    schema["tags"] = [{"name": name, "description": TAGS.get(name, "")} for name in [*TAGS, *sorted(used - set(TAGS))]]
    return schema


def _complete(path: str, method: str, operation: Dict, *, versioned: bool) -> None:
    parameters = operation.setdefault("parameters", [])
    operation["security"] = [] if is_public(path) else _SECURITY
    if method == "post" and not path.startswith(SECRETS):
        parameters.append(_KEY)
    if versioned:
        parameters.append(_IF_MATCH)
    responses = operation["responses"]
    if responses.get("422", {}).get("description") == "Validation Error":
        del responses["422"]
    for status in _statuses(path, method, operation):
        if not responses.get(str(status), {}).get("content"):
            responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    if method == "get" and "application/json" in responses.get("200", {}).get("content", {}):
        responses["304"] = {"description": "It still says what the version named in If-None-Match said."}
    for answer in responses.values():
        if "$ref" not in answer:
            answer.setdefault("headers", {})["X-Request-Id"] = _REQUEST_ID
    operation["responses"] = dict(sorted(responses.items()))


def _versioned(path: str, method: str, paths: Dict) -> bool:
    """Whether a change can say which version it is of: where what it changes can be read."""
    return path.endswith(STATE) or (method in CHANGES and "get" in paths[path])


def _statuses(path: str, method: str, operation: Dict) -> list[int]:
    found = [401, 403, 429, 500, 503, 504]
    if operation.get("parameters") or operation.get("requestBody"):
        found.append(422)
    if "{" in path or method in WRITES or path.endswith("/search"):
        found += [404, 409]
    if method in WRITES:
        found += [400, 412, 413, 415]
    if method == "put":
        found.append(428)
    return found


def _problem(status: int) -> Dict:
    """How an answer with a problem is told of."""
    title = TITLES[status]
    example = {"type": "about:blank", "title": title, "status": status, "detail": WHEN[status], "request_id": ""}
    content = {MEDIA_TYPE: {"schema": _REF, "example": example}}
    headers = {"X-Request-Id": _REQUEST_ID} | ({"Retry-After": _RETRY_AFTER} if status in (429, 503) else {})
    return {"description": WHEN[status], "content": content, "headers": headers}


def _id(operation: Dict, path: str, method: str) -> str:
    """The function's name, behind the tag where it is one plain word: stable while paths move, and readable."""
    given: str = operation["operationId"]
    name = given.removesuffix(re.sub(r"\W", "_", path) + f"_{method}")
    return name if "_" in name else f"{operation.get('tags', ['page'])[0]}_{name}"


def _operations(schema: Dict) -> Iterator[tuple[str, str, Dict]]:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation
