"""What the page is told of a conversation: rows of `memory.conversations` as the dicts that Chainlit's page reads.

The page nests things by parent. Each turn gets a run, which is not kept but made up here, so that a conversation led
on the command line looks the same as one led in the chat:

    user message
      └── run <turn>.run                  carries the thumbs up and down
            ├── line on what is waited for <turn>.waiting
            ├── step of an agent <turn>.… with input, output and duration
            └── answer <turn>.answer      with the artifacts
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from agents import registry
from agents.spec import Artifact
from memory.conversations import Conversation, Element, Feedback, Step
from memory.files import FileRef

NAME = "FreelanceX"
RUN = ".run"
ANSWER = ".answer"
Dict = dict[str, Any]

DIRECTIVE = re.compile(r"(?<=[^\s:\\`]):(?=[A-Za-z])")
CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`|<[^>\s]+>|\]\([^)\s]*\))", re.DOTALL)


def markdown(text: str) -> str:
    """Markdown as the page should get it: there `Re:Invoice` would lose the word after the colon."""
    parts = CODE.split(text)
    return "".join(part if odd % 2 else DIRECTIVE.sub(r"\\:", part) for odd, part in enumerate(parts))


def run_of(turn: str) -> str:
    """The id of a turn's run."""
    return turn + RUN


def answer_of(turn: str) -> str:
    """The id of a turn's answer."""
    return turn + ANSWER


def rated(step: str) -> str:
    """The answer a thumb is meant for: on the page it hangs on the run that holds it."""
    return answer_of(step.removesuffix(RUN)) if step.endswith(RUN) else step


def run(turn: str, message: str, thread: str, *, start: str, end: str | None, thumb: Feedback | None = None) -> Dict:
    """The run that holds one turn's steps and answer."""
    shown = _thing(run_of(turn), thread, "run", "on_message", message)
    shown |= {"start": start, "createdAt": start, "end": end}
    if thumb is not None:
        shown["feedback"] = feedback(thumb)
    return shown


def answer(turn: str, thread: str, text: str, *, at: str, parent: str | None = None) -> Dict:
    """An answer of FreelanceX."""
    shown = _thing(answer_of(turn), thread, "assistant_message", NAME, parent or run_of(turn))
    return shown | {"output": text, "createdAt": at, "start": at, "end": at}


def note(id: str, thread: str, text: str, *, at: str, parent: str | None = None) -> Dict:
    """A line of FreelanceX that is no answer: what was stopped, what waits for the user's word."""
    shown = _thing(id, thread, "assistant_message", NAME, parent)
    return shown | {"output": markdown(text), "createdAt": at, "start": at, "end": at}


def user_message(id: str, thread: str, text: str, *, at: str, command: str = "") -> Dict:
    """What the user said."""
    shown = _thing(id, thread, "user_message", "You", None)
    return shown | {"output": text, "createdAt": at, "start": at, "end": at, "command": command or None}


def agent_step(id: str, turn: str, thread: str, agent: str, title: str, input: str, *, start: str) -> Dict:
    """An agent at work."""
    shown = _thing(id, thread, "tool", title, run_of(turn))
    shown |= {"input": markdown(input), "createdAt": start, "start": start, "showInput": True}
    return shown | {"metadata": {"avatarName": agent, "title": title}}


def waiting(turn: str, thread: str, text: str, *, start: str) -> Dict:
    """What a turn waits for, such as a model that loads; it is shown while it waits, and not kept."""
    shown = _thing(f"{turn}.waiting", thread, "tool", text, run_of(turn))
    return shown | {"createdAt": start, "start": start, "metadata": {"avatarName": "freelancex", "title": text}}


def finished(step: Dict, *, output: str, seconds: float, ok: bool, end: str) -> Dict:
    """The same step when the agent is done."""
    name = f"{step['metadata'].get('title') or step['name']} · {duration(seconds)}"
    return step | {"name": name, "output": markdown(output), "end": end, "isError": not ok}


def step(row: Step) -> Dict:
    """A kept step. A step of an agent has the agent's name; the page shows its title and its avatar."""
    at = stamp(row.created_at)
    shown = _thing(row.id, row.thread, row.type, row.name, row.parent)
    shown |= {"createdAt": at, "start": stamp(row.started_at) or at, "end": stamp(row.ended_at) or at}
    shown |= {"isError": row.failed, "command": row.view.get("command") or None}
    if row.type == "tool":
        title = title_of(row.name)
        shown |= {"input": markdown(row.input), "showInput": True, "name": title}
        shown["metadata"] = {"avatarName": row.name, "title": title}
        if row.ended_at is None:  # the process died in it, or the user stopped it: it took nobody knows how long
            return shown | {"output": markdown(row.output)}
        seconds = (row.ended_at - (row.started_at or row.ended_at)).total_seconds()
        return finished(shown, output=row.output, seconds=seconds, ok=not row.failed, end=shown["end"])
    shown["output"] = row.output if row.type == "user_message" else markdown(row.output)
    shown["isError"] = False  # a failed answer says so in words; the page would hide its avatar
    shown["metadata"] = {key: value for key, value in row.view.items() if key == "approval"}
    return shown


