"""What runs by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import HTTPException, Response
from pydantic import BaseModel, Field, StringConstraints

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import At, Body, Given, Name
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.resource import Resource
from graph.runtime import Runtime
from memory.database import now
from memory.recurrence import Recurrence, WrongRule
from memory.schedules import Schedule

REQUEST = "ask"
"""The kind of schedule that answers a request."""
_DAY = "(MO|TU|WE|TH|FR|SA|SU)"
RULE = (
    "^FREQ=(HOURLY|DAILY|WEEKLY|MONTHLY)(;INTERVAL=[1-9])?"
    f"(;BYDAY={_DAY}(,{_DAY}){{0,6}})?(;BYMONTHDAY=([1-9]|1[0-9]|2[0-8]))?"
    "(;BYHOUR=([0-9]|1[0-9]|2[0-3]))?(;BYMINUTE=([0-9]|[1-5][0-9]))?$"
)
"""The part of RFC 5545 that a program may ask for; none of these rules waits for ever for a day that never comes."""
router = Resource(prefix="/schedules", tags=["schedules"], dependencies=[may("schedules")])


class NewSchedule(Body):
    """A request to answer again and again, by an RRULE on the clock of an IANA zone."""

    words: Name = Field(examples=["give me my morning briefing"])
    rule: Annotated[str, StringConstraints(max_length=200, pattern=RULE)] = Field(
        examples=["FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0"]
    )
    zone: Annotated[str, StringConstraints(max_length=60)] = Field("UTC", examples=["Europe/Berlin"])


class ScheduleState(Body):
    """Whether it runs or rests."""

    state: Literal["active", "paused"]


class Scheduled(BaseModel):
    """One thing that runs by itself; `due` is the next time, `problem` what was wrong the last time."""

    id: str
    kind: str
    words: str | None
    rule: str
    zone: str
    state: str
    due: At | None
    ran_at: At | None
    problem: str | None
    created_at: At


@router.get("")
async def list_schedules(asked: Paged, runtime: Opened, user: User) -> Page[Scheduled]:
    """Everything that is scheduled, the newest first."""
    rows = await asked.rows(runtime.stores.database, Schedule, Schedule.user == user)
    page: Page[Scheduled] = asked.page([_shown(row) for row in rows], [place(row) for row in rows])
    return page


@router.post("", status_code=201)
async def add_schedule(sent: NewSchedule, runtime: Opened, user: User, response: Response) -> Scheduled:
    """Have a request answered again and again."""
    try:
        begins = datetime.now(ZoneInfo(sent.zone)).replace(tzinfo=None)
        when = Recurrence(sent.rule, sent.zone, begins)
        if when.after(now()) is None:
            raise WrongRule("No day is ever like this: name another one.")
        made = await runtime.stores.schedules.add(Schedule.when(user, REQUEST, when, words=sent.words), now())
    except (ZoneInfoNotFoundError, OSError):
        raise HTTPException(422, "#/zone: That is no time zone; write one as in Europe/Berlin.") from None
    except (WrongRule, ValueError, OverflowError) as error:
        raise HTTPException(422, f"#/rule: {error}") from None
    response.headers["Location"] = f"/api/v1/schedules/{made.id}"
    return _shown(made)


@router.get("/{id}")
async def get_schedule(id: Given, runtime: Opened, user: User) -> Scheduled:
    """One schedule."""
    return _shown(await _own(id, runtime, user))


@router.post("/{id}/state")
async def move_schedule(id: Given, wanted: ScheduleState, runtime: Opened, user: User) -> Scheduled:
    """Let one rest, or go on."""
    row, schedules = await _own(id, runtime, user), runtime.stores.schedules
    if wanted.state == "paused":
        done = await schedules.pause(id, user=user)
    else:
        done = await schedules.resume(id, now(), user=user)
    if not done:
        raise HTTPException(409, f"It is {row.state}, so it cannot become {wanted.state}.")
    return _shown(await _own(id, runtime, user))


@router.delete("/{id}", status_code=204)
async def remove_schedule(id: Given, runtime: Opened, user: User) -> Response:
    """Let it run no more."""
    if not await runtime.stores.schedules.remove(id, user=user):
        raise HTTPException(404, "There is no such schedule.")
    return Response(status_code=204)


async def _own(id: str, runtime: Runtime, user: str) -> Schedule:
    row = await runtime.stores.database.own(Schedule, id, user=user)
    if row is None:
        raise HTTPException(404, "There is no such schedule.")
    return row


def _shown(row: Schedule) -> Scheduled:
    return Scheduled.model_validate(row, from_attributes=True)
