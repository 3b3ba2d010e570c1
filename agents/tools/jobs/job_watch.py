"""When a saved search runs, as people say it, and what one run of it tells: only jobs that were not told before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from agents.deps import Deps
from agents.spec import Effect, Finding
from agents.tools.jobs.job_report import preview
from agents.tools.jobs.job_round import CONSENT, answers_to, finding_of
from agents.tools.text.markdown import plain
from agents.tools.today.rhythm import Rhythm, rhythm_of
from integrations.job_boards import board as job_boards
from integrations.job_boards.board import JobQuery
from integrations.job_boards.dedupe import job_key
from memory.saved_searches import SavedSearch

_ABOUT = r"(?:\s+(?:for|about))?"
_LEAD = re.compile(
    rf"\b(?:please|can you|could you|(?:save|remember|keep|watch)\s+(?:this|that|the|a)?\s*search(?:es)?{_ABOUT}|"
    rf"set up (?:an? )?(?:job )?(?:alert|search)s?{_ABOUT}|job alerts?{_ABOUT}|"
    r"(?:tell|notify|alert|inform|e?-?mail|send|show|let|keep)\s+(?:me|us)"
    r"(?:\s+(?:know|posted|informed|updated))?(?:\s+(?:about|of|on|when|if|whenever|with))?|"
    r"there (?:are|is)|look (?:for|out for)|watch(?:\s+(?:for|out for))?|search (?:for|again)|come up|appear)\b",
    re.IGNORECASE,
)


DAILY = Rhythm("FREQ=DAILY;BYHOUR=8;BYMINUTE=0;BYSECOND=0", "every day at 8:00", "")
"""When a search runs that does not say when."""
HOURLY = Rhythm("FREQ=HOURLY", "every hour", "")
"""No board is asked more often."""


def without_rhythm(text: str) -> str:
    """A text without how often and whom to tell: what is left is what to look for."""
    often = rhythm_of(text)
    return " ".join(_LEAD.sub(" ", often.rest if often else text).split())


def asks_first(search: SavedSearch, waits_since: datetime) -> Finding:
    """The finding that asks whether a search that is due may ask its boards."""
    query, known = JobQuery.model_validate(search.query), job_boards.boards()
    shown = preview(query, [known[name] for name in search.boards if name in known])
    arguments = {"search": search.id, "due": waits_since.date().isoformat()}
    effect = Effect("look", arguments, f"Run your saved search {plain(search.title)}", shown, consent=CONSENT)
    text = f"Your saved search **{plain(search.title)}** was due, and waits for your word."
    return Finding("saved_searches", ok=True, text=text, effect=effect)


async def run_search(search: SavedSearch, deps: Deps, *, approved: bool = False) -> tuple[Finding | None, str]:
    """Run a saved search: what is new, or None, and the problem when no board answered.

    Nothing leaves without a standing consent, unless the user `approved` this run; the jobs in the finding are noted
    as told.
    """
    query = JobQuery.model_validate(search.query)
    answers = await answers_to(query, search.boards, deps, approved=approved)
    problems = [f"{answer.title}: {answer.problem}" for answer in answers if answer.problem]
    posts = [post for answer in answers for post in answer.posts]
    new = await deps.stores.searches.untold(deps.user, {job_key(post) for post in posts})
    finding = await finding_of(query, answers, [post for post in posts if job_key(post) in new], deps)
    shown = finding.data["jobs"]
    told = {job_key(hit) for hit in posts if any(hit.board == job["board"] and hit.id == job["id"] for job in shown)}
    await deps.stores.searches.told(deps.user, told)
    if not shown:
        return None, "; ".join(problems) if len(problems) == len(answers) else ""
    return replace(finding, text=f"New for your saved search **{search.title}**:\n\n{finding.text}"), ""
