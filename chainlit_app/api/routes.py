"""Every route of the API, in one router."""

from __future__ import annotations

from fastapi import APIRouter

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
from chainlit_app.api.records.routes import ROUTERS
from chainlit_app.dashboard import routes as dashboard

router = APIRouter(prefix="/api/v1")
router.include_router(system.router)
router.include_router(ask.router)
router.include_router(threads.router)
router.include_router(events.router)
router.include_router(assistants.router)
router.include_router(approvals.router)
router.include_router(work.router)
router.include_router(changes.router)
router.include_router(invoices.router)
for one in ROUTERS:
    router.include_router(one)
router.include_router(files.router)
router.include_router(datasets.router)
router.include_router(documents.router)
router.include_router(facts.router)
router.include_router(research.router)
router.include_router(schedules.router)
router.include_router(notifications.router)
router.include_router(profile.router)
router.include_router(privacy.router)
router.include_router(agents.router)
router.include_router(models.router)
router.include_router(tools.router)
router.include_router(settings.router)
router.include_router(metrics.router)
router.include_router(dashboard.api)
for one in (auth.router, account.router, keys.router, users.router, audit.router):
    router.include_router(one)
