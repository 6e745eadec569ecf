"""An Excel workbook: the columns of `flat.py` on one sheet, with a head that stays and filters. Needs the extra `xlsx`.

No cell becomes a formula or a link, and a cell of more than Excel's 32,767 characters is cut. More rows than a sheet holds go on the
next sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ...errors import error
from ..flat import COLUMNS, as_text
from ._staged import staged

_CELL = 32_767
_SHEET = 1_048_575
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MADE = datetime(2006, 1, 1)  # workbooks carry a time of making; the same rows are to give the same bytes


def write(rows: Iterator[Mapping[str, Any]], path: Path) -> None:
    """Write the rows in order. Raises `Nlp3dError` where the extra is not installed."""
    try:
        import xlsxwriter
    except ImportError:
        raise error("extra_missing", extra="xlsx") from None
    with staged(path) as beside:
        options = {**_OPTIONS, "tmpdir": str(path.parent)}
        with xlsxwriter.Workbook(str(beside), options) as book:
            book.set_properties({"created": _MADE})
            day, head = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
            sheet: Any = None
            for number, row in enumerate(rows):
                place = number % _SHEET + 1
                if place == 1:
                    sheet = _sheet(book, head)
                for column, one in enumerate(COLUMNS):
                    _put(sheet, place, column, one.value(row), day)
            if sheet is None:
                _sheet(book, head)


def _sheet(book: Any, head: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, _SHEET, len(COLUMNS) - 1)
    for column, one in enumerate(COLUMNS):
        sheet.write_string(0, column, one.name, head)
    return sheet


def _put(sheet: Any, place: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(place, column, value)
    elif isinstance(value, int):
        sheet.write_number(place, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(place, column, datetime(value.year, value.month, value.day), day)
    elif text := as_text(value):
        sheet.write_string(place, column, text[:_CELL])
