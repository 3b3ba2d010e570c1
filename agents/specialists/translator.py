"""Translates texts and files with a model; without one single business phrases, and says so. Names a text's "
"language.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Finding, Given, Record, Slot
from agents.tools.documents.citations import cell, plain
from agents.tools.documents.document_intake import chosen_files, opened
from agents.tools.text.languages import NAMES, Guess, detect, named
from agents.tools.writing.glossary import LANGUAGES, phrase, size, terms_in
from agents.tools.writing.mail_draft import last_text
from agents.tools.writing.translation import translated

NAME = "translator"
SHOWN = 3_000
"""Signs of a translation that are shown; the whole is in its file."""
SURE = 0.5
"""From here on a language is told without reservation."""
WHAT = "What shall I translate? Write it behind a colon or in quotes, or attach a file."
INSTALL = "Install the recommended language model"
NO_MODEL = (
    "I cannot translate whole texts without a language model; I know {count} business phrases in six languages by "
    "heart. "
    "Say “install the recommended language model” and I translate texts and files on this computer."
)
_ASKS_WHICH = re.compile(
    r"\b(?:which|what) language\b|\bin welcher sprache\b|\bwelche sprache\b|\bquelle langue\b|\bqué idioma\b|"
    r"\bche lingua\b|"
    r"\bque língua\b|\bdetect the language\b",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"[\"“„«](?P<quoted>[^\"“”„«»]{1,8000})[\"”“»]|:\s*(?P<after>\S.*)$|"
    r"\n(?P<below>\s*\S.*)$",
    re.DOTALL,
)
_SHORT = re.compile(
    r"\b(?:translate|übersetz\w*|traduce|traduis|traduci|traduz\w*)\s+(?P<first>.{2,120}?)\s+"
    r"(?:in(?:to)?|to|auf|ins|en|al|in|em|para(?: o)?)\s+(?:the\s+)?[^\W\d_]+(?:\s+please)?[.?!]*$|"
    r"\b(?:what is|how do (?:you|i) say|wie (?:heißt|sagt man)|was heißt|cómo se dice|comment dit-on|come si dice|"
    r"como se diz)\s+"
    r"(?P<then>.{2,120}?)\s+(?:in|auf|en|em)\s+(?:the\s+)?[^\W\d_]+[.?!]*$",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"^(?:(?:this|it|that|the|my|das|den|die|diese\w*|ce|cette|este|esta|questo|the attached)\b\s*)?"
    r"(?:text|file|document|pdf|mail|e-?mail|letter|contract|page|proposal|datei|dokument|vertrag|fichier|archivo|"
    r"documento|brief|following)?(?:\s*\b(?:from|aus dem|du|del|dal|de)\s+\w+)?$",
    re.IGNORECASE,
)
_TERM = re.compile(r"[\"“]?(?P<old>[\w -]{2,40})[\"”]?\s*(?:=|→|->)\s*[\"“]?(?P<new>[\w -]{2,40})[\"”]?")


class TranslatorTask(BaseModel):
    """A text or file to translate, or whose language is asked for."""

    action: str = "translate"
    target: str = ""
    source: str = ""
    text: Annotated[str, Slot("pasted")] = ""
    file: Annotated[str | None, Slot("file:document")] = None
    terms: list[tuple[str, str]] = []


def read(clause: str) -> dict[str, Any]:
    """The languages, the text where it stands in the sentence, and words that are to be used."""
    said = _TEXT.search(clause)
    text = next((group.strip(' "”“»') for group in said.groups() if group), "") if said else ""
    request = clause[: said.start()] + clause[said.end() :] if said else clause
    if not said and (short := _SHORT.search(clause)):
        words = (short["first"] or short["then"]).strip(" '\"")
        text = "" if _POINTS.match(words) else words
        request = clause.replace(words, " ") if text else clause
    languages = named(request)
    back = re.search(r"\b(?:from|aus dem|du|del|dal|do)\s+([^\W\d_]+)", request, re.IGNORECASE)
    source = next(iter(named(back[1])), "") if back else ""
    targets = [code for code in languages if code != source]
    terms = [(hit["old"].strip(), hit["new"].strip()) for hit in _TERM.finditer(request)]
    found = {
        "action": "detect" if _ASKS_WHICH.search(request) else "translate",
        "text": text,
        "source": source,
        "target": targets[-1] if targets else "",
        "terms": terms,
    }
    return {name: value for name, value in found.items() if value}


async def run(task: TranslatorTask, given: Given, deps: Deps) -> Finding:
    """Translate, or name the language. Raises AgentError and JobError."""
    text, name, outside = await _text(task, given, deps)
    guess = detect(text)
    if task.action == "detect":
        return _told(guess, outside=outside)
    source = task.source or (guess.code if guess else "en")
    target = task.target or _usual(given, source)
    if source == target:
        return Finding(NAME, ok=True, text=f"The text is in {NAMES[target]} already.", data={"source": source})
    if deps.model is None:
        return _by_heart(text, source, target, outside=outside)
    made = await translated(text, source, target, task.terms, deps)
    notes = [*made.notes]
    if made.kept:
        notes.append(f"{made.kept} of {made.pieces} parts stayed as they were, because their translation did not hold.")
    notes.append("Translated by the model; numbers and addresses are checked, the rest is worth a look.")
    stem = re.sub(r"[^\w-]+", "-", name.rpartition(".")[0] or name)[:50] or "text"
    put = deps.stores.files.put
    file = await put(made.text.encode(), f"{stem}.{target}.md", user=deps.user, thread=deps.thread, made_by=NAME)
    shown = made.text
    if len(shown) > SHOWN:
        shown = f"{shown[:SHOWN].rpartition(' ')[0]} …\n\nThe whole is in the file."
    return Finding(
        NAME,
        ok=made.kept < made.pieces,
        text="\n\n".join([plain(shown), *notes]),
        data={"source": source, "target": target, "text": made.text, "kept": made.kept, "by_model": True},
        records=(Record("text", file.id, file.name),),
        artifacts=(Artifact(file.id, file.name, file.mime, f"In {NAMES[target]}"),),
        trust="outside" if outside else "own",
    )


def _by_heart(text: str, source: str, target: str, *, outside: bool) -> Finding:
    """What can be translated without a model: phrases line by line, or the terms in a longer text."""
    lines = [line for line in text.splitlines() if line.strip()]
    done = [phrase(line, source, target) for line in lines]
    trust: Any = "outside" if outside else "own"
    data: dict[str, Any] = {"source": source, "target": target, "by_model": False}
    if lines and all(done):
        said = "\n".join(done)
        shown = f"In {NAMES[target]}: **{plain(said)}**"
        return Finding(NAME, ok=True, text=shown, data={**data, "text": said}, trust=trust)
    terms = terms_in(text, source, target)
    parts = [NO_MODEL.format(count=size())]
    if terms:
        rows = "\n".join(f"| {cell(old)} | {cell(new)} |" for old, new in terms[:30])
        parts.append(f"Terms in it that I know:\n\n| {NAMES[source]} | {NAMES[target]} |\n|---|---|\n{rows}")
    elif target not in LANGUAGES:
        parts.append(f"Into {NAMES[target]} I know none of them.")
    return Finding(NAME, ok=False, text="\n\n".join(parts), data={**data, "terms": terms}, trust=trust,
                   error="no model", offers=(INSTALL,))  # fmt: skip


def _told(guess: Guess | None, *, outside: bool) -> Finding:
    if guess is None:
        return Finding(NAME, ok=False, text="I cannot tell the language of that; it is too short.", error="too short")
    how = "" if guess.sure >= SURE else " I am not sure, since it is short or mixed."
    data = {"language": guess.code, "sure": guess.sure}
    return Finding(NAME, ok=True, text=f"That is {guess.name}.{how}", data=data, trust="outside" if outside else "own")


async def _text(task: TranslatorTask, given: Given, deps: Deps) -> tuple[str, str, bool]:
    """The text, a name for its translation, and whether it comes from outside. Raises AgentError and JobError."""
    if task.text:
        return task.text, "translation", False
    for finding in given.findings.values():
        if isinstance(said := finding.data.get("text"), str) and said:
            return said, "translation", finding.trust == "outside"
    if not given.files and not task.file:
        if before := await last_text(deps):
            return before[0], "translation", before[1]
        raise AgentError(WHAT)
    file = (await chosen_files(task.file, given, deps, WHAT))[0]
    document = await opened(file, deps)
    passages = await deps.stores.documents.passages(document.id, user=deps.user)
    parts: list[str] = []
    heading = ""
    for passage in passages:
        if passage.heading != heading:
            heading = passage.heading
            parts.append(f"## {heading}")
        parts.append(passage.text.replace("\n", "\n\n"))
    return "\n\n".join(parts), file.name, True


def _usual(given: Given, source: str) -> str:
    """The language the user writes in; English when the text is in that one, and German for English."""
    asked = detect(re.sub(_TEXT, " ", given.text))
    if asked and asked.code != source and asked.sure > 0.2:
        return asked.code
    return "en" if source != "en" else "de"


AGENT = AgentSpec(
    name=NAME,
    title="Translator",
    description=(
        "Translates texts and files between languages with a model, business phrases in six languages without one, and "
        "tells which language a text is in."
    ),
    examples=(
        "translate this into German: thank you for your message",
        "translate the attached contract to English",
        "what is 'payment terms' in French?",
        "how do you say notice period in Spanish",
        "which language is this: Merci de votre réponse",
        "put this mail into Italian",
        "translate my proposal into Portuguese",
        "English version of this please",
        "translate this file from Spanish to English",
        "Übersetze das ins Englische",
        "Wie heißt Angebot auf Englisch?",
        "Was heißt deadline auf Deutsch",
        "Traduis ce texte en anglais",
        "Traduce esto al inglés",
        "Traduci questo in inglese",
        "Traduz isto para inglês",
    ),
    cues=(
        r"\btranslat\w*\b|\bübersetz\w*\b|\btraduc\w*\b|\btraduis\w*\b|\btraduire\b|\btradu[zç]\w*\b",
        r"\b(?:which|what) language\b|\b(?:in )?welche[r]? sprache\b|\bquelle langue\b|\b(?:en )?qué idioma\b|"
        r"\bche lingua\b",
        r"\bhow (?:do|would) (?:you|i|we) say\b|\bwie (?:heißt|sagt man)\b|\bwas heißt\b.{0,40}\bauf\b|"
        r"\bcómo se dice\b|"
        r"\bcomment dit-on\b|\bcome si dice\b|\bcomo se diz\b",
        r"^(?!.*\b(?:wants?|prefers?|expects?|likes?)\b).*\b(?:into|to|in)\s+(?:english|german|french|spanish|italian|portuguese|dutch|polish)\b.{0,12}$|"
        r"\b(?:english|german|french|spanish|italian|portuguese) version\b",
    ),
    task=TranslatorTask,
    run=run,
    read=read,
    makes=("text",),
    takes=("document", "text", "proposal"),
)
