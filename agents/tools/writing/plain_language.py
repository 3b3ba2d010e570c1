"""Betters a text without a model: common mistakes, wordy phrases, figures of readability, and a shorter version.

Nothing is invented here: words are replaced by plainer ones that mean the same, or whole sentences are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from agents.tools.documents.summary import summary
from integrations.media.documents.passages import sentences

_WORDY = {
    "en": "in order to=to; due to the fact that=because; at this point in time=now; at the present time=now; in the "
          "event "
          "that=if; with regard to=about; with respect to=about; in relation to=about; for the purpose of=for; "
          "prior to="
          "before; subsequent to=after; in spite of the fact that=although; a large number of=many; a majority "
          "of=most; "
          "the majority of=most; has the ability to=can; is able to=can; are able to=can; make a decision=decide; "
          "take into consideration=consider; give consideration to=consider; provide assistance=help; utilize=use; "
          "utilise=use; utilization=use; commence=begin; terminate=end; facilitate=help; endeavour=try; endeavor=try; "
          "approximately=about; additional=more; sufficient=enough; numerous=many; in close proximity to=near; "
          "on a regular basis=regularly; on a daily basis=daily; in the near future=soon; until such time as=until; "
          "with the exception of=except; it is important to note that=; please be advised that=; I am writing to "
          "inform "
          "you that=; please do not hesitate to=please; at your earliest convenience=soon; leverage=use; going forward="
          "from now on; touch base=talk; circle back=come back; basically=; literally=; actually=; really=; very=; "
          "each and every=each; first and foremost=first; end result=result; past history=history; free gift=gift",
    "de": "aufgrund der Tatsache, dass=weil; zum jetzigen Zeitpunkt=jetzt; zum gegenwärtigen Zeitpunkt=jetzt; in "
          "der Lage "
          "sein=können; ist in der Lage=kann; sind in der Lage=können; zur Durchführung bringen=durchführen; zum "
          "Einsatz "
          "kommen=eingesetzt werden; in Bezug auf=zu; im Hinblick auf=zu; bezüglich=zu; mittels=mit; seitens=von; "
          "im Rahmen von=bei; unter Zuhilfenahme von=mit; im Falle, dass=wenn; für den Fall, dass=falls; eine "
          "Vielzahl von="
          "viele; in vollem Umfang=ganz; zu einem späteren Zeitpunkt=später; grundsätzlich=; eigentlich=; quasi=; "
          "sozusagen=; gewissermaßen=; diesbezüglich=dazu; in regelmäßigen Abständen=regelmäßig; vorab im Voraus=vorab",
}  # fmt: skip
_MISTAKES = {
    "en": "accomodate=accommodate; acheive=achieve; adress=address; agressive=aggressive; alot=a lot; "
          "arguement=argument; "
          "begining=beginning; beleive=believe; bussiness=business; calender=calendar; collegue=colleague; comission="
          "commission; commitee=committee; completly=completely; concious=conscious; definately=definitely; "
          "developement="
          "development; diffrent=different; dissapoint=disappoint; embarass=embarrass; enviroment=environment; "
          "existance="
          "existence; experiance=experience; familar=familiar; finaly=finally; foward=forward; freind=friend; "
          "goverment="
          "government; gaurantee=guarantee; garantee=guarantee; happend=happened; immediatly=immediately; independant="
          "independent; intrested=interested; knowlege=knowledge; liason=liaison; maintainance=maintenance; managment="
          "management; neccessary=necessary; necesary=necessary; noticable=noticeable; occured=occurred; occurence="
          "occurrence; oppurtunity=opportunity; payed=paid; persistant=persistent; posession=possession; prefered="
          "preferred; proffesional=professional; profesional=professional; publically=publicly; recieve=receive; "
          "recieved="
          "received; recomend=recommend; refered=referred; relevent=relevant; responsability=responsibility; seperate="
          "separate; succesful=successful; sucessful=successful; sucess=success; suprise=surprise; teh=the; "
          "thier=their; "
          "tommorow=tomorrow; tomorow=tomorrow; truely=truly; untill=until; usefull=useful; wether=whether; "
          "wich=which; "
          "wierd=weird; writting=writing; your welcome=you're welcome; could of=could have; should of=should have; "
          "would "
          "of=would have; dont=don't; doesnt=doesn't; cant=can't; wont=won't; im=I'm; ive=I've; didnt=didn't; "
          "isnt=isn't",
    "de": "wiederspiegeln=widerspiegeln; Wiederspruch=Widerspruch; wiedersprechen=widersprechen; vorraussichtlich="
          "voraussichtlich; vorraus=voraus; Vorraussetzung=Voraussetzung; Standart=Standard; Packet=Paket; Maschiene="
          "Maschine; endgültlich=endgültig; entgültig=endgültig; Entgeld=Entgelt; ausserdem=außerdem; desweiteren=des "
          "Weiteren; zumindestens=zumindest; Agressiv=Aggressiv; agressiv=aggressiv; Adresssat=Adressat; "
          "Addresse=Adresse; "
          "intressant=interessant; Intresse=Interesse; Rythmus=Rhythmus; seperat=separat; Terassse=Terrasse; tollerant="
          "tolerant; ungefär=ungefähr; villeicht=vielleicht; warscheinlich=wahrscheinlich; nähmlich=nämlich; ziehmlich="
          "ziemlich; gestiegenn=gestiegen; Projeckt=Projekt; Dankeschon=Dankeschön; morgends=morgens; "
          "Resourcen=Ressourcen; "
          "Komission=Kommission; aufjedenfall=auf jeden Fall; garnicht=gar nicht; garkein=gar kein; zuviel=zu viel; "
          "zuwenig=zu wenig; wievielen=wie vielen; inwieweit=inwieweit; Email=E-Mail; Emails=E-Mails; nochmal=noch "
          "einmal",
}  # fmt: skip
_DOUBLED = re.compile(r"\b([^\W\d_]{2,}) \1\b", re.IGNORECASE)
_RIGHT_TWICE = {"had had", "that that", "die die", "der der", "das das", "sie sie", "bye bye", "nous nous", "vous vous"}
LONG = 25
"""Words from which a sentence is hard to read."""


@dataclass(frozen=True)
class Better:
    """A text and what was changed in it, each as ``old → new``."""

    text: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Readability:
    """Figures of a text. `ease` is Flesch reading ease, 0 (hard) to 100 (easy); None where no formula fits."""

    words: int
    sentences: int
    words_per_sentence: float
    ease: float | None
    long: tuple[str, ...]
    minutes: float


@cache
def _table(kind: str, language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    entries = ({"wordy": _WORDY, "mistakes": _MISTAKES}[kind]).get(language, "")
    pairs = (entry.strip().split("=") for entry in entries.split(";") if "=" in entry)
    return tuple((re.compile(rf"\b{re.escape(old)}\b(?:,? )?", re.IGNORECASE), new) for old, new in pairs if old != new)


def corrected(text: str, language: str) -> Better:
    """Common misspellings, doubled words, spaces before marks and small letters at a sentence's start, mended."""
    changes: list[str] = []
    text = _replaced(text, _table("mistakes", language), changes)

    def once(match: re.Match[str]) -> str:
        if match[0].lower() in _RIGHT_TWICE:
            return match[0]
        changes.append(f"{match[0]} → {match[1]}")
        return match[1]

    text = _DOUBLED.sub(once, text)
    mended = re.sub(r"(?<=\S)[^\S\n]{2,}(?=\S)", " ", text)
    if language != "fr":
        mended = re.sub(r"(?<=\w) +(?=[,;:!?.](?:\s|$))", "", mended)
    mended = re.sub(r"(?<=[a-zà-ž]),(?=[^\W\d_])", ", ", mended)
    if mended != text:
        changes.append("spaces around marks and between words")
    starts = re.sub(r"(?:(?<=^)|(?<=[a-zà-ž]{3}[.!?] ))[a-zà-ž]", lambda m: m[0].upper(), mended)
    starts = re.sub(r"\bi\b(?!\.)", "I", starts) if language == "en" else starts
    if starts != mended:
        changes.append("capital letters")
    return Better(starts, tuple(dict.fromkeys(changes)))


