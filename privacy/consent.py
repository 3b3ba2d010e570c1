"""What the user can allow for good: each purpose for which something leaves this machine, and what that is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

GO_ONLINE = "To go online, take FREELANCEX_OFFLINE out of the file .env in my folder, and start me again."
"""What to do where FreelanceX is set to offline."""


@dataclass(frozen=True)
class Purpose:
    """One reason to ask others something. `leaves` says, for the user, what they get to see."""

    name: str
    title: str
    leaves: str


PURPOSES: dict[str, Purpose] = {
    purpose.name: purpose
    for purpose in (
        Purpose("job_boards", "Ask job boards", "your search words, where a board searches by words, and your address"),
        Purpose("research", "Search the web and open pages", "your search words and the addresses of the pages"),
        Purpose("market", "Look up rates and weather", "the places you ask about, and that a table of rates is read"),
        Purpose("calendar", "Open your calendar's server", "your sign-in there, and the events you add"),
        Purpose("mail", "Read your mail at its server", "your sign-in there, and which mails are looked for"),
        Purpose("mail_sending", "Send mail", "exactly the mail that you approve, each time"),
        Purpose("notify_mail", "Mail you notifications", "the notification, to your own address by your mail server"),
        Purpose("payments", "See what was paid at your payment provider", "your key there, and from which day on"),
        Purpose("payment_links", "Make payment links", "an invoice's number, sum and currency, each time you approve"),
        Purpose("mcp", "Use tools of other programs (MCP)", "the arguments you approve for each use"),
        Purpose("model_server", "Ask the language model you chose", "what the model reads, if its server is elsewhere"),
        Purpose("speech_server", "Have recordings recognised by your server", "the recordings you want recognised"),
        Purpose("traces", "Send traces to your collector", "names of agents, times and outcomes, and no words"),
        Purpose("sign_in", "Sign people in at your provider", "that somebody signs in here, and the id you have there"),
        Purpose("downloads", "Download models and other parts", "the name of what is downloaded"),
    )
}
"""Every purpose a request can have. A request with another one is refused."""


@dataclass(frozen=True)
class Decision:
    """Whether something may leave; `reason` is one sentence for the user when it may not."""

    allowed: bool
    reason: str = ""


def title_of(consent: str) -> str:
    """What a standing consent is called: its purpose, and what of it where it is not for all."""
    purpose, _, part = consent.partition(":")
    title = PURPOSES[purpose].title if purpose in PURPOSES else purpose.replace("_", " ").capitalize()
    return f"{title}: {part}" if part else title


def decide(
    purpose: str, granted: Collection[str], *, offline: bool, approved: bool = False, local: bool = False
) -> Decision:
    """Whether a request for `purpose` may be sent.

    `granted` are the user's standing consents, `approved` that the user said yes to exactly this, just now. `local`
    requests stay on this machine, so being offline does not hold them back; consent is needed all the same.
    """
    if purpose not in PURPOSES:
        return Decision(False, f"Nothing may leave this machine for the purpose '{purpose}', which is not known here.")
    if offline and not local:
        return Decision(False, f"FreelanceX is set to offline, so nothing was sent. {GO_ONLINE}")
    if not (approved or purpose in granted):
        return Decision(False, f"You have not allowed this yet: {PURPOSES[purpose].title.lower()}.")
    return Decision(True)
