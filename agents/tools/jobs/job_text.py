"""Writes jobs and matches as markdown. A stranger's words are escaped, so that they stay words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from agents.tools.jobs.job_filter import Hit
from agents.tools.jobs.matching import Match
from agents.tools.text.markdown import address, plain
from integrations.job_boards.post import JobPost
from memory.money import plain as digits


def link(post: JobPost) -> str:
    """The title, linked where a board gave the address; one that merely stands in a pasted text leads anywhere."""
    if not post.url or post.board == "pasted":
        return f"**{plain(post.title)}**"
    return f"**[{plain(post.title)}]({address(post.url)})**"


def age(post: JobPost, today: date) -> str:
    """When it was posted, in words."""
    if post.posted_at is None:
        return ""
    days = max(0, (today - post.posted_at.date()).days)
    return {0: "today", 1: "yesterday"}.get(days) or (f"{days} days ago" if days < 60 else f"{post.posted_at:%B %Y}")


def facts(post: JobPost, today: date) -> str:
    """Pay, place, time and the rest, in one line; what is not stated is left out."""
    place = plain(post.location, 60)
    parts = [
        plain(post.pay.text()) if post.pay else "",
        "remote" if post.remote and "remote" not in place.casefold() else "",
        place,
        plain(post.kind, 40),
        f"{plain(post.duration, 40)}" if post.duration else "",
        f"{plain(post.hours_per_week, 30)} h a week" if post.hours_per_week else "",
        f"about {digits(post.estimated_hours)} hours" if post.estimated_hours else "",
        f"posted {when}" if (when := age(post, today)) else "",
        f"apply by {post.closes:%d %B %Y}" if post.closes else "",
        plain(post.attribution, 60),
    ]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def hits_text(hits: Sequence[Hit], today: date) -> str:
    """A numbered list of jobs, each with its facts and one line on why it is here."""
    lines = []
    for number, hit in enumerate(hits, start=1):
        company = f" at {plain(hit.post.company, 60)}" if hit.post.company else ""
        fit = f"fit {hit.match.fit} of 100; " if hit.match else ""
        missing = f"; not in your profile: {_list(hit.match.missing[:4])}" if hit.match and hit.match.missing else ""
        why = plain(hit.why, 300)
        lines.append(f"{number}. {link(hit.post)}{company}  \n   {facts(hit.post, today)}  \n   *{fit}{why}{missing}*")
    return "\n".join(lines)


def match_text(found: Match, today: date) -> str:
    """One match in full: the fit, its parts, skills both ways, warnings."""
    post = found.post
    company = f" at {plain(post.company, 60)}" if post.company else ""
    blocks = [f"{link(post)}{company}  \n{facts(post, today)}", f"**Fit: {found.fit} of 100**, {found.verdict}."]
    rows = ["| Part | Weight | Score | Why |", "|---|--:|--:|---|"]
    for part in found.parts:
        score = "not counted" if part.score is None else f"{round(part.score * 100)} %"
        rows.append(f"| {part.name} | {part.weight} | {score} | {plain(part.why)} |")
    if found.taste:
        rows.append(f"| Taste | {found.taste:+d} | | {plain(found.taste_why)} |")
    blocks.append("\n".join(rows))
    skills = [
        f"**You bring:** {_list(found.matched)}" if found.matched else "",
        f"**Not in your profile:** {_list(found.missing)}" if found.missing else "",
        f"**Nice to have, not in your profile:** {_list(found.extra)}" if found.extra else "",
    ]
    blocks.append("  \n".join(line for line in skills if line))
    if found.warnings:
        blocks.append(
            "**Look out:**\n" + "\n".join(_warning(warning.text, warning.quote) for warning in found.warnings)
        )
    return "\n\n".join(block for block in blocks if block)


def ranking_text(matches: Sequence[Match]) -> str:
    """Several matches as a table, the best first."""
    rows = ["| | Job | Fit | Pay | You bring | Not in your profile |", "|--:|---|--:|---|---|---|"]
    for number, found in enumerate(matches, start=1):
        pay = plain(found.post.pay.text()) if found.post.pay else "not stated"
        careful = " (warnings)" if any(warning.serious for warning in found.warnings) else ""
        rows.append(
            f"| {number} | {link(found.post)} | {found.fit}{careful} | {pay} "
            f"| {_list(found.matched[:5])} | {_list(found.missing[:5])} |"
        )
    return "\n".join(rows)


def post_text(post: JobPost, skills: Sequence[str], today: date) -> str:
    """What was read from a post."""
    company = f" at {plain(post.company, 60)}" if post.company else ""
    named = f"\n\n**It asks for:** {_list(skills)}" if skills else ""
    return f"{link(post)}{company}  \n{facts(post, today)}{named}"


def _list(skills: Sequence[str]) -> str:
    return ", ".join(plain(skill, 40) for skill in skills) or "none"


def _warning(text: str, quote: str) -> str:
    return f"- {text}: “{plain(quote)}”" if quote else f"- {text}"
