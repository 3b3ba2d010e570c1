"""Key frames on one sheet, each with its time; and frames with the ways of what moved drawn on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integrations.media.speech.transcript import clock

if TYPE_CHECKING:
    from PIL.Image import Image

    from integrations.media.video.movement import Track

TILE, GAP, CAPTION = 400, 16, 46
MOST_TILES = 24
PAPER, INK = (24, 26, 31), (232, 234, 238)
PATHS = ((255, 99, 71), (64, 200, 255), (255, 205, 60), (120, 230, 130))


def contact_sheet(frames: Sequence[tuple[float, Image]]) -> Image:
    """The frames in rows on a dark sheet, with the time of each under it."""
    from PIL import Image as pillow
    from PIL import ImageDraw, ImageFont

    columns = {1: 1, 2: 2, 4: 2}.get(len(frames), 3 if len(frames) <= 9 else 4)
    tiles = [frame.resize((TILE, max(1, round(TILE * frame.height / frame.width)))) for _, frame in frames]
    high = max(min(tile.height, 2 * TILE) for tile in tiles)
    rows = -(-len(tiles) // columns)
    size = (GAP + columns * (TILE + GAP), GAP + rows * (high + CAPTION))
    sheet = pillow.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(28)
    for place, ((at, _), tile) in enumerate(zip(frames, tiles, strict=True)):
        x, y = GAP + place % columns * (TILE + GAP), GAP + place // columns * (high + CAPTION)
        tile.thumbnail((TILE, high))
        sheet.paste(tile, (x, y + (high - tile.height) // 2))
        pen.text((x + 2, y + high + 5), clock(at), font=font, fill=INK)
    return sheet


def with_tracks(frame: Image, tracks: Sequence[Track]) -> Image:
    """A copy of a frame with each track as a line that ends in a dot."""
    from PIL import ImageDraw

    drawn = frame.copy()
    pen = ImageDraw.Draw(drawn)
    wide = max(3, drawn.width // 160)
    for track, colour in zip(tracks, PATHS, strict=False):
        way = [(x * drawn.width, y * drawn.height) for _, x, y in track.points]
        pen.line(way, fill=(20, 20, 20), width=wide + 4, joint="curve")
        pen.line(way, fill=colour, width=wide, joint="curve")
        for (x, y), radius in ((way[0], wide), (way[-1], 2 * wide)):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour, outline=(20, 20, 20), width=2)
    return drawn


def thinned(count: int, most: int) -> list[int]:
    """At most `most` places of `count`, spread evenly, with the first."""
    return list(range(count)) if count <= most else [place * count // most for place in range(most)]
