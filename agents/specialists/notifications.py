"""Notifications: what the user was told of, over which ways, when it should be quiet; and the alerts that stand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Finding, Given
from agents.tools.text.markdown import plain
from agents.tools.today.notice_words import read_notices
from config.dates import day_text
from integrations.http import Errand
from integrations.mail.account import smtp_server
from integrations.mail.smtp import send, written
from memory.notification_choices import Choices
from memory.schedules import utc

NAME = "notifications"
CONSENT = "notify_mail"
SHOWN = 20
_WAYS = {"page": "in the chat", "desktop": "on the desktop", "mail": "by mail"}
Action = Literal["list", "read", "quiet", "loud", "way", "mute", "alerts", "acknowledge", "choices"]


class NoticeTask(BaseModel):
    """What to do: with which way or kind (`about`), on or off, from when until when; or which alert is meant."""

    action: Action = "list"
    about: str = ""
    on: bool = True
    start: str = ""
    end: str = ""
    named: str = ""
    unread: bool = False


async def run(task: NoticeTask, given: Given, deps: Deps) -> Finding:
    """List what was notified, change how that is done, or look after the alerts. Raises AgentError."""
    match task.action:
        case "list":
            return await _listed(task, deps)
        case "read":
            count = await deps.stores.notifications.read(deps.user, datetime.now().astimezone())
            return Finding(NAME, True, f"Marked {count} as read." if count else "There was nothing unread.")
        case "alerts":
            return await _alerts(deps)
        case "acknowledge":
            return await _acknowledge(task, deps)
        case "choices":
            return _chosen(Choices.of(await deps.stores.preferences.all(deps.user)))
    if task.action == "way" and task.on and task.about in ("mail", "desktop"):
        await deps.must("connections")
    choices = _changed(task, Choices.of(await deps.stores.preferences.all(deps.user)), deps)
    await deps.stores.preferences.keep(deps.user, **choices.as_preference())
    return _chosen(choices, mail=task.action == "way" and task.about == "mail" and task.on)


async def mail_me(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Mail a notification to the user's own address. Raises MailError, Offline or NoConsent."""
    me = arguments["to"]
    mail = written(me, me, arguments["subject"], arguments["body"], arguments["id"])
    errand = Errand(CONSENT, deps.user, agent=NAME, thread=deps.thread, approved=True)
    await send(deps.http, errand, smtp_server(deps.settings), mail)
    return Finding(NAME, True, f"Mailed to {plain(me)}: **{plain(arguments['subject'])}**.")


def _changed(task: NoticeTask, choices: Choices, deps: Deps) -> Choices:
    """The choices as the user wants them now. Raises AgentError."""
    if task.action == "quiet":
        if not (task.start and task.end):
            raise AgentError("Tell me from when until when, as in “quiet hours from 22 to 7”.")
        return replace(choices, quiet=(task.start, task.end))
    if task.action == "loud":
        return replace(choices, quiet=())
    if task.action == "mute":
        kinds = [kind for kind in choices.muted if kind != task.about]
        return replace(choices, muted=(*kinds, task.about) if task.on else tuple(kinds))
    if task.about == "mail" and task.on and not deps.settings.smtp_host:
        raise AgentError(
            "No mail server is connected, so I go on notifying you here. To send mail from here, name its server in "
            "the file .env in my folder, and start me again: FREELANCEX_SMTP_HOST, FREELANCEX_MAIL_USER, "
            "FREELANCEX_MAIL_PASSWORD."
        )
    ways = [way for way in choices.ways if way != task.about]
    return replace(choices, ways=(*ways, task.about) if task.on else tuple(ways))


def _chosen(choices: Choices, *, mail: bool = False) -> Finding:
    ways = " and ".join(_WAYS[way] for way in choices.ways) or "nowhere; they wait in the list"
    quiet = f"Quiet hours are from {choices.quiet[0]} to {choices.quiet[1]}; what comes then is told after them." if (
        choices.quiet
    ) else "There are no quiet hours."  # fmt: skip
    muted = f" You are not told of: {', '.join(choices.muted)}." if choices.muted else ""
    first = " I ask before the first mail; choose “always allow” there, and I ask no more." if mail else ""
    data = choices.as_preference()
    return Finding(NAME, True, f"I notify you {ways}. {quiet}{muted}{first}", data=data, offers=("Show notifications",))


