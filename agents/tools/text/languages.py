"""Which language a text is in, by its script and its commonest words, and how days and sums are written there."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

NAMES = {
    "en": "English", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "da": "Danish", "cs": "Czech", "tr": "Turkish", "ro": "Romanian",
    "ru": "Russian", "uk": "Ukrainian", "el": "Greek", "ar": "Arabic", "ur": "Urdu", "he": "Hebrew", "hi": "Hindi",
    "th": "Thai", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "no": "Norwegian", "fi": "Finnish",
    "sk": "Slovak", "sl": "Slovenian", "hu": "Hungarian", "hr": "Croatian", "sr": "Serbian", "bg": "Bulgarian",
    "ca": "Catalan", "et": "Estonian", "lv": "Latvian", "lt": "Lithuanian", "fa": "Persian", "vi": "Vietnamese",
    "id": "Indonesian",
}  # fmt: skip
_CALLED = {
    "en": "english englisch inglés inglesa inglese anglais inglês",
    "de": "german deutsch alemán alemana tedesco tedesca allemand alemão",
    "es": "spanish spanisch español espagnol spagnolo espanhol castellano castilian",
    "fr": "french französisch francés francesa français francese francês",
    "it": "italian italienisch italiano italien",
    "pt": "portuguese portugiesisch portugués portuguesa portugais portoghese português brazilian brasileiro",
    "nl": "dutch flemish niederländisch holländisch flämisch neerlandés holandés néerlandais flamand olandese holandês "
          "neerlandês",
    "pl": "polish polnisch polaco polonais polacco polonês",
    "sv": "swedish schwedisch sueco suédois svedese",
    "da": "danish dänisch danés danois danese dinamarquês",
    "no": "norwegian norwegisch noruego norvégien norvegese norueguês bokmål",
    "fi": "finnish finnisch finlandés finés finnois finlandese finlandês",
    "cs": "czech tschechisch checo tchèque ceco tcheco",
    "sk": "slovak slowakisch eslovaco slovaque slovacco",
    "sl": "slovenian slovene slowenisch esloveno slovène sloveno",
    "hu": "hungarian ungarisch húngaro hongrois ungherese",
    "hr": "croatian kroatisch croata croate",
    "sr": "serbian serbisch serbio serbe serbo sérvio",
    "bg": "bulgarian bulgarisch búlgaro bulgare bulgaro",
    "ro": "romanian rumänisch rumano roumain rumeno romeno",
    "el": "greek griechisch griego grec greco grego",
    "tr": "turkish türkisch turco turc",
    "ca": "catalan katalanisch catalán catalano catalão",
    "ru": "russian russisch ruso russe russo",
    "uk": "ukrainian ukrainisch ucraniano ukrainien ucraino",
    "et": "estonian estnisch estonio estonien estone",
    "lv": "latvian lettisch letón letton lettone",
    "lt": "lithuanian litauisch lituano lituanien",
    "ar": "arabic arabisch árabe arabe arabo",
    "fa": "persian farsi persisch persa persan persiano",
    "ur": "urdu", "he": "hebrew hebräisch hebreo hébreu ebraico", "hi": "hindi",
    "th": "thai thailändisch tailandés thaï", "vi": "vietnamese vietnamesisch vietnamita vietnamien",
    "id": "indonesian indonesisch indonesio indonésien",
    "zh": "chinese chinesisch mandarin chino chinois cinese chinês",
    "ja": "japanese japanisch japonés japonais giapponese japonês",
    "ko": "korean koreanisch coreano coréen",
}  # fmt: skip
_ENDING = re.compile(r"e[nsr]?$|a$")
"""What an adjective may end in: in deutscher Sprache, una traducción alemana."""
_WORD = re.compile(r"\b(?!polish (?:this|that|the|my|it|up)\b)[^\W\d_]+")
_PAIR = re.compile(r"\b[A-Z]{2}\s?(?:>|->|→|/|–|-)\s?[A-Z]{2}\b")
"""Two codes as translators write them: EN>DE."""
_CODES = {word: code for code, words in _CALLED.items() for word in words.split()}
_WORDS = {
    "en": "the and of to in is that for it with as was on are be this have from or by not you your we which an at "
          "will has "
          "please can our if but they their there i my do does me would could what how",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus "
          "er hat "
          "dass sie nach wird bei einer um am sind noch wie einem über so zum wir ich mir ihr ihre bitte können haben",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si "
          "sin sobre "
          "este ya entre cuando todo esta ser son dos también fue había era muy usted nos por favor gracias hasta "
          "mañana",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec "
          "nous vous "
          "votre notre cette mais ou leur être ont aux été je si merci très",
    "it": "di e il la che in a per un è del non una sono con si da come le dei nel alla i ha più gli della al anche "
          "lo ma "
          "questo se su ci suo nostro grazie essere vi delle",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à "
          "seu sua ou "
          "ser quando muito há nos já está eu também só pelo pela são você obrigado obrigada até por isso pode "
          "envie fatura reunião amanhã",
    "nl": "de het een en van in is dat op te voor met zijn niet aan er om ook als bij maar dan door naar wij u uw "
          "onze wordt "
          "deze over heeft",
    "pl": "w i na z do że się nie to jest o jak po za od co dla przez przy są oraz ale czy tak być który",
    "sv": "och att det i en som på är av för med till den har de inte om ett vi kan från jag var så men",
    "da": "og at det i en er på som for af med til den har de ikke et vi kan fra jeg var så men om ved",
    "cs": "a se na v je že s z do o i to jako za ve pro by při nebo které jsou ale od po není",
    "tr": "ve bir bu için ile de da olarak çok en daha gibi olan kadar sonra ne var ben biz değil",
    "ro": "de și în a la cu este pe un o că nu pentru din care mai sunt se ca prin sau al ale fost",
}  # fmt: skip
_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_LETTERS = {
    "de": "äöüß", "es": "ñ¿¡áéíóú", "fr": "éèêàçùâîôœ", "it": "àèéìòù", "pt": "ãõçáéíóúâê", "pl": "ąćęłńśźż",
    "sv": "åäö",
    "da": "æøå", "cs": "ěščřžýů", "tr": "ışğ", "ro": "ășțâ",
}  # fmt: skip
_SCRIPTS = (
    ("ja", r"[\u3040-\u30ff]"), ("ko", r"[\uac00-\ud7af]"), ("zh", r"[\u4e00-\u9fff]"), ("th", r"[\u0e00-\u0e7f]"),
    ("hi", r"[\u0900-\u097f]"), ("he", r"[\u0590-\u05ff]"), ("el", r"[\u0370-\u03ff]"),
    ("uk", r"[іїєґІЇЄҐ]"), ("ru", r"[\u0400-\u04ff]"),
    ("ur", r"[\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2]"), ("ar", r"[\u0600-\u06ff]"),
)  # fmt: skip
MOST = 5_000
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
_DAY = {"de": "{day}. {month} {year}", "es": "{day} de {month} de {year}", "pt": "{day} de {month} de {year}"}


@dataclass(frozen=True)
class Guess:
    """A language and how sure that is, 0 to 1."""

    code: str
    sure: float

    @property
    def name(self) -> str:
        """Its English name."""
        return NAMES[self.code]


def detect(text: str) -> Guess | None:
    """The language of a text; None when it holds nothing that tells, such as numbers alone."""
    text = text[:MOST]
    letters = len(re.findall(r"[^\W\d_]", text))
    for code, script in _SCRIPTS:
        if letters and len(re.findall(script, text)) >= (0.03 if code in ("ur", "uk") else 0.2) * letters:
            return Guess(code, 0.95)
    words = re.findall(r"[^\W\d_]+", text.lower())
    votes: Counter[str] = Counter()
    for code, known in _SETS.items():
        votes[code] = 10 * sum(word in known for word in words)
    lowered = text.lower()
    for code, marks in _LETTERS.items():
        votes[code] += 6 * sum(lowered.count(mark) > 0 for mark in marks)
    if not any(votes.values()):
        return None
    (best, most), (_, next_most) = votes.most_common(2)
    return Guess(best, round(min(0.99, (most - next_most) / most * (0.5 + min(len(words), 20) / 40)), 2))


def named(text: str) -> list[str]:
    """The languages a text names, in order, as codes: "from German into French" is de, fr, and so is "DE>FR"."""
    found: list[str] = []
    for hit in _WORD.finditer(text):
        word = hit.group().lower()
        known = _CODES.get(word) or _CODES.get(_ENDING.sub("", word))
        if known is None and word in NAMES and _PAIR.search(text[max(0, hit.start() - 4) : hit.end() + 4]):
            known = word
        if known:
            found.append(known)
    return list(dict.fromkeys(found))


def day_in(language: str, day: date) -> str:
    """A day as it is written in one of the six languages."""
    month = _MONTHS.get(language, _MONTHS["en"]).split()[day.month - 1]
    return _DAY.get(language, "{day} {month} {year}").format(day=day.day, month=month, year=day.year)


def sum_in(language: str, english: str) -> str:
    """A sum written in English, such as ``1,190.00 €``, as it is written in one of the six languages."""
    if language == "en":
        return english
    return english.translate(str.maketrans(",.", "\u202f," if language == "fr" else ".,"))
