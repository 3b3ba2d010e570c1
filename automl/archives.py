"""The one table in a .zip or .gz, unpacked in memory and never beyond a bound."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePath

from automl.errors import DataError
from automl.tables import MAX_INFLATED

TABLES = frozenset(".csv .tsv .txt .json .jsonl .ndjson .xlsx .xls .xlsb .ods .parquet .sqlite .sqlite3 .db".split())
DOCUMENTS = ("[Content_Types].xml", "mimetype")
"""What the first part of a workbook is called, which is an archive too."""


def unpacked(data: bytes, name: str) -> tuple[str, bytes] | None:
    """The name and bytes of the largest table in an archive; None for a workbook. Raises DataError."""
    if data.startswith(b"\x1f\x8b"):
        return PurePath(name).stem, _inflated(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_INFLATED:
                size = f"{sum(part.file_size for part in parts) // 1024**2:,} MB"
                raise DataError(f"{name} unpacks to {size}, more than is safe to read; attach it as .csv.")
            if any(part.filename in DOCUMENTS for part in parts):
                return None
            tables = [
                part
                for part in parts
                if PurePath(part.filename).suffix.lower() in TABLES and "__MACOSX" not in part.filename
            ]
            if not tables:
                raise DataError(f"{name} holds no table; put a .csv, .xlsx, .json or .parquet file in it.")
            chosen = max(tables, key=lambda part: part.file_size)
            return PurePath(chosen.filename).name, archive.read(chosen)
    except RuntimeError as error:  # how zipfile says that a part is encrypted
        raise DataError(f"{name} is protected by a password; pack it without one and attach that.") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise DataError(f"{name} cannot be unpacked; pack it again and attach that.") from error


def _inflated(data: bytes, name: str) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        whole = inflater.decompress(data, MAX_INFLATED)
    except zlib.error as error:
        raise DataError(f"{name} cannot be unpacked; pack it again and attach that.") from error
    if inflater.unconsumed_tail:
        raise DataError(f"{name} unpacks to more than is safe to read; attach it as .csv.")
    if not inflater.eof:
        raise DataError(f"{name} breaks off in the middle; pack it again and attach that.")
    return whole
