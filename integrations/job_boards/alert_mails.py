"""Reads the job alerts that Upwork, LinkedIn, Fiverr, Freelancer, Indeed and Glassdoor send by mail. No link is opened.

    mail ──▶ lines, with the job each link leads to ──▶ the lines that belong to each job ──▶ posts

One GET of the wrong link in a mail unsubscribes, so an address counts only by the job's id that it shows, and is
written anew from that id.
"""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from integrations.job_boards.dedupe import unique
from integrations.job_boards.pasted import read_post
from integrations.job_boards.post import JobPost

MAX_CHARACTERS = 500_000
MAX_MAILS = 2_000
_BLOCKS = frozenset("p div br tr td th li ul ol table h1 h2 h3 h4 h5 h6 hr section article".split())
_BUTTON = re.compile(
    r"^\W*(?:view|see|apply|open|read|show|bid|save|easy apply|more|details?|job)\b(?:\s\w+){0,3}\W*$", re.IGNORECASE
)
_NOISE = re.compile(
    r"^\W*$|^(?:view job|see (?:all|more)|apply|new|promoted|easily apply|easy apply|actively (?:hiring|recruiting)|"
    r"be an early applicant|\d+ (?:connections?|school alumni|applicants?)|this company is|fast growing|"
    r"responsive employer|urgently hiring|hiring multiple|job alert|your job alert)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"^\W*(?:unsubscribe|manage (?:your )?(?:alerts?|preferences|settings)|see all jobs|edit (?:this )?alert|"
    r"you (?:are|have) receiv|this e?-?mail (?:was|is)|©|copyright|privacy policy|turn off|"
    r"search (?:all|more|other) jobs)",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\W*[-–—=_*]{5,}\W*$")
_FACT = re.compile(r"\d|\bago\b|[$€£₹]|\b(?:remote|hybrid|full[- ]time|part[- ]time|contract)\b", re.IGNORECASE)
# What would make Python's parser look through the rest of the mail again and again: comments, tags that never end.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_UNENDED = re.compile(r"<(?=[^<>]*(?:<|\Z))")
_URL = re.compile(r"https?://[^\s<>\"')\]]+")


@dataclass(frozen=True)
class Platform:
    """A place that sends alerts: how an address shows a job's `id`, and the job's own address."""

    name: str
    title: str
    job: re.Pattern[str]
    address: str
    names_company: bool = True


PLATFORMS = tuple(
    Platform(name, title, re.compile(job, re.IGNORECASE), address, names_company)
    for name, title, job, address, names_company in (
        ("upwork", "Upwork", r"\bupwork\.com/[^\s?#]*?(?P<id>~0[0-9a-z]{6,})",
         "https://www.upwork.com/jobs/{id}", False),
        ("linkedin", "LinkedIn", r"\blinkedin\.com/(?:comm/)?jobs/view/(?:[^\s/?#]*-)?(?P<id>\d{6,})",
         "https://www.linkedin.com/jobs/view/{id}", True),
        ("fiverr", "Fiverr", r"\bfiverr\.com/[^\s?#]*?(?:briefs?|requests?)/(?P<id>[0-9a-f]{8,})",
         "https://www.fiverr.com/briefs/{id}", False),
        ("freelancer", "Freelancer.com",
         r"\bfreelancer\.(?:com|[a-z]{2}|com?\.[a-z]{2})/projects/(?P<id>[\w-]+(?:/[\w-]+)?)",
         "https://www.freelancer.com/projects/{id}", False),
        ("indeed", "Indeed", r"\bindeed\.(?:com|[a-z]{2}|com?\.[a-z]{2})/[^\s#]*?[?&]jk=(?P<id>[0-9a-f]{8,})",
         "https://www.indeed.com/viewjob?jk={id}", True),
        ("glassdoor", "Glassdoor",
         r"\bglassdoor\.(?:com|[a-z]{2}|com?\.[a-z]{2})/[^\s#]*?(?:jobListingId|[?&]jl)=(?P<id>\d{6,})",
         "https://www.glassdoor.com/job-listing/?jl={id}", True),
    )
)  # fmt: skip


@dataclass(frozen=True)
class _Line:
    text: str
    job: tuple[Platform, str] | None = None


def posts_from_mail(raw: bytes) -> list[JobPost]:
    """The jobs in one mail, each once; none when it is no alert of a platform known here."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    sent = _sent(message)
    found: dict[tuple[str, str], JobPost] = {}
    for kind in ("html", "plain"):
        text = _body(message, kind)
        for post in _from_html(text, sent) if kind == "html" else _from_plain(text, sent):
            found.setdefault((post.board, post.id), post)
        if found:
            break
    return list(found.values())


def read_mails(path: str) -> dict[str, Any]:
    """The jobs in a saved mail (.eml), a mailbox (.mbox) or a folder of mails: ``{"mails", "posts"}``.

    For a process of its own.
    """
    mails, posts = 0, []
    for raw in _mails(Path(path)):
        mails += 1
        posts += posts_from_mail(raw)
    return {"mails": mails, "posts": [post.model_dump(mode="json") for post in unique(posts)]}


def _mails(file: Path) -> Iterator[bytes]:
    if file.is_dir():
        yield from (path.read_bytes() for path in sorted(file.iterdir()))
        return
    with file.open("rb") as opened:
        several = opened.read(5) == b"From "
    if not several:
        yield file.read_bytes()
        return
    box = mailbox.mbox(file, create=False)
    try:
        for _, key in zip(range(MAX_MAILS), box.iterkeys(), strict=False):
            yield box.get_bytes(key)
    finally:
        box.close()


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if not isinstance(part, EmailMessage):
        return ""
    try:
        return str(part.get_content())[:MAX_CHARACTERS]
    except (LookupError, UnicodeError):  # an encoding that nobody knows
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")[:MAX_CHARACTERS]


def _sent(message: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _job(url: str) -> tuple[Platform, str] | None:
    """The job an address leads to, where it shows; also inside a tracker's address."""
    plain = unquote(unquote(url))
    for platform in PLATFORMS:
        if match := platform.job.search(plain):
            return platform, match["id"].removesuffix(".html")
    return None


def _from_html(markup: str, sent: datetime | None) -> Iterator[JobPost]:
    reader = _Reader()
    reader.feed(_UNENDED.sub("&lt;", _COMMENT.sub("", markup)))
    reader.close()
    current: tuple[Platform, str] | None = None
    block: list[_Line] = []
    for line in [*reader.lines(), _Line("unsubscribe")]:
        ended = bool(_END.match(line.text))
        if (line.job and line.job != current) or ended:
            if current and (post := _post(current, block, sent)):
                yield post
            current, block = (None if ended else line.job), []
        if current:
            block.append(line)


def _from_plain(text: str, sent: datetime | None) -> Iterator[JobPost]:
    """In plain text the address of a job stands below what is said of it."""
    block: list[str] = []
    first = True
    for line in text.splitlines():
        job = next((job for url in _URL.findall(line) if (job := _job(url))), None)
        words = re.sub(r"\(\s*\)", "", _URL.sub("", line)).strip(" :\t<>")
        ruled = bool(_RULE.match(line))
        if not ruled and not _BUTTON.match(words):
            block.append(words)
        if job:
            lines = _without_greeting(block) if first else block
            if post := _post(job, [_Line(words) for words in lines], sent):
                yield post
        if job or ruled:
            block, first = [], False


def _without_greeting(block: list[str]) -> list[str]:
    """What follows the first empty line, since alerts begin by saying what they are."""
    rest = block[block.index("") + 1 :] if "" in block else block
    return rest if any(rest) else block


def _post(job: tuple[Platform, str], block: list[_Line], sent: datetime | None) -> JobPost | None:
    platform, id = job
    lines = [line for line in block if line.text and not _NOISE.match(line.text)]
    titled = [line.text for line in lines if line.job and not _BUTTON.match(line.text)]
    texts = [line.text for line in lines if not _BUTTON.match(line.text)]
    title = next((text for text in [*titled, *texts] if len(re.findall(r"\w", text)) >= 3), "")
    if not title:
        return None
    rest = texts[texts.index(title) + 1 :]
    company, place = _company(rest) if platform.names_company else ("", "")
    read = read_post("\n".join([title, *rest]), sent.date() if sent else date.today())
    return read.model_copy(
        update={
            "id": id,
            "board": platform.name,
            "url": platform.address.format(id=id),
            "title": title[:200],
            "company": company[:200],
            "location": place[:200] or read.location,
            "description": "\n".join(rest),
            "posted_at": read.posted_at or sent,
            "attribution": f"from your {platform.title} alert",
        }
    )


def _company(rest: list[str]) -> tuple[str, str]:
    """Company and place, as alerts write them below a title: ``Acme · Berlin (Remote)``, or a line each."""
    if not rest:
        return "", ""
    parts = [part.strip() for part in re.split(r"\s+[·•|]\s+|\s+[–-]\s+", rest[0], maxsplit=1)]
    if len(parts) == 2:
        return parts[0], parts[1]
    place = rest[1] if len(rest) > 1 and len(rest[1]) <= 80 and not re.search(r"[$€£₹]|\bago\b", rest[1]) else ""
    return ("", rest[0]) if _FACT.search(rest[0]) and not place else (rest[0], place)


class _Reader(HTMLParser):
    """The visible lines of a mail in HTML, and the job each link in them leads to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[_Line] = []
        self._words: list[str] = []
        self._job: tuple[Platform, str] | None = None
        self._hidden = 0

    def lines(self) -> list[_Line]:
        self._break()
        return self._lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "head", "title"):
            self._hidden += 1
        if tag in _BLOCKS:
            self._break()
        if tag == "a":
            self._break()
            self._job = _job(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "head", "title"):
            self._hidden = max(0, self._hidden - 1)
        if tag in _BLOCKS:
            self._break()
        if tag == "a":
            self._break()
            self._job = None

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words.append(data)

    def _break(self) -> None:
        text = " ".join("".join(self._words).split())
        self._words = []
        if text or self._job:
            self._lines.append(_Line(text, self._job))
