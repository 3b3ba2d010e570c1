"""The jobs that were asked for, in an order that words, meaning, the profile and the user's taste make together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.tools.jobs.job_filter import CANDIDATES, Picked, pick
from agents.tools.jobs.taste import taste_of, traits_of
from integrations.job_boards.board import JobQuery
from integrations.job_boards.post import JobPost, Pay

TODAY = date(2026, 11, 21)
ME = {"skills": ["Python", "SQL"], "rate": "60 USD"}


def post(title: str, **fields: Any) -> JobPost:
    return JobPost(**{"id": title, "board": "a", "title": title, "remote": True, **fields})


def paying(low: int, high: int, currency: str = "USD") -> Pay:
    return Pay(low=Decimal(low), high=Decimal(high), currency=currency, period="h")


def titles(picked: Picked) -> list[str]:
    return [hit.post.title for hit in picked.hits]


def test_every_filter_is_hard_and_unstated_pay_comes_last() -> None:
    posts = [
        post("Python, pay open"),
        post("Python, low", pay=paying(20, 30)),
        post("Python, other money", pay=paying(90, 95, "EUR")),
        post("Python, good", pay=paying(50, 70)),
        post("Python in an office", remote=False, pay=paying(90, 99)),
        post("Python, closed", closes=date(2026, 11, 1), pay=paying(90, 99)),
        post("Python, old", posted_at=datetime(2026, 10, 1, tzinfo=UTC)),
        post("Barista", pay=paying(90, 99)),
    ]
    fresh = [
        one if one.posted_at else one.model_copy(update={"posted_at": datetime(2026, 11, 20, tzinfo=UTC)})
        for one in posts
    ]
    query = JobQuery(words="python", remote=True, min_rate=Decimal(60), currency="USD", days=7)
    picked = pick(fresh, query, ME, TODAY)
    assert titles(picked)[0] == "Python, good"
    assert set(titles(picked)) == {"Python, good", "Python, pay open", "Python, other money"}
    assert picked.passing == 3


def test_each_job_is_explained_in_one_line() -> None:
    (hit,) = pick([post("Python and SQL", pay=paying(60, 80))], JobQuery(words="python"), ME, TODAY).hits
    assert hit.why.startswith("Python; you have 2 of the 2 it names; $80.00 an hour at best, and your rate is $60.00")
    assert "\n" not in hit.why
    query = JobQuery(words="python", min_rate=Decimal(50))
    (bare,) = pick(
        [post("Python work", pay=paying(480, 560).model_copy(update={"period": "day"}))], query, {}, TODAY
    ).hits
    assert (bare.why, bare.match) == ("Python; pays up to 70 USD an hour; remote", None)


def test_among_very_many_the_nearest_are_read_and_all_are_counted() -> None:
    posts = [post(f"Job {number}", description="python " + "filler " * (number % 50)) for number in range(1000)]
    picked = pick([*posts, post("Python, Python", skills=("Python",))], JobQuery(words="python"), {}, TODAY)
    assert (len(picked.hits), picked.passing) == (CANDIDATES, 1001)
    assert picked.hits[0].post.title == "Python, Python"


def test_without_words_the_newest_come() -> None:
    posts = [post(f"Job {day}", posted_at=datetime(2026, 11, day, tzinfo=UTC)) for day in (3, 20, 11)]
    assert titles(pick(posts, JobQuery(), {}, TODAY)) == ["Job 20", "Job 11", "Job 3"]


def test_meaning_moves_up_what_words_alone_leave_level() -> None:
    class Sea:
        name, dimensions = "sea", 2

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.array(
                [[1, 0] if "ship" in text or text == "python" else [0, 1] for text in texts], dtype=np.float32
            )

    posts = [post("Python for trams"), post("Python for ships")]
    assert titles(pick(posts, JobQuery(words="python"), {}, TODAY))[0] == "Python for trams"
    picked = pick(posts, JobQuery(words="python"), {}, TODAY, embedder=Sea())  # type: ignore[arg-type]
    assert titles(picked)[0] == "Python for ships"


def test_a_kind_of_job_that_was_turned_down_sinks_and_says_why() -> None:
    fresh = datetime(2026, 11, 21, tzinfo=UTC)
    posts = [
        post("Python and WordPress", skills=("Python", "WordPress"), posted_at=fresh),
        post("Python and Qt", skills=("Python", "Qt")),
    ]
    assert titles(pick(posts, JobQuery(words="python"), ME, TODAY))[0] == "Python and WordPress"
    taste = taste_of([("disliked", traits_of(post("WordPress theme", skills=("WordPress", "PHP"))))] * 2)
    picked = pick(posts, JobQuery(words="python"), ME, TODAY, taste=taste)
    assert titles(picked) == ["Python and Qt", "Python and WordPress"]
    assert "for being like jobs you turned down: wordpress" in picked.hits[1].why


def test_taste_weighs_what_went_well_against_what_did_not() -> None:
    wordpress = post("WordPress theme", skills=("WordPress",), company="Acme GmbH")
    taste = taste_of([("liked", traits_of(wordpress)), ("disliked", traits_of(wordpress)), ("lost", ["python"])])
    assert taste.of(wordpress) == (0.0, "")
    liked, why = taste_of([("won", traits_of(wordpress))] * 3).of(post("Shop", company="ACME"))
    assert liked > 0 and why == "like jobs you went for: acme"
    assert taste_of([]).of(wordpress) == (0.0, "")
