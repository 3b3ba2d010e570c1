"""Nothing leaves without a purpose that the user has allowed."""

from __future__ import annotations

from privacy.consent import PURPOSES, decide


def test_a_standing_consent_or_a_yes_just_now_allows() -> None:
    assert decide("job_boards", {"job_boards"}, offline=False).allowed
    assert decide("job_boards", (), offline=False, approved=True).allowed


def test_no_consent_and_the_consent_for_something_else_do_not() -> None:
    refused = decide("job_boards", {"research"}, offline=False)
    assert not refused.allowed
    assert "ask job boards" in refused.reason


def test_offline_holds_everything_back_but_what_stays_on_this_machine() -> None:
    assert "offline" in decide("job_boards", {"job_boards"}, offline=True, approved=True).reason
    assert decide("job_boards", {"job_boards"}, offline=True, local=True).allowed
    assert not decide("job_boards", (), offline=True, local=True).allowed


def test_a_purpose_nobody_declared_is_refused() -> None:
    assert not decide("telemetry", {"telemetry"}, offline=False, approved=True).allowed


def test_each_purpose_says_what_leaves() -> None:
    assert all(purpose.title and purpose.leaves for purpose in PURPOSES.values())
