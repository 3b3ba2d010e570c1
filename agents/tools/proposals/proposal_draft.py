"""Drafts a proposal from a profile and one job. Every statement about the user names the profile field it rests on.

What is not in the profile is not said: no years, no clients, no results, no promises. `unfounded` checks that in code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agents.tools.jobs.matching import asked_skills, hourly_rate, own_skills
from agents.tools.jobs.skills import canonical_all, find_skills, with_implied
from agents.tools.proposals.proposal_questions import questions_for
from agents.tools.text.languages import sum_in
from agents.tools.writing.papers import ENGLISH, listed, say
from agents.tools.writing.style import CLOSINGS
from integrations.job_boards.post import JobPost
from memory.money import Money, plain

MOST_EVIDENCE, MOST_TASKS = 3, 5
SHORT_ASKS = 2
ADVANCE = "Payment: half when the work starts, half on delivery."
_BULLET = re.compile(
    r"^\s*(?:[-*•·]|\d{1,2}[.)])\s+(?P<task>\S[^\n]{8,160}(?:\n(?![-*•·]|\d{1,2}[.)]|\s*$)[^\n]{1,160})?)", re.M
)
_NEXT_PART = re.compile(
    r"^[^\n]*\b"
    r"(?:skills|requirements|you should|qualifications|about (?:the client|us)|nice to have)\b",
    re.I | re.M,
)
_CODEWORD = re.compile(
    r"\b(?:begin|start)\b[^.\n]{0,60}?\b(?:proposal|application|reply|message|bid|cover letter)s?\b"
    r"[^.\n]{0,40}?\bwith\b(?: the (?:word|phrase|code))?\s*[\"“'‘](?P<word>\w{2,20})[\"”'’]",
    re.I,
)


@dataclass(frozen=True)
class Claim:
    """One thing said about the user: `value` as it stands in the profile's `field`."""

    field: str
    value: str


@dataclass(frozen=True)
class Line:
    """One line of the draft with the claims in it."""

    text: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A draft; `notes` are for the user and not part of it, `figures` are numbers that were worked out in code."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The draft as markdown."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.text for line in self.lines)).strip() + "\n"


@dataclass(frozen=True)
class Offer:
    """A price worked out for a job: `total` for about `hours`, fixed or at most; `smaller` is the first tier."""

    total: Money
    hours: Decimal
    rate: Money
    fixed: bool
    smaller: Money | None = None


def draft(
    profile: Mapping[str, Any],
    post: JobPost,
    *,
    hours: Decimal | None = None,
    rate: Money | None = None,
    offer: Offer | None = None,
    short: bool = False,
    advance: bool = False,
    language: str = ENGLISH,
) -> Draft:
    """Write the draft. `hours` and `rate` are the user's own for this job, where they named any, else `offer` holds.

    A `short` one leaves out what the client wrote themselves and asks less; with `advance` half is due at the start.
    It is in `language`, one that papers are written in; what the profile holds stays in the user's own words.
    """
    known, asked = with_implied(own_skills(profile)), asked_skills(post)
    matched = [skill for skill in asked if skill.casefold() in known]
    missing = [skill for skill in asked if skill.casefold() not in known and asked[skill] >= 1]
    price, figures = _offered(offer, language) if offer else _price(profile, post, hours, rate, language)
    asks = [say(question, language) for question in questions_for(post)]
    blank = Line("")
    lines = [
        *_opening(profile, post, language, short=short),
        blank,
        *([] if short else _tasks(post, language)),
        blank,
        *_evidence(profile, matched, language),
        blank,
        Line(say("Before I commit to a plan, I would like to know:", language)),
        *map(Line, _listed(asks[:SHORT_ASKS] if short else asks)),
        blank,
        *price,
        *([Line(say(ADVANCE, language))] if advance and price else []),
        *_terms(profile, post, language),
        blank,
        *_closing(profile, language),
    ]
    return Draft(
        lines=tuple(lines),
        notes=tuple(_notes(profile, post, missing, bool(price))),
        figures=tuple(figures),
        data={"matched": matched, "missing": missing},
    )


