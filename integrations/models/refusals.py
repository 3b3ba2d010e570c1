"""What a model's server means by an error status, and what the user is told."""

from __future__ import annotations

import re
from enum import Enum

from integrations.http_errors import BadStatus
from integrations.models.backend import Busy, Gone, ModelError, TooLong

SCHEMA = re.compile(rb"response_format|json_schema|grammar|schema", re.IGNORECASE)
PICTURE = re.compile(rb"image|multi-?modal|vision|mmproj|content part", re.IGNORECASE)
LONG = re.compile(rb"context|too long|too large|too many tokens|exceed", re.IGNORECASE)


class Refusal(Enum):
    """Why a server refuses."""

    KEY = "key"
    MISSING = "missing"
    BUSY = "busy"
    LONG = "long"
    SCHEMA = "schema"
    PICTURE = "picture"
    BROKEN = "broken"
    OTHER = "other"

    def told(self, name: str) -> ModelError:
        """The error for the user."""
        match self:
            case Refusal.KEY:
                return ModelError(f"The server of {name} wants another key; set FREELANCEX_MODEL_KEY.")
            case Refusal.MISSING:
                return ModelError(f"The server has no {name}; check the address and the model's name behind the #.")
            case Refusal.BUSY:
                return Busy(f"The server of {name} is busy or still loading; ask again in a moment.")
            case Refusal.LONG:
                return TooLong(f"That is more than {name} can read at once; ask with a shorter text.")
            case Refusal.BROKEN:
                return Gone(f"The server of {name} failed; its log has the details.")
        return ModelError(f"The server of {name} refused the question; its log has the details.")


def refusal(error: BadStatus) -> Refusal:
    """Read the status, and the words where the status leaves it open."""
    match error.status:
        case 401 | 403:
            return Refusal.KEY
        case 404:
            return Refusal.MISSING
        case 429 | 503:
            return Refusal.BUSY
        case 413:
            return Refusal.LONG
    if error.status < 500 and LONG.search(error.body):
        return Refusal.LONG
    if SCHEMA.search(error.body):  # some answer 500 to a grammar they cannot make
        return Refusal.SCHEMA
    if PICTURE.search(error.body):  # llama-server answers 500 where no projector is loaded
        return Refusal.PICTURE
    return Refusal.BROKEN if error.status >= 500 else Refusal.OTHER
