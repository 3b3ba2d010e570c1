"""The order of what was found: both halves count, then what the text itself says, and nothing is shown twice."""

from __future__ import annotations

from memory.recall.ranking import Asked, Candidate, fused, ranked


def candidate(
    text: str, *, meant: float | None = None, heading: str = "", days: float = 0, rank: float = 0.5
) -> Candidate:
    return Candidate(text, heading, rank, meant, days)


def best(question: str, *candidates: Candidate) -> list[str]:
    asked = Asked.of(question).weighed({}, 10)
    return [candidates[one.place].text for one in ranked(asked, candidates, 10)]


def test_what_both_rankings_hold_comes_before_what_one_holds() -> None:
    assert list(fused(["a", "b", "c"], ["d", "b", "a"]))[:2] == ["a", "b"]
    assert fused(["a"], ["a"])["a"] == 1


def test_questions_are_about_their_rare_words() -> None:
    asked = Asked.of("What did we say about the payment terms?").weighed({"payment": 90, "term": 1}, 100)
    assert asked.stems == ("payment", "term")
    assert asked.weights["term"] > asked.weights["payment"]
    assert asked.covered(frozenset(["term"])) > 0.5
    assert Asked.of("who are you").stems, "a question of small words alone is still one"


def test_a_text_that_says_more_of_what_is_asked_comes_first() -> None:
    both, one = candidate("The deposit is due in May."), candidate("May was warm this year.")
    assert best("deposit due", one, both)[0] == both.text
    assert best("deposit", one, candidate("It is ten percent.", heading="Deposit"))[0] == "It is ten percent."


def test_closer_in_meaning_and_newer_comes_first() -> None:
    near, far = candidate("It ends in June.", meant=0.7), candidate("It starts there now.", meant=0.2)
    assert best("termination", far, near)[0] == near.text
    new, old = candidate("The rate is 90 euros.", days=1), candidate("The rate was 80 dollars.", days=900)
    assert best("rate", old, new)[0] == new.text


def test_a_text_is_shown_once() -> None:
    text = "The kill fee is twenty percent of what is left to pay."
    longer = f"From the contract: {text}"
    assert len(best("kill fee", candidate(text), candidate(longer), candidate(text.upper()))) == 1


def test_what_is_only_near_does_not_answer() -> None:
    asked = Asked.of("budget of the harbour project").weighed({}, 10)
    fits = [one.fits for one in ranked(asked, [candidate("Nice weather.", meant=0.1)], 5)]
    assert fits == [False]
