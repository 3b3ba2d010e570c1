"""What is kept of prompts that were read."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.models.llama.prefixes import Prefixes, shared


@dataclass
class Bytes:
    nbytes: int


def test_the_longest_kept_beginning_is_found_but_never_the_whole() -> None:
    kept = Prefixes[Bytes](100)
    kept.keep([1, 2], Bytes(10))
    kept.keep([1, 2, 3], Bytes(20))
    assert kept.longest([1, 2, 3, 4]) == ((1, 2, 3), Bytes(20))
    assert kept.longest([1, 2, 3]) == ((1, 2), Bytes(10))
    assert kept.longest([2, 1, 3]) is None


def test_bytes_are_bounded_and_the_one_used_longest_ago_goes() -> None:
    kept = Prefixes[Bytes](100)
    for first in (1, 2):
        kept.keep([first, 0], Bytes(40))
    kept.longest([1, 0, 9])
    kept.keep([3, 0], Bytes(40))
    assert (len(kept), kept.bytes) == (2, 80)
    assert kept.longest([2, 0, 9]) is None
    assert kept.longest([1, 0, 9]) is not None


def test_what_would_leave_no_room_for_another_is_not_kept() -> None:
    kept = Prefixes[Bytes](100)
    kept.keep([1], Bytes(51))
    assert (len(kept), kept.bytes) == (0, 0)


def test_the_same_beginning_counts_once() -> None:
    kept = Prefixes[Bytes](100)
    kept.keep([1], Bytes(40))
    kept.keep([1], Bytes(30))
    assert (len(kept), kept.bytes) == (1, 30)


def test_shared_counts_what_two_begin_with() -> None:
    assert shared([1, 2, 3], [1, 2, 4, 5]) == 2
    assert shared([], [1]) == 0