def plainer(text: str, language: str) -> Better:
    """Wordy phrases by plain ones, and padding left out."""
    changes: list[str] = []
    text = _replaced(text, _table("wordy", language), changes)
    text = re.sub(r"(?:(?<=^)|(?<=\n)|(?<=[a-zà-ž]{3}[.!?] ))[a-zà-ž]", lambda match: match[0].upper(), text)
    return Better(text, tuple(dict.fromkeys(changes)))


def _replaced(text: str, table: tuple[tuple[re.Pattern[str], str], ...], changes: list[str]) -> str:
    for pattern, new in table:

        def swap(match: re.Match[str], new: str = new) -> str:
            old, tail = match[0].rstrip(", "), match[0][len(match[0].rstrip(", ")) :]
            word = new[:1].upper() + new[1:] if old[:1].isupper() and not old.isupper() else new
            changes.append(f"{old} → {word}" if word else f"{old} → left out")
            return f"{word}{tail}" if word else ""

        text = pattern.sub(swap, text)
    return text


def shorter(text: str, part: float = 0.5) -> Better:
    """The sentences that say most, about `part` of the text, in their order; greeting and closing lines stay."""
    paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
    said = [(place, sentence) for place, paragraph in enumerate(paragraphs) for sentence in sentences(paragraph)]
    full = [(place, sentence) for place, sentence in said if len(sentence.split()) >= 6]
    keep = max(1, round(len(full) * part))
    if len(full) < 3:
        return Better(text, ())
    passages = [
        {"text": sentence, "place": str(place), "heading": str(number)} for number, (place, sentence) in enumerate(full)
    ]
    best = {one["text"] for one in summary(passages, keep)}
    kept = [
        " ".join(sentence for where, sentence in said
                 if where == place and (sentence in best or len(sentence.split()) < 6))
        for place in range(len(paragraphs))
    ]  # fmt: skip
    left_out = tuple(f"{sentence} → left out" for _, sentence in full if sentence not in best)
    return Better("\n\n".join(paragraph for paragraph in kept if paragraph), left_out)


def readability(text: str, language: str) -> Readability:
    """Figures of a text. Flesch (1948) for English, Amstad (1978) for German."""
    said = [sentence for sentence in sentences(text) if re.search(r"\w", sentence)]
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)
    if not words or not said:
        return Readability(0, 0, 0.0, None, (), 0.0)
    mean = len(words) / len(said)
    syllables = sum(max(1, len(re.findall(r"[aeiouyäöüàáâéèêíóôú]+", word.lower()))) for word in words) / len(words)
    ease = {"en": 206.835 - 1.015 * mean - 84.6 * syllables, "de": 180 - mean - 58.5 * syllables}.get(language)
    long = tuple(sentence for sentence in said if len(sentence.split()) > LONG)
    bounded = None if ease is None else round(max(0.0, min(100.0, ease)), 0)
    return Readability(len(words), len(said), round(mean, 1), bounded, long, round(len(words) / 220, 1))
