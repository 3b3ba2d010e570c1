"""What runs by itself for a user: reminders, saved searches, and requests that they want answered again and again."""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from zoneinfo import ZoneInfo

from agents.spec import Finding, Record
from agents.tools.jobs.job_round import CONSENT
from agents.tools.jobs.job_watch import asks_first, run_search
from agents.tools.text.markdown import plain
from config.dates import day_text
from graph.approvals import propose
from graph.events import Done, Failed, Question, ReplyEvent
from graph.reply import Message, reply
from graph.runtime import Runtime
from graph.schedule.run import Face, Outcome, Run, Work, tell
from memory.notifications import Notification, Urgency
from memory.saved_searches import SavedSearch

SEARCHES, REMINDERS, REQUESTS = "Job search", "Reminders", "Scheduled"
"""The conversations in which is told what came of it."""
SHOWN = 200
"""Characters of an answer that a notification shows."""


async def reminder(run: Run, runtime: Runtime, face: Face) -> Outcome:
    """Tell a reminder, once."""
    schedule, reminders = run.schedule, runtime.stores.reminders
    row = await reminders.get(schedule.subject, user=schedule.user)
    if row is None or row.done_at or row.told_at:
        return Outcome()
    due = row.local()
    late = "" if run.at - due < timedelta(hours=1) else f" It was due on {day_text(due, '%A, %-d %B, %H:%M')}."
    finding = Finding(
        "calendar",
        ok=True,
        text=f"I was to remind you: **{plain(row.text)}**.{late}\n\nSay “done with it”, or “remind me again tomorrow”.",
        records=(Record("reminder", row.id, row.text[:80]),),
    )
    thread = reminders_thread(schedule.user)
    await tell(finding, run, runtime, thread=thread, title=REMINDERS, about=row.text)
    await reminders.told(row.id, run.at)
    title = f"Reminder: {row.text}"
    return Outcome(_notice(run, "reminder", title, late.strip(), thread, urgency=Urgency.URGENT))


async def remind_again(run: Run, runtime: Runtime, face: Face) -> Outcome:
    """Keep the reminder of this time, which is due at once."""
    local, schedule = run.due.astimezone(ZoneInfo(run.schedule.zone)), run.schedule
    await runtime.stores.reminders.add(
        schedule.user, schedule.words or "", local.date(), local.time().replace(second=0, microsecond=0), schedule.zone
    )
    return Outcome()


async def search(run: Run, runtime: Runtime, face: Face) -> Outcome:
    """Run a saved search, or ask whether it may: what is new is told in its conversation."""
    user, thread = run.schedule.user, searches_thread(run.schedule.user)
    row = await runtime.stores.searches.get(run.schedule.subject, user=user)
    if row is None:
        await runtime.stores.schedules.remove(run.schedule.id, user=user)
        return Outcome()
    if CONSENT not in await runtime.stores.consents.granted(user):
        problem = "it waited for your word: say “what waits for my approval”"
        if not await _ask(row, run, runtime, face):
            return Outcome(problem=problem)
        title = f"Your saved search “{row.title}” waits for your word"
        return Outcome(_notice(run, "approval", title, run.apology(), thread), problem=problem)
    finding, problem = await run_search(row, runtime.deps(user, thread))
    if finding is None:
        return Outcome(problem=problem, again=bool(problem))
    await tell(finding, run, runtime, thread=thread, title=SEARCHES, about=row.title)
    count = len(finding.data["jobs"])
    title = f"{count} new {'job' if count == 1 else 'jobs'} for “{row.title}”"
    return Outcome(_notice(run, "search", title, run.apology(), thread), problem=problem)


async def request(run: Run, runtime: Runtime, face: Face) -> Outcome:
    """Answer what the user wants answered, as if they asked it now, in a conversation of its own."""
    schedule = run.schedule
    thread, words = requests_thread(schedule.user), schedule.words or ""
    message = Message(words, thread, schedule.user, id=run.id)
    last: ReplyEvent | None = None
    await runtime.stores.conversations.ensure(thread, user=schedule.user, name=REQUESTS)
    async with aclosing(reply(message, runtime)) as events:
        async for event in events:
            last = event
    match last:
        case Done(text=text):
            problem = ""
        case Question(text=text) | Failed(message=text):
            problem = text
        case _:
            text, problem = "It waits for your word.", ""
    lines = [line.strip("#*-| ") for line in text.splitlines() if line.strip("#*-| ")]
    said = " ".join([run.apology(), " ".join(lines)[:SHOWN]]).strip()
    return Outcome(_notice(run, "schedule", words[:1].upper() + words[1:], said, thread), problem=problem)


def searches_thread(user: str) -> str:
    """The conversation in which saved searches tell a user what is new."""
    return f"job-search-{user}"


def reminders_thread(user: str) -> str:
    """The conversation in which reminders are told."""
    return f"reminders-{user}"


def requests_thread(user: str) -> str:
    """The conversation in which scheduled requests are answered."""
    return f"scheduled-{user}"


async def _ask(row: SavedSearch, run: Run, runtime: Runtime, face: Face) -> bool:
    """Queue the question whether the search may run; False when it is asked already."""
    waiting = await runtime.stores.effects.waiting(user=row.user)
    if any(entry.effect == "look" and entry.arguments.get("search") == row.id for entry in waiting):
        return False
    thread = searches_thread(row.user)
    asked = await propose(row.user, thread, SEARCHES, asks_first(row, run.due), runtime)
    if asked and face.asked:
        await face.asked(asked, thread)
    return asked is not None


def _notice(
    run: Run, kind: str, title: str, text: str, thread: str, *, urgency: Urgency = Urgency.NORMAL
) -> Notification:
    group = f"{kind}:{run.schedule.subject or run.schedule.id}"
    return Notification(
        user=run.schedule.user, kind=kind, group=group, urgency=urgency, title=title, text=text, thread=thread
    )


WORKS: dict[str, Work] = {"reminder": reminder, "remind": remind_again, "search": search, "ask": request}
"""What is done, by kind of schedule."""
