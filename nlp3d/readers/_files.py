"""Files, folders, patterns and standard input opened and read one after the other."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader
from typing import Any, cast

from ..errors import Nlp3dError, error
from ._formats import reader, reader_for
from ._gzip import Bomb, signed, unpacked
from ._items import Fault, Item, Options, fault

STANDARD_INPUT = "-"
_HIDDEN = (".", "_")  # .DS_Store, _SUCCESS
_HEAD = 1 << 13


def open_source(
    paths: str | Sequence[str],
    *,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    start: tuple[str, int] | None = None,
    options: Options | None = None,
) -> Iterator[Item]:
    """Every record of files, folders and patterns (`reports/*.csv.gz`), as units and faults in a fixed order.

    `format` names the reader for all files, else each file's own is found; `columns` maps fields of a record to columns. `start` is
    (`source.file`, `source.record`) of the item to begin with: a run that was broken off goes on there. Raises `Nlp3dError`
    where no file is found, the format is unknown, or columns of a table are not clear."""
    chosen = options or Options()
    if columns is not None:
        chosen = replace(chosen, columns=columns)
    if format:
        reader(format)
    begun = start is None
    for path, found in files_of(paths):
        shown = shown_path(path)
        after = chosen.after
        if not begun:
            if start is None or shown != start[0]:
                continue
            begun, after = True, start[1] - 1
        yield from _items(path, found, format, replace(chosen, file=shown, after=after))
    if not begun:
        raise error("start_missing")


def files_of(paths: str | Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The files to read in order, each with whether it was found (in a folder, by a pattern) and not named. Hidden files and
    those that begin with `_` are passed over when found. Raises `Nlp3dError` where there is none."""
    any_file = False
    for path in [paths] if isinstance(paths, str) else paths:
        for one in _expanded(path):
            any_file = True
            yield one
    if not any_file:
        raise error("file_missing")


def shown_path(path: str) -> str:
    """A path as text that any library accepts: bytes that are no UTF-8 are written as `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


@contextmanager
def opened(path: str) -> Iterator[BufferedReader]:
    """The bytes of a file, unpacked, or of standard input for `-`. Raises `Nlp3dError` with what to do; it names no file, since the
    name of a report's file may be a patient's."""
    if path == STANDARD_INPUT:
        stream = cast("BufferedReader", sys.stdin.buffer)
        yield unpacked(stream) if signed(stream.peek(2)) else stream
        return
    try:
        source = open(path, "rb")  # noqa: SIM115
    except (OSError, ValueError) as problem:
        raise unreadable(problem) from None
    with source:
        yield unpacked(source) if signed(source.peek(2)) else source


def unreadable(problem: Exception) -> Nlp3dError:
    """The error for a file that cannot be opened."""
    if isinstance(problem, FileNotFoundError):
        return error("file_missing")
    if isinstance(problem, IsADirectoryError):
        return error("file_is_folder")
    return error("file_unreadable", problem=(getattr(problem, "strerror", None) or type(problem).__name__).lower())


@dataclass(frozen=True, slots=True)
class PreviewFile:
    """One file as it would be read: its reader, its bytes on disk, which column is which field, and what stands in the way."""

    file: str
    kind: str
    size: int
    columns: Mapping[str, str]
    problem: Nlp3dError | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be read: `formats` with their number of files, all bytes, the first files (those with columns or a problem all), the
    first records as fields (with `characters` for the text unless it was asked for) or `fault`."""

    formats: Mapping[str, int]
    size: int
    passed_over: int
    files: tuple[PreviewFile, ...]
    rows: tuple[Mapping[str, Any], ...]


def describe(
    paths: str | Sequence[str],
    *,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    options: Options | None = None,
    rows: int = 20,
    text: bool = False,
) -> Preview:
    """What `open_source` would read, and how: every file's head is looked at, no more than `rows` records are read. Problems that
    `open_source` would raise stand at their file. Raises `Nlp3dError` where there is no file."""
    chosen = replace(options or Options(), columns=columns or (options.columns if options else {}))
    formats: dict[str, int] = {}
    files: list[PreviewFile] = []
    first: list[Mapping[str, Any]] = []
    total = passed = 0
    for path, found in files_of(paths):
        one = _looked_at(path, found, format, chosen)
        if one is None:
            passed += 1
            continue
        formats[one.kind] = formats.get(one.kind, 0) + 1
        total += one.size
        if one.columns or one.problem or len(files) < rows:
            files.append(one)
        if len(first) < rows and not one.problem:
            for item in _items(path, found, format, replace(chosen, file=one.file)):
                first.append(_row(item, text))
                if len(first) == rows:
                    break
    return Preview(dict(sorted(formats.items())), total, passed, tuple(files), tuple(first))


