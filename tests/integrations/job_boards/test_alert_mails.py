"""Alert mails become posts, by the job's id that an address shows; nothing is opened."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.job_boards.alert_mails import posts_from_mail, read_mails
from integrations.job_boards.post import JobPost

UPWORK = """<html><head><style>p {color: red}</style></head><body>
<p>New jobs that match your saved search “python”</p>
<table><tr><td><h2><a href="https://www.upwork.com/jobs/~01f00dbeefcafe1234?utm_source=alert&amp;frkscc=xyz">
 Churn model in Python</a></h2>
<p>Hourly: $60.00-$90.00 - Expert - Est. Time: 1 to 3 months, 10-30 hrs/week - Posted 2 hours ago</p>
<p>We want to know who leaves and why. Data sits in Postgres. <a
 href="https://www.upwork.com/jobs/~01f00dbeefcafe1234?utm_source=alert">more</a></p>
<p>Skills: Python, SQL, Machine Learning</p>
<p>Payment verified · 4.9 of 12 reviews · $18K+ spent · Proposals: 5 to 10</p>
<a href="https://www.upwork.com/ab/proposals/job/~01f00dbeefcafe1234/apply/">Apply now</a></td></tr>
<tr><td><h2><a href="https://click.mailer.example/track?u=https%3A%2F%2Fwww.upwork.com%2Fjobs%2F%7E01abcabcabc99">
 Fix a dbt pipeline</a></h2><p>Fixed-price: $1,500 - Intermediate</p><p>Two broken models.</p></td></tr></table>
<p><a href="https://www.upwork.com/unsubscribe?id=1">Unsubscribe</a> from this alert</p><p>Budget: $9,999</p>
</body></html>"""
LINKEDIN_HTML = """<div><a href="https://www.linkedin.com/comm/jobs/view/3790000001/?trackingId=abc"><img src="x"></a>
<a href="https://www.linkedin.com/comm/jobs/view/3790000001/?trackingId=abc">Data Engineer (Freelance)</a>
<p>Nordwind GmbH · Berlin, Germany (Remote)</p><p>€80/hr - €95/hr</p><p>12 connections</p>
<a href="https://www.linkedin.com/comm/jobs/view/3790000001/?x=1">View job</a></div>
<div><a href="https://www.linkedin.com/comm/jobs/view/senior-analyst-at-kite-3790000002?y=2">Senior Analyst</a>
<p>Kite &amp; Co</p><p>Lyon, France</p><p>Easy Apply</p></div>
<p>See all jobs</p><p>This email was intended for Mara</p>"""
LINKEDIN_TEXT = """Your job alert for data engineer in Germany
2 new jobs match your preferences.

Data Engineer (Freelance)
Nordwind GmbH
Berlin, Germany
View job: https://www.linkedin.com/comm/jobs/view/3790000001/?trackingId=abc%3D%3D

---------------------------------------------------------

Senior Analyst
Kite & Co
Lyon, France
Fast growing
View job: https://www.linkedin.com/comm/jobs/view/3790000002/

