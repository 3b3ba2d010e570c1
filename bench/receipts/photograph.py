"""A sheet as a bad photograph."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from PIL import Image, ImageFilter


def photographed(paper: Image.Image, dice: random.Random, number: int) -> Image.Image:
    """The sheet as a bad photograph: askew, on a table, shadowed, blurred, noisy, packed; a tenth on side or head."""
    table = tuple(dice.randint(60, 150) for _ in range(3))
    margin = dice.randint(20, 80)
    image = Image.new("RGB", (paper.width + 2 * margin, paper.height + 2 * margin), table)
    image.paste(paper, (margin, margin))
    image = image.rotate(dice.uniform(-7, 7), expand=True, fillcolor=table, resample=Image.Resampling.BICUBIC)
    if number % 10 == 9:
        image = image.rotate(dice.choice((90, 180, 270)), expand=True)
    pixels: Any = np.asarray(image).astype(np.float32)
    height, width = pixels.shape[:2]
    shade = (
        np.linspace(1, dice.uniform(0.55, 1), width)[None, :, None]
        * np.linspace(1, dice.uniform(0.7, 1), height)[:, None, None]
    )
    noise = np.random.default_rng(dice.randint(0, 10**6)).normal(0, dice.uniform(2, 14), pixels.shape)
    image = Image.fromarray(np.clip(pixels * shade + noise, 0, 255).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(dice.uniform(0, 1.1)))
