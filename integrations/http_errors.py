"""Why a request gave nothing. Each message is one sentence for the user.

Mendable
└── HttpError
    ├── NotSent              nothing left this machine
    │   ├── Offline
    │   ├── NoConsent
    │   └── Refused          the address is not one to open
    ├── Unreachable          no such name, no connection, or it broke
    ├── Resting              it failed so often that it is left alone for a while
    ├── TimedOut
    ├── BadStatus            the host answered with an error; `status`, and the `body` that came with it
    │   └── TooOften         ... because it was asked too often; `retry_after` in seconds
    ├── TooLarge
    ├── WrongType            not the kind of content that was asked for
    └── Unreadable           the content is broken
"""

from __future__ import annotations

from config.errors import Mendable


class HttpError(Mendable):
    """A request gave nothing."""


class NotSent(HttpError):
    """Nothing left this machine."""


class Offline(NotSent):
    """The user wants nothing to leave this machine."""


class NoConsent(NotSent):
    """The user has not allowed requests for this purpose."""


class Refused(NotSent):
    """The address is not one to open."""


class Unreachable(HttpError):
    """The host cannot be reached."""


class Resting(HttpError):
    """The host failed so often just now that it is left alone."""


class TimedOut(HttpError):
    """The host took too long."""


class BadStatus(HttpError):
    """The host answered with an error."""

    def __init__(self, message: str, status: int, body: bytes = b"") -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class TooOften(BadStatus):
    """The host asks to wait."""

    def __init__(self, message: str, status: int, body: bytes = b"", retry_after: float | None = None) -> None:
        super().__init__(message, status, body)
        self.retry_after = retry_after


class TooLarge(HttpError):
    """More came than is read."""


class WrongType(HttpError):
    """Not the kind of content that was asked for."""


class Unreadable(HttpError):
    """The content is broken."""
