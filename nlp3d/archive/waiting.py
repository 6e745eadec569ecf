"""Parts of reports that wait for the last part of their accession: in memory up to a limit, beyond it in a file without a name."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from ..readers import Source, Unit
from ..record import Record

_MOST = 64_000_000  # characters of texts in memory


class Waiting:
    """Parts by accession. The file lies in `folder` (that of the results, for its owner only) and is gone with its process, however that ends."""

    def __init__(self, folder: Path | None = None, most: int = _MOST) -> None:
        self.folder, self.most = folder, most
        self.parts: dict[str, list[Unit | tuple[int, int]]] = {}
        self.held = 0
        self.file: BinaryIO | None = None

    def add(self, name: str, part: Unit) -> int:
        """Keep a part; the number of parts of its accession so far. Raises `OSError`."""
        size = len(part.record.text)
        kept = self.parts.setdefault(name, [])
        if self.held + size <= self.most:
            self.held += size
            kept.append(part)
        else:
            kept.append(self._written(part))
        return len(kept)

    def take(self, name: str) -> list[Unit]:
        """The parts of an accession, no longer kept. Raises `OSError`."""
        kept = self.parts.pop(name)
        parts = [self._read(*part) if isinstance(part, tuple) else part for part in kept]
        self.held -= sum(len(part.record.text) for part in kept if isinstance(part, Unit))
        return parts

    def names(self) -> list[str]:
        """The accessions of which parts are left, in the order of their first."""
        return list(self.parts)

    def _written(self, part: Unit) -> tuple[int, int]:
        self.file = self.file or TemporaryFile(dir=self.folder)  # noqa: SIM115
        record = {**asdict(part.record), "date_of_service": part.record.date_of_service and part.record.date_of_service.isoformat()}
        raw = json.dumps([record, asdict(part.source), part.state]).encode()
        place = self.file.seek(0, 2)
        self.file.write(raw)
        return place, len(raw)

    def _read(self, place: int, size: int) -> Unit:
        assert self.file is not None
        self.file.seek(place)
        record, source, state = json.loads(self.file.read(size))
        lines = tuple(source["lines"]) if source["lines"] else None
        return Unit(Record.of(record), Source(**{**source, "lines": lines}), state)
