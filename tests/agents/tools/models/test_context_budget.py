"""What a model reads: within its limit, cut at borders, and counted."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.tools.models.context_budget import Section, budgeted, cut, pieces, tokens


def test_everything_is_read_when_it_fits() -> None:
    fitted = budgeted([Section("system", ["Be kind."], 0.2), Section("findings", ["All is well."], 0.3)], 100)
    assert fitted.texts == {"system": ("Be kind.",), "findings": ("All is well.",)}
    assert fitted.read == fitted.whole == tokens("Be kind.") + tokens("All is well.")


def test_what_one_section_leaves_goes_to_the_next_that_lacks_it() -> None:
    long = "A sentence here. " * 40
    alone = budgeted([Section("system", [""], 0.5), Section("findings", [long], 0.5)], 100)
    beside = budgeted([Section("system", [long], 0.5), Section("findings", [long], 0.5)], 100)
    assert tokens(alone.texts["findings"][0]) > 1.8 * tokens(beside.texts["findings"][0])


def test_of_a_conversation_the_newest_is_read_and_no_message_in_part() -> None:
    said = [f"Message number {number}." for number in range(50)]
    read = budgeted([Section("history", said, 1.0, newest=True)], 60).texts["history"]
    assert read == tuple(said[-len(read) :])
    assert 3 < len(read) < 20


def test_a_table_is_cut_where_a_row_ends() -> None:
    table = "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 50
    assert cut(table, 60).endswith("| 1 | 2 |")


def test_the_estimate_is_rather_too_high() -> None:
    assert tokens("The quick brown fox jumps over the lazy dog.") >= 10  # ten in the vocabulary of GPT-2
    assert tokens("Привет, как дела?") >= 6
    assert tokens("你好，世界") == 5
    assert tokens("1234567890") == 10
    assert tokens("🙂") == 3


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.lists(st.text(max_size=80), max_size=5), st.booleans()), max_size=4), st.integers(0, 150))
def test_the_limit_is_never_passed_and_nothing_is_made_up(given_: list[tuple[list[str], bool]], limit: int) -> None:
    sections = [Section(str(place), texts, 0.25, newest) for place, (texts, newest) in enumerate(given_)]
    fitted = budgeted(sections, limit)
    assert fitted.read <= limit
    assert fitted.read <= fitted.whole
    for section in sections:
        kept = fitted.texts[section.name]
        assert all(any(text.startswith(part) for text in section.texts) for part in kept)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_pieces_make_up_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text
