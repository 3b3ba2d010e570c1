"""How Chainlit is set up: what it needs in place before it is imported, and where it is bent afterwards.

Chainlit reads its root folder, its secret and its cookie's name when it is imported, and writes into that folder. The
root is therefore a fresh copy of `chainlit_app/face` under the data directory, which also holds passing uploads; it is
emptied when the server starts and when it ends.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import secrets
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from chainlit_app.web_page import without_foreign_hosts
from config.paths import ROOT
from config.settings import Settings

FACE = Path(__file__).with_name("face")
FOLDER = ".chat-page"


def prepare(settings: Settings) -> Path:
    """Lay out Chainlit's root folder and set its environment; to be called before it is imported. Returns the root."""
    root = root_of(settings)
    clear(settings)
    (root / ".chainlit" / "translations").mkdir(mode=0o700, parents=True)
    shutil.copyfile(FACE / "config.toml", root / ".chainlit" / "config.toml")
    shutil.copytree(FACE / "public", root / "public")
    words = _merged(_chainlit_words(), json.loads((FACE / "words.json").read_text(encoding="utf-8")))
    target = root / ".chainlit" / "translations" / "en-US.json"
    target.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    os.environ |= {
        "CHAINLIT_APP_ROOT": str(root),
        "CHAINLIT_AUTH_SECRET": _secret(settings),
        # Browsers share cookies between the ports of one host: each server needs a name of its own.
        "CHAINLIT_AUTH_COOKIE_NAME": f"freelancex_{settings.port}",
        "CHAINLIT_COOKIE_SAMESITE": "strict",
        "CHAINLIT_ENV_FILE": os.devnull,
    }
    return root


def root_of(settings: Settings) -> Path:
    """Chainlit's root folder."""
    return settings.data_dir / FOLDER


def clear(settings: Settings) -> None:
    """Remove Chainlit's root folder with the uploads passing through it."""
    shutil.rmtree(root_of(settings), ignore_errors=True)


def adopt(settings: Settings) -> Any:
    """Import Chainlit, apply what depends on the settings, and return its ASGI app.

    Raises RuntimeError where it was imported before `prepare`: its uploads would lie in whatever folder that was.
    """
    from chainlit import server
    from chainlit.config import APP_ROOT, HeaderLink, config

    from chainlit_app.voice_wishes import can_listen

    if Path(APP_ROOT).name != FOLDER:
        raise RuntimeError(f"Chainlit was imported before it was prepared, and took {APP_ROOT} for its root.")
    logging.getLogger("chainlit").setLevel(logging.ERROR)  # it warns of a missing translation with every page
    config.root = str(ROOT)  # where chainlit.md lies
    config.ui.default_theme = "system"  # the page knows it, the configuration file does not
    config.features.audio.enabled = can_listen(settings)
    if settings.auth != "none":
        icon = "/public/avatars/profile.svg"
        config.ui.header_links = [
            HeaderLink(name="account", display_name="Account", icon_url=icon, url="/account", target="_self")
        ]
    upload = config.features.spontaneous_file_upload
    upload.max_size_mb, upload.max_files = settings.max_file_mb, settings.max_files
    if not getattr(server.get_html_template, "offline", False):
        server.get_html_template = _offline(server.get_html_template)
    return server.app


def _offline(get_html_template: Any) -> Any:
    @lru_cache(maxsize=4)
    def page(root_path: str) -> str:
        return without_foreign_hosts(get_html_template(root_path))

    page.offline = True  # type: ignore[attr-defined]
    return page


def _secret(settings: Settings) -> str:
    """The key that signs the page's cookie: random, made once, readable by its owner only."""
    path = settings.paths.make().secrets / "page"
    if not path.exists():
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii")


def _chainlit_words() -> dict[str, Any]:
    spec = importlib.util.find_spec("chainlit")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("Chainlit is not installed: run make start.")
    path = Path(spec.origin).parent / "translations" / "en-US.json"
    words: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return words


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        merged[key] = _merged(merged[key], value) if isinstance(value, dict) else value
    return merged
