"""What jobs ask for, how that moves, and what it pays: counted from the jobs that were fetched.

A skill rises or falls when its share of the last four weeks' jobs differs from its share before by more than chance
explains: |z| above 1.96 in the test of two proportions (Fleiss, Statistical Methods for Rates and Proportions, 2.3).
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from agents.tools.jobs.matching import asked_skills
from integrations.job_boards.dedupe import job_key
from integrations.job_boards.post import JobPost
from memory.demand import JobAsk

RECENT = timedelta(weeks=4)
FEWEST = 5
"""Jobs in which a skill must be asked for to be shown; pay is told from as many that name it."""
SURE = 1.96


@dataclass(frozen=True)
class Trend:
    """One skill: the jobs that ask for it, their share of all, where it goes, and the median of hourly pay."""

    skill: str
    jobs: int
    share: float
    course: Literal["rising", "falling", "steady", "unknown"]
    pay: Decimal | None
    currency: str
    mine: bool


def asks_of(user: str, posts: Sequence[JobPost], today: date) -> list[JobAsk]:
    """What posts ask for, to be kept; a post without a date counts as posted today."""
    asks: dict[str, JobAsk] = {}
    for post in posts:
        range_ = post.pay.hourly() if post.pay else None
        middle = round((range_[0] + range_[1]) / 2, 2) if range_ else None
        asks[job_key(post)] = JobAsk(
            user=user,
            job=job_key(post),
            day=min(today, post.posted_at.date()) if post.posted_at else today,
            skills=sorted(asked_skills(post)),
            hourly=middle,
            currency=post.pay.currency if post.pay and middle else "",
        )
    return list(asks.values())


def trends(asks: Sequence[JobAsk], mine: Collection[str], today: date) -> list[Trend]:
    """The skills asked for, most often first."""
    recent, earlier = Counter[str](), Counter[str]()
    pay: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    since = today - RECENT
    now = sum(ask.day >= since for ask in asks)
    for ask in asks:
        (recent if ask.day >= since else earlier).update(ask.skills)
        if ask.hourly:
            for skill in ask.skills:
                pay[skill][ask.currency].append(Decimal(ask.hourly))
    known = {skill.casefold() for skill in mine}
    found = []
    for skill, count in (recent + earlier).most_common():
        if count < FEWEST:
            break
        currency, told = max(pay[skill].items(), key=lambda pair: len(pair[1]), default=("", []))
        found.append(
            Trend(
                skill,
                count,
                count / len(asks),
                _course(recent[skill], now, earlier[skill], len(asks) - now),
                statistics.median(told) if len(told) >= FEWEST else None,
                currency if len(told) >= FEWEST else "",
                skill.casefold() in known,
            )
        )
    return found


def missing(asks: Sequence[JobAsk], mine: Collection[str], most: int = 5) -> list[tuple[str, int]]:
    """Skills the user lacks that are asked for beside theirs, with the number of such jobs, most first."""
    known = {skill.casefold() for skill in mine}
    beside = Counter[str]()
    for ask in asks:
        own = [skill for skill in ask.skills if skill.casefold() in known]
        if own:
            beside.update(skill for skill in ask.skills if skill.casefold() not in known)
    return [(skill, count) for skill, count in beside.most_common(most) if count >= FEWEST]


def weekly(
    asks: Sequence[JobAsk], skills: Sequence[str], today: date, weeks: int = 12
) -> dict[str, list[float | None]]:
    """For each skill its share of the jobs of each of the last weeks, oldest first; None for a week without jobs."""
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=back) for back in reversed(range(weeks))]
    totals, counts = Counter[date](), Counter[tuple[date, str]]()
    for ask in asks:
        week = ask.day - timedelta(days=ask.day.weekday())
        totals[week] += 1
        counts.update((week, skill) for skill in ask.skills)
    return {
        skill: [counts[start, skill] / totals[start] if totals[start] else None for start in starts] for skill in skills
    }


def _course(recent: int, now: int, earlier: int, before: int) -> Literal["rising", "falling", "steady", "unknown"]:
    if now < 20 or before < 20:
        return "unknown"
    pooled = (recent + earlier) / (now + before)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / now + 1 / before))
    if not spread:
        return "steady"
    z = (recent / now - earlier / before) / spread
    return "rising" if z > SURE else "falling" if z < -SURE else "steady"
