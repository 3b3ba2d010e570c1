"""Every route of the API."""

from __future__ import annotations

from fastapi import FastAPI

from chainlit_app.api import (
    account,
    agents,
    approvals,
    ask,
    assistants,
    audit,
    auth,
    datasets,
    documents,
    events,
    facts,
    files,
    keys,
    metrics,
    models,
    notifications,
    privacy,
    profile,
    research,
    schedules,
    settings,
    system,
    threads,
    tools,
    users,
    work,
)
from chainlit_app.api.records import changes, invoices
from chainlit_app.api.records.routes import ROUTERS as KINDS
from chainlit_app.api.resource import PREFIX
from chainlit_app.dashboard import routes as dashboard

ROUTERS = (
    system.router,
    ask.router,
    threads.router,
    events.router,
    assistants.router,
    approvals.router,
    work.router,
    changes.router,
    invoices.router,
    *KINDS,
    files.router,
    datasets.router,
    documents.router,
    facts.router,
    research.router,
    schedules.router,
    notifications.router,
    profile.router,
    privacy.router,
    agents.router,
    models.router,
    tools.router,
    settings.router,
    metrics.router,
    dashboard.api,
    auth.router,
    account.router,
    keys.router,
    users.router,
    audit.router,
)
"""In the order in which the documentation tells of them."""


def include(app: FastAPI) -> None:
    """Give an app every route of the API."""
    for one in ROUTERS:
        app.include_router(one, prefix=PREFIX)
