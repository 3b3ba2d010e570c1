"""What is asked in five languages reaches the agent it is for, which reads in it what it would read in English."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agents import registry
from agents.tools.today.calendar_words import moment
from graph.events import Done
from graph.planner.known import Known
from graph.planner.planner import Planner
from graph.planner.slots import Clause, fill
from graph.reply import Message, reply
from graph.runtime import Runtime
from tests.graph.business.conftest import Ask

SATURDAY = date(2026, 11, 21)
ASKED: dict[tuple[str, str, Any], list[str]] = {
    ("system", "action", "help"): [
        "was kannst du?",
        "¿qué puedes hacer?",
        "que sais-tu faire ?",
        "cosa puoi fare",
        "o que você sabe fazer",
    ],
    ("system", "action", "approvals"): [
        "was wartet auf meine Bestätigung?",
        "¿qué espera mi confirmación?",
        "qu'est-ce qui attend ma confirmation ?",
        "cosa aspetta la mia conferma",
        "o que está esperando a minha confirmação",
    ],
    ("bookkeeping", "action", "sent"): [
        "markiere Rechnung 3 als verschickt",
        "marca la factura 3 como enviada",
        "marque la facture 3 comme envoyée",
        "segna la fattura 3 come inviata",
        "marca a fatura 3 como enviada",
    ],
    ("bookkeeping", "action", "unspend"): [
        "lösche die letzte Ausgabe",
        "borra el último gasto",
        "supprime la dernière dépense",
        "elimina l'ultima spesa",
        "apaga a última despesa",
    ],
    ("bookkeeping", "client", "ACME"): [
        "Rechnung an ACME über 10 Stunden zu 80 € mit 19 % MwSt",
        "factura para ACME de 10 horas a 80 € con 21 % de IVA",
        "facture pour ACME, 10 heures à 80 € avec 20 % de TVA",
        "fattura per ACME di 10 ore a 80 € con 22 % di IVA",
        "fatura para a ACME de 10 horas a 80 € com 23 % de IVA",
    ],
    ("time", "action", "remove"): [
        "lösche den letzten Zeiteintrag",
        "borra la última entrada de tiempo",
        "supprime la dernière saisie de temps",
        "elimina l'ultima voce",
        "apaga o último registro de horas",
    ],
    ("time", "action", "stop"): [
        "stopp die Uhr",
        "stoppe den Timer",
        "para el temporizador",
        "arrête le chrono",
        "ferma il timer",
        "pare o cronômetro",
        "para o timer",
    ],
    ("calendar", "action", "reminders"): [
        "zeig meine Erinnerungen",
        "lista mis recordatorios",
        "liste mes rappels",
        "elenca i miei promemoria",
        "mostra os meus lembretes",
    ],
    ("saved_searches", "action", "list"): [
        "zeig meine gespeicherten Suchen",
        "lista mis búsquedas guardadas",
        "liste mes recherches enregistrées",
        "elenca le mie ricerche salvate",
        "mostra as minhas buscas salvas",
    ],
    ("privacy", "action", "left"): [
        "was hat diesen Rechner verlassen?",
        "¿qué ha salido de este ordenador?",
        "qu'est-ce qui a quitté cet ordinateur ?",
        "cosa è uscito da questo computer",
        "o que saiu deste computador",
    ],
}
ON_FRIDAY_AT_TEN = [
    "erinnere mich am Freitag um 10 Uhr an den Anruf",
    "recuérdame el viernes a las 10 llamar al banco",
    "rappelle-moi vendredi à 10h d'appeler la banque",
    "ricordami venerdì alle 10 di chiamare la banca",
    "me lembre na sexta às 10 de ligar para o banco",
]
CALCULATED = [
    ("15 % von 2400", "**360**"),
    ("¿cuánto es el 15 % de 2400?", "**360**"),
    ("combien font 15 % de 2400", "**360**"),
    ("quanto fa il 15 % di 2400", "**360**"),
    ("quanto é 15 % de 2400", "**360**"),
    ("Wie viel MwSt steckt in 238 €", "38.00 €"),
    ("Kredit über 20000 € zu 5 % für 5 Jahre, wie hoch ist die Rate", "377.42 €"),
    ("préstamo de 20000 € al 5 % a 5 años, ¿cuánto pago al mes?", "377.42 €"),
    ("prêt de 20000 € à 5 % sur 5 ans, combien par mois", "377.42 €"),
    ("prestito di 20000 € al 5 % per 5 anni, quanto pago al mese", "377.42 €"),
    ("empréstimo de 20000 € a 5 % por 5 anos, quanto pago por mês", "377.42 €"),
]


@pytest.fixture(scope="module")
def planner() -> Planner:
    return Planner(registry.load())


@pytest.mark.parametrize(("wanted", "messages"), ASKED.items(), ids=[f"{one[0]} {one[2]}" for one in ASKED])
def test_a_request_is_read_as_in_english(planner: Planner, wanted: tuple[str, str, Any], messages: list[str]) -> None:
    agent, name, value = wanted
    for message in messages:
        (step,) = planner.plan(message, Known(), SATURDAY).steps
        assert (step.agent, step.task.get(name)) == (agent, value), message


@pytest.mark.parametrize("language", range(5))
def test_the_rate_of_the_tax_is_no_work_that_was_done(language: int) -> None:
    message = ASKED["bookkeeping", "client", "ACME"][language]
    task = fill(registry.load()["bookkeeping"], Clause(message), Known(), {}, SATURDAY).task
    (line,) = task["lines"]
    assert (line["description"], line["quantity"], line["price"], line["unit"]) == ("", "10", "80", "h")
    assert str(task["vat"]) == ("19", "21", "20", "22", "23")[language]


@pytest.mark.parametrize("message", ON_FRIDAY_AT_TEN)
def test_a_reminder_is_for_the_day_that_was_said(message: str) -> None:
    task = fill(registry.load()["calendar"], Clause(message), Known(), {}, SATURDAY).task
    at = moment(task["when"], task["at"], SATURDAY)
    assert task["action"] == "remind"
    assert f"{at:%Y-%m-%d %H:%M}" == "2026-11-27 10:00"


async def test_what_is_to_be_calculated_is_read_too(runtime: Runtime) -> None:
    wrong = {}
    for message, part in CALCULATED:
        last = [event async for event in reply(Message(message, "t1", command="math"), runtime)][-1]
        if not isinstance(last, Done) or part not in last.text.replace("377,42", "377.42").replace("38,00", "38.00"):
            wrong[message] = last
    assert wrong == {}


@pytest.mark.parametrize(
    "correction",
    [
        "mach 85 € daraus",
        "nein, 85 € pro Stunde",
        "no, ponle 85 €",
        "non, mets plutôt 85 €",
        "no, fai 85 €",
        "não, coloca 85 €",
    ],
)
async def test_a_price_is_corrected_in_what_was_just_made(runtime: Runtime, ask: Ask, correction: str) -> None:
    await ask("create an invoice for ACME for website work, 10 hours at 75 EUR")
    await ask(correction)
    (invoice,) = await runtime.stores.invoices.all("local")
    assert invoice.totals.net.text() == "850.00 €"


POSTS = [
    "Gesucht: freie Lektorin für Kinderbücher, Festpreis 900 €, Abgabe Ende Januar, Probe erwünscht, Bewerbung an uns",
    "Se busca programador WordPress autónomo para mantenimiento mensual, 300 €/mes, experiencia imprescindible",
    "Recherche monteur freelance pour série web, 6 épisodes, Premiere Pro, à distance, 300 €/jour, références",
    "Cerchiamo videomaker freelance per evento aziendale a Bologna, 2 giorni, montaggio incluso, compenso 700 €",
    "Procuramos designer freelancer para identidade de cafeteria, prazo de 20 dias, R$ 2.500, enviar portfólio",
]


@pytest.mark.parametrize("post", POSTS)
def test_a_pasted_job_post_is_matched(planner: Planner, post: str) -> None:
    assert [step.agent for step in planner.plan(post, Known(), SATURDAY).steps] == ["job_match"]
