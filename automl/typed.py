"""Values that come with a type, of a database, Parquet or JSON, as the texts a CSV would hold: a whole column at once.

What Arrow writes otherwise than a CSV would, or not at all, is written value by value (`automl.tables.cell`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from automl.tables import cell

PLAIN = {str: "large_string", int: "int64", float: "float64", bool: "bool_"}
"""How Arrow calls the types of Python that it holds."""


def texts(column: Any) -> Any:
    """An Arrow column of any type as large strings, stripped; empty where there is no value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind, whole = column.type, pa.large_string()
    if pa.types.is_dictionary(kind):
        return texts(column.cast(kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        found = pc.utf8_trim_whitespace(column.cast(whole))
    elif pa.types.is_boolean(kind):
        found = pc.if_else(column, "True", "False").cast(whole)
    elif pa.types.is_floating(kind):
        found = pc.if_else(pc.is_nan(column), None, column).cast(whole)
    elif pa.types.is_integer(kind) or pa.types.is_date32(kind):
        found = column.cast(whole)
    elif pa.types.is_timestamp(kind) and kind.tz is None:
        found = _moments(column)
    else:
        return one_by_one(column.to_pylist())
    return pc.fill_null(found, "")


def _moments(column: Any) -> Any:
    """Moments as texts: the day alone at midnight, and parts of a second only where there are some."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = column.cast(pa.large_string())
    for coarse in (pa.timestamp("s"), pa.date32()):
        less = column.cast(coarse, safe=False)
        found = pc.if_else(pc.equal(less.cast(column.type), column), less.cast(pa.large_string()), found)
    return found


def written(values: Sequence[Any]) -> Any:
    """Python's values as an Arrow column of large strings, stripped."""
    import pyarrow as pa

    kinds = set(map(type, values)) - {type(None)}
    if len(kinds) == 1 and (plain := PLAIN.get(kinds.pop())):
        try:
            return texts(pa.array(values, getattr(pa, plain)()))
        except (pa.ArrowInvalid, OverflowError, UnicodeEncodeError):  # a number too large, half a letter
            return one_by_one(values)
    return one_by_one(values)


def one_by_one(values: Iterable[Any]) -> Any:
    """The same, each value by itself; what is no text in UTF-8 becomes question marks."""
    import pyarrow as pa

    return pa.array([cell(value).strip().encode("utf-8", "replace").decode() for value in values], pa.large_string())
