"""The words on receipts and invoices, in English, German, French, Spanish, Italian, Portuguese, Dutch and Nordic.

Letters may have been read without their accents and with spaces lost, so patterns are loose about both.
"""

from __future__ import annotations

import re


def _any(words: str) -> re.Pattern[str]:
    return re.compile(r"(?<![a-zà-ÿ])(?:" + "|".join(words.split()) + r")(?![a-zà-ÿ])", re.IGNORECASE)


TOTAL_SURE = _any(r"""
    grand\s*total total\s*(?:due|to\s*pay|amount|payable|paid|ttc|price) amount\s*(?:due|payable|paid)
    balance\s*(?:due|to\s*pay) gesamt\s*(?:betrag|summe|preis) end\s*(?:betrag|summe) rechnungs\s*betrag
    brutto\s*betrag zu\s*zahlen(?:der\s*betrag)? zahl\s*betrag net\s*[àa]\s*payer
    (?:montant|total)\s*[àa]\s*payer montant\s*ttc total\s*a\s*pagar importe\s*total valor\s*total total\s*geral
    totale\s*(?:complessivo|fattura|documento|dovuto) importo\s*(?:totale|dovuto) da\s*pagare te\s*betalen
    totaal\s*(?:bedrag|te\s*betalen) att\s*betala at\s*betale [åa]\s*betale
""")
TOTAL = _any(r"""
    total summe gesamt totale totaal betrag importe montant importo suma summa totalt sum razem i\s*alt
""")
NET = _any(r"""
    sub\s*-?\s*total sub\s*-?\s*totaal zwischen\s*summe netto(?:\s*betrag)? sous\s*-?\s*total total\s*h\.?t\.?
    net(?:\s*(?:amount|total))? hors\s*taxes? base(?:\s*imponible)? imponibile subtotale base\s*tribut\w*
    excl\.?(?:\s*(?:vat|tax|btw))? ohne\s*mwst montant\s*ht total\s*before\s*tax
""")
TAX = _any(r"""
    (?:sales\s*)?tax v\.?a\.?t\.? mwst\.? ust\.? mehrwert\s*steuer umsatz\s*steuer steuer t\.?v\.?a\.?
    i\.?v\.?a\.? gst hst pst btw moms mva taxes taxe impuesto imposta
""")
TAX_NUMBER = re.compile(
    r"\b(?:p\.?\s*iva|partita\s*iva|vat\s*(?:no|number|reg|id)|ust\.?-?\s*id|uid|siret|siren|nif|cif|steuer\s*-?\s*n|tax\s*(?:id|no)|n[°º.]?\s*tva|tva\s*(?:n|fr)|kvk|abn|ein)\b|\b(?:de|fr|gb|it|es|pt|nl|at)\s?\w?\d{8,}",
    re.IGNORECASE,
)
GIVEN = _any(r"""
    cash (?:geg\.?|gegeben|bar)(?:\s*(?:bar|geld))? tendered given esp[èeé]ces efectivo contant[ie] dinheiro
    entregado entregue re[çc]u contant kontant(?:er)?
""")
BACK = _any(r"""
    change(?:\s*due)? r[üu]ck\s*geld wechsel\s*geld zur[üu]ck rendu(?:\s*monnaie)? monnaie cambio resto troco
    wisselgeld v[äa]xel byttepenger
""")
PAID = _any(r"""
    visa mastercard amex maestro girocard ec-?\s*(?:karte|cash) karten\s*zahlung kreditkarte
    (?:credit|debit)?\s*card carte(?:\s*bancaire)? cb tarjeta carta(?:\s*di\s*credito)? bancomat multibanco
    cart[ãa]o pagamento\s*elettronico importo\s*pagato pin contactless twint paypal apple\s*pay sepa paid
    (?:konto|bank|dan)?kort
""")
LESS = _any(r"""
    saved savings discount rabatt remise descuento sconto desconto korting ersparnis gespart points punkte
""")
COUNTED = _any(r"""
    items?\s*(?:sold|count)? (?:anzahl|artikel)\s*(?:artikel|anzahl)? articles? art[íi]culos pezzi qty qté qtd
""")
MEASURED = re.compile(
    r"(?<![a-zà-ÿ])(?:miles|mi|km|kilom\w+|distance|distanz|strecke|trip(?!\s*fare)|odometer|duration|dauer|dur[ée]e|weight|gewicht|"
    r"peso|poids)(?![a-zà-ÿ])",
    re.IGNORECASE,
)
"""Words beside numbers that are no sums of money."""
TIP = _any(r"""
    tip gratuity trinkgeld pourboire propina mancia gorjeta
""")

DATED = _any(r"""
    (?:invoice|issue|order|purchase|receipt|transaction|billing)?\s*date(?:\s*of\s*(?:issue|invoice))?
    (?:rechnungs|beleg|bon|ausstellungs|kauf)?\s*-?datum fecha(?:\s*de\s*(?:emisi[óo]n|factura))?
    data(?:\s*(?:di\s*emissione|fattura|de\s*emiss[ãa]o))? date\s*de\s*(?:facture|facturation) le
    (?:issued|booked|sold|printed)(?:\s*on)? gebucht(?:\s*am)? ausgestellt(?:\s*am)? factuurdatum
""")
DUE = _any(r"""
    due(?:\s*date)? date\s*due pay(?:able)?\s*(?:by|before|until) f[äa]llig\w* zahlbar\s*bis bis\s*(?:zum)?
    avant(?:\s*le)? [ée]ch[ée]ance vencimiento vence scadenza vencimento valid\s*(?:until|thru|to|from|on)
    expir\w* g[üu]ltig\s*(?:bis|ab|am) return\s*(?:by|until) verval\w* leistungs\s*(?:datum|zeitraum)
    liefer\s*datum delivery(?:\s*date)? period from arrival departure check\s*-?\s*(?:in|out) travel reise\w*
    hinfahrt r[üu]ckfahrt best\s*before opened since seit desde depuis
""")

