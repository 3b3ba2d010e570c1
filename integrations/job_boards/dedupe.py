"""One post for one job: the same address, or the same title at the same company, is the same job."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from integrations.job_boards.post import JobPost

ALIKE = 92
"""From this likeness on (0 to 100, by tokens), two titles at one company are one job."""
_TRACKING = re.compile(r"^(?:utm_\w+|ref|source|src|gclid|fbclid|mc_\w+|trk\w*)$", re.IGNORECASE)
_FORMS = re.compile(r"\b(?:gmbh|ug|ag|kg|inc|llc|ltd|limited|corp|co|bv|sa|sas|srl|plc|oy|ab|se)\b\.?")
_EXTRAS = re.compile(r"\([^)]*\)|\[[^]]*\]|\b(?:m/w/d|f/m/d|m/f/d|w/m/d|remote|hiring|urgent)\b|[^\w+#. ]")


def canonical_url(url: str) -> str:
    """An address as it is compared: no scheme, ``www.``, fragment, tracking, or slash at the end."""
    if not url:
        return ""
    parts = urlsplit(url)
    query = urlencode(sorted((name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.match(name)))
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def company_key(name: str) -> str:
    """A company's name as it is compared."""
    return " ".join(_FORMS.sub(" ", re.sub(r"[^\w& ]", " ", name.casefold())).split())


def title_key(title: str) -> str:
    """A title as it is compared: without brackets, places of work and shouting."""
    return " ".join(sorted(_EXTRAS.sub(" ", title.casefold()).split()))


def unique(posts: Iterable[JobPost]) -> list[JobPost]:
    """Each job once, in order; of two posts for one job the fuller stays."""
    from rapidfuzz import fuzz

    kept: list[JobPost] = []
    by_url: dict[str, int] = {}
    by_company: dict[str, list[tuple[str, int]]] = {}
    for post in posts:
        url, company, title = canonical_url(post.url), company_key(post.company), title_key(post.title)
        place = by_url.get(url) if url else None
        if place is None and company:
            place = next((at for other, at in by_company.get(company, ()) if fuzz.ratio(title, other) >= ALIKE), None)
        if place is None:
            place = len(kept)
            kept.append(post)
            if company:
                by_company.setdefault(company, []).append((title, place))
        elif _fullness(post) > _fullness(kept[place]):
            kept[place] = post
        if url:
            by_url.setdefault(url, place)
    return kept


def _fullness(post: JobPost) -> tuple[bool, int, int]:
    return post.pay is not None, len(post.skills), len(post.description)
