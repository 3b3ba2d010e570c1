"""The questions a job post leaves open: those of its kind of work, then pay and time it does not state."""

from __future__ import annotations

import re
from collections.abc import Iterator

from integrations.job_boards.post import JobPost

MOST = 4
_TOPICS: tuple[tuple[str, str], ...] = (
    (r"\b(?:data|dataset|csv|excel|dashboard|forecast\w*|machine learning|analytics|etl|scrap\w+)\b",
     "May I see a sample of the data before we fix the scope, and who can answer questions about it?"),
    (r"\b(?:forecast\w*|predict\w*|model(?:s|ling|ing)?|machine learning)\b",
     "Which decision will the result be used for, and how good does it have to be to help?"),
    (r"\b(?:website|web ?site|wordpress|shopify|landing page|e-?commerce|online shop)\b",
     "Are texts, pictures and access to the present site ready, or are they part of the work?"),
    (r"\b(?:app|api|backend|frontend|saas|platform|software|integration)\b",
     "Is there existing code I would build on, and may I look at it first?"),
    (r"\b(?:design|logo|brand\w*|figma|ui|ux|illustration)\b",
     "Is there a style guide, or two or three examples you like?"),
    (r"\b(?:article|blog|copy\w*|content|translat\w+|seo|writing)\b",
     "Who are the readers, and is there a text whose tone you like?"),
    (r"\b(?:marketing|ads|campaign|social media|newsletter)\b",
     "What has been tried so far, and which figures may I see?"),
    (r"\b(?:video|animation|podcast|audio)\b",
     "Which raw material exists, and in which formats is the result needed?"),
)  # fmt: skip


def questions_for(post: JobPost) -> list[str]:
    """At most four questions."""
    return list(dict.fromkeys(_questions(post)))[:MOST]


def _questions(post: JobPost) -> Iterator[str]:
    text = f"{post.title}\n{post.description}"
    topics = [question for pattern, question in _TOPICS if re.search(pattern, text, re.IGNORECASE)]
    yield from topics[:2]
    if post.pay is None:
        yield "Which budget have you set aside?"
    if not post.duration and post.closes is None:
        yield "By when do you need it, and is there a fixed date behind that?"
    yield "How will you decide that the work is done?"
    yield "Who will I work with, and how do you prefer to keep in touch?"
