"""One question from its messages to its pieces of text.

messages ──template──▶ prompt ──▶ tokens ──┬─ as many as the context or a snapshot knows: not read again
                                           └─ the rest: read ──▶ token by token ──shown──▶ pieces
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from integrations.models.llama.engine import Array, Engine, Stopped
from integrations.models.llama.grammar import SchemaError, grammar_of
from integrations.models.llama.prefixes import SHORTEST, Prefixes, shared
from integrations.models.llama.shown import CLOSE, OPEN, Shown
from integrations.models.llama.template import Template
from integrations.models.llama.wire import Ask, Done, Ending, Failed

PIECE_EVERY_S = 0.02
"""Fast models make several tokens in this time; they travel together, because each line costs both sides a moment."""
LONGEST_TOKEN = 64
"""Characters a token stands for at most, on the average of a text: beyond, a text is too long without counting."""


class TooLong(Failed):
    """The prompt is longer than the context. The message gives both."""

    kind = "too_long"


class Answering:
    """Answers questions with one engine."""

    def __init__(self, engine: Engine, snapshot_bytes: int) -> None:
        self._engine = engine
        bos, eos = engine.text_of(engine.bos()), engine.text_of(engine.eos())
        self._template = Template(engine.template(), bos=bos, eos=eos)
        self._template.render([{"role": "system", "content": "a"}, {"role": "user", "content": "b"}])
        self._controls = [text for text in engine.controls() if text]
        self._prefixes = Prefixes[Array](snapshot_bytes)

    def answer(self, ask: Ask, say: Callable[[str], object]) -> Done:
        """Say the answer in pieces. Raises TooLong, SchemaError, TemplateError, Broken."""
        began = time.monotonic()
        engine = self._engine
        prompt = self._prompt(ask)
        tokens = self._tokens(prompt)
        choose = self._chooser(ask)
        shown = Shown(thinking=prompt.rstrip().endswith(OPEN), raw=ask.schema is not None)
        limit = min(ask.max_tokens, engine.context - len(tokens))
        reused, made, first, said, waiting = 0, 0, 0.0, 0.0, ""
        ended: Ending = "length"
        try:
            reused = self._read(tokens, ask)
            first = time.monotonic()
            while made < limit:
                token = choose()
                if engine.ends(token):
                    ended = "complete"
                    break
                made += 1
                waiting += shown.feed(engine.bytes_of(token))
                if waiting and (now := time.monotonic()) - said >= PIECE_EVERY_S:
                    say(waiting)
                    waiting, said = "", now
                if made < limit:
                    engine.read([token])
        except Stopped:
            ended = "stopped"
        if waiting := waiting + shown.end():
            say(waiting)
        now = time.monotonic()
        return Done(
            ended=ended,
            prompt_tokens=len(tokens),
            reused_tokens=reused,
            answer_tokens=made,
            first_s=(first or now) - began,
            seconds=now - began,
            snapshots=len(self._prefixes),
            snapshot_bytes=self._prefixes.bytes,
        )

    def _prompt(self, ask: Ask) -> str:
        turns = [{"role": turn["role"], "content": self._plain(turn["content"])} for turn in ask.messages]
        prompt = self._template.render(turns)
        if ask.schema is not None and prompt.rstrip().endswith(OPEN):
            prompt += f"\n{CLOSE}\n\n"  # a grammar lets no thought through, so this one is ended before it begins
        return prompt

    def _plain(self, text: str) -> str:
        """The text without control tokens: no page or mail may end its turn and speak as the system."""
        for control in self._controls:
            if control in text:
                text = text.replace(control, f"{control[0]} {control[1:]}")
        return text

    def _tokens(self, prompt: str) -> list[int]:
        room = self._engine.context - 1
        if len(prompt) > room * LONGEST_TOKEN:
            raise TooLong(f"{len(prompt):,} characters, {room:,} tokens")
        tokens = self._engine.tokens(prompt)
        if len(tokens) > room:
            raise TooLong(f"{len(tokens):,} of {room:,} tokens")
        return tokens

    def _chooser(self, ask: Ask) -> Callable[[], int]:
        if ask.schema is None:
            return self._engine.sampler(ask.temperature)
        try:
            return self._engine.sampler(ask.temperature, grammar_of(ask.schema))
        except ValueError as error:
            raise SchemaError(str(error)) from error

    def _read(self, tokens: list[int], ask: Ask) -> int:
        """Read the prompt, but not what is known of it; returns how many tokens were known."""
        engine = self._engine
        known = engine.forget(min(shared(engine.live, tokens), len(tokens) - 1))
        kept = self._prefixes.longest(tokens)
        if kept is not None and len(kept[0]) > known:
            known = len(kept[0]) if engine.restore(*kept) else 0
        begin = self._beginning(tokens, ask)
        if begin > known and begin >= SHORTEST:
            engine.read(tokens[known:begin])
            if self._prefixes.fits(engine.state_size()):
                self._prefixes.keep(tokens[:begin], engine.state())
        engine.read(tokens[len(engine.live) :])
        return known

    def _beginning(self, tokens: Sequence[int], ask: Ask) -> int:
        """How many tokens are the system prompt's: those that another question after it begins with as well."""
        if len(ask.messages) < 2 or ask.messages[0]["role"] != "system":
            return 0
        system, first = ask.messages[:2]
        other = "b" if first["content"].lstrip().startswith("a") else "a"
        question = Ask(0, [system, {"role": "user", "content": other}], 0, 0, ask.schema)
        return min(shared(self._engine.tokens(self._prompt(question)), tokens), len(tokens) - 1)
