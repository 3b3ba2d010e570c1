"""How long 100,000 postings take to be deduplicated and ranked, how much memory that needs, and how right it is.

The postings are made here, with a truth to compare with: of each hundred, 70 are jobs of their own, 12 the same job on
another board in other dress, 10 the same address with tracking, and 8 reposts under a new id without a company.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integrations.job_boards.post import JobPost

POSTS = 100_000
GOAL_SECONDS, GOAL_MB = 5.0, 1024
TODAY = date(2026, 11, 21)
SKILLS = (
    "Python SQL Django React TypeScript Go Rust Kubernetes AWS Spark Airflow dbt Tableau Figma SEO WordPress".split()
)
ROLES = "Developer Engineer Analyst Designer Consultant Architect Writer Tester Scientist Administrator".split()
LEVELS = ("", "Senior ", "Junior ", "Lead ", "Principal ")
FIELDS = "Payments Logistics Health Gaming Travel Energy Retail Insurance Education Media Robotics Farming".split()
SENTENCES = (
    "We build tools that {field} companies use every day.", "You will own {skill} from the first sketch to production.",
    "Our team of {n} works across four time zones.", "Experience with {skill} is what we look for first.",
    "The project takes about {n} weeks and may go on.", "You write clearly and ask when something is unclear.",
    "Knowledge of {skill} is a plus.", "We review each other's work and release on Tuesdays.",
    "The data sits in {n} tables that nobody has cleaned in years.", "You report to the head of {field}.",
)  # fmt: skip
PROFILE = {"skills": ["Python", "SQL", "Airflow"], "rate": "70 USD", "country": "Germany"}


def run() -> dict[str, Any]:
    """Seconds for each part, the peak of memory in MB, and how many duplicates were found, rightly and wrongly."""
    from agents.tools.jobs.job_filter import pick
    from integrations.job_boards.board import JobQuery
    from integrations.job_boards.dedupe import unique

    posts, truth = postings(POSTS)
    before = _peak_mb()
    started, processor = time.perf_counter(), time.process_time()
    kept = unique(posts)
    deduplicated = time.perf_counter()
    picked = pick(kept, JobQuery(words="python writer", skills=("SQL",)), PROFILE, TODAY)
    ended, processor = time.perf_counter(), time.process_time() - processor
    strict = JobQuery(words="python", skills=("SQL",), remote=True, min_rate=Decimal(60), currency="USD", days=7)
    filtered = pick(kept, strict, PROFILE, TODAY)
    again = time.perf_counter()
    kept_jobs = [truth[post.id] for post in kept]
    return {
        "posts": len(posts),
        "jobs": len(set(truth.values())),
        "kept": len(kept),
        "missed": len(kept_jobs) - len(set(kept_jobs)),
        "lost": len(set(truth.values())) - len(set(kept_jobs)),
        "matching": {"wide": picked.passing, "strict": filtered.passing},
        "seconds": {
            "deduplicate": deduplicated - started,
            "rank": ended - deduplicated,
            "both": ended - started,
            "processor": processor,
            "strict": again - ended,
        },
        "mb": {"before": before, "peak": _peak_mb()},
    }


def show(result: Mapping[str, Any]) -> None:
    """Print the figures beside the goals."""
    seconds, mb = result["seconds"], result["mb"]
    print(f"{result['posts']:,} postings for {result['jobs']:,} jobs; {result['kept']:,} kept")
    print(f"  duplicates not found {result['missed']:,}, jobs wrongly taken for another {result['lost']:,}")
    print(f"  deduplicate {seconds['deduplicate']:.2f} s, rank {seconds['rank']:.2f} s, ", end="")
    print(f"both {seconds['both']:.2f} s (goal {GOAL_SECONDS:.0f} s), of processor time {seconds['processor']:.2f} s")
    print(f"  a wide search matched {result['matching']['wide']:,}; one with every filter ", end="")
    print(f"{result['matching']['strict']:,}, ranked in {seconds['strict']:.2f} s")
    print(f"  peak memory {mb['peak']:.0f} MB, of which the postings and libraries {mb['before']:.0f} MB", end="")
    print(f" (goal {GOAL_MB} MB)")


def postings(count: int, seed: int = 7) -> tuple[list[JobPost], dict[str, int]]:
    """That many posts, and for each post's id the number of the job it is for."""
    random_ = random.Random(seed)
    posts: list[JobPost] = []
    truth: dict[str, int] = {}
    jobs = 0
    while len(posts) < count:
        roll = random_.random()
        if roll < 0.70 or not posts:
            post, job = _job(random_, jobs), jobs
            jobs += 1
        else:
            original = random_.choice(posts)
            job = truth[original.id]
            post = _again(random_, original, len(posts), roll)
        posts.append(post)
        truth[post.id] = job
    return posts, truth


def _job(random_: random.Random, number: int) -> JobPost:
    from integrations.job_boards.post import JobPost, Pay

    skills = random_.sample(SKILLS, 3)
    title = f"{random_.choice(LEVELS)}{skills[0]} {random_.choice(ROLES)}, {random_.choice(FIELDS)}"
    lines = [
        sentence.format(field=random_.choice(FIELDS), skill=random_.choice(skills), n=random_.randint(2, 90))
        for sentence in random_.sample(SENTENCES, 8)
    ]
    low = random_.randint(15, 120)
    return JobPost(
        id=f"j{number}",
        board="board-a",
        url=f"https://www.board-a.example/jobs/{number}",
        title=title,
        company=f"Company {random_.randint(1, 15_000)} GmbH",
        description=f"Reference {number}. " + " ".join(lines * 2),
        skills=tuple(skills),
        location=random_.choice(("Worldwide", "Europe", "Berlin", "New York")),
        remote=random_.random() < 0.7,
        pay=Pay(low=Decimal(low), high=Decimal(low + 20), currency="USD", period="h")
        if random_.random() < 0.6
        else None,
        posted_at=datetime(2026, 11, 21, tzinfo=UTC) - timedelta(days=random_.randint(0, 40)),
        proposals=random_.randint(0, 80),
    )


def _again(random_: random.Random, original: JobPost, number: int, roll: float) -> JobPost:
    fresh: dict[str, Any] = {"id": f"d{number}"}
    if roll < 0.82:  # on another board, in other dress
        company = original.company.replace(" GmbH", "").upper()
        fresh |= {"board": "board-b", "url": f"https://board-b.example/{number}", "company": company}
        fresh |= {"title": f"{original.title} (m/w/d)", "description": original.description[:150]}
    elif roll < 0.92:
        fresh["url"] = f"{original.url}/?utm_source=feed&ref={number}"
    else:  # posted again, by somebody who does not say for whom, with a word more
        fresh |= {"url": f"https://board-c.example/{number}", "board": "board-c", "company": ""}
        fresh |= {"title": f"Urgent: {original.title}", "description": f"{original.description} Apply now."}
    return original.model_copy(update=fresh)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
