"""The schedule: requests that are answered again and again by themselves, and everything else that runs by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Choice, Effect, Finding, Given, Record, Slot, Which
from agents.tools.text.markdown import plain
from agents.tools.today.rhythm import rhythm_of, said
from agents.tools.today.schedule_words import frequencies, names, read_schedule, wanted
from config.dates import day_text
from config.zone import local_zone
from memory.schedules import Schedule, State, utc

NAME = "schedule"
HOW = "Say for example “every weekday at 8 send me the briefing”."
TITLES = {"ask": "", "remind": "Reminder: ", "reminder": "Reminder: ", "search": "Search: "}

_TIMES = (
    r"(?:week ?day|work(?:ing)? ?day|single day|day|morning|evening|month|quarter|week|other \w+day|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d+ (?:hours|days|weeks))"
)
_VERBS = r"(?:send|show|give|tell|list|read|check|run|make|summari[sz]e|answer|prepare|report)"
_NO_JOBS = r"(?!.*\b(?:jobs?|gigs?|projects?|roles|posts)\b)"


class ScheduleTask(BaseModel):
    """What to do, and with which: the words that name it, or the one spoken of before."""

    action: Literal["plan", "list", "pause", "resume", "stop", "move"] = "list"
    named: str = ""
    schedule: Annotated[str, Slot("record:schedule")] = ""


@dataclass(frozen=True)
class _Entry:
    """Something scheduled, with what the user calls it."""

    row: Schedule
    title: str

    @property
    def record(self) -> Record:
        return Record(NAME, self.row.id, self.title[:80])

    def line(self) -> str:
        when = said(self.row.rule)
        if self.row.state == State.PAUSED:
            return f"**{plain(self.title)}**: {when}, paused"
        missed = f", {self.row.missed} missed before the last time" if self.row.missed else ""
        problem = f"; the last time: {plain(self.row.problem, 200)}" if self.row.problem else ""
        return f"**{plain(self.title)}**: {when}, next on {_when(self.row)}{missed}{problem}"


async def run(task: ScheduleTask, given: Given, deps: Deps) -> Finding:
    """Plan a request, list what is scheduled, or change one of it. Raises AgentError."""
    if task.action == "plan":
        return await _plan(given, deps)
    entries = await _entries(deps)
    if task.action == "list":
        return _listed(entries)
    if task.action == "move":
        return await _move(_one(entries, task, given), given, deps)
    chosen = _meant(entries, task)
    titles = ", ".join(f"“{plain(entry.title)}”" for entry in chosen)
    if task.action == "stop":
        arguments = {"schedules": [entry.row.id for entry in chosen], "titles": titles}
        preview = f"I would stop {titles} for good. “Pause it” lets it rest instead."
        effect = Effect("stop", arguments, f"Stop {titles}", preview)
        return Finding(NAME, True, f"Stopping {titles} needs your word.", effect=effect)
    at = datetime.now().astimezone()
    for entry in chosen:
        if task.action == "pause":
            await deps.stores.schedules.pause(entry.row.id, user=deps.user)
        else:
            await deps.stores.schedules.resume(entry.row.id, at, user=deps.user)
    paused = task.action == "pause"
    text = f"{titles} {'rests until you say “resume it”' if paused else 'goes on'}."
    records = tuple(entry.record for entry in chosen)
    return Finding(NAME, True, text, records=records, offers=("Resume it" if paused else "What is scheduled?",))


async def _plan(given: Given, deps: Deps) -> Finding:
    rhythm = rhythm_of(given.text) or rhythm_of(given.message)
    words = wanted(rhythm.rest) if rhythm else ""
    if rhythm is None or not words:
        raise AgentError(f"Tell me what to do and how often. {HOW}")
    at, zone = datetime.now().astimezone(), local_zone()
    row = Schedule.when(deps.user, "ask", rhythm.starting(at, zone), words=words)
    row = await deps.stores.schedules.add(row, at)
    entry = _Entry(row, _shown(words))
    text = (
        f"{rhythm.said[:1].upper()}{rhythm.said[1:]} I answer “{plain(words)}”, the first time on {_when(row)}, in the "
        "conversation “Scheduled”, and notify you. What is missed while I do not run is made up for once. Whatever "
        "acts on the world still asks you first."
    )
    data = {"schedule": row.id, "rule": row.rule, "words": words}
    return Finding(NAME, True, text, data=data, records=(entry.record,), offers=("What is scheduled?", "Pause it"))


async def _move(entry: _Entry, given: Given, deps: Deps) -> Finding:
    rhythm = rhythm_of(given.text) or rhythm_of(f"every day {given.text.replace(' to ', ' at ')}")
    if rhythm is None:
        raise AgentError(f"Tell me how often instead. {HOW}")
    rule = rhythm.rule
    if rhythm_of(given.text) is None:  # only the time is another
        days = entry.row.rule.partition(";BYHOUR")[0]
        rule = f"{days};BYHOUR{rule.partition(';BYHOUR')[2]}" if "BYHOUR" in entry.row.rule else rule
    at = datetime.now().astimezone()
    moved = await deps.stores.schedules.move(entry.row.id, rule, at, user=deps.user)
    if moved is None:
        raise AgentError("That is not scheduled any more.")
    text = f"“{plain(entry.title)}” now runs {said(rule)}, next on {_when(moved)}."
    return Finding(NAME, True, text, data={"rule": rule}, records=(entry.record,), offers=("What is scheduled?",))


async def stop(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Stop what was approved; a search that is stopped is forgotten."""
    rows = {row.id: row for row in await deps.stores.schedules.list(deps.user)}
    for id in arguments["schedules"]:
        row = rows.get(id)
        if row is not None and row.kind == "search":
            await deps.stores.searches.remove(row.subject, user=deps.user)
        elif row is not None and row.kind == "reminder":
            await deps.stores.reminders.done(row.subject, datetime.now().astimezone())
        await deps.stores.schedules.remove(id, user=deps.user)
    return Finding(NAME, True, f"I have stopped {arguments['titles']}.", offers=("What is scheduled?",))


