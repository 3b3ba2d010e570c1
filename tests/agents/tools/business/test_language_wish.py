"""In which language a client wants what is written to them."""

from __future__ import annotations

import pytest

from agents.tools.business.language_wish import language_wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Acme wants invoices in German", ("Acme", "German")),
        ("send Acme invoices in French", ("Acme", "French")),
        ("write to Acme in German from now on", ("Acme", "German")),
        ("Acme speaks Spanish", ("Acme", "Spanish")),
        ("Müller & Söhne möchte Rechnungen auf Englisch", ("Müller & Söhne", "English")),
        ("Acme quiere las facturas en español", ("Acme", "Spanish")),
        ("Acme veut ses factures en français", ("Acme", "French")),
        ("translate the invoice into German", None),
        ("write to Acme in German", None),
        ("I speak German", None),
        ("Acme wants a website in German", None),
    ],
)
def test_only_a_wish_for_all_that_is_written_to_a_client_is_kept(text: str, wish: tuple[str, str] | None) -> None:
    assert language_wish(text) == wish
