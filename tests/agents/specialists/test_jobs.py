"""Searching, matching and proposing, as a user meets them: nothing leaves before a yes, nothing is made up."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists import job_match, job_outcome, job_search, mail, proposal, saved_searches
from agents.specialists.job_match import MatchTask
from agents.specialists.job_search import SearchTask
from agents.specialists.proposal import ProposalTask
from agents.tools.jobs import job_learning
from agents.tools.jobs.job_intake import kept_jobs
from config.errors import Mendable
from config.paths import SAMPLES
from integrations.http import HttpClient
from integrations.job_boards import board as job_boards
from integrations.job_boards.board import boards
from privacy.audit import AuditLog

POST = (SAMPLES / "job_post.txt").read_text()
ME = {"name": "Mara", "skills": ["Python", "SQL"], "rate": "65 EUR", "country": "Germany"}


def said(text: str) -> Given:
    return Given(text=text, message=text)


@pytest.fixture
async def deps(table_deps: Deps, httpserver: HTTPServer) -> AsyncIterator[Deps]:
    """Dependencies whose client may reach the server of the test, and nobody else."""
    audit = AuditLog.open(table_deps.settings)
    granted = table_deps.stores.consents.granted
    own = frozenset({f"{httpserver.host}:{httpserver.port}"})
    http = HttpClient(table_deps.settings, audit, granted, allow_hosts=own, retry_wait=0.001)
    yield replace(table_deps, http=http, audit=audit, today=date(2026, 11, 21))
    await http.close()


@pytest.fixture
def local_boards(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """Two boards at the server of the test: one with jobs, one that is down."""
    real = boards()
    moved = {
        name: replace(real[name], address=f"http://{httpserver.host}:{httpserver.port}/{name}")
        for name in ("himalayas", "jobicy")
    }
    monkeypatch.setattr(job_boards, "boards", lambda: moved)
    rows = [
        {
            "guid": f"https://himalayas.app/j/{number}",
            "title": title,
            "companyName": "North",
            "minSalary": low,
            "maxSalary": high,
            "currency": "EUR",
            "salaryPeriod": "hourly",
            "description": "Coffee" if title == "Barista" else "Python and SQL [click](http://evil.example)",
            "pubDate": 1795161600,
        }
        for number, (title, low, high) in enumerate(
            [
                ("Python developer", 70, 90),
                ("Cheap Python work", 20, 30),
                ("Python, pay open", 0, 0),
                ("Barista", 90, 99),
            ]
        )
    ]
    httpserver.expect_request(re.compile("/himalayas.*")).respond_with_json({"jobs": rows})
    httpserver.expect_request(re.compile("/jobicy.*")).respond_with_data("", status=500)
    return httpserver


async def search(text: str, deps: Deps) -> Finding:
    task = SearchTask.model_validate(
        {name: value for name, value in job_search.read(text).items() if value is not None}
    )
    return await job_search.run(task, said(text), deps)


async def test_a_search_asks_first_and_shows_who_would_see_what(deps: Deps, local_boards: HTTPServer) -> None:
    found = await search("find me remote python jobs", deps)
    assert local_boards.log == []
    effect = found.effect
    assert effect is not None
    assert (effect.name, effect.consent) == ("search_boards", "job_boards")
    assert "**Himalayas** " in effect.preview
    assert "the words “python”" in effect.preview
    assert re.search(r"\*\*Jobicy\*\*.*none of your words", effect.preview)
    json.dumps(effect.arguments)


async def test_after_a_yes_jobs_come_back_ranked_linked_and_kept(deps: Deps, local_boards: HTTPServer) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    task = SearchTask(words="python", min_rate="60 EUR/h", remote=True)
    proposed = await job_search.run(task, said("find remote python jobs over 60 €/h"), deps)
    assert proposed.effect is not None
    found = await job_search.search_boards(proposed.effect.arguments, deps)
    titles = [job["title"] for job in found.data["jobs"]]
    assert titles == ["Python developer", "Python, pay open"]
    assert "[Python developer](https://himalayas.app/j/0)" in found.text
    assert "via Himalayas" in found.text
    assert re.search(r"\*\*Jobicy\*\*: .*500", found.text)
    assert found.trust == "outside"
    assert [record.kind for record in found.records] == ["job", "job"]
    assert await deps.stores.jobs.get(found.records[0].id, user=deps.user)
    asked = [request for request, _ in local_boards.log if "himalayas" in request.path]
    assert "60" not in asked[0].query_string.decode()


async def test_a_job_that_was_turned_down_stays_away_and_one_applied_for_says_so(
    deps: Deps, local_boards: HTTPServer
) -> None:
    arguments = {"query": {"words": "python"}, "boards": ["himalayas"]}
    first = await job_search.search_boards(arguments, deps)
    ids = {job["title"]: job["record"] for job in first.data["jobs"]}
    await job_learning.note((await kept_jobs([ids["Cheap Python work"]], deps))[0], "disliked", deps)
    await job_learning.note((await kept_jobs([ids["Python developer"]], deps))[0], "applied", deps)
    again = await job_search.search_boards(arguments, deps)
    assert {job["title"] for job in again.data["jobs"]} == set(ids) - {"Cheap Python work"}
    assert "*you have a proposal for it; Python; remote; posted " in again.text


async def test_each_request_is_in_the_log(deps: Deps, local_boards: HTTPServer) -> None:
    proposed = await job_search.run(SearchTask(words="python"), said("python jobs"), deps)
    assert proposed.effect is not None
    await job_search.search_boards(proposed.effect.arguments, deps)
    lines = await deps.audit.read(kind="request")
    assert {line["agent"] for line in lines} == {"job_search"}
    assert {line["status"] for line in lines} == {200, 500}


async def test_offline_is_one_clear_line(deps: Deps, local_boards: HTTPServer) -> None:
    offline = replace(deps, settings=deps.settings.model_copy(update={"offline": True}))
    found = await search("find python jobs", offline)
    assert not found.ok
    assert found.effect is None
    assert "offline" in found.text
    assert local_boards.log == []


async def test_no_words_take_the_skills_of_the_profile(deps: Deps, local_boards: HTTPServer) -> None:
    with pytest.raises(AgentError, match="kind of work"):
        await search("find me some jobs", deps)
    await deps.stores.profiles.save(deps.user, **ME)
    found = await search("find me some jobs", deps)
    assert found.effect is not None
    assert found.effect.arguments["query"]["skills"] == ["Python", "SQL"]


async def test_a_rate_without_a_currency_is_in_that_of_the_profile(deps: Deps, local_boards: HTTPServer) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    found = await search("python jobs paying over 480 a day", deps)
    assert found.effect is not None
    query = found.effect.arguments["query"]
    assert (query["min_rate"], query["currency"]) == ("60", "EUR")


async def test_a_pasted_post_is_read_and_kept_and_nothing_leaves(deps: Deps, local_boards: HTTPServer) -> None:
    found = await job_search.run(SearchTask(post=POST), said("keep this job"), deps)
    assert found.effect is None
    assert "Velo Nordwind" in found.text
    saved = await search("show my saved jobs", deps)
    assert saved.records == found.records
    assert local_boards.log == []


async def test_a_match_explains_itself(deps: Deps) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    found = await job_match.run(MatchTask(post=POST), said("does it fit?"), deps)
    (row,) = found.data["matches"]
    assert 0 < row["fit"] < 100
    assert "Python" in row["matched"]
    assert "LightGBM" in row["missing"]
    assert row["nice_to_have"] == ["German"]
    assert f"**Fit: {row['fit']} of 100**" in found.text
    assert "| Skills | 50 |" in found.text
    kept = await deps.stores.jobs.get(found.records[0].id, user=deps.user)
    assert kept is not None
    assert (kept.fit, kept.status) == (row["fit"], "matched")


async def test_without_a_profile_it_says_what_it_needs_and_keeps_the_job(deps: Deps) -> None:
    found = await job_match.run(MatchTask(post=POST), said("does it fit?"), deps)
    assert found.ok
    assert "your skills and your rate" in found.text
    assert found.records[0].kind == "job"


async def test_an_uploaded_post_is_read(deps: Deps) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    file = await deps.stores.files.put(SAMPLES / "job_post.txt", "job_post.txt", user=deps.user)
    given = Given(text="does it fit?", message="does it fit?", files=(file,))
    found = await job_match.run(MatchTask(file=file.id), given, deps)
    assert found.data["matches"][0]["company"] == "Velo Nordwind"


async def test_a_post_inside_the_sentence_is_read(deps: Deps) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    text = "Does this suit me: We need a Python developer for a small API, 80 € per hour, remote, two weeks of work."
    assert job_match.needs(job_match.read(text)) == []
    found = await job_match.run(MatchTask(inline=True), said(text), deps)
    assert found.data["matches"][0]["matched"] == ["Python"]


async def test_several_kept_jobs_are_ranked(deps: Deps) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    for title, skill in (("Rust engine", "Rust"), ("Python shop", "Python")):
        await job_match.run(MatchTask(post=f"Position: {title}\nSkills: {skill}"), said("fit?"), deps)
    found = await job_match.run(MatchTask(saved=True), said("which of the saved jobs fits best?"), deps)
    assert [row["title"] for row in found.data["matches"]] == ["Python shop", "Rust engine"]
    assert found.records[0].label == "Python shop"


async def test_a_job_of_the_step_before_is_taken(deps: Deps) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    first = await job_match.run(MatchTask(post=POST), said("fit?"), deps)
    given = Given(text="write a proposal for it", message="", findings={"s1": first})
    found = await proposal.run(ProposalTask(job=first.records[0].id), given, deps)
    assert found.data["job"] == first.records[0].id


def test_what_is_missing_is_asked_for() -> None:
    assert job_match.needs({}) == ["post"]
    assert proposal.needs({"job": "1"}) == []


async def test_a_proposal_is_kept_as_markdown_and_word(deps: Deps) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    found = await proposal.run(ProposalTask(post=POST), said("write a proposal"), deps)
    assert [artifact.name.rpartition(".")[2] for artifact in found.artifacts] == ["md", "docx"]
    assert (await deps.stores.files.read(found.artifacts[0])).decode() == found.data["text"]
    assert "comes to 3,900.00 €" in found.text
    assert {record.kind for record in found.records} == {"proposal", "job"}
    (lead,) = await deps.stores.jobs.recent(deps.user)
    assert lead.status == "proposed"


async def test_a_proposal_needs_a_person(deps: Deps) -> None:
    with pytest.raises(AgentError, match="do not know you"):
        await proposal.run(ProposalTask(post=POST), said("write a proposal"), deps)


async def test_a_strangers_markdown_stays_words(deps: Deps) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    post = "Position: [free](http://evil.example) ![x](http://evil.example/p.png) | Python\nSkills: Python, <b>SQL</b>"
    for finding in (
        await job_match.run(MatchTask(post=post), said("fit?"), deps),
        await job_search.run(SearchTask(post=post), said("keep it"), deps),
        await proposal.run(ProposalTask(post=post), said("write"), deps),
    ):
        assert not re.search(r"(?<!\\)\]\(http://evil", finding.text)
        assert "<b>" not in finding.text.replace("\\<b", "")


@pytest.mark.parametrize(
    "agent", [job_search.AGENT, job_match.AGENT, job_outcome.AGENT, proposal.AGENT, saved_searches.AGENT]
)
def test_the_cues_speak_for_most_of_the_examples(agent: Any) -> None:
    english = [text for text in agent.examples if text.isascii()]
    heard = [text for text in english if any(re.search(cue, text, re.IGNORECASE) for cue in agent.cues)]
    assert len(heard) >= 0.6 * len(english)


ALERT = b"""From: Indeed <alert@indeed.example>
Date: Fri, 20 Nov 2026 07:30:00 +0000
Subject: 2 new jobs
Content-Type: text/html; charset=utf-8

