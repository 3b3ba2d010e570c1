"""The HTML that Chainlit serves, made to ask no other host for anything, and the policy that holds it to that."""

from __future__ import annotations

import base64
import hashlib
import re

FOREIGN_TAG = re.compile(
    r"""<(?:link|meta)\b[^>]*\b(?:href|content)\s*=\s*["']https?://[^>]*?>""", re.IGNORECASE | re.DOTALL
)
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def without_foreign_hosts(html: str) -> str:
    """The page without the tags that point to another host: fonts, KaTeX styles and preview pictures."""
    return re.sub(r"\n\s*\n+", "\n", FOREIGN_TAG.sub("", html))


def policy_for(html: str, hosts: frozenset[str] = frozenset()) -> str:
    """The Content-Security-Policy under which this page runs: its own files, and the scripts written into it.

    Styles may be inline, because React and the toasts set them; scripts may not, except those known by their hash. The
    page's microphone makes its audio worklet as a blob, which only a script that runs already can do.
    """
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in INLINE_SCRIPT.findall(html))
    sockets = " ".join(f"ws://{host}" for host in sorted(hosts) if not host.startswith("["))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            f"connect-src 'self' {sockets}".rstrip(),
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
