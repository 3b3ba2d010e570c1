"""One job is listed once, however often it was posted."""

from __future__ import annotations

from decimal import Decimal

from integrations.job_boards.dedupe import canonical_url, unique
from integrations.job_boards.post import JobPost, Pay


def post(title: str, company: str = "", url: str = "", board: str = "a", pay: Pay | None = None) -> JobPost:
    return JobPost(id=f"{board}{title}{url}", board=board, title=title, company=company, url=url, pay=pay)


def test_addresses_compare_without_tracking_and_dressing() -> None:
    plain = canonical_url("https://jobs.example.com/p/1?id=7")
    assert canonical_url("http://www.jobs.example.com/p/1/?utm_source=x&id=7&ref=feed#apply") == plain
    assert canonical_url("https://jobs.example.com/p/1?id=8") != plain


def test_the_same_address_is_one_job() -> None:
    assert len(unique([post("A one", url="https://x.io/1"), post("B two", url="http://x.io/1/?ref=rss")])) == 1


def test_the_same_title_at_the_same_company_is_one_job_and_the_fuller_stays() -> None:
    told = Pay(low=Decimal(70), currency="EUR", period="h")
    found = unique(
        [
            post("Senior Python Developer (m/w/d)", "Acme GmbH", "https://a.io/1"),
            post("Senior Python Developer - Remote", "ACME", "https://b.io/9", "b", told),
            post("Python Developer, Senior", "Acme", "https://c.io/3", "c"),
        ]
    )
    assert [one.pay for one in found] == [told]


def test_other_companies_other_titles_and_unnamed_companies_stay_apart() -> None:
    posts = [
        post("Python Developer", "Acme", "https://a.io/1"),
        post("Python Developer", "Zenith", "https://a.io/2"),
        post("Java Developer", "Acme", "https://a.io/3"),
        post("Python Developer", "", "https://a.io/4"),
        post("Python Developer", "", "https://a.io/5"),
    ]
    assert unique(posts) == posts
