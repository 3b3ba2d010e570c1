"""The writer: texts by template from what is known, texts bettered by rule or by a model, and honesty about which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists.writer import AGENT, WriterTask, read
from agents.tools.writing.letters import kind_in, kinds, languages_of, letter
from agents.tools.writing.plain_language import corrected, plainer, readability, shorter
from config.paths import ROOT
from memory.business.totals import Line
from memory.files import FileRef
from tests.agents.specialists.reader import put
from tests.graph.scripted import Scripted

ME = {"name": "Ana Ruiz", "title": "Data analyst", "skills": ["Python", "SQL"], "iban": "DE89 3704 0044 0532 0130 00"}
LONG = (
    "Dear client,\n\nWe collected the sales data of all shops from January to June and joined it with the stock lists. "
    "The weather was nice and the coffee in your office is excellent. The sales data shows that shops with short stock "
    "lists lost sales of 12,000 EUR in June. We had some fun with the parking garage as well that week. We therefore "
    "propose to order stock earlier in May, so that shops do not lose sales.\n\nBest regards"
)


async def ask(deps: Deps, text: str, *files: FileRef, model: Scripted | None = None, **known: Any) -> Finding:
    task = WriterTask(**{**read(text), **known})
    return await AGENT.run(task, Given(text=text, message=text, files=files), replace(deps, model=model))


async def overdue(deps: Deps) -> None:
    await deps.stores.profiles.save("mara", **ME)
    made = await deps.stores.invoices.create(
        "mara",
        client="ACME GmbH",
        lines=[Line("Work", Decimal(10), "h", Decimal(119))],
        currency="EUR",
        issued_on=deps.today - timedelta(days=40),
        due_on=deps.today - timedelta(days=10),
    )
    await deps.stores.invoices.move(made.id, "sent", user="mara", on=deps.today - timedelta(days=40))


async def test_a_payment_reminder_names_the_overdue_invoice(reader: Deps) -> None:
    await overdue(reader)
    finding = await ask(reader, "write a friendly payment reminder to ACME")
    assert "2026-0001" in finding.text and "1,190.00 €" in finding.text and "19 February 2026" in finding.text
    assert "DE89 3704" in finding.text and finding.data["open"] == []
    assert finding.effect is None and finding.records[0].kind == "text"


async def test_the_same_in_german_with_german_days_and_sums(reader: Deps) -> None:
    await overdue(reader)
    finding = await ask(reader, "Schreib eine Mahnung an ACME")
    assert finding.data["kind"] == "reminder_firm" and finding.data["language"] == "de"
    assert "1.190,00 €" in finding.text and "19. Februar 2026" in finding.text and "8. März 2026" in finding.text


async def test_what_is_not_known_is_left_open_and_named(reader: Deps) -> None:
    finding = await ask(reader, "write a thank-you note")
    assert "[client]" in finding.text and "Fill in what I do not know: client, project, me." in finding.text


async def test_a_bio_says_only_what_the_profile_says(reader: Deps) -> None:
    await reader.stores.profiles.save("mara", **ME)
    finding = await ask(reader, "write my bio in three lengths")
    assert "Ana Ruiz is a data analyst. Works with Python and SQL." in finding.text
    assert "Speaks" not in finding.text and "DE89" not in finding.text


@pytest.mark.parametrize("kind", kinds())
def test_every_text_is_complete_in_english_and_german(kind: str) -> None:
    assert {"en", "de"} <= set(languages_of(kind))
    for language in languages_of(kind):
        text = letter(kind, language, {}).text
        assert "{" not in text and "?" + "iban" not in text and len(text) > 60


def test_the_commonest_texts_come_in_six_languages() -> None:
    assert sum(len(languages_of(kind)) == 6 for kind in kinds()) >= 5


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ("nudge them with a gentle payment reminder", "reminder"),
        ("second reminder for the invoice, be firm", "reminder_firm"),
        ("client wants extra work, what do I answer", "scope"),
        ("I must raise my rates, tell ACME", "price_increase"),
        ("how do I turn down this project", "decline"),
        ("Abwesenheitsnotiz bis Montag", "out_of_office"),
        ("rappel de paiement pour ACME", "reminder"),
        ("ask Zeta for a testimonial", "reference"),
        ("what is the weather", ""),
    ],
)
def test_the_kind_of_text_is_understood(request_: str, kind: str) -> None:
    assert kind_in(request_) == kind


async def test_a_price_increase_takes_rate_and_day_from_the_request(reader: Deps) -> None:
    known = {"rate": "95 EUR/h", "day": date(2026, 5, 1), "client": "ACME GmbH"}
    finding = await ask(reader, "tell ACME my rates go up to 95 € from 1 May, a price increase", **known)
    assert "from 1 May 2026 on my rate will be 95 EUR/h" in finding.text and "Hello ACME GmbH" in finding.text


async def test_shortening_keeps_whole_sentences_and_figures(reader: Deps) -> None:
    finding = await ask(reader, f"make this shorter: {LONG}")
    short = finding.data["text"]
    assert len(short) < 0.75 * len(LONG) and all(part in LONG for part in short.split("\n\n")[0:1])
    assert "12,000 EUR" in short and "coffee" not in short


async def test_proofreading_by_rule_lists_what_it_changed_and_its_limits(reader: Deps) -> None:
    finding = await ask(reader, "proofread this: i definately recieved the the invoice yesterday")
    assert finding.data["text"] == "I definitely received the invoice yesterday"
    assert "definately → definitely" in finding.text and "common mistakes only" in finding.text


async def test_a_real_rewrite_without_a_model_is_not_pretended(reader: Deps) -> None:
    finding = await ask(reader, "make this friendlier: Send me the money in order to close the matter.")
    assert "needs a language model" in finding.text and finding.data["text"] == "Send me the money to close the matter."
    assert finding.offers == ("Install the recommended language model",)


async def test_a_model_s_rewrite_is_used_when_it_adds_nothing(reader: Deps) -> None:
    text = "make this friendlier: Pay invoice 17 over 500 EUR by 3 May 2026, Mr Weber."
    new = "Could you please pay invoice 17 over 500 EUR by 3 May 2026, Mr Weber? Thank you."
    finding = await ask(reader, text, model=Scripted(new))
    assert finding.data["by_model"] and new in finding.text


@pytest.mark.parametrize(
    "bad", ["Please pay 600 EUR by 3 May 2026.", "Pay at https://evil.example/x now.", "![x](y) Pay 500 EUR."]
)
async def test_a_model_that_adds_a_figure_or_address_is_not_used(reader: Deps, bad: str) -> None:
    finding = await ask(reader, "rewrite this: Pay 500 EUR by 3 May 2026, please do it.", model=Scripted(bad))
    assert not finding.data["by_model"] and "I did not use its version" in finding.text


async def test_a_free_text_without_a_model_is_declined_with_what_there_is(reader: Deps) -> None:
    with pytest.raises(AgentError, match="By template I write"):
        await ask(reader, "write a blog post about data cleaning")


async def test_a_file_is_bettered_and_stays_outside_text(reader: Deps) -> None:
    file = await put(reader, "draft.txt", "We utilize tools in order to help. It is alot of work.")
    finding = await ask(reader, "put this file into plain English", file)
    assert finding.data["text"].startswith("We use tools to help.") and finding.trust == "outside"


async def test_a_text_just_written_can_be_shortened(reader: Deps) -> None:
    first = await ask(reader, "write a kick-off message")
    finding = await ask(reader, "make it shorter", earlier=first.records[0].id)
    assert len(finding.data["text"]) < len(first.data["text"])


def test_readability_has_figures_for_english_and_german() -> None:
    easy, hard = (
        "We help you. You call us. We come.",
        "Implementation considerations necessitate interdepartmental deliberation.",
    )
    assert (readability(easy, "en").ease or 0) > 80 > 30 > (readability(hard, "en").ease or 0)
    assert readability("Wir helfen Ihnen gern. Rufen Sie uns an.", "de").ease
    assert readability("", "en").words == 0


def test_rules_leave_right_text_alone() -> None:
    right = "He had had enough, i.e. too much. It's 3.5 % at www.x.example, and version 2.0 is fine."
    assert corrected(right, "en").changes == () and plainer(right, "en").changes == ()
    assert shorter("Too short to cut.").changes == ()


def test_the_templates_are_plain_text() -> None:
    source = Path(ROOT / "config" / "letters.yaml").read_text(encoding="utf-8")
    assert all(isinstance(letter, dict) and "when" in letter for letter in yaml.safe_load(source).values())
