"""Who one is, said in five languages: what is plain is kept as it was said, and nothing is kept that was not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agents import registry
from agents.specialists.profile import ProfileTask, changes_of
from agents.tools.remembering.profile_words import name_or_work
from graph.events import Done, Question
from graph.planner.known import Known
from graph.planner.slots import Clause, fill
from graph.reply import Message, reply
from graph.runtime import Runtime

SAID: list[tuple[str, dict[str, Any]]] = [
    # names
    ("Ich heiße Jana Krüger", {"name": "Jana Krüger"}),
    ("Mein Name ist Jana Krüger", {"name": "Jana Krüger"}),
    ("nenn mich Jo", {"name": "Jo"}),
    ("Me llamo Lucía Fernández", {"name": "Lucía Fernández"}),
    ("Mi nombre es Lucía", {"name": "Lucía"}),
    ("Je m'appelle Camille Durand", {"name": "Camille Durand"}),
    ("Je suis Camille Durand", {"name": "Camille Durand"}),
    ("Mi chiamo Giulia Rossi", {"name": "Giulia Rossi"}),
    ("Sono Giulia Rossi", {"name": "Giulia Rossi"}),
    ("Meu nome é João Souza", {"name": "João Souza"}),
    ("me chamo Beatriz Lima", {"name": "Beatriz Lima"}),
    # what one does
    ("ich bin Datenanalystin", {"title": "Datenanalystin"}),
    ("ich arbeite als Grafikdesignerin", {"title": "Grafikdesignerin"}),
    ("Ich bin Übersetzerin aus Köln", {"title": "Übersetzerin", "location": "Köln"}),
    ("soy diseñadora gráfica", {"title": "Diseñadora gráfica"}),
    ("trabajo como programador web", {"title": "Programador web"}),
    ("je suis développeuse web", {"title": "Développeuse web"}),
    ("je suis graphiste à Lyon", {"title": "Graphiste", "location": "Lyon"}),
    ("sono traduttrice", {"title": "Traduttrice"}),
    ("lavoro come fotografo", {"title": "Fotografo"}),
    ("sou tradutor em Lisboa", {"title": "Tradutor", "location": "Lisboa"}),
    ("trabalho como desenvolvedor web", {"title": "Desenvolvedor web"}),
    # rates
    ("Mein Stundensatz ist 80 €", {"rate": "80 EUR"}),
    ("Ich nehme 90 € die Stunde", {"rate": "90 EUR"}),
    ("mein Tagessatz liegt bei 640 €", {"day_rate": "640 EUR"}),
    ("mi tarifa es de 60 euros", {"rate": "60 EUR"}),
    ("cobro 60 euros la hora", {"rate": "60 EUR"}),
    ("mon tarif est de 70 € de l'heure", {"rate": "70 EUR"}),
    ("mon TJM est de 450 €", {"day_rate": "450 EUR"}),
    ("la mia tariffa è 80 € all'ora", {"rate": "80 EUR"}),
    ("la mia tariffa è di 80 euro l'ora", {"rate": "80 EUR"}),
    ("minha tarifa é 120 reais por hora", {"rate": "120 BRL"}),
    ("meu valor hora é R$ 120", {"rate": "120 BRL"}),
    # skills
    ("Meine Kenntnisse sind Python und SQL", {"skills": ["Python", "SQL"]}),
    ("Ich kann Python und SQL", {"skills": ["Python", "SQL"]}),
    ("Ich kenne mich mit React, Node und Docker aus", {"skills": ["React", "Node", "Docker"]}),
    ("Füge React zu meinen Kenntnissen hinzu", {"skills": ["React"]}),
    ("mis habilidades son Python y SQL", {"skills": ["Python", "SQL"]}),
    ("añade React a mis habilidades", {"skills": ["React"]}),
    ("mes compétences sont Python et SQL", {"skills": ["Python", "SQL"]}),
    ("je maîtrise Python, SQL et Excel", {"skills": ["Python", "SQL", "Excel"]}),
    ("ajoute React à mes compétences", {"skills": ["React"]}),
    ("Le mie competenze sono Python e SQL", {"skills": ["Python", "SQL"]}),
    ("aggiungi React alle mie competenze", {"skills": ["React"]}),
    ("minhas habilidades são Python e SQL", {"skills": ["Python", "SQL"]}),
    ("adiciona React às minhas habilidades", {"skills": ["React"]}),
    # places
    ("Ich wohne in Leipzig", {"location": "Leipzig"}),
    ("Ich lebe in Graz", {"location": "Graz"}),
    ("vivo en Valencia", {"location": "Valencia"}),
    ("soy de Málaga", {"location": "Málaga"}),
    ("j'habite à Nantes", {"location": "Nantes"}),
    ("je vis à Toulouse", {"location": "Toulouse"}),
    ("abito a Milano", {"location": "Milano"}),
    ("vivo a Torino", {"location": "Torino"}),
    ("moro em Recife", {"location": "Recife"}),
    ("eu vivo no Porto", {"location": "Porto"}),
    # several at once
    (
        "Ich bin Tom Weber, Webentwickler aus Berlin, 75 € die Stunde",
        {"name": "Tom Weber", "title": "Webentwickler", "location": "Berlin", "rate": "75 EUR"},
    ),
    (
        "Soy Ana Silva, desarrolladora web en Madrid, 45 € la hora",
        {"name": "Ana Silva", "title": "Desarrolladora web", "location": "Madrid", "rate": "45 EUR"},
    ),
    (
        "Je suis Paul Martin, développeur à Paris, 80 € de l'heure",
        {"name": "Paul Martin", "title": "Développeur", "location": "Paris", "rate": "80 EUR"},
    ),
    (
        "Sono Marco Bianchi, sviluppatore a Roma, 50 € l'ora",
        {"name": "Marco Bianchi", "title": "Sviluppatore", "location": "Roma", "rate": "50 EUR"},
    ),
    (
        "Sou a Rita Alves, designer no Porto, 40 € à hora",
        {"name": "Rita Alves", "title": "Designer", "location": "Porto", "rate": "40 EUR"},
    ),
]


async def told(runtime: Runtime, text: str) -> str:
    """The answer of the profile agent."""
    message = Message(text, "t1", command="profile")
    last = [event async for event in reply(message, runtime)][-1]
    assert isinstance(last, Done | Question), last
    return last.text


@pytest.mark.parametrize(("said", "wanted"), SAID)
def test_what_is_said_is_read_and_nothing_else(said: str, wanted: dict[str, Any]) -> None:
    task = fill(registry.load()["profile"], Clause(said), Known(), {}, date(2026, 11, 21)).task
    changes = changes_of(ProfileTask.model_validate(task), {})
    assert {name: value for name, value in changes.items() if name != "currency"} == wanted
    assert name_or_work(said, changes) is None


@pytest.mark.parametrize(("said", "wanted"), SAID[-5:])
async def test_who_introduces_himself_is_kept_and_shown(runtime: Runtime, said: str, wanted: dict[str, Any]) -> None:
    answer = await told(runtime, said)
    kept = await runtime.stores.profiles.load("local")
    assert {name: value for name, value in kept.items() if name != "currency"} == wanted
    assert wanted["name"] in answer


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("ich bin Hebamme", "„Hebamme“"),
        ("La mia tariffa è 80", "In quale valuta?"),
        ("mein Stundensatz ist 80", "In welcher Währung?"),
    ],
)
async def test_where_it_is_unsure_it_asks_and_keeps_nothing(runtime: Runtime, said: str, asked: str) -> None:
    assert asked in await told(runtime, said)
    assert await runtime.stores.profiles.load("local") == {}
