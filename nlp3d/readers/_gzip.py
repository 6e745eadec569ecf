"""Gzip unpacked as it is read, and given up where it unpacks to far more than any report would."""

from __future__ import annotations

import gzip
import zlib
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_FREE = 64 << 20  # bytes that may come out whatever went in
_RATIO = 300  # text packs to a fifth, the most even text that occurs to a hundredth; the most gzip can is a thousandth
_CHUNK = 1 << 17


class Bomb(Exception):
    """More came out of packed data than can be a report."""


def signed(head: bytes) -> bool:
    """Whether data is packed by gzip."""
    return head.startswith(b"\x1f\x8b")


def unpacked(packed: BinaryIO) -> BufferedReader:
    """The unpacked data. Reading raises `Bomb`, or `OSError` where it is damaged or cut off."""
    return BufferedReader(_Unpacked(packed), _CHUNK)


class _Counted:
    """A stream that counts what was read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.count = stream, 0

    def read(self, size: int = -1) -> bytes:
        raw = self._stream.read(size)
        self.count += len(raw)
        return raw


class _Unpacked(RawIOBase):
    def __init__(self, packed: BinaryIO) -> None:
        self._packed = _Counted(packed)
        self._gzip = gzip.GzipFile(fileobj=cast("BinaryIO", self._packed), mode="rb")
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        try:
            raw = self._gzip.read1(len(view))
        except (EOFError, zlib.error):
            raise OSError(None, "packed data is damaged or cut off") from None
        self._out += len(raw)
        if self._out > _FREE and self._out > self._packed.count * _RATIO:
            raise Bomb
        view[: len(raw)] = raw
        return len(raw)
