"""The user's message, which may be their word on what waits for it in this conversation.

    "yes" ─▶ one question waits, and was the last thing said ──▶ decided, as by its button
       ├───▶ several wait, or something else came between ──▶ which one? "the second one" ──▶ decided
       └───▶ none waits ──▶ answered like any message

Only what the user writes alone counts, see `graph.planner.yes_words`; front ends in which the user writes call this,
and what programs or schedules send goes to `graph.reply`, where no words decide anything.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from config.errors import Mendable
from graph import approvals
from graph.approvals import Approval
from graph.events import ApprovalNeeded, Decided, Failed, ReplyEvent, TurnStarted
from graph.open_question import asking
from graph.planner.choosing import chosen
from graph.planner.following import CORRECTS, goes_on
from graph.planner.language import language_of
from graph.planner.talk import cancels, phrases, small_talk
from graph.planner.words import fold
from graph.planner.yes_words import ALL, Word, word_in
from graph.reply import Message, reply
from graph.runtime import Runtime
from graph.state import Plan
from memory.conversations import Step
from memory.turns import Turn

TURNS, NEWEST = 40, 4
"""Turns of the conversation that are looked at where a word was said, and to know whether one was."""
OVER = ("failed", "stopped", "unfinished")
"""How a turn ended of which nothing came."""


@dataclass(frozen=True)
class _Taken:
    """What a word is about."""

    word: Word
    about: Sequence[Approval]


async def said(message: Message, runtime: Runtime) -> AsyncGenerator[ReplyEvent, None]:
    """Do what a message of the user says about what waits here; answer any other message."""
    taken = None if message.files or message.command else await _taken(message, runtime)
    if not isinstance(taken, _Taken):
        events = _answered(message, taken, runtime)
    elif taken.word.says == "change":
        events = _changed(message, taken, runtime)
    else:
        events = _decided(message, taken, runtime)
    async with aclosing(events):
        async for event in events:
            yield event


async def _taken(message: Message, runtime: Runtime) -> _Taken | Plan | None:
    """What a message decides, or the plan that asks what is meant; None for any other message."""
    newest = await _turns(message.thread, NEWEST, runtime)
    word = _word(message.text, newest[0] if newest else None)
    if word is None:  # as nearly every message
        return None
    turns = await _turns(message.thread, TURNS, runtime)
    last = turns[0] if turns else None
    if last is None or asking(turns) or message.thread in runtime.running:
        return None
    if any(turn.message == message.id for turn in turns):
        return None  # an earlier message, said anew: what came after it is gone
    everywhere = await approvals.listed(message.user, runtime)
    here = [one for one in everywhere if one.thread == message.thread]
    language = language_of(message.text, last.plan.get("language", "en"))
    if not here:
        return _nothing(message.text, word, bool(everywhere), language)
    about = _about(word, here)
    if not about or (word.says == "change" and not _field(word, about)):
        return None
    fresh = last.status == "waiting" or last.plan.get("word") == word.says
    if not fresh and (cancels(message.text) or not word.sure):
        return None  # said to what came after
    if fresh and word.sure and (len(about) == 1 or word.all):
        return _Taken(word, about)
    if word.says == "change":
        return None
    return Plan(answer=_which(about, word), word=word.says, language=language)


async def _turns(thread: str, most: int, runtime: Runtime) -> list[Turn]:
    return [turn for turn in await runtime.stores.turns.recent(thread, most) if turn.status not in OVER]


def _word(text: str, last: Turn | None) -> Word | None:
    held = Plan.model_validate(last.plan).word if last else ""
    word = Word("reject") if cancels(text) else word_in(text)
    if word is None and held:
        everything = ALL.fullmatch(fold(text.strip(" .!")))
        word = Word(held, all=True) if everything else Word(held, of=text)
    return word


def _about(word: Word, here: Sequence[Approval]) -> list[Approval]:
    """The questions a word may be about, of those that wait here."""
    if word.begins:
        return [one for one in here if one.effect.startswith(word.begins)]
    if word.of:
        place = chosen(word.of, [one.asked.title for one in here])
        return [] if place is None else [here[place]]
    return list(here)


def _which(about: Sequence[Approval], word: Word) -> str:
    words = phrases()["word"]
    if len(about) == 1:
        return str(phrases()["word"][word.says].format(title=f"**{about[0].asked.title}**"))
    listed = "\n".join(f"{number}. {one.asked.title}" for number, one in enumerate(about, 1))
    return f"{words['which']}\n\n{listed}\n\n{words['how']}"


def _nothing(text: str, word: Word, elsewhere: bool, language: str) -> Plan | None:
    """What is said where nothing waits; None where the message may mean something else."""
    if small_talk(text) or cancels(text) or word.begins or word.of or not word.sure or word.says == "change":
        return None
    words = phrases()["word"]
    return Plan(
        answer=" ".join([words["none"], words["elsewhere"]] if elsewhere else [words["none"]]), language=language
    )


def _field(word: Word, about: Sequence[Approval]) -> str:
    """The argument that a word changes; empty where the question has none like that."""
    name = word.field or "amount"
    return name if len(about) == 1 and name in about[0].asked.editable else ""


async def _decided(message: Message, taken: _Taken, runtime: Runtime) -> AsyncGenerator[ReplyEvent, None]:
    await _keep(message, runtime)
    word: approvals.Decision = "reject" if taken.word.says == "reject" else "approve"
    for one in taken.about:
        async with aclosing(approvals.decide(one.asked.turn, one.asked.step, word, runtime)) as events:
            async for event in events:
                yield event
                if isinstance(event, TurnStarted):
                    yield Decided(one.asked.turn, one.asked.step)


async def _changed(message: Message, taken: _Taken, runtime: Runtime) -> AsyncGenerator[ReplyEvent, None]:
    """Put the question anew as it was changed; nothing is done yet."""
    asked = taken.about[0].asked
    await _keep(message, runtime)
    yield TurnStarted(asked.turn)
    try:
        arguments = {_field(taken.word, taken.about): taken.word.value}
        anew = await approvals.change(asked.turn, asked.step, arguments, runtime)
    except Mendable as error:
        yield Failed(asked.turn, str(error))
        return
    if anew is None:
        yield Failed(asked.turn, phrases()["done_before"])
        return
    yield Decided(asked.turn, asked.step)
    yield anew


async def _answered(message: Message, plan: Plan | None, runtime: Runtime) -> AsyncGenerator[ReplyEvent, None]:
    """Answer a message. A question that it asks anew, corrected, takes the place of the one before."""
    before = await _corrected(message, runtime) if plan is None else None
    asked: ApprovalNeeded | None = None
    async with aclosing(reply(message, runtime, plan)) as events:
        async for event in events:
            asked = event if isinstance(event, ApprovalNeeded) else asked
            yield event
    if before and asked and asked.agent == before.agent and asked.turn != before.turn:
        async with aclosing(approvals.decide(before.turn, before.step, "reject", runtime)) as events:
            async for _ in events:
                pass
        yield Decided(before.turn, before.step)


async def _corrected(message: Message, runtime: Runtime) -> ApprovalNeeded | None:
    """The one question that waits from the turn before a message that corrects it."""
    if goes_on(message.text) < CORRECTS or message.files or message.command:
        return None
    last = next(iter(await runtime.stores.turns.recent(message.thread, 1)), None)
    if last is None or last.status != "waiting":
        return None
    waiting = [one.asked for one in await approvals.listed(message.user, runtime) if one.asked.turn == last.id]
    return waiting[0] if len(waiting) == 1 else None


async def _keep(message: Message, runtime: Runtime) -> None:
    row = Step(id=message.id, thread=message.thread, type="user_message", name=message.user, output=message.text)
    await runtime.stores.conversations.save(row)
