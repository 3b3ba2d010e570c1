"""Gets hold of the job posts a step is about: pasted, uploaded, found before, or just found by an earlier step."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

from agents.deps import Deps
from agents.spec import AgentError, Given, Record
from agents.tools.skills import canonical_all, find_skills
from integrations.job_boards.pasted import read_post
from integrations.job_boards.post import JobPost
from integrations.media.documents.read import MEMORY_MB, SECONDS
from memory.files import FileRef
from memory.jobs import JobLead

PASTE = "Which job? Please paste the job post here, or upload it as PDF, DOCX or TXT."
PLAIN = ("txt", "md")
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
    sent = [ref for ref in given.files if ref.kind == "document"]
    if pasted:
        return await _read(pasted, deps)
    if sent:
        return await _read(await text_of(next((ref for ref in sent if ref.id == file), sent[0]), deps), deps)
    found = [record.id for finding in given.findings.values() for record in finding.records if record.kind == "job"]
    if found and (job is None or job in found):
        return await kept_jobs(found, deps)
    if job:
        return await kept_jobs([job], deps)
    if inline := _INLINE.search(given.text):
        return await _read(inline["post"], deps)
    if file and (ref := await deps.stores.files.get(file, user=deps.user)):
        return await _read(await text_of(ref, deps), deps)
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


async def text_of(file: FileRef, deps: Deps) -> str:
    """The words of a document, with its line breaks. Raises AgentError and JobError."""
    if file.name.rpartition(".")[2].lower() in PLAIN:
        raw = await asyncio.to_thread(_read_plain, file.path)
        return raw.decode("utf-8-sig", "replace")
    deps.progress(f"Reading {file.name}", None)
    reader = "integrations.media.documents.read:read_document"
    arguments = {"path": file.path, "name": file.name}
    parsed = await deps.jobs.run(reader, arguments, seconds=SECONDS, memory_mb=MEMORY_MB)
    if "refused" in parsed:
        raise AgentError(parsed["refused"])
    return "\n".join(passage["text"] for passage in parsed["passages"])


async def _read(text: str, deps: Deps) -> list[Job]:
    try:
        post = await asyncio.to_thread(read_post, text, deps.today)
    except ValueError as error:
        raise AgentError(f"{error} {PASTE}") from error
    return await keep_jobs([with_skills(post)], deps)


def _read_plain(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(100_000)
