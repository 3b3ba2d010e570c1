"""Bronze: every row of a client's file as it was written, in one Parquet file that nobody changes.

The file's metadata say where the rows come from: the source's name, format and SHA-256, and what was assumed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from automl.tables import Table

FILE = "bronze.parquet"
FEW = 0.2


class Bronze:
    """A Parquet file that is written row group by row group, and closed with what is known of its source."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def begin(self) -> None:
        """Leave nothing of what was written before."""
        if self._writer is not None:
            self._writer.close()
        self._writer = None
        self._path.unlink(missing_ok=True)

    def add(self, rows: Any) -> None:
        """Write an Arrow table of texts."""
        from pyarrow import parquet

        if self._writer is None:
            self._writer = parquet.ParquetWriter(
                self._path, rows.schema, compression="lz4", use_dictionary=_repeating(rows), write_statistics=False
            )
        self._writer.write_table(rows)

    def finish(self, table: Table) -> None:
        """Write the rows of a table that did not come in parts, and close the file, which is read-only from then on."""
        if self._writer is None:
            self.begin()
            self.add(_arrow(table.frame))
        told = {key: getattr(table, key) for key in ("source", "format", "sha256", "encoding", "delimiter", "sheet")}
        told |= {"aside": table.aside_count, "notes": table.notes}
        self._writer.add_key_value_metadata({"freelancex": json.dumps(told, ensure_ascii=False)})
        self._writer.close()
        self._path.chmod(0o400)


def _repeating(rows: Any) -> list[str]:
    """The columns of few different values, which are written as a dictionary."""
    import pyarrow.compute as pc

    named = zip(rows.column_names, rows.columns, strict=True)
    return [name for name, column in named if pc.count_distinct(column).as_py() < FEW * rows.num_rows]


def _arrow(frame: pd.DataFrame) -> Any:
    import pyarrow as pa

    return pa.table({name: pa.array(frame[name], pa.string()) for name in frame})
