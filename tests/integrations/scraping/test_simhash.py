"""Texts that say nearly the same are recognised; texts that share a template are not the same."""

from __future__ import annotations

from random import Random

from integrations.scraping.simhash import LEAST, Seen, fingerprint

WORDS = [f"word{number}" for number in range(2_000)]


def text(seed: int, words: int = 300) -> list[str]:
    return Random(seed).choices(WORDS, k=words)


def test_a_few_changed_words_leave_it_near() -> None:
    seen, near = Seen(), 0
    for seed in range(40):
        words = text(seed)
        seen.add(fingerprint(" ".join(words)))
        words[seed] = "changed"
        near += seen.near(fingerprint(" ".join(words)))
    assert near >= 36


def test_other_texts_and_half_changed_ones_are_apart() -> None:
    seen = Seen()
    for seed in range(300):
        mark = fingerprint(" ".join(text(seed)))
        assert not seen.near(mark)
        assert not seen.near(fingerprint(" ".join(text(seed)[:150] + text(seed + 5_000)[:150])))
        seen.add(mark)


def test_the_same_text_is_the_same_however_it_is_set() -> None:
    words = text(1)
    assert fingerprint(" ".join(words)) == fingerprint("\n\n".join(words).upper()) != 0


def test_a_text_too_short_to_tell_is_like_none() -> None:
    seen, short = Seen(), fingerprint(" ".join(WORDS[: LEAST - 1]))
    seen.add(short)
    assert short == 0
    assert not seen.near(short)
