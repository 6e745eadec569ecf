"""Records in: one format a module, found by scanning this folder and the entry points `nlp3d.readers`.

    for item in open_source("ARCHIVE", start=("ARCHIVE/b.csv", 1001)):
        item.source                      # file, kind, record, offset, lines, part, encoding, counts
        item.record                      # of a Unit; a Fault has reason, error, payload, size, sha256

`describe` says beforehand what would be read, and how columns would be taken. A reader module has `SUFFIXES` (file endings it is
chosen by), `read(stream, options) -> Iterator[Unit | Fault]`, and may have `SINGLE = True` (a file is one report), `signed(head) -> bool` (whether the first bytes of
a file can only be its format), `holds_no_reports(stream) -> bool` (whether a file found in a folder is passed over),
`preview(stream, options) -> Mapping[str, str]` (field to column, for `describe`) and `SEEKS = True` (its items say at which byte they begin, and it can begin
at any of them, by `Options.at`, so that parts of a file can be read apart). Modules whose
name begins with an underscore are no readers.

Memory stays flat however large a file is, and items come in the same order whenever the same files are read.
"""

from __future__ import annotations

from ._columns import columns_given
from ._files import STANDARD_INPUT, Preview, PreviewFile, describe, files_of, open_source, opened, shown_path, unreadable
from ._formats import Reader, is_single, reader, reader_for
from ._items import MAX_CHARS, REASONS, Fault, Item, Options, Reason, Source, State, Unit, note
from ._unit import unit

__all__ = [
    "MAX_CHARS",
    "REASONS",
    "STANDARD_INPUT",
    "Fault",
    "Item",
    "Options",
    "Preview",
    "PreviewFile",
    "Reader",
    "Reason",
    "Source",
    "State",
    "Unit",
    "columns_given",
    "describe",
    "files_of",
    "is_single",
    "note",
    "open_source",
    "opened",
    "reader",
    "reader_for",
    "shown_path",
    "unit",
    "unreadable",
]