def element(row: Element) -> Dict:
    """A kept element."""
    return file_element(row.file or row.id, row.name, row.mime, row.thread, row.step, id=row.id)


def artifact(made: Artifact, turn: str, thread: str) -> list[Dict]:
    """A file made for the user, under the answer of its turn."""
    return with_download(file_element(made.id, made.name, made.mime, thread, answer_of(turn)))


def with_download(element: Dict) -> list[Dict]:
    """An element of an answer; a picture comes with a card to download it, which the page does not offer by itself."""
    if element["type"] != "image" or not str(element["forId"]).endswith(ANSWER):
        return [element]
    return [element, element | {"id": f"{element['id']}.download", "type": "file"}]


def upload(file: FileRef, message: str, thread: str) -> Dict:
    """A file the user sent."""
    return file_element(file.id, file.name, file.mime, thread, message)


UNSEEN = ("image/heic", "image/tiff")
"""Pictures that no browser shows; the agent that looks at them gives a preview."""


def file_element(file: str, name: str, mime: str, thread: str, step: str | None, *, id: str | None = None) -> Dict:
    """A file as the page shows it: a picture, a PDF, a sound, or a card to download."""
    kind = "file"
    if mime.startswith("image/") and mime not in UNSEEN:
        kind = "image"
    elif mime == "application/pdf":
        kind = "pdf"
    elif mime.startswith(("audio/", "video/")):
        kind = mime.partition("/")[0]
    return {
        "id": id or file,
        "threadId": thread,
        "forId": step,
        "type": kind,
        "name": name,
        "mime": mime,
        "url": f"/api/v1/files/{file}",
        "display": "inline",
        "size": "large",
    }


def feedback(row: Feedback) -> Dict:
    """A thumb up or down."""
    return {"id": row.id, "forId": row.step, "value": row.value, "comment": row.comment or None}


def conversation(kept: Conversation) -> Dict:
    """A whole thread, each turn's steps and answer gathered in its run."""
    thumbs = {row.step: row for row in kept.feedback}
    things: list[Dict] = []
    runs: dict[str, Dict] = {}
    asked: str | None = None
    for row in kept.steps:
        one = step(row)
        if row.type == "user_message":
            asked = row.id
        elif (turn := turn_of(row.id)) is not None and asked is not None:
            if turn not in runs:
                at, thumb = one["start"], thumbs.get(answer_of(turn))
                runs[turn] = run(turn, asked, row.thread, start=at, end=at, thumb=thumb)
                things.append(runs[turn])
            one["parentId"], runs[turn]["end"] = runs[turn]["id"], one["end"]
        things.append(one)
    return {
        "id": kept.thread.id,
        "createdAt": stamp(kept.thread.created_at),
        "name": kept.thread.name or None,
        "userId": kept.thread.user,
        "userIdentifier": kept.thread.user,
        "tags": list(kept.thread.tags),
        "metadata": dict(kept.thread.meta),
        "steps": things,
        "elements": [one for row in kept.elements for one in with_download(element(row))],
    }


def turn_of(step: str) -> str | None:
    """The turn a step belongs to: what agents and answers show has an id that starts with it and a dot."""
    turn, dot, _ = step.partition(".")
    return turn if dot else None


def stamp(at: datetime | None) -> str:
    """A time as the page reads it; SQLite gives it back without its zone, which is UTC."""
    if at is None:
        return ""
    utc = at.astimezone(UTC) if at.tzinfo else at
    return utc.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def duration(seconds: float) -> str:
    """0.04 → "0.04 s", 75 → "1 min 15 s"."""
    if seconds >= 60:
        return f"{int(seconds // 60)} min {int(seconds % 60)} s"
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds:.2f} s"


def title_of(agent: str) -> str:
    """What an agent is called on the page."""
    spec = registry.load().get(agent)
    return spec.title if spec else agent.replace("_", " ").capitalize()


def _thing(id: str, thread: str, type: str, name: str, parent: str | None) -> Dict:
    return {
        "id": id,
        "threadId": thread,
        "parentId": parent,
        "type": type,
        "name": name,
        "input": "",
        "output": "",
        "streaming": False,
        "isError": False,
        "waitForAnswer": False,
        "showInput": False,
        "metadata": {},
        "command": None,
        "language": None,
        "tags": None,
        "defaultOpen": False,
    }
