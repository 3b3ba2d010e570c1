"""Picks from what boards returned the jobs that were asked for, and orders them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agents.tools.matching import Match, asked_skills, match, own_skills
from agents.tools.skills import canonical_all, find_skills
from integrations.job_boards.board import JobQuery
from integrations.job_boards.post import JobPost

_WORD = re.compile(r"[^\W_][\w+#.]*")


@dataclass(frozen=True)
class Hit:
    """A job that was asked for. `relevance` is from 0 to 1; `match` is set when the profile names skills."""

    post: JobPost
    relevance: float
    why: str
    match: Match | None = None


def pick(posts: Sequence[JobPost], query: JobQuery, profile: Mapping[str, Any], today: date) -> list[Hit]:
    """The posts that pass every filter of the query, the best first. Pay that is not stated passes, but ranks lower."""
    own = bool(own_skills(profile))
    wanted = [skill.casefold() for skill in canonical_all(query.skills)]
    wanted += [skill.casefold() for skill in find_skills(query.words) if skill.casefold() not in wanted]
    hits = []
    for post in posts:
        if not _passes(post, query, today):
            continue
        relevance, why = _relevance(post, query, wanted)
        if relevance > 0:
            hits.append(Hit(post, relevance, why, match(post, profile, today) if own else None))
    return sorted(hits, key=lambda hit: -_score(hit, query))


def _score(hit: Hit, query: JobQuery) -> float:
    score = hit.relevance + (hit.match.fit / 100 if hit.match else 0.5)
    if query.min_rate is not None and _best_rate(hit.post, query) is None:
        score -= 0.6
    return score


def _passes(post: JobPost, query: JobQuery, today: date) -> bool:
    if query.remote and post.remote is False:
        return False
    if query.days is not None and (post.posted_at is None or (today - post.posted_at.date()).days > query.days):
        return False
    if query.location and not post.remote and query.location.casefold() not in post.location.casefold():
        return False
    if post.closes and post.closes < today:
        return False
    best = _best_rate(post, query)
    return query.min_rate is None or best is None or best >= query.min_rate


def _best_rate(post: JobPost, query: JobQuery) -> Any:
    """The most an hour pays, where it is stated in the query's currency; in any, when the query names none."""
    each = post.pay.hourly() if post.pay and query.currency in ("", post.pay.currency) else None
    return each[1] if each else None


def _relevance(post: JobPost, query: JobQuery, wanted: Sequence[str]) -> tuple[float, str]:
    if not query.words and not query.skills:
        return 0.5, "newly posted"
    asked = {skill.casefold(): (skill, weight) for skill, weight in asked_skills(post).items()}
    found: dict[str, float] = {}
    for skill in wanted:
        if skill in asked:
            found[asked[skill][0]] = asked[skill][1] / 2
    title, body = _words(post.title), _words(post.description)
    named = set(" ".join(wanted).split())
    words = {word for word in _words(query.words) if word not in named and not find_skills(word)}
    for word in words:
        if near(word, title):
            found[word] = 1.0
        elif near(word, body):
            found[word] = 0.4
    most = len(set(wanted) | words) or 1
    return min(1.0, sum(found.values()) / most), ", ".join(found)


def near(word: str, words: set[str]) -> bool:
    """Whether a word, or its plural or root form, is among others: "writer" is near "writing"."""
    stem = re.sub(r"(?:ers?|ing|ors?|s|ment|ist)$", "", word)
    return word in words or (
        len(stem) >= 4 and any(other.startswith(stem) and len(other) <= len(stem) + 4 for other in words)
    )


def _words(text: str) -> set[str]:
    return {word.casefold().strip(".") for word in _WORD.findall(text)}
