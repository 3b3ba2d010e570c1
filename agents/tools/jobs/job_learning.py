"""What FreelanceX has learned of a user's jobs, where jobs are picked: taste, a learned order, and meaning.

outcome told ──▶ kept with traits and features ──▶ taste at once, a learned order once there are enough
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from agents.deps import Deps
from agents.tools.jobs.job_filter import Picked, pick
from agents.tools.jobs.job_intake import Job
from agents.tools.jobs.job_ranker import AGAIN, enough, features_of, gains_of
from agents.tools.jobs.matching import match
from agents.tools.jobs.taste import Taste, taste_of, traits_of
from integrations.job_boards.board import JobQuery
from integrations.job_boards.dedupe import unique
from integrations.job_boards.post import JobPost
from integrations.models.embeddings.weights import EmbeddingError
from memory.job_outcomes import JobRanker

log = logging.getLogger("freelancex.jobs")
STATUS = {"applied": "proposed", "won": "won", "lost": "lost", "disliked": "dismissed"}
"""The status of a kept job that an outcome leads to."""


async def picked_from(posts: Sequence[JobPost], query: JobQuery, deps: Deps) -> Picked:
    """The jobs among the posts that were asked for, each once and the best first, as the user would have them."""
    profile = await deps.stores.profiles.load(deps.user)
    taste = await taste_for(deps)
    ranker = await deps.stores.outcomes.ranker(deps.user)
    model = ranker.model if ranker and ranker.use else ""
    jobs = await asyncio.to_thread(unique, posts)
    try:
        return await asyncio.to_thread(pick, jobs, query, profile, deps.today, deps.embedder, taste, model)
    except EmbeddingError:
        log.exception("jobs are picked by words alone")
        return await asyncio.to_thread(pick, jobs, query, profile, deps.today, None, taste, model)


async def taste_for(deps: Deps) -> Taste:
    """The user's taste, as outcomes show it, and thumbs on answers that are about one job."""
    told = [(row.kind, row.traits) for row in await deps.stores.outcomes.of(deps.user)]
    for up, lead in await deps.stores.outcomes.thumbs(deps.user):
        if row := await deps.stores.jobs.get(lead, user=deps.user):
            told.append(("liked" if up else "disliked", traits_of(JobPost.model_validate(row.post))))
    return taste_of(told)


async def note(job: Job, kind: str, deps: Deps) -> None:
    """Keep what became of a job. Raises ValueError for an unknown kind."""
    profile = await deps.stores.profiles.load(deps.user)
    found = match(job.post, profile, deps.today, taste=await taste_for(deps))
    await deps.stores.outcomes.note(deps.user, job.lead.id, kind, traits_of(job.post), features_of(found))
    if kind in STATUS:
        await deps.stores.jobs.mark(job.lead.id, user=deps.user, status=STATUS[kind])


async def learn_if_due(deps: Deps) -> JobRanker | None:
    """Learn an order of jobs, when there are enough outcomes and some are new. Raises JobError."""
    outcomes = await deps.stores.outcomes.of(deps.user)
    gains = gains_of([(row.lead, row.kind) for row in outcomes])
    known = await deps.stores.outcomes.ranker(deps.user)
    if not enough(gains) or (known and len(gains) < known.outcomes + AGAIN):
        return None
    deps.progress("Learning from what became of your jobs", None)
    features = {row.lead: row.features for row in outcomes}
    arguments = {"rows": [features[lead] for lead in gains], "gains": list(gains.values())}
    found = await deps.jobs.run("agents.tools.jobs.job_ranker:learn", arguments, seconds=60)
    ranker = JobRanker(user=deps.user, outcomes=len(gains), **found)
    await deps.stores.outcomes.learned(ranker)
    return ranker