def unfounded(made: Draft, profile: Mapping[str, Any], post: JobPost, stated: Sequence[str] = ()) -> list[str]:
    """What the draft says that nothing supports: claims not in the profile, numbers from nowhere. Empty is good.

    `stated` is what the user said for this job: hours, a rate.
    """
    wrong = [
        f"{claim.field}: {claim.value}"
        for line in made.lines
        for claim in line.claims
        if not _holds(profile, claim.field, claim.value)
    ]
    sources = f"{profile} {post.model_dump_json()} {' '.join(stated)} {' '.join(made.figures)}"
    known = {_digits(number) for number in _numbers(sources)}
    return wrong + [f"number: {number}" for number in _numbers(made.text) if _digits(number) not in known]


def _holds(profile: Mapping[str, Any], name: str, value: str) -> bool:
    stored = profile.get(name)
    if name == "skills":
        return value.casefold() in with_implied(own_skills(profile))
    items = stored if isinstance(stored, list) else [stored]
    return any(str(item) == value for item in items if item)


def _opening(profile: Mapping[str, Any], post: JobPost, language: str, *, short: bool) -> list[Line]:
    word = _codeword(post)
    lines = [Line(word), Line("")] if word else []
    hello = say("Hello {} team,", language, _own(post.company)) if post.company else say("Hello,", language)
    lines += [Line(hello), Line("")]
    name, title = str(profile.get("name") or ""), str(profile.get("title") or "")
    claims = [Claim(field, value) for field, value in (("name", name), ("title", title)) if value]
    work = _as_work(title, language)
    if name and title:
        who = say("my name is {} and I work as {}", language, name, work)
    else:
        who = say("my name is {}", language, name) if name else say("I work as {}", language, work) if title else ""
    about = say("I am writing about your project “{}”", language, _own(post.title))
    lines.append(Line(f"{about}: {who}." if who else f"{about}.", tuple(claims)))
    if not short and (bio := str(profile.get("bio") or "")):
        lines.append(Line(bio, (Claim("bio", bio),)))
    return lines


def _as_work(title: str, language: str) -> str:
    """A profession behind "I work as": English wants an article and no capital."""
    if language != ENGLISH:
        return title
    said = title if title[:2].isupper() else title[:1].lower() + title[1:]
    return f"{'an' if said[:1].lower() in 'aeiou' else 'a'} {said}"


def _codeword(post: JobPost) -> str:
    """The one word that a post wants replies to begin with, to see who has read it."""
    found = _CODEWORD.search(" ".join(post.description.split()))
    return found["word"] if found else ""


def _tasks(post: JobPost, language: str) -> list[Line]:
    """The parts of the work in the client's own words."""
    text = post.description
    if stop := _NEXT_PART.search(text):
        text = text[: stop.start()] if _BULLET.search(text[: stop.start()]) else text
    tasks = [" ".join(found["task"].split()).rstrip(".,;") for found in _BULLET.finditer(text)][:MOST_TASKS]
    if not tasks:
        return []
    return [Line(say("As I read it, you need:", language)), *map(Line, _listed([_own(task, 200) for task in tasks]))]


def _evidence(profile: Mapping[str, Any], matched: Sequence[str], language: str) -> list[Line]:
    if not matched:
        return []
    lines: list[Line] = []
    shown: set[str] = set()
    for name in ("experience", "portfolio"):
        for item in map(str, profile.get(name) or []):
            inside = with_implied(find_skills(item))
            proven = [skill for skill in matched if skill.casefold() in inside and skill not in shown]
            if proven and len(lines) < MOST_EVIDENCE:
                shown.update(proven)
                claims = (Claim(name, item), *(Claim("skills", skill) for skill in proven))
                lines.append(Line(f"- **{listed(proven, language)}**: {item}", claims))
    rest = [skill for skill in matched if skill not in shown]
    result = [Line(say("What I bring for this:", language)), *lines] if lines else []
    if rest:
        start = "I also work with {}." if lines else "Of what you ask for, I work with {}."
        result += [Line("")] if lines else []
        result.append(
            Line(say(start, language, listed(rest, language)), tuple(Claim("skills", skill) for skill in rest))
        )
    return result


