"""What the user likes is kept, listed and erasable, and changes what is written next, for one client or for all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from agents import registry
from agents.spec import AgentSpec
from config.settings import Settings
from graph.approvals import decide
from graph.events import ApprovalNeeded, Done, ReplyEvent
from graph.lessons import from_thumb
from graph.runtime import Runtime, open_runtime
from tests.graph.scripted import Scripted
from tests.graph.test_model_in_the_flow import Only
from tests.integrations.mail.conftest import Postbox, postbox  # noqa: F401 - a fixture

Say = Callable[..., Awaitable[list[ReplyEvent]]]
POST = """Data engineer wanted

We at {company} need a nightly pipeline that brings 4 sources together, and clean documentation of how it works.
Skills: Python, SQL
Budget: 3,000 EUR
You will:
- connect the 4 sources to the warehouse
- write tests and a schedule for the night
"""


@pytest.fixture
def team() -> dict[str, AgentSpec]:
    return {name: registry.load()[name] for name in ("memory", "writer", "mail", "proposal", "pricing", "profile")}


@pytest.fixture
async def runtime(settings: Settings, team: dict[str, AgentSpec], postbox: Postbox) -> AsyncIterator[Runtime]:  # noqa: F811
    keys = {"smtp_host": f"127.0.0.1:{postbox.server.port}", "mail_from": "mara@example.com"}
    async with open_runtime(settings.model_copy(update=keys), serving=True, agents=team) as opened:
        await opened.stores.profiles.save("local", name="Mara", skills=["Python", "SQL"], rate="80 EUR/h")
        for name in ("ACME", "Zeta"):
            await opened.stores.clients.save("local", name, email=f"{name.lower()}@example.com")
        yield opened


def text(events: list[ReplyEvent]) -> str:
    assert isinstance(events[-1], Done), events[-1]
    return events[-1].text


async def tell(say: Say, *facts: str) -> None:
    for fact in facts:
        assert "I will remember" in text(await say(f"remember: {fact}", command="memory", thread="told"))


async def letter(say: Say, to: str = "ACME") -> str:
    return text(await say(f"write a follow-up to {to} on my proposal", command="writer", thread=f"to {to}"))


def body(answer: str) -> str:
    """The letter in an answer, without what is said about it."""
    return answer.split("```")[1]


async def test_a_liked_style_is_used_listed_and_gone_when_it_is_forgotten(say: Say) -> None:
    before = await letter(say)
    assert "Hello ACME," in before and "Best regards" in before
    await tell(say, "begin mails with “Hi”", "sign off with Cheers", "never use the word glad")
    after = await letter(say)
    assert "Hi ACME," in after and "Cheers\nMara" in after and "glad" in body(before)
    assert "glad" not in body(after)
    assert "Sign off with Cheers (you said on" in after, "it says on what it rests"
    assert "Begin mails with “Hi” (you said on" in text(await say("what do you know about me", thread="told"))
    await say("forget that begin mails with “Hi”", command="memory", thread="told")
    assert "Hello ACME," in await letter(say)


async def test_what_one_client_likes_is_used_for_that_client_alone(say: Say) -> None:
    usual = await letter(say, "Globex")
    await tell(say, "ACME prefers short mails", "Zeta only speaks French")
    assert len(body(await letter(say, "ACME"))) < 0.8 * len(body(usual))
    assert "Bonjour Zeta" in await letter(say, "Zeta")
    assert body(await letter(say, "Globex")) == body(usual)


async def test_a_reason_beside_a_thumb_down_changes_what_is_written_next(runtime: Runtime, say: Say) -> None:
    done = (await say("write a follow-up to ACME on my proposal", command="writer"))[-1]
    assert isinstance(done, Done)
    await from_thumb(done.turn, "way too long", runtime.deps("local", "t1"))
    after = await letter(say)
    assert len(body(after)) < 0.8 * len(body(done.text))
    (fact,) = await runtime.stores.facts.of("local")
    assert (fact.kind, fact.turn) == ("rated", done.turn)
    assert "I prefer short texts (from your thumb on" in text(await say("what do you know about me"))


async def mailed(say: Say, to: str) -> ApprovalNeeded:
    asked = (await say(f"send a mail to {to} about the offer", command="mail", thread=f"mail {to}"))[-1]
    assert isinstance(asked, ApprovalNeeded), asked
    return asked


async def changed(asked: ApprovalNeeded, runtime: Runtime) -> str:
    body = asked.editable["body"].replace("Hello", "Hey").replace("Best regards", "Bye")
    return text([one async for one in decide(asked.turn, asked.step, "approve", runtime, {"body": body})])


async def test_an_edited_approval_teaches_the_style_for_this_client_and_twice_for_all(
    runtime: Runtime,
    say: Say,
    postbox: Postbox,  # noqa: F811
) -> None:
    asked = await mailed(say, "ACME")
    assert asked.editable["body"].startswith("Hello ACME,")
    told = await changed(asked, runtime)
    assert "I noted: Begin mails with “Hey” (ACME); End mails with “Bye” (ACME)" in told
    again = await mailed(say, "ACME")
    assert again.editable["body"].startswith("Hey ACME,") and "Bye\nMara" in again.editable["body"]
    other = await mailed(say, "Zeta")
    assert other.editable["body"].startswith("Hello Zeta,"), "one client's style is not another's"
    await changed(other, runtime)
    assert (await mailed(say, "Globex at g@example.com")).editable["body"].startswith("Hey"), "twice is a habit"
    assert len(postbox.mails) == 2


async def test_an_approval_as_it_is_teaches_nothing(runtime: Runtime, say: Say) -> None:
    asked = await mailed(say, "ACME")
    _ = [one async for one in decide(asked.turn, asked.step, "approve", runtime)]
    assert await runtime.stores.facts.of("local") == []


async def test_the_users_own_words_in_a_mail_stay_as_they_are(say: Say) -> None:
    await tell(say, "never use the word job", "keep my mails short")
    said = "the job is done. I liked it. It was a good one. We should do that again."
    asked = (await say(f"send a mail to ACME saying: {said}", command="mail"))[-1]
    assert isinstance(asked, ApprovalNeeded) and said[1:] in asked.editable["body"]


async def test_a_clients_facts_shape_its_quote_and_proposal_and_no_others(say: Say) -> None:
    await tell(say, "ACME always pays late", "I charge ACME 95 €/h", "ACME prefers short proposals")
    quotes, proposals = {}, {}
    for company in ("ACME", "Zeta"):
        post = POST.format(company=company)
        quotes[company] = text(
            await say(f"price a dashboard with 3 charts for {company}", command="pricing", thread=company)
        )
        proposals[company] = text(
            await say(f"write a proposal\n\n{post}\nCompany: {company}", command="proposal", thread=company)
        )
    assert "95.00 € an hour, I charge ACME 95 €/h (you said on" in quotes["ACME"]
    assert "ask for half in advance. ACME always pays late" in quotes["ACME"]
    assert "80.00 € an hour, the rate in your profile" in quotes["Zeta"]
    assert "half when the work starts" in proposals["ACME"] and "As I read it" not in proposals["ACME"]
    assert "As I read it" in proposals["Zeta"]
    assert "ACME" not in quotes["Zeta"] + proposals["Zeta"] and "95" not in quotes["Zeta"]
    assert "half when the work starts" not in proposals["Zeta"]


async def test_a_model_is_told_the_style_and_not_the_clients_facts(runtime: Runtime, say: Say) -> None:
    await tell(say, "ACME gets a secret discount of 20 %", "ACME prefers short proposals")
    model = Scripted("Done.")
    post = POST.format(company="ACME")
    await say(f"write a proposal\n\n{post}\nCompany: ACME", replace(runtime, models=Only(model)), command="proposal")
    read = " ".join(one.content for question in model.asked[:1] for one in question)
    assert "Keep it short." in read and "secret discount" not in read


async def test_a_newer_word_on_paying_takes_the_place_of_an_older_one(runtime: Runtime, say: Say) -> None:
    await tell(say, "ACME always pays late")
    await say("that's wrong, ACME pays on time now", command="memory", thread="told")
    assert "in advance" not in text(await say("price a logo for ACME", command="pricing"))
    (fact,) = await runtime.stores.facts.of("local")
    assert date.today() - fact.said_on <= timedelta(days=1)


async def test_what_waits_for_a_yes_is_shown_in_the_users_language(runtime: Runtime, say: Say) -> None:
    await tell(say, "ACME always pays late", "ACME prefers short mails")
    asked = (await say("vergiss alles über ACME", command="memory", thread="german"))[-1]
    assert isinstance(asked, ApprovalNeeded)
    assert asked.title == "2 Angaben vergessen" and "(du hast es gesagt am" in asked.preview
    assert len(await runtime.stores.facts.of("local")) == 2