NO_VENDOR = _any(r"""
    (?:tax|sales|taxi|cash|vat)?\s*(?:receipts?|invoice) rechnung quittung beleg kassen\s*(?:bon|beleg|zettel)
    facture (?:e-?|online-?|handy-?)?tickets? fahrkarte fahrschein billet biglietto bilhete re[çc]u factura
    factura\s*simplificada recibo fattura scontrino ricevuta documento\s*commerciale di\s*vendita.*
    fatura(?:\s*simplificada)? bon kassabon factuur welcome.* willkommen.* bienvenue.* bienvenid.* benvenuti.*
    bem-?vindo.* thank.* danke.* vielen\s*dank.* merci.* gracias.* grazie.* obrigad.* bedankt.* tot\s*ziens.*
    kvitto kvittering faktura v[äa]lkommen.* your\s*(?:receipt|order|invoice|trip).*
    copy kopie duplicate original page\b.* seite\b.* customer\b.* kunde\b.* client\b.* order\b.* table\b.* tisch\b.*
    mesa\b.* vat tax date\b.* datum\b.* fecha\b.* data\b.* please\b.* bitte\b.* paid\b.* eur usd gbp description
    descri[çcz]\w* artikel item producto importe amount prezzo valor betrag
""")
STREET = _any(r"""
    street st road rd avenue ave lane drive blvd suite rue quai calle ctra avda plaza via viale piazza corso rua
    avenida largo tel telefon phone fax straat gracht
""")
STREET_ENDING = re.compile(
    r"(?:str(?:aße|asse|\.)|weg|platz|allee|gasse|ufer|straat|laan|gracht|plein)\s*\d", re.IGNORECASE
)
BUYER = _any(r"""
    bill(?:ed)?\s*to sold\s*to ship\s*to invoice\s*to customer rechnung\s*an kunde factur[ée]e?\s*[àa] client
    cliente destinatario klant factuur\s*aan adressat
""")
SELLER = _any(r"""
    from seller vendor merchant supplier sold\s*by billed\s*by absender verk[äa]ufer anbieter [ée]metteur vendeur
    emisor vendedor proveedor emittente venditore fornitore emitente fornecedor verkoper avs[äa]ndare s[äa]ljare
""")
SALUTATION = re.compile(
    r"(?:herrn?|frau|firma|an|mr|mrs|ms|mme|monsieur|madame|sr|sra|sig|sig\.ra|to|for)\W*$|"
    r"(?:sehr geehrte|dear|hi|hello|hallo|hej|bonjour|hola|ciao|ol[áa]|beste|geachte|gentile|k[äa]re?)\b",
    re.IGNORECASE,
)
"""What opens an address or a letter to the buyer."""
SENTENCE = re.compile(
    r"\b(?:your|our|we|you|the way|since|ihre?|unsere?|wir|sie|seit|f[üu]r sie|votre|notre|nos|vos|nous|depuis|tu|su|"
    r"nuestr[oa]s?|desde|vostr[oai]|nostr[oai]|dal|seu|sua|nosso|sedan|v[åa]r|uw|onze|sinds)\b|[!?]$|"
    r"^(?:mr?|mme|mrs|ms|dr)\b\.?\s|\b(?:passenger|guest|driver|fahrer|gast|bedien\w*)\b",
    re.IGNORECASE,
)
"""Words that slogans and lines about people have, and names of firms hardly ever."""
TRADE = re.compile(
    r"\b(?:pharmac\w+|farmacia|apotheke\w*|hotels?|h[ôo]tel|auberge|gasthof|restaurants?|ristorante|trattoria|osteria|"
    r"pizzeria|taberna|bar|caf[ée]\w*|cafeter[íi]a|bistro\w*|brasserie|b[äa]cker\w*|boulangerie|panader[íi]a|bakery|"
    r"librer[íi]a|librairie|bookshop|buchhandlung|boekhandel|parkhaus|parking|garage|taxis?|cabs?|airlines?|airways|"
    r"markt|market|shop|store|studios?|druckerei|imprenta|imprimerie|papeter[íi]e|optik|drogerie|tankstelle|supply)\b",
    re.IGNORECASE,
)
"""Words for a trade that names have."""
LEGAL = re.compile(
    r"(?:\b(?:gmbh|ltd|limited|llc|inc|corp|plc|sarl|sasu?|eurl|ag|kg|ug|ohg|lda|bv|llp|pty|co)\b\.?|\be\.\s?k\.|\bs\.?\s?[lap]\.|\bs\.?\s?r\.?\s?l\.?|\bb\.\s?v\.|\bn\.\s?v\.)",
    re.IGNORECASE,
)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier janv enero ene gennaio gen janeiro januari",
            "feb february februar fevrier fevr febrero febbraio fevereiro fev februari",
            "mar march marz maerz mars marzo marco maart mrz mrt",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag maio mei maj",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juillet juil julio luglio lug julho",
            "aug august aout agosto ago augustus",
            "sep sept september septembre septiembre settembre set setembro",
            "oct october oktober okt octobre octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec december dezember dez decembre diciembre dic dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
