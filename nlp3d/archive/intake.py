"""Units of the input in order, and the fingerprint that says whether it is still the same input.

A unit is a record with its place in the input, or the reason why there is none.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import error
from ..readers import MAX_CHARS, STANDARD_INPUT, Fault, Item, Options, describe, files_of, open_source, opened, reader_for, shown_path
from ..record import Record
from ..text import plain
from .accessions import joined, place_of
from .spans import Span, Stretch, read_span, stretched

_CHUNK = 1 << 20
_HEADS = 1_000  # files whose heads say how they are read
_LOOKED_AT = 1_000  # records that say what an input is like


@dataclass(frozen=True, slots=True)
class Unit:
    """What a row is made of: a record, or (None) the reason why there is none with its raw bytes where they are kept.

    `source` has the place of each part, `notes` what was noticed, `records` how many records of the input it stands for."""

    record: Record | None
    source: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    records: int = 1
    reason: str = ""
    payload: bytes | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """The files of an input in reading order, and how to read them."""

    files: tuple[str, ...]
    limit: int = MAX_CHARS
    format: str | None = None
    sizes: tuple[int, ...] = field(default=())
    columns: Mapping[str, str] = field(default_factory=dict)
    strict_encoding: bool = False

    @property
    def options(self) -> Options:
        """How each file is read."""
        return Options(limit=self.limit, columns=self.columns, strict_encoding=self.strict_encoding)


def input_of(
    path: str, limit: int = MAX_CHARS, format: str | None = None, without: Path | None = None, columns: Mapping[str, str] | None = None,
    strict_encoding: bool = False,
) -> Input:  # fmt: skip
    """The files of a path: one file, all files of a folder and its folders (hidden ones left out), or those that a glob names; none
    of those in the folder `without`, where the results go.

    Raises `Nlp3dError` where there is none."""
    if path == STANDARD_INPUT:  # which cannot be read twice
        raise error("file_missing")
    found = [name for name, _ in files_of(path)]
    if found == [path]:
        with opened(path):
            pass
    apart = without.resolve() if without else None
    found = [name for name in found if apart is None or apart not in Path(name).resolve().parents]
    if not found:
        raise error("file_missing")
    return Input(tuple(found), limit, format, tuple(map(_size, found)), dict(columns or {}), strict_encoding)


def fingerprint(source: Input) -> dict[str, Any]:
    """Number, size and hash of the input's files as they lie on the disk, in order; never a name. A file that cannot be read counts as such."""
    whole, size = hashlib.sha256(), 0
    for name in source.files:
        one = hashlib.sha256()
        try:
            with open(name, "rb") as stream:
                while chunk := stream.read(_CHUNK):
                    one.update(chunk)
                    size += len(chunk)
        except OSError:
            one.update(b"unreadable")
        whole.update(one.digest())
    return {"files": len(source.files), "bytes": size, "sha256": whole.hexdigest()}


def _size(name: str) -> int:
    try:
        return Path(name).stat().st_size
    except OSError:  # its reader says what is wrong with it
        return 0


def parts(source: Input, size: int, folder: Path | None = None) -> Iterator[list[Unit | Span]]:
    """The units of the input in order, the parts of one accession as one, `size` at a time; spans stand for the units that a worker reads.
    Parts that wait for others may be kept in a file without a name in `folder`."""
    part: list[Unit | Span] = []
    room = size
    for one in _units(source, folder):
        rest: Unit | Stretch | None = one
        while rest:
            count = min(room, len(rest)) if isinstance(rest, Stretch) else 1
            part.append(rest.first(count) if isinstance(rest, Stretch) else rest)
            rest = rest.rest(count) if isinstance(rest, Stretch) else None
            room -= count
            if not room:
                yield part
                part, room = [], size
    if part:
        yield part


