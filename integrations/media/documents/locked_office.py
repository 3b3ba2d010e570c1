"""Office files that are locked with a password: opened into a copy that lies in a folder of the reading job."""

from __future__ import annotations

from pathlib import Path

from integrations.media.documents.format import LockedDocument, UnreadableDocument

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEALED = "EncryptedPackage".encode("utf-16-le")
LOOKED_AT = 50_000_000
"""Bytes of the file in which its directory is looked for."""


def is_locked(path: Path, head: bytes) -> bool:
    """Whether a file is a DOCX, XLSX or PPTX inside of a locked container."""
    if not head.startswith(OLE):
        return False
    with path.open("rb") as file:
        return _SEALED in file.read(LOOKED_AT)


def unlocked(path: Path, password: str, folder: Path) -> Path:
    """The file as it is inside, written into `folder`. Raises LockedDocument and UnreadableDocument."""
    if not password:
        raise LockedDocument("The file is locked with a password; write “the password is …” and I will open it.")
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import InvalidKeyError

    opened = folder / "opened"
    try:
        with path.open("rb") as locked, opened.open("wb") as target:
            office = OfficeFile(locked)
            office.load_key(password=password, verify_password=True)
            office.decrypt(target)
    except InvalidKeyError as error:
        raise LockedDocument("That is not the password of the file; please try another one.") from error
    except MemoryError:
        raise
    except Exception as error:  # the library raises whatever a damaged container leads it to
        raise UnreadableDocument("The locked file is damaged or cut off; please save it again.") from error
    return opened
