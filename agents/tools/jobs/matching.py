"""How well a job fits a freelancer: stated weights, each part explained, and nothing counted that is not known.

fit = sum(weight * score) / sum(weight of the parts that are known)
      + up to 15 for what the user went for or turned down before - 10 for each serious warning
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from agents.tools.jobs.job_warnings import Warning, warnings_of
from agents.tools.jobs.skills import canonical_all, find_skills, with_implied
from agents.tools.jobs.taste import MOST as MOST_TASTE
from agents.tools.jobs.taste import Taste
from integrations.job_boards.post import HOURS, JobPost
from memory.money import Money, find_prices, plain

WEIGHTS = {"Skills": 50, "Pay": 20, "Place": 10, "Recency": 8, "Competition": 6, "Client": 6}
"""What each part of the fit counts."""
_OPTIONAL = re.compile(
    r"\b(?:a plus|nice[- ]to[- ]have|bonus|optional|preferred|not needed|not required|von vorteil)\b", re.I
)
_EUROPE = re.compile(r"\b(?:europe|emea|eu)\b", re.I)
_ANYWHERE = re.compile(r"\b(?:worldwide|anywhere|global|all countries)\b|^\s*remote\s*$|^$", re.I)
IN_EUROPE = frozenset(
    "austria belgium bulgaria croatia cyprus czechia denmark estonia finland france germany greece hungary ireland "
    "italy latvia lithuania luxembourg malta netherlands norway poland portugal romania serbia slovakia slovenia "
    "spain sweden switzerland ukraine deutschland österreich schweiz uk".split()
) | {"united kingdom", "czech republic"}


@dataclass(frozen=True)
class Part:
    """One part of a fit: `score` from 0 to 1, or None where it is not known; `why` in a few words."""

    name: str
    weight: int
    score: float | None
    why: str


@dataclass(frozen=True)
class Match:
    """A job held against a profile. `missing` are asked for, `extra` only nice to have; both are not in the profile.

    `taste` are the points added or taken for the user's taste, `taste_why` the reason.
    """

    post: JobPost
    fit: int
    parts: tuple[Part, ...]
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    warnings: tuple[Warning, ...]
    taste: int = 0
    taste_why: str = ""

    @property
    def reason(self) -> str:
        """The fit in one line: what its parts say, the weightiest first, and what the user's taste does."""
        told = [part.why for part in self.parts if part.score is not None]
        taste = [f"{self.taste:+d} for being {self.taste_why}"] if self.taste else []
        return "; ".join([*told[:4], *taste])

    @property
    def verdict(self) -> str:
        """The fit in words."""
        if any(warning.serious for warning in self.warnings):
            return "clear up the warnings first"
        steps = ((75, "a strong match"), (55, "worth a proposal"), (35, "a stretch"))
        return next((words for least, words in steps if self.fit >= least), "rather not for you")


def own_skills(profile: Mapping[str, Any]) -> list[str]:
    """The skills a profile holds: stated ones first, then those its title, experience and portfolio name."""
    told = [str(profile.get(name) or "") for name in ("title", "bio")]
    told += [str(item) for name in ("experience", "portfolio") for item in profile.get(name) or []]
    stated = canonical_all(map(str, profile.get("skills") or []))
    return list(dict.fromkeys([*stated, *find_skills("\n".join(told))]))


@lru_cache(maxsize=2000)
def asked_skills(post: JobPost) -> Mapping[str, float]:
    """The skills a post asks for and how much each counts: 2 stated or in the title, 1 mentioned, 0.5 a plus."""
    asked = dict.fromkeys([*post.skills, *find_skills(post.title)], 2.0)
    for line in re.split(r"(?<=[.!?])\s|\n\n|\n(?=[-*•])", post.description):
        weight = 0.5 if _OPTIONAL.search(line) else 1.0
        for skill in find_skills(line):
            asked[skill] = max(asked.get(skill, 0.0), weight)
    return asked


def match(
    post: JobPost,
    profile: Mapping[str, Any],
    today: date,
    hours: Decimal | None = None,
    taste: Taste | None = None,
) -> Match:
    """Hold a job against a profile. `hours` is what the user expects the work to take."""
    known, asked = with_implied(own_skills(profile)), asked_skills(post)
    matched = tuple(skill for skill in asked if skill.casefold() in known)
    lacking = [skill for skill in asked if skill.casefold() not in known]
    warnings = tuple(warnings_of(post, today))
    parts = (
        _skills(asked, matched, bool(known)),
        _pay(post, profile, hours),
        _place(post, profile),
        _recency(post, today),
        _competition(post),
        _client(post),
    )
    told = [(part.weight, part.score) for part in parts if part.score is not None]
    fit = 100 * sum(weight * score for weight, score in told) / (sum(weight for weight, _ in told) or 1)
    liked, taste_why = (taste or Taste()).of(post)
    points = round(MOST_TASTE * liked)
    fit += points - 10 * min(3, sum(warning.serious for warning in warnings))
    return Match(
        post=post,
        fit=max(0, min(100, round(fit))),
        parts=parts,
        matched=matched,
        missing=tuple(skill for skill in lacking if asked[skill] >= 1),
        extra=tuple(skill for skill in lacking if asked[skill] < 1),
        warnings=warnings,
        taste=points,
        taste_why=taste_why,
    )