async def _listed(task: NoticeTask, deps: Deps) -> Finding:
    rows = await deps.stores.notifications.list(deps.user, unread=task.unread, limit=SHOWN)
    if not rows:
        return Finding(NAME, True, "You were not notified of anything" + (" unread." if task.unread else " yet."))
    lines = []
    for row in rows:
        times = f" ({row.count} times)" if row.count > 1 else ""
        ways = f", {' and '.join(_WAYS.get(way, way) for way in row.ways)}" if row.ways else ", only here"
        text = f": {plain(row.text, 200)}" if row.text else ""
        mark = "" if row.read_at else " · unread"
        at = utc(row.at).astimezone()
        lines.append(f"- {day_text(at, '%a %-d %b, %H:%M')} **{plain(row.title)}**{times}{text}{ways}{mark}")
    data = {"notifications": [{"id": row.id, "title": row.title, "kind": row.kind} for row in rows]}
    text = "What I notified you of, the newest first:\n\n" + "\n".join(lines)
    return Finding(NAME, True, text, data=data, offers=("Mark all notifications as read",))


async def _alerts(deps: Deps) -> Finding:
    rows = await deps.stores.alerts.standing(deps.user)
    if not rows:
        return Finding(NAME, True, "No alert stands; everything is within its limits.", data={"alerts": []})
    lines = []
    for row in rows:
        seen = " · acknowledged" if row.acknowledged_at else ""
        since = f"{day_text(utc(row.since).astimezone(), '%A, %-d %B, %H:%M')}"
        lines.append(f"- **{plain(row.title)}**, since {since}: {plain(row.text, 300)}{seen}")
    text = f"{len(rows)} {'alert stands' if len(rows) == 1 else 'alerts stand'}:\n\n" + "\n".join(lines)
    data = {"alerts": [{"rule": row.rule, "title": row.title} for row in rows]}
    return Finding(NAME, True, text, data=data, offers=("Acknowledge all alerts",))


async def _acknowledge(task: NoticeTask, deps: Deps) -> Finding:
    rows = await deps.stores.alerts.standing(deps.user)
    if not rows:
        raise AgentError("No alert stands, so there is nothing to acknowledge.")
    words = set(re.findall(r"\w{3,}", task.named.casefold()))
    meant = [row for row in rows if words & set(re.findall(r"\w{3,}", f"{row.title} {row.rule}".casefold()))] or rows
    for row in meant:
        await deps.stores.alerts.acknowledge(deps.user, row.rule, datetime.now().astimezone())
    titles = ", ".join(f"“{plain(row.title)}”" for row in meant)
    return Finding(NAME, True, f"Acknowledged: {titles}. I tell you again only if it ends and comes back.")


AGENT = AgentSpec(
    name=NAME,
    title="Notifications",
    description="Lists what you were notified of, sets quiet hours and ways, and looks after alerts.",
    examples=(
        "What did you notify me of?",
        "Show my notifications",
        "Quiet hours from 22 to 7",
        "No quiet hours any more",
        "Mark all notifications as read",
        "Mail me my notifications, too",
        "Stop mailing me notifications",
        "Turn on desktop notifications",
        "Do not notify me of saved searches",
        "Which alerts are there?",
        "Acknowledge the disk alert",
        "Is anything alarming?",
        "How do you notify me?",
        "Do not disturb me at night",
    ),
    task=NoticeTask,
    run=run,
    read=read_notices,
    effects={"mail_me": mail_me},
    resource="connections",
    consents=(CONSENT,),
    cues=(
        r"\bnotifications?\b|\bnotif(?:y|ied) me (?:of|about|by|on)\b(?!.*\b(?:new|jobs?|gigs?)\b)|\bdid you notify\b",
        r"\bquiet (?:hours|time)\b|\b(?:do not|don'?t) disturb\b",
        r"\b(?:which|what|any|show|list|acknowledge|dismiss|confirm|standing)\b[^.?!]{0,20}\balerts?\b(?! mails?)",
        r"\bbenachrichtig\w*|\bruhezeit\w*|\bnotificaciones\b|\bnotifiche\b|\bnotificações\b",
    ),
    writes=True,
)
