"""What was seen in a film, in markdown with times that lead into it. Whatever comes from it is a stranger's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.tools.documents.summary import summary
from agents.tools.text.markdown import plain, time_link
from integrations.media.speech.transcript import Segment, clock

MOST_SCENES = 20
MOST_WORDS = 180
PLAYED = {"MP4", "MOV", "WEBM", "MKV"}
"""What browsers open; of others a copy is made that times can lead into."""
POINTS, POINTS_FROM_WORDS = 4, 60
Scene = dict[str, Any]


def aligned(scenes: Sequence[Mapping[str, Any]], segments: Sequence[Segment]) -> list[Scene]:
    """The scenes, each with what is said from when it starts until the next does."""
    found = [dict(scene) | {"said": []} for scene in scenes]
    for one in segments:
        place = max((i for i, scene in enumerate(found) if scene["start"] <= one.start + 0.25), default=0)
        found[place]["said"].append({"at": one.start, "text": one.text})
    return found


def main_points(scenes: Sequence[Scene]) -> list[dict[str, Any]]:
    """The sentences, said or written, that say most: ``{"text", "place"}`` with the second as place."""
    told = [
        (at, text)
        for scene in scenes
        for at, text in (
            (scene["start"], ". ".join(scene["fresh"])),
            *((one["at"], one["text"]) for one in scene["said"]),
        )
    ]
    if sum(len(text.split()) for _, text in told) < POINTS_FROM_WORDS:
        return []
    return summary([{"text": text, "place": str(at), "heading": str(n)} for n, (at, text) in enumerate(told)], POINTS)


def told(
    name: str, film: str, seen: Mapping[str, Any], scenes: Sequence[Scene], points: Sequence[Mapping[str, Any]],
    actions: Sequence[str],
) -> str:  # fmt: skip
    """The answer: what `actions` ask for, or the whole. `film` is the file that times lead into, empty for none."""
    parts = [_facts(name, seen)]
    if not actions:
        parts.append(_in_short(seen, scenes))
        if points:
            parts.append(
                "\n".join(f"- {time_link(float(one['place']), film)} {plain(one['text'], 300)}" for one in points)
            )
        parts.append(_by_scene(scenes, film))
    if "sheet" in actions:
        parts.append(f"Here is a contact sheet. It has {_scenes(len(scenes))}.")
    if "text" in actions:
        parts.append(_text(scenes, film))
    if "faces" in actions:
        parts.append(_faces(scenes, film))
    if "motion" in actions:
        parts.append(_motion(scenes, film))
    return "\n\n".join(parts)


def _facts(name: str, seen: Mapping[str, Any]) -> str:
    facts = seen["facts"]
    sound = "with sound" if facts["sound"] else "without sound"
    told = [
        f"**{plain(name)}**: {clock(seen['seconds'])} long, {facts['format']} ({facts['codec']}), {sound}.",
        f"Its picture has {facts['width']:,} × {facts['height']:,} pixels, {facts['fps']:g} frames a second.",
    ]
    if facts["made"]:
        told.append(f"It was made on {plain(facts['made'])}.")
    return " ".join(told)


def _in_short(seen: Mapping[str, Any], scenes: Sequence[Scene]) -> str:
    told = [f"It has {_scenes(len(scenes))}."]
    if slides := sum(bool(scene["text"]) for scene in scenes):
        told.append(f"With text: {slides}.")
    if moving := sum(bool(scene["tracks"]) for scene in scenes):
        told.append(f"With something that moves: {moving}.")
    if most := max(scene["faces"] for scene in scenes):
        told.append(f"At most {_faced(most)} at a time, counted and never recognised.")
    if seen["facts"]["sound"] and not any(scene["said"] for scene in scenes):
        told.append("I make out no words in its sound.")
    return " ".join(told)


def _by_scene(scenes: Sequence[Scene], film: str) -> str:
    lines = [f"- {time_link(scene['start'], film)}: {_scene(scene)}" for scene in scenes[:MOST_SCENES]]
    if len(scenes) > MOST_SCENES:
        lines.append(f"- The contact sheet shows the other {len(scenes) - MOST_SCENES}.")
    return "\n".join(lines)


def _scene(scene: Scene) -> str:
    parts = []
    if scene["fresh"]:
        parts.append(f"**{plain(scene['fresh'][0], 80)}**")
        if rest := " · ".join(scene["fresh"][1:]):
            parts.append(plain(rest, MOST_WORDS))
    if said := " ".join(one["text"] for one in scene["said"]):
        parts.append(f"“{plain(said, MOST_WORDS)}”")
    if scene["tracks"]:
        parts.append(
            "; ".join(dict.fromkeys(f"something {one['colour']} moves {one['way']}" for one in scene["tracks"]))
        )
    elif scene["moves"] == "all of it":
        parts.append("the camera moves, or all of the picture does")
    if scene["faces"]:
        parts.append(f"faces: {scene['faces']}")
    return "; ".join(parts) or ("the text stays as it was" if scene["text"] else "a still picture")


def _text(scenes: Sequence[Scene], film: str) -> str:
    shown = [
        f"{time_link(scene['start'], film)}\n\n" + "\n".join(f"> {plain(line, 300)}  " for line in scene["fresh"])
        for scene in scenes
        if scene["fresh"]
    ]
    return "\n\n".join(shown) or "I found no text in it."


def _faces(scenes: Sequence[Scene], film: str) -> str:
    lines = [f"- {time_link(scene['start'], film)}: faces: {scene['faces']}" for scene in scenes if scene["faces"]]
    told = "\n".join(lines) or "I found no face on its key frames."
    return f"{told}\n\nOnly upright faces that look at the camera are counted, and nobody is identified."


def _motion(scenes: Sequence[Scene], film: str) -> str:
    lines = [
        f"- {time_link(one['from'], film)} – {clock(one['to'])}: something {one['colour']} moves {one['way']}"
        for scene in scenes
        for one in scene["tracks"]
    ]
    return "\n".join(lines) or "I saw nothing move that I could follow."


def _scenes(count: int) -> str:
    return "1 scene" if count == 1 else f"{count} scenes"


def _faced(count: int) -> str:
    return "1 face" if count == 1 else f"{count} faces"