def hourly_rate(profile: Mapping[str, Any]) -> Money | None:
    """The profile's rate for an hour, if it states one."""
    prices = find_prices(str(profile.get("rate") or ""))
    if len(prices) != 1:
        return None
    unit = prices[0].unit or "h"
    return Money(prices[0].money.amount / HOURS[unit], prices[0].money.currency) if unit in HOURS else None


def _skills(asked: Mapping[str, float], matched: Sequence[str], any_known: bool) -> Part:
    weight = WEIGHTS["Skills"]
    if not asked:
        return Part("Skills", weight, None, "the post names none that I know")
    if not any_known:
        return Part("Skills", weight, None, "your profile names none yet")
    score = sum(asked[skill] for skill in matched) / sum(asked.values())
    return Part("Skills", weight, score, f"you have {len(matched)} of the {len(asked)} it names")


def _pay(post: JobPost, profile: Mapping[str, Any], hours: Decimal | None) -> Part:
    weight, rate, pay = WEIGHTS["Pay"], hourly_rate(profile), post.pay
    if pay is None or not (pay.low or pay.high):
        return Part("Pay", weight, None, "the post states none")
    if rate is None:
        return Part("Pay", weight, None, f"it pays {pay.text()}; your profile has no rate to compare")
    if pay.currency != rate.currency:
        return Part("Pay", weight, None, f"it pays {pay.text()}, and your rate is in {rate.currency}: not compared")
    top, low = pay.high or pay.low or Decimal(0), pay.low or pay.high or Decimal(0)
    if each := pay.hourly():
        low, top = each
    elif hours := hours or post.estimated_hours:
        low, top = low / hours, top / hours
    else:
        reach = plain((top / rate.amount).quantize(Decimal(1)))
        return Part("Pay", weight, None, f"the budget of {pay.text()} buys {reach} hours at your rate")
    words = f"{Money(top, rate.currency).text()} an hour at best, and your rate is {rate.text()}"
    if low >= rate.amount:
        return Part("Pay", weight, 1.0, words.replace(" at best", "") if low == top else words)
    ratio = float(top / rate.amount)
    return Part("Pay", weight, 0.9 if ratio >= 1 else max(0.0, 0.9 * (ratio - 0.5) / 0.5), words)


def _place(post: JobPost, profile: Mapping[str, Any]) -> Part:
    weight = WEIGHTS["Place"]
    told = [str(profile.get(name) or "").casefold() for name in ("country", "location")]
    here = [word.strip() for place in told for word in place.split(",") if word.strip()]
    place = re.sub(r"\(?\b(?:fully )?remote\b\)?", "", post.location, flags=re.I).strip(" ,-|")
    in_europe = bool(_EUROPE.search(place)) and any(word in IN_EUROPE for word in here)
    near = in_europe or any(word in place.casefold() for word in here)
    if post.remote:
        if _ANYWHERE.search(place) or near:
            return Part("Place", weight, 1.0, "remote")
        if not here:
            return Part("Place", weight, None, f"remote, for people in {place}")
        return Part("Place", weight, 0.4, f"remote, but it names {place}")
    if post.remote is None and not place:
        return Part("Place", weight, None, "the post does not say where")
    if near:
        return Part("Place", weight, 0.9, f"in {place}")
    if post.remote is None:
        return Part("Place", weight, None, f"in {place}, remote or not is not said")
    return Part("Place", weight, 0.1, f"on site{' in ' + place if place else ''}")


def _recency(post: JobPost, today: date) -> Part:
    weight = WEIGHTS["Recency"]
    if post.posted_at is None:
        return Part("Recency", weight, None, "no date")
    days = max(0, (today - post.posted_at.date()).days)
    score = next((score for most, score in ((1, 1.0), (3, 0.9), (7, 0.7), (14, 0.4), (30, 0.2)) if days <= most), 0.05)
    return Part("Recency", weight, score, "posted " + ({0: "today", 1: "yesterday"}.get(days) or f"{days} days ago"))


def _competition(post: JobPost) -> Part:
    weight, many = WEIGHTS["Competition"], post.proposals
    if many is None:
        return Part("Competition", weight, None, "not stated")
    score = next((score for most, score in ((5, 1.0), (10, 0.85), (20, 0.65), (50, 0.35)) if many <= most), 0.15)
    return Part("Competition", weight, score, f"up to {many} proposals")


def _client(post: JobPost) -> Part:
    weight, client = WEIGHTS["Client"], post.client
    told: list[tuple[float, str]] = []
    if client.payment_verified is not None:
        told.append((float(client.payment_verified), f"payment {'' if client.payment_verified else 'not '}verified"))
    if client.rating is not None:
        told.append((max(0.0, min(1.0, (float(client.rating) - 3) / 1.7)), f"rated {plain(client.rating)} of 5"))
    if client.hire_rate is not None and (client.jobs_posted or 0) >= 2:
        told.append((client.hire_rate / 100, f"hires for {client.hire_rate} % of its posts"))
    if client.spent is not None:
        told.append((min(1.0, float(client.spent) / 5000), f"${client.spent:,.0f} spent so far"))
    if not told:
        return Part("Client", weight, None, "nothing is known")
    return Part("Client", weight, sum(score for score, _ in told) / len(told), ", ".join(words for _, words in told))
