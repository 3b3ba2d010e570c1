"""Sentences a freelancer says to FreelanceX, made from templates: what the embedded recogniser's own grammar learns.

Words are as the pronouncing dictionary has them: lower case, numbers in words, no punctuation.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

MANY = 6000
_SLOT = re.compile(r"\{(\w+)\}")
_ONES = "one two three four five six seven eight nine ten eleven twelve fifteen".split()
_NUMBERS = (
    *_ONES,
    *"thirteen fourteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty".split(),
    *"ninety hundred|one hundred|a hundred|twenty five|thirty five|forty five|fifty five|sixty five".split("|"),
    *"seventy five|eighty five|ninety five|two hundred|three hundred|four hundred|five hundred|six hundred".split("|"),
    *"seven hundred|eight hundred|nine hundred|one thousand|a thousand|two thousand|three thousand".split("|"),
    *"five thousand|ten thousand|one hundred and twenty|two hundred and fifty|one thousand two hundred".split("|"),
    *"one thousand five hundred|three hundred and fifty|nineteen|twenty two|twenty four|thirty two".split("|"),
)
SLOTS: dict[str, Sequence[str]] = {
    "number": _NUMBERS,
    "few": _ONES,
    "client": (
        "acme", "zeta", "the client", "studio north", "brown", "miller", "garcia", "smith", "johnson", "the agency",
        "keller", "nova", "orion", "delta", "omega", "horizon", "northwind", "globex", "initech", "berlin design",
        "lopez", "martin", "vertex", "summit", "phoenix", "atlas", "the bakery", "the museum", "green energy",
    ),
    "money": ("euros", "dollars", "pounds", "euro", "dollar", "francs"),
    "work": (
        "the website", "the logo", "design", "consulting", "the landing page", "the report", "translation", "editing",
        "programming", "the workshop", "a shop", "the app", "data cleaning", "the dashboard", "copy writing",
        "research", "the brochure", "the newsletter", "illustrations", "the video", "testing", "bug fixes", "support",
        "photos",
    ),
    "skill": (
        "python", "design", "translation", "java", "data science", "copy writing", "marketing", "web design",
        "machine learning", "video editing", "illustration", "accounting", "writing", "engineering", "photography",
    ),
    "day": (
        "today", "tomorrow", "yesterday", "on monday", "on tuesday", "on wednesday", "on thursday", "on friday",
        "next monday", "next tuesday", "next wednesday", "next thursday", "next friday", "this friday", "next week",
        "in two weeks", "on the first of december", "on the tenth of january", "by friday", "by monday",
        "at the end of the month", "on saturday", "on sunday", "this afternoon", "tomorrow morning",
    ),
    "month": (
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "this month", "last month", "this year", "this quarter", "last week", "this week",
    ),
    "clock": (
        "at nine", "at ten", "at eleven", "at noon", "at two", "at three", "at four", "at five", "at half past nine",
        "at nine in the morning", "at three in the afternoon", "at three p m", "at ten a m", "at eight in the evening",
    ),
    "act": (
        "call the bank", "send the offer", "call {client}", "send the invoice", "pay the tax", "book the train",
        "write to {client}", "finish {work}", "renew the insurance", "back up my files", "call my tax adviser",
        "follow up with {client}", "send the draft", "prepare the meeting", "check the contract", "update my profile",
    ),
    "thing": (
        "train tickets", "software", "a laptop", "a hotel", "office supplies", "a domain", "coffee with {client}",
        "hosting", "a course", "books", "travel", "the printer", "a flight", "parking", "fonts", "stock photos",
    ),
    "please": ("", "", "", "please ", "could you ", "can you "),
    "rate": ("at {number} {money}", "at {number} {money} an hour", "at {number} {money} per hour", "at {number}"),
    "hours": ("{few} hours", "{number} hours", "one hour", "half an hour", "{few} and a half hours", "{few} days"),
}  # fmt: skip
TEMPLATES = (
    "{please}invoice {client} {hours} {rate}",
    "{please}invoice {client} {hours} {rate} for {work}",
    "{please}invoice {client} {number} {money} for {work}",
    "{please}create an invoice for {client} {hours} {rate}",
    "{please}create an invoice for {hours} {rate}",
    "{please}write an invoice to {client} over {number} {money}",
    "{please}bill {client} {hours} {rate}",
    "{please}bill {client} for {hours} of {work} {rate}",
    "{please}invoice my unbilled hours for {client}",
    "who owes me money",
    "show me my open invoices",
    "list the unpaid invoices",
    "mark the invoice for {client} as paid",
    "{client} has paid the invoice",
    "what did i earn in {month}",
    "how much did i invoice in {month}",
    "i spent {number} {money} on {thing}",
    "i paid {number} {money} for {thing} {day}",
    "add an expense of {number} {money} for {thing}",
    "show my expenses for {month}",
    "how much tax should i set aside",
    "{please}log {hours} for {client}",
    "{please}log {hours} for {client} {day}",
    "log {hours} of {work} for {client} {day}",
    "i worked {hours} for {client} {day}",
    "start the timer for {client}",
    "stop the timer",
    "how many hours did i work {month}",
    "{please}remind me {day} to {act}",
    "{please}remind me {day} {clock} to {act}",
    "remind me in {few} hours to {act}",
    "remind me in {few} days to {act}",
    "{please}put the call with {client} in my calendar {day} {clock}",
    "schedule a meeting with {client} {day} {clock}",
    "what is on my calendar {day}",
    "what is on my plate today",
    "give me my morning briefing",
    "find me jobs for {skill}",
    "find remote {skill} jobs",
    "find {skill} jobs that pay at least {number} {money} an hour",
    "are there new jobs for {skill}",
    "does this job fit me",
    "write a proposal for this job",
    "write a proposal for the {skill} job",
    "what should i charge for {work}",
    "what should i quote for {work}",
    "what hourly rate do i need for {number} {money} a year",
    "my hourly rate is {number} {money}",
    "what is {number} percent of {number}",
    "what is {number} times {number}",
    "what is {number} plus {number}",
    "how much is {number} {money} in dollars",
    "convert {number} {money} to pounds",
    "what is the weather in berlin {day}",
    "{please}add {client} as a client",
    "what did i do for {client}",
    "follow up with {client} {day}",
    "{please}write a mail to {client}",
    "{please}write a mail to {client} that {work} is done",
    "check my mail",
    "summarize this document",
    "what does the contract say about payment",
    "is this contract okay to sign",
    "translate this into german",
    "translate this into spanish",
    "train a model on this table",
    "what drives the price in this table",
    "research {skill} rates in germany",
    "read that aloud",
    "remember that {client} pays late",
    "remember that my rate is {number} {money}",
    "what do you know about me",
    "what can you do",
    "yes", "no", "yes please", "cancel that", "stop", "thank you", "send it", "approve", "never mind",
)  # fmt: skip


def sentences(many: int = MANY) -> list[str]:
    """As many sentences as asked for, each template as often as another; the same ones every time."""
    chance = random.Random(7)
    return [_filled(TEMPLATES[number % len(TEMPLATES)], chance) for number in range(many)]


def _filled(template: str, chance: random.Random) -> str:
    while _SLOT.search(template):
        template = _SLOT.sub(lambda slot: chance.choice(SLOTS[slot[1]]), template)
    return " ".join(template.split())
