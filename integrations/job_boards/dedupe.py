"""One post for one job, across boards and when it is posted again.

    the same address ─┐
    the same board and id ─┤
    the same company, level and place, and a title that is alike ─┼──▶ one job, of which the fullest post stays
    a text that begins or ends with the same words, and is alike ─┘

Only posts that share a key are compared, so the work grows with the number of posts and not with its square.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from rapidfuzz import fuzz, process

from integrations.job_boards.post import JobPost

ALIKE = 92
"""From this likeness on (0 to 100, by signs), two titles at one company are one job."""
SAME_TEXT, SAME_WORK = 95, 70
"""A repost: the likeness its text has at least, and its title, which may have been put in other words."""
SHORTEST_TEXT = 200
"""Signs from which on a text says enough to tell a repost."""
_EDGE, _COMPARED, _CANDIDATES = 120, 2_000, 6
_TRACKING = re.compile(r"^(?:utm_\w+|ref|source|src|gclid|fbclid|mc_\w+|trk\w*|tracking\w*)$", re.IGNORECASE)
_FORMS = re.compile(r"\b(?:gmbh|ug|ag|kg|inc|llc|ltd|limited|corp|co|bv|sa|sas|srl|plc|oy|ab|se)\b\.?")
_EXTRAS = re.compile(r"\([^)]*\)|\[[^]]*\]|\b(?:m/w/d|f/m/d|m/f/d|w/m/d|remote|hiring|urgent)\b|[^\w+#. ]")
_LEVEL = re.compile(r"\b(?:junior|jr|senior|sr|lead|principal|staff|intern|head|i{1,3}|iv|\d+)\b")


def canonical_url(url: str) -> str:
    """An address as it is compared: no scheme, ``www.``, fragment, tracking, or slash at the end."""
    if not url:
        return ""
    if "?" not in url and "#" not in url and "@" not in url:
        host, slash, path = url.partition("://")[2].partition("/")
        return host.lower().removeprefix("www.") + (slash + path).rstrip("/")
    parts = urlsplit(url)
    query = urlencode(sorted((name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.match(name)))
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


@lru_cache(maxsize=50_000)
def company_key(name: str) -> str:
    """A company's name as it is compared."""
    return " ".join(_FORMS.sub(" ", re.sub(r"[^\w& ]", " ", name.casefold())).split())


@lru_cache(maxsize=50_000)
def title_key(title: str) -> str:
    """A title as it is compared: without brackets, places of work and shouting."""
    return " ".join(sorted(_EXTRAS.sub(" ", title.casefold()).split()))


@lru_cache(maxsize=50_000)
def _level(title: str) -> tuple[str, ...]:
    return tuple(sorted(set(_LEVEL.findall(title))))


def unique(posts: Iterable[JobPost]) -> list[JobPost]:
    """Each job once, in order; of several posts for one job the fullest stays."""
    found = _Jobs()
    for post in posts:
        found.add(post)
    return found.kept


class _Jobs:
    """The jobs so far, and the keys by which the next post may turn out to be one of them."""

    def __init__(self) -> None:
        self.kept: list[JobPost] = []
        self._by_mark: dict[str, int] = {}
        self._by_company: defaultdict[tuple[object, ...], dict[str, int]] = defaultdict(dict)
        self._by_edge: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, post: JobPost) -> None:
        company, title = company_key(post.company), title_key(post.title)
        mark = canonical_url(post.url) or f"{post.board}\n{post.id}"
        block = (company, _level(title), post.location.casefold() if post.remote is False else "")
        edges = _edges(post.description)
        place = self._by_mark.get(mark)
        if place is None and company:
            place = self._named_alike(title, self._by_company[block])
        if place is None and edges:
            place = self._said_alike(post, company, title, edges)
        if place is None:
            place = len(self.kept)
            self.kept.append(post)
            if company:
                self._by_company[block][title] = place
            for edge in edges:
                self._by_edge[edge].append(place)
        elif _fullness(post) > _fullness(self.kept[place]):
            self.kept[place] = post
        self._by_mark.setdefault(mark, place)

    def _named_alike(self, title: str, others: dict[str, int]) -> int | None:
        if (place := others.get(title)) is not None or not others:
            return place
        best = process.extractOne(title, others.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
        return others[best[0]] if best else None

    def _said_alike(self, post: JobPost, company: str, title: str, edges: tuple[str, ...]) -> int | None:
        for place in {place for edge in edges for place in self._by_edge.get(edge, ())[-_CANDIDATES:]}:
            other = self.kept[place]
            theirs, name = company_key(other.company), title_key(other.title)
            if (company and theirs and company != theirs) or _level(title) != _level(name):
                continue
            if fuzz.ratio(title, name, score_cutoff=SAME_WORK) and fuzz.ratio(
                post.description[:_COMPARED], other.description[:_COMPARED], score_cutoff=SAME_TEXT
            ):
                return place
        return None


def _edges(text: str) -> tuple[str, ...]:
    """How a text begins and ends, as it is compared; nothing for a short one."""
    if len(text) < SHORTEST_TEXT:
        return ()
    start, end = " ".join(text[: 2 * _EDGE].split()), " ".join(text[-2 * _EDGE :].split())
    return start[:_EDGE].casefold(), end[-_EDGE:].casefold()


def _fullness(post: JobPost) -> tuple[bool, int, int]:
    return post.pay is not None, len(post.skills), len(post.description)


def job_key(post: JobPost) -> str:
    """What stays the same when a job is found again: its title and company, else its address, else its id."""
    if company := company_key(post.company):
        return f"{title_key(post.title)} at {company}"
    return canonical_url(post.url) or f"{post.board} {post.id}"
