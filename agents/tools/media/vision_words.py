"""What is asked of a picture or a film, from the user's words."""

from __future__ import annotations

import re
from typing import Any

PICTURE = (
    r"(?:picture|photo(?:graph)?|image|screenshot|screen ?shot|logo|flyer|poster|whiteboard|drawing|diagram|scan|"
    r"bild(?:er)?|foto|imagen|imagem|immagine|captura(?: de pantalla)?|capture(?: d'écran)?|visuel|pic)s?"
)
FILM = (
    r"(?:videos?(?: clip| film| file)?|film|clip|movie|footage|screencast|screen recording|vídeos?|vidéos?|filmato|"
    r"filmchen|filme)"
)
FILM_ACTIONS = (
    ("sheet", r"\bcontact sheet\b|\bkey ?frames?\b|\bthumbnails?\b|\bstoryboard\b|\bhoja de contactos?\b|"
              r"\bkontaktabzug\b|\bplanche[- ]contact\b|\bprovini\b"),
    ("motion", r"\bmov(?:es?|ing|ement)\b|\bmotion\b|\btrack\w*\b|\bbeweg\w*|\bmuev\w*|\bboug\w*|\bmuov\w*|\bmexe\w*"),
    ("faces", r"\bfaces?\b|\bhow many people\b|\bgesichter\b|\bcaras\b|\bvisages\b|\bvolti\b|\brostos\b"),
    ("text", r"\bslides?\b|\b(?:read|ocr|extract|copy)\b.*\btexts?\b|\btexts? (?:in|on|of|from)\b|\bfolien\b|"
             r"\bdiapositiv\w*|\bon[- ]screen\b"),
    ("metadata", r"\bmetadata\b|\bcodec\b|\bframe rate\b|\bresolution\b|\bhow long\b"),
)  # fmt: skip
SUMMARY = r"\bsummar\w*|\bwhat happens\b|\bresum\w*|\brésum\w*|\bzusammen\w*|\briassu\w*"
ACTIONS = (
    ("compare", r"\bcompare\b|\bdifferen(?:ce|t)\b|\bsame (?:picture|image|photo)\b|\bspot\b.*\bchanges?\b|"
                r"\bvergleich\w*|\bcompara\w*|\bconfronta\w*|\bunterschied\w*"),
    ("enhance", r"\benhance\b|\bsharpen\b|\b(?:clear(?:er)?|improve|straighten|deskew|upscale|enlarge|denoise|clean up|"
                r"brighten|fix)\b|\bverbesser\w*|\bgeraderück\w*|\bmejora\w*|\baméliore\w*|\bmigliora\w*|\bmelhora\w*"),
    ("codes", r"\bqr\b|\bbar ?codes?\b|\bcódigo de barras\b|\bstrichcode\b|\bcodes?\b"),
    ("colours", r"\bcolou?rs?\b|\bpalette\b|\bhex\b|\bfarb\w*|\bcolor(?:es|i)\b|\bcores\b|\bcouleurs?\b|\bcontrast\b"),
    ("quality", r"\bquality\b|\bsharp(?: enough)?\b|\bblur\w*|\bprint\w*|\bresolution\b|\bdpi\b|\bexpos\w*|\bscharf\b|"
                r"\bdruck\w*|\bimprimir\b|\bimprim\w*|\bstampa\w*|\bqualität\b|\bnítid\w*"),
    ("metadata", r"\bmetadata\b|\bexif\b|\bwhere was\b|\bwhen was\b|\bcamera\b|\blocation\b|\bgps\b|\bwo wurde\b|"
                 r"\bwhich phone\b"),
    ("faces", r"\bfaces?\b|\bhow many people\b|\bpeople\b|\bgesichter\b|\bcaras\b|\bvisages\b|\bpersonen\b"),
    ("text", r"\b(?:read|ocr|transcribe|extract|type out|copy)\b|\btexts?\b|\bsays?\b|\bwritten\b|\bwords\b|"
             r"\blies\b|\bsteht\b|\bpone\b|\bdice\b|\bdit\b|\blis\b|\blegg\w*|\bléeme\b|\blê\b|\bescrito\b|"
             r"\breceipts?\b|\bbeleg\w*|\bquittung\b|\bticket\b|\bscontrino\b|\brecibo\b|\bcan't read\b|\btables?\b"),
    ("strip", r"\b(?:remove|strip|without|delete)\b.*\b(?:metadata|exif|location|gps)\b"),
)  # fmt: skip


DEPTHS = (
    ("quick", r"\bquick(?:ly)?\b|\bglance\b|\bschnell\w*|\bauf die schnelle\b|\brápid\w*|\bvite\b|\brapide\w*|"
              r"\bveloce\w*"),
    ("enhanced", r"\bthorough\w*|\bclosely\b|\bin (?:full )?detail\b|\benhanced\b|\beverything\b|\bgründlich\w*|"
                 r"\bgenau\w*|\ba fondo\b|\ben détail\b|\ba fundo\b|\bin dettaglio\b|\bem detalhe\b"),
)  # fmt: skip


def depth(clause: str) -> str:
    """How closely a picture is to be looked at: quick, standard or enhanced."""
    return next((name for name, pattern in DEPTHS if re.search(pattern, clause, re.IGNORECASE)), "standard")


def read(clause: str) -> dict[str, Any]:
    """The actions asked for, any of `ACTIONS`; empty for a picture that is just to be looked at."""
    asked = [name for name, pattern in ACTIONS if re.search(pattern, clause, re.IGNORECASE)]
    if "strip" in asked:
        asked = ["strip"]
    return {"actions": asked}


def speaks_of_film(clause: str) -> bool:
    """Whether the words are about a film."""
    return bool(re.search(rf"\b{FILM}\b", clause, re.IGNORECASE))


def film_actions(clause: str) -> list[str]:
    """What is asked of a film, any of `FILM_ACTIONS`; empty for a summary of the whole."""
    if re.search(SUMMARY, clause, re.IGNORECASE):
        return []
    return [name for name, pattern in FILM_ACTIONS if re.search(pattern, clause, re.IGNORECASE)]
