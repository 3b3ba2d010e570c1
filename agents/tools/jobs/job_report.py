"""Says what a search of the boards would tell others, and what it found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from agents.tools.jobs.job_filter import Hit, Picked
from agents.tools.jobs.job_text import hits_text
from agents.tools.jobs.matching import WEIGHTS
from agents.tools.text.markdown import plain
from integrations.job_boards.board import JobBoard, JobQuery, boards
from integrations.job_boards.closed import KEEP_OUT
from integrations.job_boards.search import Answer
from memory.money import plain as digits


def wanted(query: JobQuery) -> str:
    """What is looked for, in words."""
    named = query.words or listed(list(query.skills))
    parts = [f"**{plain(named)}** work"]
    if query.min_rate is not None:
        parts.append(f"from {f'{digits(query.min_rate)} {query.currency}'.strip()} an hour")
    if query.remote:
        parts.append("remote")
    if query.location:
        parts.append(f"in {plain(query.location)}")
    if query.days:
        parts.append(f"posted in the last {query.days} days")
    return ", ".join(parts)


def preview(query: JobQuery, chosen: Sequence[JobBoard]) -> str:
    """What each board would get to see."""
    lines = [
        f"- **{board.title}** ({board.address.partition('://')[2]}) would see "
        + (
            f"the words “{plain(query.sought())}”"
            if board.by_words
            else "that its list is fetched, and none of your words"
        )
        for board in chosen
    ]
    return (
        f"I would ask these boards for {wanted(query)}:\n\n"
        + "\n".join(lines)
        + "\n\nEach sees your internet address, as any page you open does. Your profile and your rate stay here: "
        "the lists are searched on this computer."
    )


def report(
    query: JobQuery, answers: Sequence[Answer], seen: int, picked: Picked, shown: Sequence[Hit], today: date
) -> str:
    """What was found, what was not, and who did not answer."""
    failed = [f"- **{answer.title}**: {plain(answer.problem, 200)}." for answer in answers if answer.problem]
    answered = [answer.title for answer in answers if not answer.problem]
    blocks = []
    if shown:
        more = f", the best {len(shown)} here" if picked.passing > len(shown) else ""
        many = f"{picked.passing:,} of {seen:,} posts{more}"
        blocks.append(f"For {wanted(query)}: {many}, from {listed(answered)}.")
        blocks.append(hits_text(shown, today))
        blocks.append(f"*{_order(picked)}*")
        if query.min_rate is not None and any(not hit.post.pay for hit in shown):
            blocks.append("Posts that do not state their pay are listed after those that do.")
    elif answered:
        blocks.append(
            f"None of the {seen} posts on {listed(answered)} is {wanted(query)}. "
            "A wider search may help: fewer words, or no lowest rate."
        )
    else:
        blocks.append("No board could be asked.")
    if late := [
        f"{answer.title} {_delay(answer.board)}" for answer in answers if answer.posts and _delay(answer.board)
    ]:
        blocks.append(f"By their terms, some boards show jobs late: {listed(late)}.")
    if failed:
        blocks.append("Not available just now:\n" + "\n".join(failed))
    blocks.append(f"*{KEEP_OUT}*")
    return "\n\n".join(blocks)


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "no board"


def _delay(board: str) -> str:
    hours = boards()[board].terms.delay_hours if board in boards() else 0
    return f"by up to {hours} hours" if hours else ""


def _order(picked: Picked) -> str:
    """How the jobs were ordered, with the weights."""
    if picked.learned:
        return "Ordered by what was asked for, and by what became of your earlier jobs."
    weights = ", ".join(f"{name.lower()} {weight}" for name, weight in WEIGHTS.items())
    return f"Ordered half by what was asked for, half by the fit, of which each part weighs: {weights}."
