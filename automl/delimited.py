"""Delimited text into columns of texts, block by block.

Arrow reads a block on all cores where it reads the same as Python's own reader: quotes stand as RFC 4180 has them,
lines end in one way. A block in doubt goes to Python's reader, which decides:

    blocks of lines ──▶ regular? ──▶ Arrow ──▶ columns of texts, lines aside
                           └─ no ──▶ csv ──────▲
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from automl import quoting
from automl.errors import DataError
from automl.tables import KEPT_ASIDE, column_names

HEAD = 1024**2
"""The letters from which the header, the delimiter and the number of columns are told."""
SMALL = 256 * 1024
"""Bytes of a block below which Arrow gains nothing."""
MOST_SEARCHED = 100
"""Lines that do not fit in one block, above which all of it is read by Python."""
END = "\0end\0"
csv.field_size_limit(10_000_000)


@dataclass
class Aside:
    """Lines that do not fit the header: the first of them with their number, and how many there are."""

    delimiter: str = ","
    count: int = 0
    lines: list[tuple[int, str]] = field(default_factory=list)

    def add(self, number: int, text: str) -> None:
        """Note a line."""
        self.count += 1
        if len(self.lines) < KEPT_ASIDE:
            self.lines.append((number, text[:200]))


class Delimited:
    """A delimited file: its columns are known at once, its rows come block by block.

    `blocks` are whole lines of UTF-8. Raises DataError when there is no line with text, or when one never ends.
    """

    def __init__(self, blocks: Iterable[bytes], name: str, small: int = SMALL) -> None:
        self._blocks, self._name, self._small = iter(blocks), name, small
        self._first = next(self._blocks, b"")
        self.notes: list[str] = []
        self._line = 0
        head, whole = self._head()
        self.delimiter = self._told() or quoting.sniff(head)
        self.aside = Aside(self.delimiter)
        self._layout(head, whole)

    def rows(self) -> Iterator[Any]:
        """Arrow tables of texts, stripped; all with the columns `columns`."""
        rest = b""
        for block in quoting.quoted_whole(self._body()):
            block = rest + block
            rest = b""
            found = self._fast(block) if len(block) >= self._small else None
            if found is None:
                found = self._exact(block)
                if found is None:  # it ends inside quotes: the next lines belong to it
                    rest = block
                    continue
            if found.num_rows:
                yield found
        if rest and (found := self._exact(rest, last=True)) is not None and found.num_rows:
            yield found

    def _body(self) -> Iterator[bytes]:
        yield self._first
        yield from self._blocks

    def _head(self) -> tuple[str, bool]:
        """The first lines, and whether they are all."""
        if len(self._first) <= HEAD:
            following = next(self._blocks, None)
            if following is None:
                return self._first.decode("utf-8", errors="replace"), True
            self._first += following
        return self._first[: self._first.rfind(b"\n", 0, HEAD) + 1 or HEAD].decode("utf-8", errors="replace"), False

    def _told(self) -> str:
        """The delimiter by the line that Excel writes to name it, which is taken off."""
        first, _, rest = self._first.partition(b"\n")
        told = first.strip().lower().decode("utf-8", errors="replace")
        if not (told.startswith("sep=") and len(told) == 5):
            return ""
        self._first = rest
        self._line = 1
        return told[4]

    def _layout(self, head: str, whole: bool) -> None:
        """Find the header and put the body's first line first."""
        if self._line:
            head = head.partition("\n")[2]
        found, ends = [], [0]
        try:
            for cells in (reader := _reader(io.StringIO(head, newline=""), self.delimiter)):
                found.append((reader.line_num, ends[-1], cells))
                ends.append(reader.line_num)
        except csv.Error as error:
            if not found:
                raise self._broken(reader.line_num, error) from error
        if not whole and len(found) > 1:
            found.pop()  # it may be cut
        filled = [one for one in found if any(cell.strip() for cell in one[2])]
        if not filled:
            raise DataError(f"{self._name} holds no rows; choose a file with a header line and rows.")
        width = Counter(len(cells) for _, _, cells in filled).most_common(1)[0][0]
        start = next(i for i, (_, _, cells) in enumerate(filled) if len(cells) == width)
        start = start if start <= 20 else 0
        for number, _, cells in filled[:start]:
            self.aside.add(self._line + number, self.delimiter.join(cells))
        number, before, header = filled[start]
        body = number
        if _all_numbers(header):
            header, body = [""] * len(header), before
            self.notes.append("The file has no header line, so the columns were numbered.")
        self.columns = column_names(header)
        above = io.StringIO(head, newline="")
        self._first = self._first[sum(len(above.readline().encode()) for _ in range(body)) :]
        self._line += body

    def _fast(self, block: bytes) -> Any | None:
        """The block read by Arrow; None where Python's reader might see it otherwise."""
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import csv as arrow_csv

        spaced = quoting.regular(block, self.delimiter) if self.delimiter in quoting.DELIMITERS else None
        if spaced is None:
            return None
        bad: list[str] = []

        def unfit(row: Any) -> str:
            bad.append(row.text.rstrip("\r\n"))
            return "skip"

        try:
            found = arrow_csv.read_csv(
                pa.BufferReader(block),
                arrow_csv.ReadOptions(column_names=self.columns, block_size=1024**2),
                arrow_csv.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=b'"' in block, invalid_row_handler=unfit
                ),
                arrow_csv.ConvertOptions(
                    check_utf8=False,
                    column_types=dict.fromkeys(self.columns, pa.large_string()),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:  # such as a line longer than Arrow's blocks
            return None
        if bad and not self._set_aside(bad, block):
            return None
        if spaced:
            found = pa.table({name: pc.utf8_trim_whitespace(found[name]) for name in self.columns})
        self._line += block.count(b"\n")
        return _without_blank_rows(found)

    def _set_aside(self, bad: list[str], block: bytes) -> bool:
        """Whether the lines that Arrow did not take could be noted with their numbers."""
        if len(bad) > MOST_SEARCHED or b'"' in block:
            return False
        told: dict[int, str] = {}
        for text in dict.fromkeys(bad):
            cells = [cell.strip() for cell in text.split(self.delimiter)]
            if not any(cells):
                continue
            if len(cells) > len(self.columns) and not any(cells[len(self.columns) :]):
                return False  # nothing but empty cells too many: a row after all
            for place in quoting.places(text.encode(), block):
                told[self._line + block.count(b"\n", 0, place) + 1] = self.delimiter.join(cells)
        for number in sorted(told):
            self.aside.add(number, told[number])
        return True

    def _exact(self, block: bytes, last: bool = False) -> Any | None:
        """The block read by Python; None when it ends inside quotes and more may come."""
        import pyarrow as pa

        text = block.decode("utf-8", errors="replace")
        if text and not text.endswith(("\n", "\r")):
            text += "\n"
        reader = _reader(io.StringIO(text if last else f"{text}{END}", newline=""), self.delimiter)
        width = len(self.columns)
        rows: list[list[str]] = []
        unfit: list[tuple[int, str]] = []
        cells: list[str] = []
        try:
            for cells in reader:
                own = [cell.strip() for cell in cells]
                if not any(own) or (not last and own == [END]):
                    continue
                if len(own) > width and not any(own[width:]):
                    own = own[:width]
                if len(own) == width:
                    rows.append(own)
                else:
                    unfit.append((self._line + reader.line_num, self.delimiter.join(own)))
        except csv.Error as error:
            raise self._broken(self._line + reader.line_num, error) from error
        if not last and cells != [END]:
            return None
        for number, line in unfit:
            self.aside.add(number, line)
        self._line += reader.line_num - (not last)
        columns = zip(*rows, strict=True) if rows else [[] for _ in self.columns]
        return pa.table([pa.array(column, pa.large_string()) for column in columns], names=self.columns)

    def _broken(self, line: int, error: csv.Error) -> DataError:
        return DataError(f"{self._name} breaks off at line {line} ({error}); save it again as CSV.")


def _reader(lines: io.StringIO, delimiter: str) -> Any:
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def _without_blank_rows(found: Any) -> Any:
    import pyarrow.compute as pc

    blank: Any = None
    for column in found.columns:
        empty = pc.equal(column, "")
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return found
    return found.filter(pc.invert(blank))


def _all_numbers(cells: list[str]) -> bool:
    """Whether a would-be header is all numbers, and so is a row."""
    try:
        return bool([float(cell) for cell in cells])
    except ValueError:
        return False