def _looked_at(path: str, found: bool, format: str | None, options: Options) -> PreviewFile | None:
    shown = shown_path(path)
    try:
        size = os.stat(path).st_size if path != STANDARD_INPUT else 0
        with opened(path) as stream:
            kind = format or reader_for(path, stream.peek(_HEAD)[:_HEAD])
            if _passed_over(kind, path, found):
                return None
            preview = getattr(reader(kind), "preview", None)
            return PreviewFile(shown, kind, size, preview(stream, replace(options, kind=kind)) if preview else {})
    except Nlp3dError as problem:
        return PreviewFile(shown, format or reader_for(path), 0, {}, problem)
    except (OSError, EOFError, ValueError) as broken:
        return PreviewFile(shown, format or reader_for(path), 0, {}, unreadable(broken))


def _row(item: Item, text: bool) -> Mapping[str, Any]:
    if isinstance(item, Fault):
        return {"fault": item.reason}
    values = {name: getattr(item.record, name) for name in item.record.__slots__ if getattr(item.record, name) is not None}
    if not text:
        values["characters"] = len(values.pop("text"))
    return values


def _items(path: str, found: bool, format: str | None, options: Options) -> Iterator[Item]:
    """The items of one file. What keeps it from being read to its end is a fault after the last item."""
    last = options.after
    kind = format or reader_for(path)
    try:
        with opened(path) as stream:
            kind = format or reader_for(path, stream.peek(_HEAD)[:_HEAD])
            if _passed_over(kind, path, found):
                return
            for item in reader(kind).read(stream, replace(options, kind=kind)):
                if item.source.record > options.after:
                    yield item
                    last = item.source.record
    except Nlp3dError as problem:
        if not problem.code.startswith("file_"):
            raise
        yield replace(fault("unreadable", "file_missing", replace(options, kind=kind).source(last + 1)), error=problem)
    except Bomb:
        yield fault("bomb", "file_bomb", replace(options, kind=kind).source(last + 1))
    except Exception as broken:  # a damaged file must not stop the others
        what = str(getattr(broken, "strerror", None) or type(broken).__name__).lower()
        yield fault("unreadable", "file_unreadable", replace(options, kind=kind).source(last + 1), problem=what)


def _passed_over(kind: str, path: str, found: bool) -> bool:
    """Whether a file that was found beside others holds no reports at all, by its reader, which looks at all of it."""
    holds_none = getattr(reader(kind), "holds_no_reports", None)
    if not found or holds_none is None:
        return False
    with opened(path) as stream:
        return bool(holds_none(stream))


def _expanded(path: str) -> Iterator[tuple[str, bool]]:
    if path != STANDARD_INPUT and os.path.isdir(path):
        yield from ((one, True) for one in _walk(path, set()))
    elif glob.has_magic(path) and not os.path.lexists(path):
        seen: set[str] = set()  # `**` follows a link that leads back up again and again
        for one in sorted(glob.glob(path, recursive=True)):
            if not os.path.isdir(one):
                real = os.path.realpath(one) if "**" in path else one
                if real not in seen:
                    yield one, True
                seen.add(real)
            elif "**" not in path:  # else its files match themselves
                yield from _expanded(one)
    else:
        yield path, False


def _walk(folder: str, above: set[tuple[int, int]]) -> Iterator[str]:
    """The files below a folder by name, links followed but never in a circle."""
    try:
        here = os.stat(folder)
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder  # opening it says what is wrong
        return
    mark = (here.st_dev, here.st_ino)
    if mark in above:
        return
    for entry in entries:
        if entry.name.startswith(_HIDDEN):
            continue
        if entry.is_dir():
            yield from _walk(entry.path, above | {mark})
        else:
            yield entry.path


