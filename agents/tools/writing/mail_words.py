"""Reads what is to be done with mail from a sentence, and writes a short letter from what it says."""

from __future__ import annotations

import re
from typing import Any

_JOBS = re.compile(r"\bjob(?:s| alerts?| mails?| offers?)?\b|\balert(?:s| mails?)\b|\bleads\b", re.I)
_WRITE = re.compile(
    r"\b(?:write|send|draft|compose|reply|answer|follow[- ]?up|schreib\w*|send\w*|escrib\w*|envoie\w*|écri\w*)\b|"
    r"^\W*(?:and |then |please )*e?-?mail (?:it|them|this|that|him|her|the|my|\S+@|[A-Z])",
    re.I,
)
_LOOK = re.compile(r"\b(?:read|check|look|list|show|any|new|unread|what|inbox|from)\b", re.I)
_ABOUT = re.compile(
    r"\b(?:about|regarding|re|concerning|on the subject of|wegen|über|sobre)\b:?\s+(?P<what>.+)$", re.I | re.S
)
_SAYING = re.compile(
    r"\b(?:saying|that says|which says|with the text|to say|telling (?:him|her|them|it))\b(?: that)?:?\s*(?P<what>.+)$",
    re.I | re.S,
)
_THAT = re.compile(
    r"\b(?:e-?mail|mail|message|note|nachricht|correo|mensaje|courriel|messaggio|mensagem)\b(?P<to>[^:.?!\n]{0,60}?)"
    r"(?:,?\s+(?P<that>that|dass|daß|que|che)\s+|\s*:\s+)(?P<what>.{4,})$",
    re.I | re.S,
)
"""What a mail is to say, behind "that" or a colon."""
_TOLD = re.compile(
    r"\b(?:write|send|draft|schreibe?|schicke?|sende?|escribe|escríbele|envía|manda|écris|envoie|scrivi|invia|escreve|"
    r"envia)\s+(?:(?:to|an|a|à|ad|para)\s+)?(?P<name>(?-i:[A-ZÀ-Þ][\w&.-]*(?: [A-ZÀ-Þ][\w&.-]*){0,3}))"
    r"\s+(?:an?|eine?n?|un[ae]?|uma?)\b",
    re.I,
)
"""To whom, before the mail is named: "schreib Petra eine Mail"."""
_QUOTED = re.compile(r"[\"“„](?P<what>[^\"“”„]{2,4000})[\"”“]", re.S)
_SENDER = re.compile(
    r"\bfrom\s+(?P<who>[\w.+-]+@[\w.-]+|(?!the\b|this\b|last\b|today\b|my\b)[A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,3})"
)
_SPANS = ((1, r"\btoday\b"), (2, r"\byesterday\b"), (7, r"\bweek\b"), (31, r"\bmonth\b"))
_GREETED = re.compile(
    r"\s*(?:dear|hello|hi|hey|good (?:morning|day)|hallo|liebe|guten|sehr geehrte|bonjour|hola)\b", re.I
)
_NAME = re.compile(
    r"\b(?:to|an|à|a|with) (?:(?:my|our|the) [a-z]+ |(?:mr|mrs|ms|dr|frau|herrn?)\.? )?"
    r"(?P<name>(?-i:[A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,3}))",
    re.I,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
USUAL_DAYS = 7
MOST_WORDS = 9
"""Of a subject."""
SENTENCES = {
    "en": {
        "greeting": "Hello",
        "closing": "Best regards",
        "subject": "Following up",
        "about": "I am writing to follow up about {about}.",
        "again": "I am writing to follow up on my last message.",
        "question": "Is there anything you still need from me to go on?",
        "invoice": "please find attached invoice {number} over {total}, due on {due}.",
        "named": "invoice {number}",
    },
    "de": {
        "greeting": "Guten Tag",
        "closing": "Mit freundlichen Grüßen",
        "subject": "Kurze Nachfrage",
        "about": "ich melde mich noch einmal wegen: {about}.",
        "again": "ich melde mich noch einmal wegen meiner letzten Nachricht.",
        "question": "Brauchen Sie noch etwas von mir, damit es weitergehen kann?",
        "invoice": "anbei finden Sie die Rechnung {number} über {total}, fällig am {due}.",
        "named": "Rechnung {number}",
    },
    "es": {
        "greeting": "Hola",
        "closing": "Un saludo",
        "subject": "Seguimiento",
        "about": "Le escribo de nuevo sobre: {about}.",
        "again": "Le escribo de nuevo por mi último mensaje.",
        "question": "¿Necesita algo más de mi parte para continuar?",
        "invoice": "le adjunto la factura {number} por {total}, con vencimiento el {due}.",
        "named": "factura {number}",
    },
    "fr": {
        "greeting": "Bonjour",
        "closing": "Bien cordialement",
        "subject": "Suite à mon message",
        "about": "Je reviens vers vous au sujet de : {about}.",
        "again": "Je reviens vers vous au sujet de mon dernier message.",
        "question": "Vous manque-t-il quelque chose de ma part pour avancer ?",
        "invoice": "veuillez trouver ci-joint la facture {number} de {total}, à régler au plus tard le {due}.",
        "named": "facture {number}",
    },
    "it": {
        "greeting": "Buongiorno",
        "closing": "Un cordiale saluto",
        "subject": "Un breve richiamo",
        "about": "le scrivo di nuovo riguardo a: {about}.",
        "again": "le scrivo di nuovo riguardo al mio ultimo messaggio.",
        "question": "Le serve ancora qualcosa da parte mia per andare avanti?",
        "invoice": "in allegato trova la fattura {number} di {total}, in scadenza il {due}.",
        "named": "fattura {number}",
    },
    "pt": {
        "greeting": "Olá",
        "closing": "Com os melhores cumprimentos",
        "subject": "Seguimento",
        "about": "Volto a escrever sobre: {about}.",
        "again": "Volto a escrever a propósito da minha última mensagem.",
        "question": "Precisa de mais alguma coisa da minha parte para avançar?",
        "invoice": "segue em anexo a fatura {number} de {total}, com vencimento em {due}.",
        "named": "fatura {number}",
    },
}
"""What a mail says of itself, by language."""


def read_mail(clause: str) -> dict[str, Any]:
    """`action`: write, jobs or list; with it `about` and `body`, or `sender` and `days`."""
    look = bool(_LOOK.search(clause)) and not re.search(r"\bto\s+\S+@|\bfollow[- ]?up\b", clause, re.I)
    if _WRITE.search(clause) and not (look and re.match(r"\W*(?:check|read|show|list|any|what)\b", clause, re.I)):
        return {"action": "write", **_letter(clause)}
    found: dict[str, Any] = {"action": "jobs" if _JOBS.search(clause) else "list"}
    if days := next((days for days, pattern in _SPANS if re.search(pattern, clause, re.I)), None):
        found["days"] = days
    if counted := re.search(r"\b(?:last|past)\s+(\d{1,3})\s+days\b", clause, re.I):
        found["days"] = int(counted[1])
    if sender := _SENDER.search(clause):
        found["sender"] = sender["who"]
    return found


def letter(about: str, body: str, name: str, me: str, language: str = "en") -> tuple[str, str]:
    """The subject and text of a mail: the user's words where there are any, else a short friendly reminder."""
    said = SENTENCES[language]
    greeting = f"{said['greeting']} {name}," if name else f"{said['greeting']},"
    closing = f"{said['closing']}\n{me}".rstrip()
    subject = _sentence(about) if about else _subject(body) or said["subject"]
    if greets(body):
        return subject, f"{body}\n\n{closing}"
    if body:
        end = "" if re.search(r"[.!?…:)\"”]\s*$", body) else "."
        return subject, f"{greeting}\n\n{_sentence(body)}{end}\n\n{closing}"
    text = said["about"].format(about=about) if about else said["again"]
    return subject, f"{greeting}\n\n{text} {said['question']}\n\n{closing}"


def greets(body: str) -> bool:
    """Whether the words of a mail begin with a greeting of their own."""
    return bool(_GREETED.match(body))


def _letter(clause: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rest = clause
    said = _QUOTED.search(rest) or _SAYING.search(rest)
    if said:
        found["body"] = said["what"].strip()
        rest = rest[: said.start()]
    elif that := _THAT.search(rest):
        german = (that["that"] or "").lower() in ("dass", "daß")
        found["body"] = f"ich schreibe Ihnen, dass {that['what'].strip()}" if german else that["what"].strip()
        rest = rest[: that.end("to")]
    if about := _ABOUT.search(rest):
        what = re.sub(r"\b(?:and|saying|with)\W*$", "", _ADDRESS.sub("", about["what"]).strip(" .,;:"), flags=re.I)
        found["about"] = " ".join(what.split())[:150].strip(" .,;:")
    if (named := _TOLD.search(rest) or _NAME.search(rest)) and "@" not in named["name"]:
        found["name"] = named["name"]
    return {name: value for name, value in found.items() if value}


def _subject(body: str) -> str:
    """The first thing a mail says, where that is short enough for a subject."""
    said = re.sub(r"^ich schreibe Ihnen, dass ", "", body.strip())
    first = re.split(r"[.!?\n;:]|,? (?:and|und|y|et|e|but|aber|pero|mais|ma|mas) ", said, maxsplit=1)[0].strip()
    return "" if greets(said) or not 2 <= len(first.split()) <= MOST_WORDS else _sentence(first)


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]
