"""Reads a job post that was pasted or uploaded: from Upwork, LinkedIn, Freelancer, a mail, or somebody's own words.

No network and no model: labels, sections and habits of writing. What is not found stays empty and is never guessed.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal

from integrations.job_boards.client_facts import read_client
from integrations.job_boards.dates import closing_date, posted_at
from integrations.job_boards.pay import find_pay
from integrations.job_boards.post import JobPost

MOST = 20_000
_NOISE = re.compile(
    r"^(?:posted|published|upwork|linkedin|freelancer\.com|fiverr|jobs?|job (?:post|details|description|ad)|"
    r"about (?:the|this) (?:job|role|project)|"
    r"project (?:details|description)|hi\b|hello|hey\b|dear|hallo|apply(?: now)?|save(?: job)?|home|skip to|"
    r"search|summary|"
    r"description|overview|worldwide|remote|https?://|promoted|easy apply|message|share|open|featured|urgent|new|"
    r"project id|budget|bids?|hourly|fixed|from:|to:|date:|sent:)",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^\W*(?:job title|project title|position|title|role|project|subject|betreff|stelle|projekt|we(?:'| a)"
    r"re hiring|hiring|wanted)\s*[:–-]\s*"
    r"(?P<title>\S.{2,140})$",
    re.IGNORECASE | re.MULTILINE,
)
_WANTED = re.compile(
    r"\b(?:looking for|searching for|in need of|need(?:s|ed)?|seek(?:s|ing)?|hiring|want(?:s)? to hire|require|"
    r"suchen?(?: wir)?|wir suchen|gesucht)\s*:?\s+"
    r"(?:an?\s+|the\s+|some(?:one|body)\s+(?:who|to|with)\s+|einen?\s+|eine\s+)?(?P<what>[^.,\n;!?]{5,140})",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"^\W*(?:company|employer|organi[sz]ation|firm|unternehmen|firma|client name|client)"
    r"\s*:\s*(?P<name>[^\n]{2,80})$",
    re.IGNORECASE | re.MULTILINE,
)
_AT = re.compile(
    r"^(?:We at|At|Here at|We are|We're|Wir sind|Our company,?)\s+(?P<name>[A-Z][\w&.-]*(?:\s[A-Z][\w&.-]*){0,3}),",
    re.MULTILINE,
)
_BYLINE = re.compile(r"^(?P<name>[^·\n]{2,60}?)\s*·\s*(?P<place>[^·\n]{2,60}?)\s*·[^\n]*\bago\b", re.MULTILINE)
_SKILLS = re.compile(
    r"^\W*(?:(?:mandatory|required|must[- ]have|nice[- ]to[- ]have|preferred|key|technical|your|top|desired)\s+)*"
    r"(?:skills?(?: (?:and|&) expertise| required| needed|set)?|tech(?:nology)? stack|stack|technologies|tags|"
    r"tools|expertise|kenntnisse|must[- ]haves?|nice[- ]to[- ]haves?)"
    r"\s*(?P<colon>:)?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\W*(?:about|activity|proposals?|bids?|budget|client|deadline|description|duration|experience|hours|"
    r"location|payment|preferred qualifications|"
    r"project|questions|requirements|responsibilities|send|timeline|what|who|how|why|apply|member since|connects|"
    r"posted|job|hourly|fixed|rate|start|contract|deliverables|you will be asked)\b",
    re.IGNORECASE,
)
_LENGTH = (
    r"(?:less than |more than |about |approx\.? |up to |ca\.? )?\d+(?:\s*(?:-|–|to|bis)"
    r"\s*\d+)?\+?\s*(?:day|week|month|year|tage?|woche|monat)(?:s|n|en|e)?"
)
_DURATION = (
    re.compile(rf"\b(?:duration|project length|contract length|length|timeline|laufzeit|dauer|estimated time)"
        rf"\s*:?\s*({_LENGTH})\b", re.I),
    re.compile(rf"\b({_LENGTH})\s*\n+\s*(?:project length|duration|est\. time)", re.I),
    re.compile(rf"\b(?:contract|engagement|project|gig|freelance|lasting|lasts?|takes?|done|delivered|completed|"
        rf"finished)\b[^.\n\d]{{0,30}}\b({_LENGTH})\b", re.I),
    re.compile(rf"\b({_LENGTH})[- ](?:contract|engagement|project|assignment)\b", re.I),
)  # fmt: skip
_WEEKLY = re.compile(
    r"\b((?:less than |more than |about |up to )?\d{1,2}(?:\s*(?:-|–|to)\s*\d{1,2})?\+?)\s*(?:h|hrs?|hours?|std|"
    r"stunden)\s*(?:/|per|a|pro|each)\s*(?:week|wk|woche)\b",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"\b(?:estimat\w*|about|around|approx\w*\.?|roughly|ca\.?|up to|budget(?:ed)?(?: for| of)?|total(?: of)?|"
    r"effort:?)\s*(?:of |at )?(\d{1,4}(?:[.,]\d)?)(?:\s*(?:-|–|to)\s*\d{1,4})?\s*(?:h|hrs|hours|stunden)"
    r"\b(?!\s*(?:/|per|a|pro|each)\s*(?:week|wk|day|month|woche))",
    re.IGNORECASE,
)
_LOCATION = (
    re.compile(r"^\W*(?:location|place|based in|standort|ort|country)\s*:\s*([^\n]{2,80})$", re.I | re.M),
    re.compile(r"\bonly freelancers located in (?:the )?([A-Z][\w .]{1,40}?) may apply", re.I),
    re.compile(
        r"\b(?:must be (?:based|located) in|based in|located in)\s+(?:the )?([A-Z][\w-]*(?:[ ,]+[A-Z][\w-]*){0,3})"
    ),
    re.compile(r"^\W*((?:worldwide|remote)(?: \([^)\n]{2,40}\))?)\s*$", re.I | re.M),
)
_REMOTE = re.compile(
    r"\b(?:fully |100\s?% |all-)?remote(?:ly)?\b|\bwork from (?:home|anywhere)\b|\bhome-?office\b|\bworldwide\b", re.I
)
_ON_SITE = re.compile(
    r"\bon-?site\b|\bin[- ]office\b|\bin our office\b|\b(?:no|not) remote\b|\bvor ort\b|\bhybrid\b", re.I
)
_KIND = re.compile(r"\b(freelance|contract(?:or)?|full[- ]time|part[- ]time|internship|permanent|temporary)\b", re.I)
_LEVEL = re.compile(r"\b(entry[- ]level|intermediate|expert|junior|mid[- ]level|senior|principal)\b", re.I)
_URL = re.compile(r"https?://[^\s<>\"')\]]+")


def read_post(text: str, today: date) -> JobPost:
    """The post a text holds. Raises ValueError when it holds no words."""
    text = "\n".join(line.strip() for line in text.replace("\r\n", "\n")[:MOST].split("\n")).strip()
    text = re.sub(r"^#+\s*|\*\*|__", "", text, flags=re.MULTILINE)
    if not re.search(r"\w{2}", text):
        raise ValueError("There is no text in this job post.")
    byline = _BYLINE.search(text)
    on_site, remote = bool(_ON_SITE.search(text)), bool(_REMOTE.search(text))
    return JobPost(
        id=hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()[:32],
        board="pasted",
        url=_first(_URL, text).rstrip(".,;"),
        title=_title(text),
        company=byline["name"] if byline else (_first(_COMPANY, text) or _first(_AT, text)).strip(" ."),
        description=text,
        skills=_skills(text),
        location=byline["place"] if byline else _any(_LOCATION, text),
        remote=None if remote == on_site else remote,
        pay=find_pay(text),
        kind=_first(_KIND, text).lower(),
        level=_first(_LEVEL, text).lower(),
        duration=_any(_DURATION, text),
        hours_per_week=_first(_WEEKLY, text),
        estimated_hours=_estimated(text),
        posted_at=posted_at(text, today),
        closes=closing_date(text, today),
        proposals=_proposals(text),
        client=read_client(text),
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return " ".join(match[match.lastindex or 0].split()) if match else ""


def _any(patterns: tuple[re.Pattern[str], ...], text: str) -> str:
    return next((found for pattern in patterns if (found := _first(pattern, text))), "")


def _title(text: str) -> str:
    if match := _TITLE.search(text[:2000]):
        return match["title"].strip(" *_")
    lines = [line for line in text.split("\n") if line]
    for line in lines[:4]:
        short = len(line) <= 110 and not line.endswith((".", ":", ",", "!", "?", ";")) and len(line.split()) >= 2
        if short and not _NOISE.match(line) and not line.startswith(("-", "*", "•", "$", "€", "£")):
            return line
    if match := _WANTED.search(text):
        what = match["what"].strip(" ,")
        return _cut(what[0].upper() + what[1:], 80)
    sentence = next((line for line in lines if not _NOISE.match(line)), lines[0])
    return _cut(re.split(r"(?<=[.!?])\s", sentence)[0].rstrip("."), 80)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(" ,") + "…"


def _skills(text: str) -> tuple[str, ...]:
    found: list[str] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = _SKILLS.match(line)
        if match is None or (match["rest"] and not match["colon"]):
            continue
        if match["rest"]:
            # A line of a mail breaks off near its 72nd sign or later; what follows belongs to it.
            broken = len(line) >= 68 and not line.endswith(".") and number + 1 < len(lines)
            found += _items(f"{match['rest']} {lines[number + 1]}" if broken else match["rest"])
        else:
            found += _listed(lines[number + 1 : number + 45])
    return tuple({skill.casefold(): skill for skill in found}.values())[:30]


def _listed(lines: list[str]) -> list[str]:
    """The short lines below a header, until the next header, a sentence, or two empty lines."""
    found: list[str] = []
    empty = 0
    for line in lines:
        if not line:
            empty += 1
            if empty > 1 and found:
                break
            continue
        if _SKILLS.match(line) or _HEADER.match(line):
            break
        items = _items(line)
        if not items:
            break
        found += items
        empty = 0
    return found


def _items(line: str) -> list[str]:
    parts = [part.strip(" \t-*•·.–") for part in re.split(r"[,;•·|]|\s/\s|\s(?:or|and|und|oder)\s|\s{3,}", line)]
    parts = [
        re.sub(
            r"\s*\((?:programming language|required|optional|\d.*)"
            r"\)$",
            "",
            part,
            flags=re.I,
        )
        for part in parts
    ]
    return [
        part for part in parts if part and len(part) <= 40 and len(part.split()) <= 5 and re.search(r"[^\W\d]", part)
    ]


def _estimated(text: str) -> Decimal | None:
    match = _HOURS.search(text)
    return Decimal(match[1].replace(",", ".")) if match else None


_MANY = (
    re.compile(r"\b(?:proposals|applicants|applications|bids?)\s*[:\n]\s*(?:less than |over |"
        r"more than )?(\d{1,4})(?:\s*(?:-|–|to)\s*(\d{1,4}))?", re.I),
    re.compile(r"\b(?:less than |over |more than )?(\d{1,4})\+?(?:\s*(?:-|–|to)\s*(\d{1,4}))?\s+(?:proposals|"
        r"applicants|applications|bids|people clicked apply)\b", re.I),
)  # fmt: skip


def _proposals(text: str) -> int | None:
    """How many have applied; the upper end of a range."""
    match = next((match for pattern in _MANY if (match := pattern.search(text))), None)
    return int(match[2] or match[1]) if match else None