async def _entries(deps: Deps) -> list[_Entry]:
    searches = {row.id: row.title for row in await deps.stores.searches.of(deps.user)}
    reminders = {row.id: row.text for row in await deps.stores.reminders.open(deps.user)}
    found = []
    for row in await deps.stores.schedules.list(deps.user):
        of = searches.get(row.subject) or reminders.get(row.subject) or row.words or row.kind
        found.append(_Entry(row, f"{TITLES.get(row.kind, '')}{_shown(of)}"))
    return found


def _listed(entries: list[_Entry]) -> Finding:
    if not entries:
        return Finding(NAME, True, f"Nothing is scheduled yet. {HOW}", data={"schedules": []})
    lines = "\n".join(f"{number}. {entry.line()}" for number, entry in enumerate(entries, 1))
    data = {"schedules": [{"id": entry.row.id, "title": entry.title, "rule": entry.row.rule} for entry in entries]}
    records = tuple(entry.record for entry in entries)
    return Finding(NAME, True, f"What runs by itself:\n\n{lines}", data=data, records=records)


def _meant(entries: list[_Entry], task: ScheduleTask) -> list[_Entry]:
    """Those that are named, or the one spoken of, or the only one. Raises AgentError."""
    words, often = names(task.named), frequencies(task.named)
    if not entries:
        raise AgentError(f"Nothing is scheduled. {HOW}")
    if {"everything", "all"} & set(task.named.casefold().split()):
        return entries
    scored = [(len(words & _words(entry)), entry) for entry in entries]
    best = max(score for score, _ in scored)
    if best:
        found = [entry for score, entry in scored if score == best]
        rhythmic = [entry for entry in found if any(one in entry.row.rule for one in often)]
        return rhythmic or found
    if not words and (spoken_of := [entry for entry in entries if entry.row.id == task.schedule]):
        return spoken_of
    if often and (found := [entry for entry in entries if any(one in entry.row.rule for one in often)]):
        return found
    if len(entries) == 1:
        return entries
    raise _which(entries)


def _one(entries: list[_Entry], task: ScheduleTask, given: Given) -> _Entry:
    found = _meant(entries, task)
    if len(found) > 1:
        raise _which(found)
    return found[0]


def _which(entries: list[_Entry]) -> Which:
    told = [(f"{plain(one.title)}: {said(one.row.rule)}", one.row.id) for one in entries[:9]]
    return Which("Which of them?", [Choice(label, {"schedule": id, "named": ""}) for label, id in told])


def _words(entry: _Entry) -> set[str]:
    return names(f"{entry.title} {said(entry.row.rule)}")


def _shown(words: str) -> str:
    return words[:1].upper() + words[1:]


def _when(row: Schedule) -> str:
    due = utc(row.due) if row.due else datetime.now(ZoneInfo(row.zone))
    return f"{day_text(due.astimezone(ZoneInfo(row.zone)), '%A, %-d %B, %H:%M')}"


AGENT = AgentSpec(
    name=NAME,
    title="Schedule",
    description="Answers a request again and again by itself, and lists, pauses or stops what is scheduled.",
    examples=(
        "Every weekday at 8 send me the briefing",
        "What is scheduled?",
        "Pause the briefing",
        "Resume the briefing",
        "Stop the weekly search",
        "Every Friday at 17:00 show me my hours of the week",
        "On the first of every month list my overdue invoices",
        "Move the briefing to 9",
        "Show me my schedule of recurring requests",
        "Every evening tell me what I earned today",
        "Daily at 7 give me the morning overview",
        "What runs by itself?",
        "Cancel the scheduled briefing",
        "Run the income report monthly on the last day",
        "Schedule the briefing every morning",
    ),
    task=ScheduleTask,
    run=run,
    read=read_schedule,
    effects={"stop": stop},
    cues=(
        r"\b(?:what|which|show|list)\b[^.?!]{0,30}\b(?:is |are )?scheduled\b|\bruns? by itself\b|\bmy schedules?\b",
        r"^\W*(?:please )?(?:pause|resume|unpause|unschedule)\b",
        r"\b(?:stop|cancel|pause|resume|end) (?:the|my) (?:daily|weekly|monthly|scheduled|recurring|hourly)\b",
        rf"\b(?:every|each) {_TIMES}\b.*\b{_VERBS}\b{_NO_JOBS}",
        rf"\b{_VERBS}\b.{{0,60}}\b(?:every|each) {_TIMES}s?\b{_NO_JOBS}",
    ),
    makes=(NAME,),
    takes=(NAME,),
    writes=True,
)
