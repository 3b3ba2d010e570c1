"""Bronze: every row of a client's file as it was written, in one Parquet file that nobody changes.

The file's metadata say where the rows come from: the source's name, format and SHA-256, and what was assumed.

    rows ──▶ one part waits ──▶ another thread encodes, compresses and writes it
"""

from __future__ import annotations

import json
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pandas as pd

from automl.tables import Table

FILE = "bronze.parquet"


class Bronze:
    """A Parquet file that is written row group by row group, and closed with what is known of its source."""

    def __init__(self, path: Path, aside: Executor) -> None:
        self._path, self._aside = path, aside
        self._writer: Any = None
        self._writing: Future[None] | None = None

    def begin(self) -> None:
        """Leave nothing of what was written before."""
        self._wait()
        if self._writer is not None:
            self._writer.close()
        self._writer = None
        self._path.unlink(missing_ok=True)

    def add(self, rows: Any) -> None:
        """Write an Arrow table of texts, meanwhile; the one before has been written by then."""
        self._wait()
        self._writing = self._aside.submit(self._write, rows)

    def finish(self, table: Table) -> None:
        """Write the rows of a table that did not come in parts, and close the file, which is read-only from then on."""
        self._wait()
        if self._writer is None:
            self.begin()
            self._write(_arrow(table.frame))
        told = {key: getattr(table, key) for key in ("source", "format", "sha256", "encoding", "delimiter", "sheet")}
        told |= {"aside": table.aside_count, "notes": table.notes}
        self._writer.add_key_value_metadata({"freelancex": json.dumps(told, ensure_ascii=False)})
        self._writer.close()
        self._path.chmod(0o400)

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _write(self, rows: Any) -> None:
        from pyarrow import parquet

        if self._writer is None:
            # Dictionaries would take a fifth more time for a tenth less space, since lz4 finds what repeats.
            self._writer = parquet.ParquetWriter(
                self._path, rows.schema, compression="lz4", use_dictionary=False, write_statistics=False
            )
        self._writer.write_table(rows)


def _arrow(frame: pd.DataFrame) -> Any:
    import pyarrow as pa

    return pa.table({name: pa.array(frame[name], pa.large_string()) for name in frame})
