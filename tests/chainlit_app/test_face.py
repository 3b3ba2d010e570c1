"""What the page may show: no HTML of models or documents, and no picture from elsewhere."""

from __future__ import annotations

import tomllib

from chainlit_app.framework import FACE
from chainlit_app.web_page import policy_for


def test_no_html_of_models_or_documents_is_shown() -> None:
    face = tomllib.loads((FACE / "config.toml").read_text("utf-8"))
    assert face["features"]["unsafe_allow_html"] is False
    assert face["project"]["allow_origins"] == []


def test_the_page_may_load_no_picture_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in policy_for("<html></html>").split("; "))
    assert rules["img-src"] == "'self' data: blob:"
    assert rules["default-src"] == "'self'" and rules["object-src"] == "'none'" and rules["frame-src"] == "'self'"
