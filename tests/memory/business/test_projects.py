"""Projects: estimate against actual, from logged hours or as told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from memory.business.changes import history
from memory.business.projects import Project
from memory.business.time_entries import TimeEntry
from memory.stores import Stores


async def test_actual_hours_are_those_logged_unless_others_are_told(stores: Stores) -> None:
    logged = await stores.projects.save(Project(user="ana", title="a", state="done", estimated_hours=Decimal(10)))
    await stores.time.log(TimeEntry(user="ana", project=logged.id, day=date(2026, 3, 2), minutes=90))
    await stores.time.log(TimeEntry(user="ana", project=logged.id, day=date(2026, 3, 3), minutes=60))
    told = Project(user="ana", title="b", state="done", estimated_hours=Decimal(4), told_hours=Decimal(6))
    await stores.projects.save(told)
    past = {one.title: one.actual for one in await stores.projects.past("ana")}
    assert past == {"a": Decimal("2.5"), "b": Decimal(6)}


async def test_open_projects_and_those_without_hours_teach_nothing(stores: Stores) -> None:
    await stores.projects.save(Project(user="ana", title="a", estimated_hours=Decimal(4), told_hours=Decimal(6)))
    await stores.projects.save(Project(user="ana", title="b", state="done", estimated_hours=Decimal(4)))
    assert await stores.projects.past("ana") == []


async def test_what_changed_is_kept_in_the_history(stores: Stores) -> None:
    project = await stores.projects.save(Project(user="ana", title="a"))
    project.state = "done"
    await stores.projects.save(project)
    assert [change.action for change in await history(stores.database, "ana", project.id)] == ["made", "changed"]
