"""A kind of job that the user dislikes, in words or with a thumb, sinks the next time."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest

from agents import registry
from agents.spec import AgentSpec
from graph.events import Done, ReplyEvent
from graph.runtime import Runtime

Say = Callable[..., Awaitable[list[ReplyEvent]]]
POST = """{title}

We are looking for a freelancer for a remote project, about 60 hours over two months. Required skills: {skills}.
You will work with our team. Please send us two examples of your work and tell us when you could start. Our company
{company} has worked with freelancers for ten years."""
JOBS = {
    "WordPress theme for a shop": ("WordPress", "Nord"),
    "WordPress plugin for bookings": ("WordPress", "Sued"),
    "Python script for reports": ("Python", "West"),
}


@pytest.fixture
def team() -> dict[str, AgentSpec]:
    return {name: registry.load()[name] for name in ("job_search", "job_match", "job_outcome", "profile")}


@pytest.fixture
async def kept(runtime: Runtime, say: Say) -> None:
    await runtime.stores.profiles.save("local", name="Ana", skills=["Python", "WordPress"])
    for title, (skills, company) in JOBS.items():
        await say("save this job\n\n" + POST.format(title=title, skills=skills, company=company))


async def fits(say: Say) -> dict[str, int]:
    done = (await say("which of my saved jobs fit me best?"))[-1]
    assert isinstance(done, Done)
    return {title: int(fit) for title, fit in re.findall(r"\| \*\*(.+?)\*\* \| (\d+) \|", done.text)}


@pytest.mark.parametrize("by_thumb", [False, True])
async def test_jobs_like_one_that_was_disliked_sink(runtime: Runtime, say: Say, kept: None, by_thumb: bool) -> None:
    before = await fits(say)
    assert before.keys() == JOBS.keys()
    if by_thumb:
        done = (await say("is the WordPress theme for a shop a good fit for me?"))[-1]
        assert isinstance(done, Done)
        await runtime.stores.conversations.rate(f"{done.turn}.answer", 0)
    else:
        await say("I am not interested in the WordPress theme for a shop")
    after = await fits(say)
    fell = {title: before[title] - after[title] for title in JOBS if title in after}
    assert fell["WordPress plugin for bookings"] > 0 and fell["Python script for reports"] == 0
