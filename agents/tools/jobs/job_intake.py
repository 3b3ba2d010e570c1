"""Gets hold of the job posts a step is about: pasted, uploaded, found before, or just found by an earlier step.

An alert mail or a mailbox holds several. A page is opened only once the user agreed, and never one closed to programs.
"""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from agents.deps import Deps
from agents.spec import AgentError, Effect, Given, Record
from agents.tools.jobs.skills import canonical_all, find_skills
from integrations.http import Ask, Errand
from integrations.http_messages import PAGES
from integrations.job_boards.closed import check_open
from integrations.job_boards.pasted import read_post
from integrations.job_boards.post import JobPost
from integrations.media.documents.read import MEMORY_MB, SECONDS
from integrations.media.images import ocr
from memory.files import FileRef
from memory.jobs import JobLead

PASTE = "Which job? Please paste the job post here, or upload it as PDF, DOCX, TXT or a screenshot."
PLAIN, MAILS = (".txt", ".md"), (".eml", ".mbox")
LONGEST_TEXT = 100_000
MOST_KEPT = 100
"""Jobs of one mailbox that are kept: the newest."""
CONSENT = "research"
_INLINE = re.compile(r"(?::|\n)\s*(?P<post>\S.{60,})", re.DOTALL)


@dataclass(frozen=True)
class Job:
    """A post with the record it is kept as."""

    lead: JobLead
    post: JobPost

    @property
    def record(self) -> Record:
        return Record("job", self.lead.id, self.post.label)


def with_skills(post: JobPost) -> JobPost:
    """The post with its stated skills by their usual names, and none that is not a skill."""
    stated = canonical_all(post.skills)
    if post.board != "pasted":  # boards also tag by mood: "exec", "digital nomad", "full time"
        stated = [skill for skill in stated if find_skills(skill)]
    return post.model_copy(update={"skills": tuple(stated)})


async def open_jobs(pasted: str | None, file: str | None, job: str | None, given: Given, deps: Deps) -> list[Job]:
    """The posts of a step. What is pasted comes first, then a file sent now, then a job by its record.

    Raises AgentError when there is none, or it cannot be read.
    """
    sent = [ref for ref in given.files if ref.kind in ("document", "image")]
    if pasted:
        return await _read(pasted, deps)
    if sent:
        return await _from_file(next((ref for ref in sent if ref.id == file), sent[0]), deps)
    found = [record.id for finding in given.findings.values() for record in finding.records if record.kind == "job"]
    if found and (job is None or job in found):
        return await kept_jobs(found, deps)
    if job:
        return await kept_jobs([job], deps)
    if inline := _INLINE.search(given.text):
        return await _read(inline["post"], deps)
    if file and (ref := await deps.stores.files.get(file, user=deps.user)):
        return await _from_file(ref, deps)
    raise AgentError(PASTE)


async def kept_jobs(leads: list[str], deps: Deps) -> list[Job]:
    """Jobs by the ids of their records. Raises AgentError when none is left."""
    rows = [row for lead in leads if (row := await deps.stores.jobs.get(lead, user=deps.user))]
    if not rows:
        raise AgentError("That job is no longer here; please paste the post again.")
    return [Job(row, JobPost.model_validate(row.post)) for row in rows]


async def keep_jobs(posts: list[JobPost], deps: Deps) -> list[Job]:
    """Keep posts as leads, in order."""
    rows = await deps.stores.jobs.save(deps.user, [post.model_dump(mode="json") for post in posts])
    return [Job(row, post) for row, post in zip(rows, posts, strict=True)]


def page_effect(url: str) -> Effect:
    """The request to open a page with a job post. Raises ClosedToPrograms for one that no program may read."""
    check_open(url)
    host = urlsplit(url).hostname or ""
    preview = (
        f"I would open this one page and read the job post on it:\n\n`{url}`\n\n**{host}** sees your internet address."
    )
    return Effect("open_page", {"url": url}, "Open a page", preview, consent=f"{CONSENT}:{host}")


async def read_page(url: str, agent: str, deps: Deps) -> list[Job]:
    """Open a page the user named and agreed to, and keep the job post on it. Raises HttpError, JobError, AgentError."""
    check_open(url)
    errand = Errand(CONSENT, deps.user, agent=agent, thread=deps.thread, approved=True)
    reply = await deps.http.get(url, errand, ask=Ask(accept=PAGES))
    check_open(reply.url)
    html = base64.b64encode(reply.body).decode()
    arguments = {"html": html, "url": reply.url}
    page = await deps.jobs.run("integrations.pages.page:read_job", arguments, seconds=SECONDS, memory_mb=MEMORY_MB)
    if not page["text"].strip():
        raise AgentError("This page shows no text to programs: open it yourself and paste the job post here.")
    post = await asyncio.to_thread(read_post, f"{page['title']}\n\n{page['text']}", deps.today)
    published = page["published"] and datetime.combine(date.fromisoformat(page["published"]), time(12), UTC)
    host = (urlsplit(reply.url).hostname or "").removeprefix("www.")
    known = {"url": reply.url, "title": page["title"] or post.title, "posted_at": post.posted_at or published}
    found = post.model_copy(update={**known, "board": host, "attribution": f"from {host}"})
    return await keep_jobs([with_skills(found)], deps)


async def text_of(file: FileRef, deps: Deps) -> str:
    """The words of a document, or those on a picture, with line breaks. Raises AgentError and JobError."""
    if file.name.lower().endswith(PLAIN):
        raw = (await deps.stores.files.read(file))[:LONGEST_TEXT]
        return raw.decode("utf-8-sig", "replace")
    deps.progress(f"Reading {file.name}", None)
    if file.kind == "image":
        written: str = await deps.jobs.run(
            "integrations.media.images.look:text_on",
            {"path": await deps.lay(file)},
            seconds=ocr.SECONDS,
            memory_mb=ocr.MEMORY_MB,
        )
        if not written.strip():
            raise AgentError(f"I found no text on {file.name}; please paste the words.")
        return written
    reader = "integrations.media.documents.read:read_document"
    arguments = {"path": await deps.lay(file), "name": file.name}
    parsed = await deps.jobs.run(reader, arguments, seconds=SECONDS, memory_mb=MEMORY_MB)
    if "refused" in parsed:
        raise AgentError(parsed["refused"])
    return "\n".join(passage["text"] for passage in parsed["passages"])


async def _from_file(file: FileRef, deps: Deps) -> list[Job]:
    if file.name.lower().endswith(MAILS):
        deps.progress(f"Reading {file.name}", None)
        reader = "integrations.job_boards.alert_mails:read_mails"
        found = await deps.jobs.run(reader, {"path": await deps.lay(file)}, seconds=SECONDS, memory_mb=MEMORY_MB)
        posts = [JobPost.model_validate(post) for post in found["posts"]]
        if posts:
            posts.sort(key=lambda post: post.posted_at.timestamp() if post.posted_at else 0.0, reverse=True)
            return await keep_jobs([with_skills(post) for post in posts[:MOST_KEPT]], deps)
        if file.name.lower().endswith(".mbox"):
            raise AgentError(
                f"None of the {found['mails']} mails in {file.name} is a job alert of Upwork, LinkedIn, Fiverr, "
                "Freelancer.com, Indeed or Glassdoor; upload a mailbox that holds some."
            )
    return await _read(await text_of(file, deps), deps)


async def _read(text: str, deps: Deps) -> list[Job]:
    try:
        post = await asyncio.to_thread(read_post, text, deps.today)
    except ValueError as error:
        raise AgentError(f"{error} {PASTE}") from error
    return await keep_jobs([with_skills(post)], deps)
