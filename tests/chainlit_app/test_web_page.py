"""The page asks no other host for anything."""

import base64
import hashlib
import re

import httpx
from chat_server import Server

from chainlit_app.web_page import policy_for, without_foreign_hosts

PAGE = """<head>
    <link rel="preconnect" href="https://fonts.googleapis.com" />
    <link
      href="https://fonts.googleapis.com/css2?family=Inter&display=swap"
      rel="stylesheet"
    />
    <meta property="og:image" content="https://elsewhere.example/banner.png">
    <link rel="stylesheet" href="/assets/index.css">
    <script>let a = 1;</script><script src="/own.js"></script></head>"""


def test_tags_that_point_elsewhere_are_gone_and_own_ones_stay() -> None:
    html = without_foreign_hosts(PAGE)
    assert "https://" not in html
    assert '<link rel="stylesheet" href="/assets/index.css">' in html


def test_only_the_scripts_written_into_the_page_may_run() -> None:
    digest = base64.b64encode(hashlib.sha256(b"let a = 1;").digest()).decode()
    assert f"script-src 'self' blob: 'sha256-{digest}';" in policy_for(PAGE)


def test_every_address_of_the_served_page_is_its_own(server: Server) -> None:
    for path in ("/", "/login", "/thread/abc", "/no-such-page"):
        html = httpx.get(server.address + path).text
        assert not re.search(r"""(?:href|src|content)=["'](?:https?:)?//""", html)
        assert "<title>FreelanceX</title>" in html


def test_the_styles_and_the_logo_are_there_and_ask_nobody(server: Server) -> None:
    for path in ("/public/freelancex.css", "/public/freelancex.js", "/logo?theme=dark", "/favicon", "/avatars/automl"):
        answer = httpx.get(server.address + path)
        assert answer.status_code == 200
        assert not re.search(r"https?://(?!www\.w3\.org)", answer.text)


def test_every_agent_has_an_avatar_of_its_own() -> None:
    from agents import registry
    from chainlit_app.framework import FACE

    avatars = {path.stem for path in (FACE / "public" / "avatars").glob("*.svg")}
    assert set(registry.load()) - avatars == set()