def units(source: Input, part: Iterable[Unit | Span]) -> Iterator[Unit]:
    """The units of a part, those of spans read. Raises `OSError`, `Nlp3dError`."""
    for one in part:
        if isinstance(one, Unit):
            yield one
            continue
        numbers = {shown_path(source.files[one.file]): one.file}
        for item in read_span(source, one):
            yield _unit(item, numbers)


def count_of(one: Unit | Span) -> int:
    """How many units one entry of a part stands for."""
    return 1 if isinstance(one, Unit) else one.count


def _units(source: Input, folder: Path | None) -> Iterator[Unit | Stretch]:
    numbers = {shown_path(name): number for number, name in enumerate(source.files)}
    for found in joined(stretched(source) or (lambda: _items(source)), folder):
        if isinstance(found, Stretch):
            yield found
        elif isinstance(found, list):
            for report in found:
                yield Unit(report.record, tuple(_place(place, numbers) for place in report.places), tuple(sorted(report.notes)), report.records)
        else:
            yield _unit(found, numbers)


def _items(source: Input) -> Iterator[Item]:
    return open_source(source.files, format=source.format, options=source.options)


def _unit(item: Item, numbers: Mapping[str, int]) -> Unit:
    place = (_place(place_of(item.source), numbers),)
    if isinstance(item, Fault):
        return Unit(None, place, reason=item.reason, payload=item.payload)
    return Unit(item.record, place)


def _place(place: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    """A place as rows show it: nothing that is not known."""
    kept = {name: value for name, value in place.items() if value not in (None, {}, "")}
    return {**kept, "number": numbers.get(str(place["file"]), 0)}


@dataclass(frozen=True, slots=True)
class Preview:
    """What the first records of an input look like: files by format, an estimate of all records, and of the records looked at how many
    have each field, cannot be read (by reason), or speak of 3D. `columns` says how the columns of tables among the first files are taken."""

    kinds: Mapping[str, int]
    records: int
    looked_at: int
    fields: Mapping[str, int]
    faults: Mapping[str, int]
    hits: int
    columns: tuple[str, ...] = ()


def preview(source: Input) -> Preview:
    """Look at the first records; no word of them is kept."""
    from .first_look import search
    from .rows import GIVEN

    first = _first(source)
    records = [unit.record for unit in first if unit.record is not None]
    heads = describe(source.files[:_HEADS], format=source.format, columns=source.columns, rows=0)
    taken = {", ".join(f"{field} from {column}" for field, column in head.columns.items()) for head in heads.files if head.columns}
    share = share_read(source, first[-1]) if first else 1.0
    kinds = Counter(heads.formats) + Counter(source.format or reader_for(name) for name in source.files[_HEADS:])
    faults = Counter(unit.reason for unit in first if unit.record is None)
    return Preview(
        kinds=dict(sorted(kinds.items())),
        records=round(len(first) / share) if share and len(first) == _LOOKED_AT else len(first),
        looked_at=len(first),
        fields={name: count for name in ("text", *GIVEN) if (count := sum(bool(getattr(record, name)) for record in records))},
        faults=dict(sorted(faults.items())),
        columns=tuple(sorted(taken)),
        hits=sum(search().search(plain(record.text)) is not None for record in records),
    )


def tells_billed(source: Input) -> bool:
    """Whether a record among the first says what was billed."""
    return any(unit.record is not None and unit.record.billed_code for unit in _first(source))


def _first(source: Input) -> list[Unit]:
    """The first records, each by itself."""
    numbers = {shown_path(name): number for number, name in enumerate(source.files)}
    return [_unit(item, numbers) for item in islice(_items(source), _LOOKED_AT)]


def share_read(source: Input, last: Unit | Span) -> float:
    """The share of the input's bytes up to a unit or a span; 0 where that is not known."""
    if isinstance(last, Span):
        number, offset = last.file, last.offset
    elif last.source:
        at = last.source[-1]
        number, offset = int(at["number"]), int(at.get("offset") or 0)
    else:
        return 0.0
    total = sum(source.sizes)
    before = sum(source.sizes[:number]) + min(offset, source.sizes[number])
    return before / total if total else 1.0
