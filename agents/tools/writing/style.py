"""Puts a text into the style the user wishes, by rule, and says on which of their words each change rests.

facts that may be used ──▶ wishes, a client's before the user's own, newer before older ──▶ Style
draft ──▶ greeting, closing ──▶ words ──▶ length ──▶ lines to add ──▶ text, and notes for the user
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.deps import Deps
from agents.tools.models.checked_text import addresses
from agents.tools.remembering.facts_in_use import concerning, told_line
from agents.tools.remembering.wishes import GREETING, Kind, Place, Wish, wishes
from agents.tools.text.languages import NAMES
from integrations.media.documents.passages import sentences
from memory.facts import Fact

CLOSINGS = {
    "en": ("Best regards", "Best", "Kind regards"),
    "de": ("Mit freundlichen Grüßen", "Viele Grüße", "Mit freundlichen Grüßen"),
    "es": ("Un saludo", "Saludos", "Atentamente"),
    "fr": ("Bien cordialement", "À bientôt", "Veuillez agréer mes salutations distinguées"),
    "it": ("Un cordiale saluto", "A presto", "Distinti saluti"),
    "pt": ("Com os melhores cumprimentos", "Um abraço", "Atenciosamente"),
}
"""How a text closes: as usual, casually, formally."""
GREETINGS = {
    "en": ("Hello", "Hi", "Dear"),
    "de": ("Guten Tag", "Hallo", "Guten Tag"),
    "es": ("Hola", "Hola", "Buenos días"),
    "fr": ("Bonjour", "Salut", "Bonjour"),
    "it": ("Buongiorno", "Ciao", "Gentile"),
    "pt": ("Olá", "Oi", "Bom dia"),
}
"""How a text greets: as usual, casually, formally."""
WORDS: tuple[Kind, ...] = ("never", "instead")
"""What concerns single words, in texts that are no letters."""
AROUND: tuple[Kind, ...] = ("closing", "always")
"""What stands around the user's own words."""
_TONES = {"casual": 1, "formal": 2}
_CLOSING = re.compile(
    r"^(?:(?:with )?(?:best|kind|warm)(?: regards| wishes)?|regards|sincerely|cheers|thanks|thank you|yours \w+|"
    r"mit freundlichen grüßen|(?:viele|beste|liebe|herzliche) grüße|un (?:cordial )?saludo|un cordiale saluto|"
    r"saludos|"
    r"atentamente|bien cordialement|cordialement|à bientôt|distinti saluti|cordiali saluti|a presto|com os melhores "
    r"cumprimentos|um abraço|atenciosamente)[,.!]?[ ]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FILLERS = frozenset("just very really please simply quite rather actually basically eben mal halt sehr".split())
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f? ?")
_FIGURES = re.compile(r"\d|\[|https?:|\?|@|“")
"""What a sentence holds that is not left out."""


@dataclass(frozen=True)
class Rests:
    """A wish and the fact it rests on."""

    wish: Wish
    fact: Fact


@dataclass(frozen=True)
class Styled:
    """A text in the style wished, and what the user may want to know of it."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Style:
    """The wishes for one kind of text and one reader, those that count most first."""

    rests: tuple[Rests, ...] = ()

    def of(self, kind: Kind) -> Wish | None:
        """The wish of this kind that counts."""
        return next((one.wish for one in self.rests if one.wish.kind == kind), None)

    def every(self, kind: Kind) -> list[Wish]:
        """All wishes of this kind."""
        return [one.wish for one in self.rests if one.wish.kind == kind]

    @property
    def language(self) -> str:
        """The language wished, as its code, or "" for none."""
        wish = self.of("language")
        return wish.value if wish else ""

    @property
    def short(self) -> bool:
        """Whether the text is to be short."""
        wish = self.of("length")
        return bool(wish and wish.value == "short")

    def only(self, *kinds: Kind) -> Style:
        """The wishes of these kinds alone."""
        return Style(tuple(one for one in self.rests if one.wish.kind in kinds))

    @property
    def asked(self) -> str:
        """The style as lines that a model is told; they name nobody and hold no fact of a client."""
        said = {
            "greeting": "Greet with “{}”.",
            "closing": "Close with “{}”.",
            "tone": "Keep a {} tone.",
            "length": "Keep it {}.",
            "never": "Never use “{}”.",
            "instead": "Write “{}” instead of “{old}”.",
        }
        lines = [
            said[one.wish.kind].format(one.wish.value, old=one.wish.old) for one in self.rests if one.wish.kind in said
        ]
        return "\n".join(dict.fromkeys(lines))


async def style_for(places: Iterable[Place], client: str, deps: Deps) -> Style:
    """The style for a text to a client, "" for nobody; another client's wishes are never among them."""
    facts = await deps.stores.facts.of(deps.user)
    if not facts:
        return Style()
    return style_of(concerning(facts, client, await deps.stores.clients.names(deps.user), most=len(facts)), places)


def style_of(facts: Sequence[Fact], places: Iterable[Place]) -> Style:
    """The style that facts ask for, newest first, in texts of these places."""
    wanted = set(places)
    found = [
        Rests(wish, fact) for fact in facts for wish in wishes(fact.text) if not wish.places or wish.places & wanted
    ]
    return Style(tuple(sorted(found, key=lambda one: not one.fact.client)))


def styled(text: str, style: Style, language: str = "en", profile: Mapping[str, Any] | None = None) -> Styled:
    """A letter in the style wished. Figures, questions, places to fill in and quotations stay."""
    if not style.rests:
        return Styled(text)
    notes: list[str] = []
    new = _ended(_greeted(text, style, language), style, language)
    for wish in style.every("instead"):
        new = _outside_quotes(new, lambda part, wish=wish: _swapped(part, wish.old, wish.value))
    for wish in style.every("never"):
        new = _without(new, wish.value, notes)
    if style.short:
        new = _shortened(new)
    for wish in style.every("always"):
        new = _added(new, wish.value, profile or {}, notes)
    if new != text:
        used = dict.fromkeys(told_line(one.fact) for one in style.rests if one.wish.kind != "language")
        notes.insert(0, f"Written as you like it: {'; '.join(used)}.")
    return Styled(new, tuple(notes))


def other_language(style: Style, language: str) -> str:
    """A note where a text is in another language than is wished."""
    wished = style.language
    if not wished or wished == language:
        return ""
    fact = next(one.fact for one in style.rests if one.wish.kind == "language")
    return f"{NAMES[wished]} is wished here ({told_line(fact)}), but I write this in {NAMES[language]} alone."


def _greeted(text: str, style: Style, language: str) -> str:
    hit, wish, tone = GREETING.search(text), style.of("greeting"), style.of("tone")
    if not hit or not (wish or tone):
        return text
    word = wish.value if wish else GREETINGS[language][_TONES[tone.value]] if tone else ""
    return f"{text[: hit.start()]}{word[:1].upper()}{word[1:]}{hit['rest']}{text[hit.end() :]}"


def _ended(text: str, style: Style, language: str) -> str:
    hits, wish, tone = list(_CLOSING.finditer(text)), style.of("closing"), style.of("tone")
    if not hits or not (wish or tone):
        return text
    word = wish.value if wish else CLOSINGS[language][_TONES[tone.value]] if tone else ""
    spaces = re.search(r"[ ]*$", hits[-1][0])
    return f"{text[: hits[-1].start()]}{word}{spaces[0] if spaces else ''}{text[hits[-1].end() :]}"


def _swapped(text: str, old: str, new: str) -> str:
    def swap(match: re.Match[str]) -> str:
        return new[:1].upper() + new[1:] if match[0][:1].isupper() else new

    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", swap, text, flags=re.IGNORECASE)


def _outside_quotes(text: str, change: Any) -> str:
    """Change what is not quoted: between “ and ” stand somebody's own words."""
    return "".join(part if part.startswith("“") else change(part) for part in re.split(r"(“[^”]*”)", text))


def _without(text: str, word: str, notes: list[str]) -> str:
    """The text without a word: alone where it only fills, else with its sentence, where that states no figure."""
    if word == "emoji":
        return _EMOJI.sub("", text)
    if word == "!":
        return text.replace("!", ".")
    there = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    if word.casefold() in _FILLERS or word.casefold().endswith("ly"):
        taken = _outside_quotes(text, lambda part: re.sub(rf"{there.pattern} ?", "", part, flags=re.IGNORECASE))
        return re.sub(
            r"(?m)(?:^|(?<=[.!?] ))[a-zà-þ]", lambda hit: hit[0].upper(), re.sub(r" +([,.;:?])", r"\1", taken)
        )
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if not there.search(re.sub(r"“[^”]*”", "", line)) or line.startswith(("- ", "#")):
            continue
        said = sentences(line)
        kept = [one for one in said if not there.search(one) or _FIGURES.search(one)]
        if kept and len(kept) < len(said):
            lines[place] = " ".join(kept)
        if there.search(lines[place]):
            notes.append(f"“{word}” still stands in it, since I know no other word for it.")
    return "\n".join(lines)


def _shortened(text: str) -> str:
    """Between greeting and closing the first sentence, and those that state a figure, quote or ask."""
    greeting, closings = GREETING.search(text), list(_CLOSING.finditer(text))
    start, end = greeting.end() if greeting else 0, closings[-1].start() if closings else len(text)
    kept: list[str] = []
    for paragraph in text[start:end].strip().split("\n\n"):
        said = sentences(paragraph) if "\n" not in paragraph else [paragraph]
        found = [one for place, one in enumerate(said) if (place == 0 and not kept) or _FIGURES.search(one)]
        kept += [" ".join(found)] if found else []
    return "\n\n".join(filter(None, (text[:start], *kept, text[end:])))


def _added(text: str, what: str, profile: Mapping[str, Any], notes: list[str]) -> str:
    """The text with a line before its closing: what is quoted, an address, or what the profile knows of that name."""
    quoted = re.search(r"[“\"]([^”\"]+)[”\"]", what)
    line = quoted[1] if quoted else next(iter(addresses([what])), "") or _known(what, profile)
    if not line:
        notes.append(f"You want {what} in it, but I do not know it; tell me the address.")
        return text
    if line in text:
        return text
    closings = list(_CLOSING.finditer(text))
    at = closings[-1].start() if closings else len(text)
    return f"{text[:at].rstrip()}\n\n{line}\n\n{text[at:]}".rstrip() + ("\n" if text.endswith("\n") else "")


def _known(what: str, profile: Mapping[str, Any]) -> str:
    """What a profile holds under the name of the thing that is to be added: its address where there is one."""
    for word in re.findall(r"[a-zà-ÿ]{4,}", what.casefold()):
        for name, value in profile.items():
            held = " ".join(map(str, value)) if isinstance(value, list) else str(value)
            links = sorted(addresses([held]))
            if links and (word == name or any(word in link for link in links)):
                return f"{word.capitalize()}: {links[0]}"
            if word == name and not isinstance(value, list) and held:
                return held
    return ""