<a href="https://de.indeed.com/rc/clk/dl?jk=0a1b2c3d4e5f6071&amp;from=ja">Python developer</a><p>Spree Werke</p>
<p>Berlin</p><p>EUR 80 per hour</p>
<a href="https://www.indeed.com/rc/clk/dl?jk=0a1b2c3d4e5f6072">SQL analyst</a><p>Havel AG</p><p>Potsdam</p>
"""


async def uploaded(content: bytes, name: str, deps: Deps) -> Given:
    file = await deps.stores.files.put(content, name, user=deps.user)
    assert file.kind == "document"
    return Given(text="what is in here?", message="", files=(file,))


async def test_an_alert_mail_gives_its_jobs_and_opens_nothing(deps: Deps, httpserver: HTTPServer) -> None:
    found = await job_search.run(SearchTask(), await uploaded(ALERT, "alert.eml", deps), deps)
    assert "I have read 2 jobs and kept them" in found.text
    assert "1. **[Python developer](https://www.indeed.com/viewjob?jk=0a1b2c3d4e5f6071)** at Spree Werke" in found.text
    assert [source.place for source in found.sources] == ["from your Indeed alert"] * 2
    assert len(found.records) == 2
    assert httpserver.log == [] and await deps.audit.read(kind="request") == []


async def test_a_mailbox_is_ranked_against_the_profile(deps: Deps) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    box = b"From x Fri Nov 20 07:30:00 2026\n" + ALERT + b"\n"
    found = await job_match.run(MatchTask(), await uploaded(box * 2, "inbox.mbox", deps), deps)
    assert {row["title"] for row in found.data["matches"]} == {"Python developer", "SQL analyst"}


async def test_a_mailbox_without_alerts_is_said_and_a_mail_without_one_is_read_as_a_post(deps: Deps) -> None:
    letter = b"From: c@d.example\nDate: Fri, 20 Nov 2026 07:30:00 +0000\nSubject: Work\n\nWe need a Python developer.\n"
    with pytest.raises(AgentError, match=r"None of the 1 mails in inbox\.mbox is a job alert"):
        await job_search.run(SearchTask(), await uploaded(b"From x\n" + letter, "inbox.mbox", deps), deps)
    found = await job_search.run(SearchTask(), await uploaded(letter, "mail.eml", deps), deps)
    assert "**It asks for:** Python" in found.text


@pytest.mark.parametrize(
    "url",
    ["https://www.upwork.com/jobs/~01ab", "https://de.linkedin.com/jobs/view/3", "https://uk.indeed.com/viewjob?jk=1",
     "https://www.glassdoor.co.uk/job-listing/x", "http://fiverr.com/briefs/1"],
)  # fmt: skip
async def test_a_page_closed_to_programs_is_refused_with_the_reason_and_the_better_way(url: str, deps: Deps) -> None:
    for agent, task in ((job_search, SearchTask(url=url)), (job_match, MatchTask(url=url))):
        with pytest.raises(Mendable, match=r"I do not open pages of \w+ .* because .* paste the post .* alert mail"):
            await agent.run(task, said(f"read {url}"), deps)
    assert await deps.audit.read(kind="request") == []


async def test_a_page_the_user_names_is_opened_after_a_yes_and_its_post_is_kept(
    deps: Deps, httpserver: HTTPServer
) -> None:
    await deps.stores.profiles.save(deps.user, **ME)
    words = "We look for somebody who writes Python and SQL, for twelve weeks, remote, at EUR 70 per hour. " * 4
    page = f"<html><head><title>Data pipeline builder</title></head><body><article><p>{words}"
    httpserver.expect_request("/jobs/7").respond_with_data(page, content_type="text/html; charset=utf-8")
    url = httpserver.url_for("/jobs/7")
    proposed = await job_match.run(MatchTask(url=url), said(f"does this fit me? {url}"), deps)
    assert proposed.effect is not None and httpserver.log == []
    assert (proposed.effect.consent, url in proposed.effect.preview) == (f"research:{httpserver.host}", True)
    found = await job_match.open_page(proposed.effect.arguments, deps)
    (row,) = found.data["matches"]
    assert (row["title"], row["matched"]) == ("Data pipeline builder", ["Python", "SQL"])
    assert (found.trust, found.sources[0].url) == ("outside", url)


async def test_the_mail_agent_takes_an_attached_mail_instead_of_a_mailbox(deps: Deps) -> None:
    found = await mail.run(mail.MailTask(action="jobs"), await uploaded(ALERT, "alert.eml", deps), deps)
    assert found.effect is None
    assert found.text.startswith("2 jobs stand in what you sent:")
    assert [record.kind for record in found.records] == ["job", "job"]
