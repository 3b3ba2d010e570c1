"""One job is listed once, however often it was posted."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

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


LONG = "We run forty vans across the Alps and want to know each morning which of them will break down next week. " * 3


def told(id: str, title: str, company: str = "", text: str = LONG, **fields: object) -> JobPost:
    return JobPost(id=id, board="c", title=title, company=company, description=text, **fields)  # type: ignore[arg-type]


def test_a_job_posted_again_in_the_same_words_is_one_job() -> None:
    first = told("1", "Predict when vans break down", "Alpenpost")
    again = told("2", "URGENT: predict when our vans break down", text=f"{LONG} Apply today.")
    assert unique([first, again]) == [again]  # the fuller one stays


def test_the_same_words_for_other_work_or_another_company_are_other_jobs() -> None:
    first = told("1", "Predict when vans break down", "Alpenpost")
    others = [told("2", "Bookkeeper", "Alpenpost"), told("3", "Predict when vans break down", "Rheinpost")]
    assert unique([first, *others]) == [first, *others]


def test_levels_and_places_of_work_tell_jobs_apart() -> None:
    posts = [
        post("Data Engineer II", "Acme", "https://a.io/1"),
        post("Data Engineer III", "Acme", "https://a.io/2"),
        post("Senior Data Engineer", "Acme", "https://a.io/3"),
        told("4", "Nurse", "Acme", "", remote=False, location="Berlin"),
        told("5", "Nurse", "Acme", "", remote=False, location="Munich"),
    ]
    assert unique(posts) == posts


def test_the_same_id_on_the_same_board_is_one_job_without_an_address() -> None:
    assert len(unique([told("1", "One", text=""), told("1", "One, again", text="")])) == 1


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["Data Engineer", "Writer", "Writer (m/w/d)"])), max_size=12
    )
)
def test_nothing_is_lost_or_made_up_and_twice_is_the_same_as_once(rows: list[tuple[str, str]]) -> None:
    posts = [told(str(number), title, company, "") for number, (company, title) in enumerate(rows)]
    kept = unique(posts)
    assert set(kept) <= set(posts)
    assert {(one.company, one.title[:6]) for one in kept} == {(one.company, one.title[:6]) for one in posts}
    assert len(kept) == len({(one.company, one.title[:6]) for one in posts})
    assert unique(kept) == kept
