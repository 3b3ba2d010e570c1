"""Everything a user has here: in one file, or erased for good."""

from __future__ import annotations

from typing import Annotated

from fastapi import HTTPException, Query, Response
from pydantic import BaseModel

from chainlit_app.api.access import Asking, Opened, User, may
from chainlit_app.api.answers import Made, whole
from chainlit_app.api.ask import request_to
from chainlit_app.api.resource import Resource
from graph.approvals import decide
from memory.database import new_id

router = Resource(prefix="/privacy", tags=["privacy"], dependencies=[may("privacy")])

AGENT = "privacy"


class Erased(BaseModel):
    """What was erased, in the agent's words."""

    text: str


@router.post("/export", status_code=201)
async def export(runtime: Opened, user: User, response: Response) -> Made:
    """Put everything into one ZIP, to be had under its `url`."""
    answer = await whole("", request_to(AGENT, {"action": "export"}, runtime, user, new_id()))
    if not answer.artifacts:
        raise HTTPException(409, answer.answer)
    response.headers["Location"] = answer.artifacts[0].url
    return answer.artifacts[0]


@router.delete("/delete")
async def erase(
    confirm: Annotated[str, Query(max_length=200, description="The name of the account, written out.")],
    runtime: Opened,
    user: User,
    asking: Asking,
) -> Erased:
    """Erase everything of the user, with no way back; `confirm` is the account, “local” where nobody signs in."""
    account = await runtime.stores.accounts.get(asking.account)
    if confirm != (account.name if account else asking.account):
        raise HTTPException(422, "confirm: Write the name of the account whose data is to be erased.")
    answer = await whole("", request_to(AGENT, {"action": "erase"}, runtime, user, new_id()))
    if not answer.approvals:
        raise HTTPException(409, answer.answer)
    asked = answer.approvals[0]
    done = await whole("", decide(asked["turn"], asked["step"], "approve", runtime))
    if done.status != "done":
        raise HTTPException(409, done.answer)
    return Erased(text=done.answer)