---------------------------------------------------------
See all jobs on LinkedIn: https://www.linkedin.com/comm/jobs/search?keywords=data
Unsubscribe: https://www.linkedin.com/e/v2?e=unsub
"""
FREELANCER = """<p>Hi Mara, here are the latest projects matching your skills</p>
<a href="https://www.freelancer.com/projects/python/clean-price-data-38700001.html?utm_campaign=x">Clean price data</a>
<p>€250 - €750 EUR</p><p>43 bids</p><p>Skills: Python, Web Scraping</p>
<a href="https://www.freelancer.com/projects/python/clean-price-data-38700001.html">Bid now</a>"""
INDEED = """<table><tr><td><a href="https://de.indeed.com/rc/clk/dl?jk=0a1b2c3d4e5f6071&amp;from=ja&amp;tk=1">
<b>Python Entwickler (m/w/d)</b></a></td></tr><tr><td>Spree Werke GmbH</td></tr><tr><td>10115 Berlin</td></tr>
<tr><td>70.000 € - 85.000 € pro Jahr</td></tr><tr><td>vor 3 Tagen</td></tr></table>"""
FIVERR = """<h3><a href="https://www.fiverr.com/users/mara/briefs/65f0a1b2c3d4e5f601020304?source=mail">
Voice-over for a short film</a></h3><p>Budget: $300</p><p>Due in 7 days</p>"""
GLASSDOOR = """<a href="https://www.glassdoor.com/partner/jobListing.htm?pos=101&amp;jobListingId=1009000001&amp;t=x">
UX Writer</a><p>Alder Ltd</p><p>Leeds</p>"""


def mail(html: str = "", text: str = "", *, date: str = "Fri, 20 Nov 2026 07:30:00 +0000") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "alerts@jobs.example", "New jobs for you"
    if date:
        message["Date"] = date
    message.set_content(text or "Please open this mail in a program that shows HTML.")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def only(raw: bytes) -> JobPost:
    (post,) = posts_from_mail(raw)
    return post


def test_upwork_gives_each_job_with_its_pay_client_and_skills() -> None:
    first, second = posts_from_mail(mail(UPWORK))
    assert (first.board, first.id, first.url) == (
        "upwork", "~01f00dbeefcafe1234", "https://www.upwork.com/jobs/~01f00dbeefcafe1234",
    )  # fmt: skip
    assert (first.title, first.company, first.pay.text()) == ("Churn model in Python", "", "60-90 USD/h")  # type: ignore[union-attr]
    assert first.skills == ("Python", "SQL", "Machine Learning")
    assert (first.client.payment_verified, first.proposals, first.level) == (True, 10, "expert")
    assert first.posted_at is not None and first.posted_at.date() == date(2026, 11, 20)
    assert first.attribution == "from your Upwork alert"
    assert "$9,999" not in second.description


def test_an_address_inside_a_trackers_address_is_written_anew() -> None:
    _, second = posts_from_mail(mail(UPWORK))
    assert (second.title, second.url) == ("Fix a dbt pipeline", "https://www.upwork.com/jobs/~01abcabcabc99")
    assert second.pay.text() == "1,500 USD fixed"  # type: ignore[union-attr]


def test_linkedin_names_company_and_place_in_html_and_in_plain_text_alike() -> None:
    for raw in (mail(LINKEDIN_HTML), mail(text=LINKEDIN_TEXT)):
        first, second = posts_from_mail(raw)
        assert (first.title, first.company) == ("Data Engineer (Freelance)", "Nordwind GmbH")
        assert first.location.startswith("Berlin, Germany")
        assert first.url == "https://www.linkedin.com/jobs/view/3790000001"
        assert (second.title, second.company, second.location) == ("Senior Analyst", "Kite & Co", "Lyon, France")
    assert posts_from_mail(mail(LINKEDIN_HTML))[0].pay.text() == "80-95 EUR/h"  # type: ignore[union-attr]


def test_freelancer_indeed_fiverr_and_glassdoor() -> None:
    project = only(mail(FREELANCER))
    assert (project.title, project.proposals) == ("Clean price data", 43)
    assert project.url == "https://www.freelancer.com/projects/python/clean-price-data-38700001"
    ad = only(mail(INDEED))
    assert (ad.title, ad.company, ad.location) == ("Python Entwickler (m/w/d)", "Spree Werke GmbH", "10115 Berlin")
    assert ad.pay.text() == "70,000-85,000 EUR/year"  # type: ignore[union-attr]
    assert only(mail(FIVERR)).title == "Voice-over for a short film"
    assert only(mail(GLASSDOOR)).url.endswith("jl=1009000001")


def test_without_a_time_of_its_own_a_post_is_as_old_as_its_mail() -> None:
    assert only(mail(GLASSDOOR)).posted_at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    assert only(mail(GLASSDOOR, date="")).posted_at is None


def test_a_mail_that_is_no_alert_holds_no_posts() -> None:
    letter = mail("<p>Hello, see you on Monday. <a href='https://www.linkedin.com/in/ana'>Ana</a></p>")
    assert posts_from_mail(letter) == []
    assert posts_from_mail(b"") == []


def test_a_mailbox_gives_each_job_once(tmp_path: Path) -> None:
    mails = [mail(UPWORK), mail(UPWORK), mail(text="Lunch?"), mail(INDEED)]
    box = tmp_path / "alerts.mbox"
    box.write_bytes(b"".join(b"From a@b.example Fri Nov 20 07:30:00 2026\n" + raw + b"\n\n" for raw in mails))
    found = read_mails(str(box))
    assert found["mails"] == 4
    assert [post["board"] for post in found["posts"]] == ["upwork", "upwork", "indeed"]
    single = tmp_path / "one.eml"
    single.write_bytes(mail(FIVERR))
    assert read_mails(str(single))["mails"] == 1


@given(st.binary(max_size=300), st.text(max_size=300))
def test_no_bytes_break_it(raw: bytes, text: str) -> None:
    posts_from_mail(raw)
    posts_from_mail(b"Content-Type: text/html; charset=nonsense\n\n" + text.encode() + UPWORK[:500].encode())


@pytest.mark.parametrize("piece", ["<a ", "<a href=", "<!--", "</a "])
@pytest.mark.timeout(20)
def test_a_mail_of_tags_that_never_end_is_read_in_a_moment(piece: str) -> None:
    head = b"From: Upwork <x@upwork.com>\r\nSubject: Jobs\r\nContent-Type: text/html\r\n\r\n"
    assert posts_from_mail(head + (piece * 100_000).encode()) == []
