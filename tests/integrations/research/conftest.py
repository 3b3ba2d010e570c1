"""Small answers in each source's own form, and a server that speaks them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from config.settings import Settings
from integrations.http import Errand
from integrations.research.source import ResearchSource, sources

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>arXiv Query</title>
  <entry>
    <id>http://arxiv.org/abs/2511.01234v1</id>
    <link href="https://arxiv.org/abs/2511.01234v1" rel="alternate" type="text/html"/>
    <title>Boosting on
      small tables</title>
    <summary>Gradient boosting &lt;b&gt;wins&lt;/b&gt; on 40 of 57 small tables.</summary>
    <published>2025-11-03T18:00:00Z</published>
    <author><name>Ada Byron</name></author><author><name>Grace Hopper</name></author>
    <arxiv:doi>10.1000/boost</arxiv:doi>
  </entry>
</feed>"""
ANSWERS: dict[str, object] = {
    "/wikipedia/w/api.php": {
        "query": {
            "pages": [
                {"index": 2, "title": "Random forest", "fullurl": "https://en.wikipedia.org/wiki/Random_forest",
                 "extract": "Random forests are an ensemble method.", "touched": "2026-10-02T00:00:00Z"},
                {"index": 1, "title": "Gradient boosting", "fullurl": "https://en.wikipedia.org/wiki/Gradient_boosting",
                 "extract": "Gradient boosting builds trees one after the other.", "touched": "2026-11-01T00:00:00Z"},
            ]
        }
    },
    "/hacker_news/api/v1/search": {
        "hits": [
            {"objectID": "41", "title": "Gradient boosting in practice", "url": "https://blog.example.com/boosting",
             "points": 120, "num_comments": 45, "author": "pg", "created_at": "2026-09-01T10:00:00Z"},
            {"objectID": "42", "title": "Ask HN: Do you use boosting?", "story_text": "<p>I do &amp; it works.",
             "created_at": "2026-08-01T10:00:00Z"},
        ]
    },
    "/crossref/works": {
        "message": {
            "items": [
                {"title": ["Boosting on small tables"], "DOI": "10.1000/BOOST", "issued": {"date-parts": [[2025, 11]]},
                 "author": [{"given": "Ada", "family": "Byron"}], "is-referenced-by-count": 7,
                 "container-title": ["Journal of Tables"],
                 "abstract": "<jats:title>Abstract</jats:title><jats:p>It wins on 40 of 57 tables.</jats:p>"},
                {"DOI": "10.1000/untitled", "issued": {"date-parts": [[None]]}},
            ]
        }
    },
    "/openalex/works": {
        "results": [
            {"id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/boost", "cited_by_count": 9,
             "display_name": "Boosting on small tables", "publication_date": "2025-11-03",
             "authorships": [{"author": {"display_name": "Ada Byron"}}],
             "abstract_inverted_index": {"wins": [1], "Boosting": [0], "often.": [2]}},
        ]
    },
    "/semantic_scholar/graph/v1/paper/search": {
        "total": 1,
        "data": [
            {"title": "Trees and nets", "abstract": None, "year": 2024, "publicationDate": None, "citationCount": 3,
             "authors": [{"name": "Edith Clarke"}], "url": "https://www.semanticscholar.org/paper/x",
             "externalIds": {"ArXiv": "2401.1"}},
        ],
    },
    "/searxng/search": {
        "results": [
            {"title": "Boosting <b>guide</b>", "url": "https://guide.example.com/boosting?utm_source=x",
             "content": "How to boost.", "publishedDate": "2026-05-05T00:00:00", "engine": "duckduckgo"},
        ]
    },
    "/brave/res/v1/web/search": {
        "web": {
            "results": [
                {"title": "Boosting guide", "url": "https://www.guide.example.com/boosting/",
                 "description": "How to <strong>boost</strong> trees, step by step.",
                 "page_age": "2026-05-05T00:00:00"},
            ]
        }
    },
    "/gdelt/api/v2/doc/doc": {
        "articles": [
            {"url": "https://news.example.com/a", "title": "Boosters rise", "seendate": "20261120T101500Z",
             "domain": "news.example.com", "language": "English"},
        ]
    },
}  # fmt: skip


@pytest.fixture
def keyed(settings: Settings, httpserver: HTTPServer) -> Settings:
    """Settings with every source turned on."""
    keys = {"brave_key": "b-key", "openalex_key": "o-key", "semantic_scholar_key": "s-key"}
    return settings.model_copy(update={**keys, "searxng": httpserver.url_for("/searxng")})


@pytest.fixture
def here(httpserver: HTTPServer) -> Callable[[str], ResearchSource]:
    """A source whose address is the loopback server's."""

    def source(name: str) -> ResearchSource:
        found = sources()[name]
        address = httpserver.url_for(f"/{name}")
        return replace(found, address=address, terms=replace(found.terms, seconds_apart=0))

    return source


@pytest.fixture
def speaking(httpserver: HTTPServer) -> HTTPServer:
    """The server, answering for every source."""
    for path, answer in ANSWERS.items():
        httpserver.expect_request(path).respond_with_json(answer)
    httpserver.expect_request("/arxiv/api/query").respond_with_data(ATOM, content_type="application/atom+xml")
    return httpserver


@pytest.fixture
def looking() -> Errand:
    return Errand("research", "ana", agent="web_research", thread="t1", approved=True)
