"""Picks from what boards returned the jobs that were asked for, and orders them.

hard filters ─▶ words and meaning, fused by rank ─▶ the first 200 ─▶ each held against the profile ─▶ order
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agents.tools.jobs.job_intake import with_skills
from agents.tools.jobs.job_ranker import learned_scores
from agents.tools.jobs.matching import Match, asked_skills, match, own_skills
from agents.tools.jobs.skills import canonical_all, find_skills
from agents.tools.research.relevance import Term, bm25, fused, likeness, skill_term, word_term
from integrations.job_boards.board import JobQuery
from integrations.job_boards.post import JobPost
from memory.money import plain

if TYPE_CHECKING:
    from agents.tools.jobs.taste import Taste
    from integrations.models.embeddings.embedder import Embedder

CANDIDATES = 200
"""Posts that are read closely: the first by words."""
EMBEDDED = 60
"""Of these, the first by words that are also compared by meaning: twenty milliseconds each."""
UNSTATED = 0.6
"""What a post loses that does not state its pay, when a lowest rate was asked for."""
_WORD = re.compile(r"[^\W_][\w+#.]*")


@dataclass(frozen=True)
class Hit:
    """A job that was asked for. `relevance` is from 0 to 1, `why` one line; `match` needs a profile with skills."""

    post: JobPost
    relevance: float
    score: float
    why: str
    match: Match | None = None


@dataclass(frozen=True)
class Picked:
    """The best jobs in order, how many there are that were asked for, and whether the order was learned."""

    hits: list[Hit]
    passing: int
    learned: bool = False


def pick(
    posts: Sequence[JobPost],
    query: JobQuery,
    profile: Mapping[str, Any],
    today: date,
    embedder: Embedder | None = None,
    taste: Taste | None = None,
    model: str = "",
) -> Picked:
    """The posts that pass every filter of the query, the best first. Pay that is not stated passes, but ranks lower.

    score = relevance + fit / 100. The relevance is half the share of what was asked for, half the rank by words and
    meaning; the fit is the sum of weighted parts that `matching` explains. With a `model` learned from outcomes, its
    order takes the place of the fit.
    """
    passing = [post for post in posts if _passes(post, query, today)]
    wanted = [skill.casefold() for skill in dict.fromkeys([*canonical_all(query.skills), *find_skills(query.words)])]
    words = _free_words(query, wanted)
    terms = [*map(skill_term, wanted), *map(word_term, sorted(words))]
    near, ranks, many = _nearest(passing, terms, query, embedder)
    own = bool(own_skills(profile))
    found: list[tuple[float, list[str], Match]] = []
    for post, rank in zip(map(with_skills, near), ranks, strict=True):
        share, named = _share(post, wanted, words) if terms else (0.5, ["newly posted"])
        if share > 0:
            found.append(((share + rank) / 2, named, match(post, profile, today, taste=taste)))
    fits = [held.fit / 100 for _, _, held in found]
    if model:
        fits = learned_scores(model, [held for _, _, held in found])
    hits = []
    for (relevance, named, held), fit in zip(found, fits, strict=True):
        unstated = query.min_rate is not None and _best_rate(held.post, query) is None
        score = relevance + fit - UNSTATED * unstated
        hits.append(Hit(held.post, relevance, score, _why(named, held, query), held if own else None))
    return Picked(sorted(hits, key=lambda hit: -hit.score), many - len(near) + len(hits), learned=bool(model))


def _nearest(
    posts: Sequence[JobPost], terms: Sequence[Term], query: JobQuery, embedder: Embedder | None
) -> tuple[list[JobPost], list[float], int]:
    """The posts nearest to the words, how near each is from 0 to 1, and how many hold any of the words."""
    import numpy as np

    if not posts:
        return [], [], 0
    if not terms:
        newest = sorted(posts, key=lambda post: post.posted_at.timestamp() if post.posted_at else 0.0, reverse=True)
        return newest[:CANDIDATES], [0.5] * min(len(posts), CANDIDATES), len(posts)
    by_words = bm25([f"{post.title} {post.title} {' '.join(post.skills)} {post.description}" for post in posts], terms)
    first = [int(row) for row in (-by_words).argsort(kind="stable")[:CANDIDATES] if by_words[row] > 0]
    if not first:
        return [], [], 0
    near = [posts[row] for row in first]
    scores = [by_words[first]]
    if embedder:
        texts = [f"{post.title}. {', '.join(post.skills[:8])}. {post.description[:160]}" for post in near[:EMBEDDED]]
        by_meaning = np.full(len(near), -1.0)
        by_meaning[: len(texts)] = likeness(query.sought(), texts, embedder)
        scores.append(by_meaning)
    return near, [float(rank) for rank in fused(*scores)], int((by_words > 0).sum())


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


def _best_rate(post: JobPost, query: JobQuery) -> Decimal | None:
    """The most an hour pays, where it is stated in the query's currency; in any, when the query names none."""
    each = post.pay.hourly() if post.pay and query.currency in ("", post.pay.currency) else None
    return each[1] if each else None


def _why(named: Sequence[str], held: Match, query: JobQuery) -> str:
    """What was found of what was asked for, and what speaks for and against it, in one line."""
    best = _best_rate(held.post, query) if query.min_rate is not None else None
    pays = (
        f"pays up to {plain(best.quantize(Decimal('0.01')))} {held.post.pay.currency} an hour"
        if best and held.post.pay
        else ""
    )
    return "; ".join(part for part in (", ".join(named), pays, held.reason) if part)


def _free_words(query: JobQuery, wanted: Sequence[str]) -> set[str]:
    """The words looked for that are no skills."""
    named = set(" ".join(wanted).split())
    return {word for word in _words(query.words) if word not in named and not find_skills(word)}


def _share(post: JobPost, wanted: Sequence[str], words: set[str]) -> tuple[float, list[str]]:
    """How much of what was asked for a post asks for or names, from 0 to 1, and what that is."""
    asked = {skill.casefold(): (skill, weight) for skill, weight in asked_skills(post).items()}
    found = {asked[skill][0]: asked[skill][1] / 2 for skill in wanted if skill in asked}
    title, body = _words(post.title), _words(post.description)
    for word in words:
        if near(word, title):
            found[word] = 1.0
        elif near(word, body):
            found[word] = 0.4
    most = len(set(wanted) | words) or 1
    return min(1.0, sum(found.values()) / most), list(found)


def near(word: str, words: set[str]) -> bool:
    """Whether a word, or its plural or root form, is among others: "writer" is near "writing"."""
    stem = re.sub(r"(?:ers?|ing|ors?|s|ment|ist)$", "", word)
    return word in words or (
        len(stem) >= 4 and any(other.startswith(stem) and len(other) <= len(stem) + 4 for other in words)
    )


def _words(text: str) -> set[str]:
    return {word.casefold().strip(".") for word in _WORD.findall(text)}
