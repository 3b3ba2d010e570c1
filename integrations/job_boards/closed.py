"""The places whose pages no program may read: why, and the way that is open instead."""

from __future__ import annotations

from urllib.parse import urlsplit

from integrations.http_errors import Refused

_CLOSED = {
    "upwork": ("Upwork", "bans the accounts of those whose programs read its pages"),
    "linkedin": ("LinkedIn", "forbids it in its user agreement"),
    "fiverr": ("Fiverr", "lets only people in"),
    "indeed": ("Indeed", "forbids it in its terms"),
    "glassdoor": ("Glassdoor", "forbids it in its terms"),
    "ziprecruiter": ("ZipRecruiter", "forbids it in its terms"),
    "weworkremotely": ("We Work Remotely", "allows no job search by others"),
}
"""By the name in the domain, whatever the country: what it is called, and its reason."""
KEEP_OUT = (
    "Upwork, LinkedIn, Fiverr, Indeed and Glassdoor forbid programs to read their pages, so they are not asked: "
    "paste a post from there, or upload one of their alert mails, and I will read it."
)


class ClosedToPrograms(Refused):
    """The page is one that no program may read."""


def check_open(url: str) -> None:
    """Raise ClosedToPrograms when an address belongs to a place that programs must not read."""
    parts = (urlsplit(url).hostname or "").lower().split(".")
    for name in parts[-3:-1]:
        if name in _CLOSED:
            title, reason = _CLOSED[name]
            raise ClosedToPrograms(
                f"I do not open pages of {title} for you, because {title} {reason}: open it yourself and paste the "
                "post here, or upload the alert mail it came with (.eml or .mbox)."
            )
