"""Every route of the API, in one router."""

from __future__ import annotations

from fastapi import APIRouter

from chainlit_app.api import approvals, ask, files, models, notifications, system
from chainlit_app.dashboard import routes as dashboard

router = APIRouter(prefix="/api/v1")
router.include_router(system.router)
router.include_router(ask.router)
router.include_router(approvals.router)
router.include_router(files.router)
router.include_router(models.router)
router.include_router(notifications.router)
router.include_router(dashboard.api)
