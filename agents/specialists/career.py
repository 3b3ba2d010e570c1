"""Career: what jobs ask for and pay, how that moves, and what is worth learning next, from the jobs fetched here."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Finding, Given, Slot
from agents.tools.jobs.demand import RECENT, Trend, missing, trends, weekly
from agents.tools.jobs.matching import own_skills
from agents.tools.text.markdown import plain
from memory.money import Money

NAME = "career"
WEEKS = 12
SHOWN = 12
ARROWS = {"rising": "▲ rising", "falling": "▼ falling", "steady": "steady", "unknown": ""}
TOO_FEW = (
    "I have seen {count} jobs so far, too few to say what is asked for. Search the boards a few times, or save a "
    'search that runs each morning: "save a search for remote Python jobs".'
)
FEWEST_JOBS = 20


class CareerTask(BaseModel):
    """The demand for which skills; all when none is named."""

    skills: Annotated[list[str], Slot("skills")] = []


async def run(task: CareerTask, given: Given, deps: Deps) -> Finding:
    """Count, compare with the profile, and draw. Raises AgentError and JobError."""
    asks = await deps.stores.demand.since(deps.user, deps.today - timedelta(weeks=WEEKS))
    if len(asks) < FEWEST_JOBS:
        raise AgentError(TOO_FEW.format(count=len(asks)))
    mine = own_skills(await deps.stores.profiles.load(deps.user))
    found = await asyncio.to_thread(trends, asks, mine, deps.today)
    wanted = {skill.casefold() for skill in task.skills}
    shown = [trend for trend in found if not wanted or trend.skill.casefold() in wanted][:SHOWN]
    lacking = await asyncio.to_thread(missing, asks, mine)
    parts = [f"**What {len(asks)} jobs of the last {WEEKS} weeks ask for**", _table(shown)]
    if unseen := wanted - {trend.skill.casefold() for trend in shown}:
        parts.append(f"Too few jobs ask for {plain(', '.join(sorted(unseen)))} to say anything about it.")
    if mine and lacking:
        named = ", ".join(f"**{plain(skill)}** ({count} jobs)" for skill, count in lacking)
        parts.append(f"Asked for beside what you know, and not in your profile: {named}.")
    elif not mine:
        parts.append('Tell me your skills, as in "I know Python and SQL", and I will say what to learn next.')
    parts.append(
        "Counted from the jobs that your searches fetched, so it shows the boards you ask, not the whole market. A "
        f"change is named where the last {RECENT.days} days differ from before by more than chance explains."
    )
    data = {
        "jobs": len(asks),
        "skills": [
            {"skill": one.skill, "jobs": one.jobs, "share": round(one.share, 4), "course": one.course,
             "pay": str(one.pay) if one.pay is not None else None, "currency": one.currency, "mine": one.mine}
            for one in shown
        ],
        "missing": [{"skill": skill, "jobs": count} for skill, count in lacking],
    }  # fmt: skip
    artifacts = (
        (await _picture(shown, weekly(asks, [one.skill for one in shown[:5]], deps.today), deps),) if shown else ()
    )
    return Finding(NAME, ok=True, text="\n\n".join(parts), data=data, artifacts=artifacts, trust="outside")


async def _picture(shown: list[Trend], weeks: dict[str, list[float | None]], deps: Deps) -> Artifact:
    with tempfile.TemporaryDirectory() as folder:
        arguments = {
            "skills": [one.skill for one in shown],
            "jobs": [one.jobs for one in shown],
            "weeks": weeks,
            "title": "What jobs ask for",
            "out": str(Path(folder) / "demand.png"),
        }
        path = await deps.jobs.run("agents.tools.jobs.demand_chart:draw", arguments, seconds=60)
        file = await deps.stores.files.put(Path(path), "demand.png", user=deps.user, thread=deps.thread, made_by=NAME)
    return Artifact(file.id, file.name, file.mime, caption="What jobs ask for")


def _table(shown: list[Trend]) -> str:
    if not shown:
        return "No skill is asked for often enough to be shown."
    rows = "\n".join(
        f"| {plain(one.skill)}{' (yours)' if one.mine else ''} | {one.jobs} | {one.share:.0%} | {ARROWS[one.course]} | "
        f"{_pay(one)} |"
        for one in shown
    )
    return f"| Skill | Jobs | Share | Change | Pay an hour, median |\n|---|---|---|---|---|\n{rows}"


def _pay(trend: Trend) -> str:
    if trend.pay is None:
        return ""
    try:
        return Money(trend.pay, trend.currency).text()
    except ValueError:
        return f"{trend.pay} {plain(trend.currency)}".strip()


def read(clause: str) -> dict[str, Any]:
    """Nothing beside the skills, which the slots find."""
    return {}


AGENT = AgentSpec(
    name=NAME,
    title="Career",
    description="Shows which skills jobs ask for and pay for, how that moves, and what to learn next.",
    examples=(
        "Which skills are in demand?",
        "What do Python jobs pay at the moment?",
        "Show me the trend for data engineering skills",
        "What should I learn next?",
        "How is demand for React developing?",
        "Compare my skills with what jobs ask for",
        "Which technologies are rising in the jobs you found?",
        "Welche Fähigkeiten sind gefragt?",
        "market pay by skill",
    ),
    task=CareerTask,
    run=run,
    read=read,
    cues=(
        r"\bskills?\b.{0,30}\b(?:in demand|asked for|wanted|rising|trend\w*|pay|learn)\b|\bin demand\b",
        r"\b(?:demand|trends?) (?:for|in|of|report)\b.{0,40}\b(?:skills?|jobs?|python|react|developers?|designers?)?\b",
        r"\bwhat (?:should|could|to) (?:i )?learn\b|\bskill gaps?\b",
        r"\b(?:market|average|typical|median) (?:pay|rates?)\b(?!.*\bcalculate)|\bwhat do .{2,30} jobs pay\b",
    ),
)
