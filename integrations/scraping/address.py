"""One address for one page: what ways of writing it have in common, and which addresses a crawl may follow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from privacy.egress import PORTS

TRACKING = re.compile(
    r"^(?:utm_\w+|gclid|fbclid|msclkid|dclid|yclid|mc_[ce]id|igshid|ref_src|phpsessid|jsessionid|sessionid|_ga|_gl)$",
    re.IGNORECASE,
)
"""Parameters that say how somebody came, not what they see."""
NOT_PAGES = frozenset(
    "jpg jpeg png gif webp svg ico bmp tif tiff css js mjs json xml rss atom txt pdf zip gz tar 7z rar exe dmg iso mp3 "
    "mp4 m4a wav ogg webm avi mov woff woff2 ttf eot doc docx xls xlsx ppt pptx csv ics apk".split()
)
MAX_LENGTH = 2_000


def canonical(url: str, base: str = "") -> str:
    """The one way to write an address, or an empty text when it is none of the web.

    Scheme and host in lower case, no default port, no fragment, dots in the path resolved, percent-encoding the same
    everywhere, tracking parameters gone, the others in order (RFC 3986, section 6.2).
    """
    url = url.strip()
    if url.startswith("/") and not url.startswith("//"):
        base = "/".join(base.split("/", 3)[:3])  # all that counts of it, so that a menu is worked out once for a site
    return _canonical(url, base)


@lru_cache(maxsize=8_192)
def _canonical(url: str, base: str) -> str:
    try:
        parts = urlsplit(urljoin(base, url))
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        return ""
    host = f"[{host}]" if ":" in host else host
    place = host if port in (None, PORTS[parts.scheme]) else f"{host}:{port}"
    path = re.sub(r";jsessionid=[^/?]*", "", parts.path, flags=re.IGNORECASE)
    resolved = urlsplit(urljoin("http://a/", path.lstrip("/") or ".")).path
    path = "/".join(quote(unquote(one), safe="~!$&'()*+,;=:@") for one in resolved.split("/")) or "/"
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.match(pair[0]))
    whole = urlunsplit((parts.scheme, place, path, urlencode(query), ""))
    return whole if len(whole) <= MAX_LENGTH else ""


def site_of(url: str) -> str:
    """The host and port a crawl stays on; a leading ``www.`` makes no difference."""
    return urlsplit(url).netloc.removeprefix("www.")


def is_page(url: str) -> bool:
    """Whether an address may lead to a page rather than to a picture or a download."""
    name = urlsplit(url).path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() not in NOT_PAGES if "." in name else True


def within(urls: Iterable[str], sites: frozenset[str]) -> list[str]:
    """Those addresses that are pages of these sites, each once, in order."""
    return [url for url in dict.fromkeys(urls) if url and site_of(url) in sites and is_page(url)]
