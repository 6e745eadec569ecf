"""What every reader gives: a unit (a record and where it stands), or a fault (what is no record, and why), one for each thing in
the input that another program would count as a record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from ..errors import Nlp3dError, error
from ..record import Record

MAX_CHARS = 1_000_000
MODALITIES = frozenset(["CT", "MR", "US", "NM", "PT", "XA", "CR", "DX", "MG", "RF", "XR", "BMD", "OT", "IVUS", "PX"])
Reason = Literal[
    "blank", "bad_json", "bad_record", "bad_row", "bad_hl7", "bad_fhir", "bad_rtf",
    "not_text", "encoding", "too_large", "unreadable", "bomb", "other_resource",
]  # fmt: skip
State = Literal["preliminary", "final", "corrected", "addendum", "withdrawn"]

REASONS: Mapping[Reason, str] = MappingProxyType(
    {
        "blank": "a line with nothing on it where a record is due",
        "bad_json": "a line that is not JSON",
        "bad_record": "named fields that make no record: no text, or a value of the wrong kind",
        "bad_row": "a row of a table that is not whole: quotes that do not match, or more or fewer cells than the head",
        "bad_hl7": "a message, or words between messages, that cannot be read as HL7 version 2",
        "bad_fhir": "an entry that cannot be read as a FHIR DiagnosticReport, or that only points to a text elsewhere",
        "bad_rtf": "RTF that holds no text that can be read",
        "not_text": "a report that is only PDF, Word, an image or other binary content",
        "encoding": "bytes that are no UTF-8, where --strict-encoding asks for it",
        "too_large": "a text of more characters than --max-chars; only its size and hash are kept",
        "unreadable": "a file that cannot be opened, or not read to its end",
        "bomb": "packed data that unpacks to far more than any report would",
        "other_resource": "a FHIR resource of another type among reports",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where an item stands in the input.

    `file` is the path as it was given or found, `kind` the reader, `record` the number of the item in the file, from 1, units and
    faults counted alike. `offset` is the place of its first byte in the (unpacked) file, `lines` its first and last physical
    line, from 1; both None where the format has none or the file is UTF-16. `part` names the place inside a structure (`message 3,
    OBR 2`, `entry 5`). `encoding` is what the bytes were read as. `counts` holds what was found in the text, none of it zero:
    surrogates, controls (C0 controls but tab and line ends), byte_order_marks."""

    file: str
    kind: str
    record: int
    offset: int | None = None
    lines: tuple[int, int] | None = None
    part: str | None = None
    encoding: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unit:
    """A record, where it stands, and what its sender says it is among the parts of its accession (None: nothing)."""

    record: Record
    source: Source
    state: State | None = None

    @property
    def id(self) -> str | None:
        """The record's id."""
        return self.record.id


@dataclass(frozen=True, slots=True)
class Fault:
    """What is no record: why (a key of `REASONS`, and an error to show, neither with words of the input), where, and its bytes.

    `payload` is None where the bytes are too many to keep; `size` and `sha256` are theirs all the same (None where they were
    never seen, as for a file that cannot be opened). `id` is the record's id where that could be read."""

    reason: Reason
    error: Nlp3dError
    source: Source
    payload: bytes | None = None
    size: int | None = None
    sha256: str | None = None
    id: str | None = None


Item = Unit | Fault


@dataclass(frozen=True, slots=True)
class Options:
    """How to read.

    `limit`: most characters of a text. `columns`: field of a record to column (or HL7 place, as `OBR-18.1`). `delimiter`: of a
    table, guessed if None. `header`: whether a table has a head; without one, columns are called 1, 2, 3. `strict_encoding`:
    bytes that are no UTF-8 are a fault. `after`: items at the beginning of the file that were read before and are passed over.
    `at`: the byte of the (unpacked) file at which the stream stands, those `after` items being before it; for readers that have `SEEKS`.
    `file` and `kind` go into each `Source`."""

    limit: int = MAX_CHARS
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    header: bool = True
    strict_encoding: bool = False
    after: int = 0
    at: int = 0
    file: str = "-"
    kind: str = ""

    def source(self, record: int, offset: int | None = None, lines: tuple[int, int] | None = None, part: str | None = None) -> Source:
        """The place of an item in the file that is read."""
        return Source(self.file, self.kind, record, offset, lines, part)


def fault(reason: Reason, key: str, source: Source, payload: bytes | None = None, id: str | None = None, **names: object) -> Fault:
    """A fault with its message (`key` of `nlp3d.errors.MESSAGES`) and the hash of its bytes."""
    told = error(key, where(source), **names)
    if payload is None:
        return Fault(reason, told, source, id=id)
    return Fault(reason, told, source, payload, len(payload), hashlib.sha256(payload).hexdigest(), id)


def where(source: Source) -> str:
    """The place of an item for a message: never a file name."""
    if source.lines:
        first, last = source.lines
        return f"line {first}" if first == last else f"lines {first} to {last}"
    return source.part or ""




def note(source: Source) -> Nlp3dError | None:
    """What a reader of the answers may want to know of the reading: that bytes were no UTF-8."""
    if source.encoding in (None, "utf-8", "utf-16"):
        return None
    return error("note_encoding", where(source), encoding=source.encoding)
