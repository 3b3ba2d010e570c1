"""Hacker News: the month's "Who is hiring?" and, for freelancers, "Seeking freelancer?", read through Algolia."""

from __future__ import annotations

import re
from typing import Any

from config.settings import Settings
from integrations.job_boards.board import Get, JobBoard, JobQuery, Terms, posts_of
from integrations.job_boards.fields import moment
from integrations.job_boards.ledger import Allowance
from integrations.job_boards.pay import read_pay
from integrations.job_boards.post import JobPost
from integrations.markup import plain_text

HIRING, FREELANCE = "who is hiring", "seeking freelancer"
SEEKING = re.compile(r"^\W*seeking\s+freelancers?\b\W*", re.IGNORECASE)
REMOTE = re.compile(r"\bremote\b", re.IGNORECASE)
NOT_REMOTE = re.compile(r"\b(?:no|not) remote\b|\bon-?site only\b", re.IGNORECASE)
ROLE = re.compile(
    r"engineer|developer|designer|scientist|analyst|manager|writer|consultant|architect|lead|devops|sre|"
    r"full[- ]?stack|"
    r"back-?end|front-?end|marketer|researcher|freelance|programmer|data|founding",
    re.IGNORECASE,
)


async def find(query: JobQuery, get: Get, settings: Settings) -> list[JobPost]:
    """The comments of this month's two threads; nobody is told what is looked for."""
    data = await get("/api/v1/search_by_date", tags="story,author_whoishiring", hitsPerPage=12)
    stories = data.get("hits") if isinstance(data, dict) else None
    if not isinstance(stories, list):
        return await posts_of("Hacker News", None, _hiring)
    posts: list[JobPost] = []
    for wanted, make in ((FREELANCE, _freelance), (HIRING, _hiring)):
        story = next((hit for hit in stories if wanted in str(hit.get("title", "")).casefold()), None)
        if story is not None and str(story.get("objectID", "")).isdigit():
            thread = await get(f"/api/v1/items/{story['objectID']}")
            posts += await posts_of("Hacker News", thread.get("children"), make)
    return posts


def _freelance(row: dict[str, Any]) -> JobPost | None:
    text = plain_text(row.get("text"))
    if not SEEKING.match(text):
        return None
    return _post(row, SEEKING.sub("", text, count=1), "freelance")


def _hiring(row: dict[str, Any]) -> JobPost | None:
    text = plain_text(row.get("text"))
    head = text.partition("\n")[0]
    # By custom the first line of an offer reads "Company | Role | Place | ..."; other comments are talk.
    return _post(row, text, "") if head.count("|") >= 2 else None


def _post(row: dict[str, Any], text: str, kind: str) -> JobPost | None:
    head = text.partition("\n")[0]
    parts = [part.strip() for part in re.split(r"\s*[|–]\s*|\s+-\s+", head) if part.strip()]
    if not parts:
        return None
    role = next((part for part in parts[1:] if ROLE.search(part)), parts[0])
    place = next(
        (
            part
            for part in parts[1:]
            if part != role
            and re.search(
                r"remote|on-?site|"
                r"hybrid",
                part,
                re.I,
            )
        ),
        "",
    )
    return JobPost(
        id=str(row["id"]),
        board="hacker_news",
        url=f"https://news.ycombinator.com/item?id={row['id']}",
        title=role[:150],
        company=parts[0][:80] if parts[0] != role else "",
        description=text,
        location=place,
        remote=bool(REMOTE.search(head)) and not NOT_REMOTE.search(head),
        pay=read_pay(text),
        kind=kind,
        posted_at=moment(row.get("created_at_i") or row.get("created_at")),
    )


BOARD = JobBoard(
    name="hacker_news",
    title="Hacker News",
    address="https://hn.algolia.com",
    terms=Terms(attribution="via Hacker News", fresh_for=6 * 3600, allowance=Allowance(seconds_apart=1)),
    find=find,
)