def _offered(offer: Offer, language: str) -> tuple[list[Line], list[str]]:
    total, hours, rate = sum_in(language, offer.total.text()), plain(offer.hours), sum_in(language, offer.rate.text())
    figures = [total, hours, rate]
    if offer.fixed:
        text = say("I offer this at a fixed price of {}, for which I plan about {} hours.", language, total, hours)
    else:
        text = say("My rate is {} an hour; I expect about {} hours and {} at most.", language, rate, hours, total)
    if offer.smaller:
        figures.append(sum_in(language, offer.smaller.text()))
        text += " " + say("A first step with the essentials alone comes to {}.", language, figures[-1])
    return [Line(text)], figures


def _price(
    profile: Mapping[str, Any], post: JobPost, hours: Decimal | None, rate: Money | None, language: str
) -> tuple[list[Line], list[str]]:
    own = hourly_rate(profile)
    each = rate or own
    if each is None:
        return [], []
    claims = (Claim("rate", str(profile["rate"])),) if rate is None else ()
    figures = [sum_in(language, each.text())]
    effort = hours or post.estimated_hours
    if not effort:
        return [Line(say("My rate is {} an hour.", language, *figures), claims)], figures
    figures += [plain(effort), sum_in(language, (each * effort).rounded().text())]
    sentence = "My rate is {} an hour; for the {} hours" + ("" if hours else " you name") + " that comes to {}."
    return [Line(say(sentence, language, *figures), claims)], figures


def _terms(profile: Mapping[str, Any], post: JobPost, language: str) -> list[Line]:
    lines = []
    if available := str(profile.get("availability") or ""):
        said = say("Availability: {}.", language, available.removesuffix("."))
        lines.append(Line(said, (Claim("availability", available),)))
    asked = {skill.casefold() for skill in canonical_all([*post.skills, *find_skills(post.description)])}
    spoken = [str(item) for item in profile.get("languages") or [] if _language(str(item)) in asked]
    if spoken:
        lines.append(
            Line(
                say("Languages: {}.", language, listed(spoken, language)),
                tuple(Claim("languages", item) for item in spoken),
            )
        )
    return lines


def _language(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", text)
    return words[0].casefold() if words else ""


def _closing(profile: Mapping[str, Any], language: str) -> list[Line]:
    lines = [Line(CLOSINGS[language][0])]
    for name in ("name", "company", "email", "phone"):
        if value := str(profile.get(name) or ""):
            lines[-1] = Line(lines[-1].text + "  ", lines[-1].claims)
            lines.append(Line(value, (Claim(name, value),)))
    return lines


def _notes(profile: Mapping[str, Any], post: JobPost, missing: Sequence[str], priced: bool) -> list[str]:
    notes = []
    if missing:
        asked = listed(missing[:6], ENGLISH)
        notes.append(f"The post also asks for {asked}; your profile does not hold that, so the draft is silent.")
    if word := _codeword(post):
        notes.append(f"The post asks that replies begin with “{word}”, so this one does.")
    if not priced:
        notes.append("There is no price in it: tell me your rate, for example “my rate is 80 € an hour”.")
    if not profile.get("experience") and not profile.get("portfolio"):
        notes.append("Tell me about past projects, and the draft can name them as evidence.")
    if not profile.get("name"):
        notes.append("Tell me your name, so that I can sign it.")
    return notes


def _listed(items: Sequence[str]) -> list[str]:
    return [f"- {item}" for item in items]


def _own(text: str, most: int = 120) -> str:
    """A stranger's words as plain words."""
    line = " ".join(re.sub(r"[`*_\[\]<>#|]", " ", text).split())
    return line if len(line) <= most else line[:most].rpartition(" ")[0] + " …"


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d[\d.,]*", text)


def _digits(number: str) -> str:
    text = number.rstrip(".,")
    text = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text).replace(",", ".")
    return text.rstrip("0").rstrip(".") if "." in text else text
