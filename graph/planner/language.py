"""Which of six languages a message is in, from its words alone.

Each word that belongs to one language speaks for it, one of several languages for each a little; letters that only some
languages have speak for these. With nothing to go by it stays with the language the user wrote last.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache

import yaml

from config.paths import ROOT
from graph.planner.words import fold, in_english

LANGUAGES = ("en", "de", "es", "fr", "it", "pt")
COMMON = {
    "en": """a about all am an and any anything are as ask at be been before but by can check could did do does draft
        email every everything explain find for from get give go has have hello help her hey hi his hourly how i if in
        into invoice is it its job just last let list look make many me money month more much my need new next no not
        now of off on one or our out please put rate remind same send should show so some tell than thanks that the
        their them then there they thing this those time to today tomorrow up us want was we week were what whats when
        where which who why will with work would write year yesterday you your open owe owes paid doc yes good got pls
        nice second third first another instead only over under per hours price contract long short""",
    "de": """aber alle alles als am an auch auf aus bei beim bin bis bitte bist brauche da damit danke dann das
        dass dein deine dem den der des dich die dir doch du ein eine einem einen einer eines er erst es etwas euro
        fasse fur gegen gib gibt habe haben hat heute hilf ich ihm ihn im in ist ja jetzt kann kannst kein keine
        konnen lass mach mal mehr mein meine meinem meinen meiner mich mir mit morgen muss nach nachste nachsten
        naechste nein neue nicht noch nochmal nur oder passt rechnung schick schreib sein seine sich sie sind so
        soll stunde stunden tag tage uber uhr um und uns unser von vom vor wann war warum was welche welchen welcher
        wem wen wenn wer wie wieviel will wir wird wo woche zu zum zur zwei drei gut klar moin zeig gestern monat
        jahr letzte letzten erstell erstelle macht mache hab schulde schuldet vertrag kunde kunden angebot kurz
        kurzer freundlicher kenne kenntnisse wohne arbeite komme heisse beherrsche nenn verlange verdienen betragt
        steckt prozent kredit stoppe stopp losche letzter eintrag wartet bestatigung daraus markiere suchen
        fahigkeiten ob weil jemand mochte konnte sollte wurde schnell nimm setz streich ander aender statt lieber""",
    "es": """ahora al algo apunta aqui buenas buenos busca cada como con conmigo crea cual cuales cuando cuanta
        cuantas cuanto cuantos dame de del deja dejalo deme desde dime donde dos el ella en encuentra envia eres es
        esa ese eso esta estas este esto estoy favor gracias guarda ha hace hacer haz he hola horas hoy la las le lo
        los manana mas me mejor mi mis mucho muestra muy necesito no nada o olvidalo otra otro para pero por porque
        precio puedes puedo que quien quiero resume revisa se semana ser si sin sobre son su sus tengo tiene todo
        todos trabajo tu un una unos vale ver y ya yo ayer ano mes pagado quienes factura recuerdame traduce escribe
        cliente contrato hazme hasta entre euros dolares cuesta cobrar cobro debo debe deben mandame anade pon ponlo
        correo soy llamo conozco habilidades gasto ultimo ultima elimina borra marca enviada guardadas busquedas
        recordatorios queda llamame hay hazlo ganar espera confirmacion prestamo temporizador tarifa a ponle ponme
        cambia cambialo dejala quita quitale ponla hazla""",
    "fr": """ai alors annule apres as au aucun aujourd aussi autre aux avant avec bonjour ca ce cela ces cet cette
        chez combien comme comment dans de demain des deux dis dois doit donc du elle en encore entre envoie es est
        et etait etre facture fais faire fait faut heures hier il ils j jai je jour jours juste l la laisse le les
        leur lui ma mais me mes merci moi mois mon montre ne nous nouveau on ont ou oublie par pas peux peut plait
        plus pour pourquoi pourrais premier prochain qu quand que quel quelle quelles quels qui quoi rappelle redige
        resume sa sais salut sans se semaine ses si son sont stp sur svp ta tache te temps tes toi ton toute tous
        tout traduis trois trouve tu un une vais veux voici voir vos votre vous y annee dernier derniere ecris
        ajoute cherche ete client contrat prix devis mets lundi mardi mercredi jeudi vendredi suis habite vis
        appelle connais maitrise travaille supprime arrete marque envoyee recherches enregistrees rappels liste
        gagner attend quitte ordinateur pret emprunt tarif competences depense developpeur developpeuse a plutot
        enleve modifie passe""",
    "it": """adesso ai al alla alle anche ancora anno aggiungi bene buongiorno c che chi ciao come con cosa crea
        cui da dai dal dalla dammi degli dei del della delle devo di dimmi domani dopo dove due e ecco era fa fai
        fammi fare fattura fatto gia gli giorni giorno grazie ha hai hanno ho i ieri il in invia io la lascia le lei
        lo loro lunedi ma mandami me meglio mese mi mia mie miei mio molto mostra mostrami ne negli nei nel nella
        niente noi non nuovo o ogni oggi ora ore per perche piu poi posso prezzo puoi qual quale quali quando quante
        quanti quanto quanta quello questa questo qui ricordami riassumi sa scrivi se sei senza settimana si sia
        sono sta su sul sulla suo tra traduci tre trova trovami troppo tu tutti tutto un una uno va vedere voglio
        vorrei cerca cliente contratto lavoro lavori scaduta scadute soldi deve devono pagato preventivo vivo abito
        conosco chiamo chiamami elimina ferma avvia voce spesa ultima ultimo segna inviata aspetta conferma ricerche
        salvate promemoria elenca prestito tariffa competenze guadagnare uscito serve spese quant a metti mettici
        togli cambia cambialo facciamo invece""",
    "pt": """agora ai ainda algo ao aos aqui as ate bem boa bom cada cancela com como cria crie da das de deixa
        depois dia dias diga do dois dos e ela ele em entao enviar era essa esse esta estas este estou eu faca
        fatura faz fazer foi hoje horas isso isto ja la lembra lembre mais mande manda mas me melhor mes meu meus
        minha minhas mim mostra mostre muito na nada nao nas no nos nova novo num numa o obrigada obrigado ola onde
        ontem os ou para pela pelo pode podes por porque posso pra precisa preciso procura qual quais quando quanta
        quantas quanto quantos que quem quero resuma sao se sem semana ser seu sim sobre sua tem tenho tira toda
        todas todo todos trabalho traduza tudo um uma umas uns vaga vagas vai ver voce contrato encontra encontre
        escreve escreva amanha ano cliente devo deve devem dinheiro pagou orcamento proposta tres sou moro vivo sei
        conheco domino cobro chamo chame habilidades apaga apague ultima ultimo despesa gasto registro marca marque
        enviada salvas buscas lembretes liste ganhar espera esperando confirmacao emprestimo computador saiu deste
        pare reais ligar sexta a coloca poe muda troca acrescenta""",
}
"""Frequent words of each language, folded; `lexicon.yaml` adds those that requests are made of."""
LETTERS = {
    "de": re.compile(r"[ßäöü]"),
    "es": re.compile(r"[ñ¿¡]|ción\b"),
    "fr": re.compile(r"[œùûëçêèîô]|\b[cdjlnmst]['’](?=[^\W\d_])(?!s\b)"),
    "it": re.compile(r"[ìòù]|è\b|\b(?:l|un|dell|dall|nell|all|quest|c)['’](?=[^\W\d_])"),
    "pt": re.compile(r"[ãõçâêô]|\b\w+(?:ções|ção)\b"),
}
LETTER_WORTH = 1.2
LEXICON_WORTH = 0.7
"""What a word of the lexicon counts beside a frequent word: names and English terms are among them."""
WORD = re.compile(r"[^\W\d_]+")
OPAQUE = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|[\w.-]+\.(?:com|org|net|io|eu|app|dev|example)\b(?:/\S*)?"
    r"|\S+\.(?:pdf|docx?|csv|xlsx?|png|jpe?g|mp3|m4a|mp4|txt|eml)\b",
    re.IGNORECASE,
)
"""Addresses and names of files, which are in no language."""
MOST_CHARS = 600


def language_of(text: str, last: str = "en") -> str:
    """The language of a text: "en", "de", "es", "fr", "it" or "pt"; `last` where nothing in it tells.

    >>> language_of("wer schuldet mir noch Geld")
    'de'
    """
    votes = _votes(text)
    if not any(votes.values()):
        return last
    return max((last, *LANGUAGES), key=lambda language: votes[language])


def differ(one: str, other: str) -> bool:
    """Whether two texts are surely in two languages: few words tell of either, and clearly."""
    mine, theirs = _votes(one), _votes(other)
    here, there = (max(LANGUAGES, key=lambda language: votes[language]) for votes in (mine, theirs))
    return here != there and mine[here] >= 1 + mine[there] and theirs[there] >= 2 + theirs[here]


def _votes(text: str) -> dict[str, float]:
    """How much the words and letters of a text speak for each language."""
    said = OPAQUE.sub(" ", text[:MOST_CHARS])
    votes: dict[str, float] = defaultdict(float)
    for word in WORD.findall(said):
        for language, worth in _worth().get(fold(word), ()):
            votes[language] += worth
    lowered = said.lower()
    for language, letters in LETTERS.items():
        votes[language] += LETTER_WORTH * len(set(letters.findall(lowered)))
    return votes


@lru_cache(maxsize=20_000)
def english(text: str) -> str:
    """A text with the foreign words of requests put into English; an English text as it is."""
    return text if language_of(text) == "en" else in_english(text)


@cache
def _worth() -> dict[str, list[tuple[str, float]]]:
    """What each known word counts for which languages: a whole vote, shared among those that have it."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    listed = yaml.load(
        (ROOT / "config" / "lexicon.yaml").read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    for language, words in listed.items():
        for word in words:
            found[word][language] = LEXICON_WORTH
    for language, said in COMMON.items():
        for word in said.split():
            found[word][language] = 1.0
    return {word: [(one, worth / len(votes)) for one, worth in votes.items()] for word, votes in found.items()}
