"""What in a job post should make one careful. Serious warnings cost fit; all are shown with the words they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from integrations.job_boards.post import JobPost


@dataclass(frozen=True)
class Warning:
    """One warning: `text` for the user, `quote` the post's own words, where there are any."""

    text: str
    serious: bool = False
    quote: str = ""


_SIGNS: tuple[tuple[bool, str, re.Pattern[str]], ...] = tuple(
    (serious, text, re.compile(pattern, re.IGNORECASE))
    for serious, text, pattern in (
        (True, "It wants to talk outside the platform", r"\b(?:telegram|whats ?app|signal app|wechat|skype)\b"),
        (True, "It asks you to pay first", r"\b(?:registration|application|training|security|refundable)"
            r"\s+(?:fee|deposit)\b|"
                                           r"\bpay (?:a |an )?(?:deposit|fee) (?:to|before)\b|\bbuy (?:the |"
                                           r"your )?(?:equipment|gift cards?)\b"),
        (True, "It offers money through checks or crypto wallets", r"\b(?:cashier'?s? che(?:ck|que)|cash (?:a |"
            r"the )?che(?:ck|que)|"
                                                                   r"gift cards?|western union|crypto wallet)\b"),
        (True, "It wants to use your account or identity", r"\b(?:rent|use|share|borrow)\s+(?:your|an?)"
            r"\s+(?:upwork|linkedin|paypal|bank|verified)\s*account\b"),
        (True, "The work, or a trial, is unpaid", r"\bunpaid\b|\bfree (?:trial|test|sample)\b|\bno (?:pay|"
            r"budget)\b|\bequity[- ]only\b|"
                                                 r"\b(?:pay|paid) (?:after|once) (?:we )?(?:raise|get funding|"
                                                 r"launch)\b|\bfor exposure\b"),
        (False, "It asks for samples or a test before hiring", r"\b(?:test (?:task|project|assignment)|"
            r"sample work|trial task|mock-?up (?:first|before))\b"),
        (False, "It promises more work later", r"\b(?:more (?:work|projects) (?:to come|in (?:the )?future)|"
            r"long[- ]term potential|lots of future work)\b"),
        (False, "It says it is simple or quick", r"\b(?:(?:very|super|really) (?:easy|simple|quick)|"
            r"should(?:n't| not) take (?:long|more than)|easy job for)\b"),
        (False, "It wants everything at once", r"\b(?:rock ?star|ninja|unicorn|guru|wear many hats|"
            r"jack of all trades)\b"),
        (False, "It is in a hurry", r"\b(?:asap|urgent(?:ly)?)\b"),
        (False, "It looks for the lowest price", r"\b(?:lowest (?:bid|price|bidder)|cheap(?:est)?|low budget|"
            r"tight budget)\b"),
    )
)  # fmt: skip
MANY = 50


def warnings_of(post: JobPost, today: date) -> Iterator[Warning]:
    """Every warning a post gives cause for, serious ones first."""
    text = f"{post.title}\n{post.description}"
    if post.closes and post.closes < today:
        yield Warning(f"It closed on {post.closes:%d %B %Y}", serious=True)
    for serious, words, pattern in sorted(_SIGNS, key=lambda sign: not sign[0]):
        if found := pattern.search(text):
            yield Warning(words, serious, " ".join(text[max(0, found.start() - 30) : found.end() + 30].split()))
    if post.client.payment_verified is False:
        yield Warning("The client's payment method is not verified")
    if post.client.hire_rate == 0 and (post.client.jobs_posted or 0) >= 2:
        yield Warning(f"The client has posted {post.client.jobs_posted} jobs and hired nobody")
    if post.proposals is not None and post.proposals >= MANY:
        yield Warning(f"{post.proposals} or more have applied already")
