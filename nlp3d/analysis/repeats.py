"""Statements that come back word for word in one reader's reports: a sign of a macro that is used whether or not it holds.

A row holds no text, but its evidence: the words that count with their places. A statement is the chain of mentions that count, close
together in one section, with where or under whom the rendering was made among them. The same words at the same distances are taken
for the same sentence. They are counted by hash; the words are kept only where they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from .rows import Json

_FAMILIES = ("technique", "location", "supervision")
_STATED = ("location", "supervision")
_APART = 160  # code points: further apart is another statement
_BLANKED = 2  # without words, a chain of at least so many lengths and distances is told apart


@dataclass(frozen=True, slots=True)
class Statement:
    """One chain of mentions: its hash, and its words joined by ` … ` (empty in a run without text)."""

    hash: int
    words: str


@dataclass(slots=True)
class Frequent:
    """The most frequent of any number of things in bounded memory (Misra and Gries): at most `room` are held.

    A count is exact until something had to be given up; after that it is the least it can be, short by at most `given_up`."""

    room: int
    counts: dict[int, int] = field(default_factory=dict)
    given_up: int = 0

    def add(self, thing: int) -> None:
        """Count one."""
        if thing in self.counts:
            self.counts[thing] += 1
        elif len(self.counts) < self.room:
            self.counts[thing] = 1
        else:
            self.given_up += 1
            self.counts = {held: count - 1 for held, count in self.counts.items() if count > 1}

    def top(self) -> tuple[int, int] | None:
        """The most frequent one with its count; the one seen first among equals."""
        return max(self.counts.items(), key=lambda item: item[1], default=None)


def statements(row: Json) -> Iterator[Statement]:
    """The statements of a row, each once."""
    counted = [e for e in row.get("evidence", ()) if e["counts"] and e["field"] == "text" and _family(e) in _FAMILIES]
    counted.sort(key=lambda e: (e["start"], e["end"]))
    seen: set[int] = set()
    chain: list[Json] = []
    for mention in [*counted, None]:
        if mention is not None and (not chain or _joined(chain[-1], mention)):
            chain.append(mention)
            continue
        if (found := _statement(chain)) is not None and found.hash not in seen:
            seen.add(found.hash)
            yield found
        chain = [mention] if mention is not None else []


def _family(mention: Json) -> str:
    return str(mention["concept"]).partition(".")[0]


def _joined(last: Json, following: Json) -> bool:
    return bool(last["section"] == following["section"] and following["start"] - last["end"] <= _APART)


def _statement(chain: list[Json]) -> Statement | None:
    if not any(_family(mention) in _STATED for mention in chain):
        return None
    words = [" ".join(str(mention["text"] or "").lower().split()) for mention in chain]
    if not any(words) and len(chain) < _BLANKED:
        return None
    parts: list[Any] = []
    end = chain[0]["start"]
    for mention, said in zip(chain, words, strict=True):
        parts += (mention["concept"], mention["start"] - end, mention["end"] - mention["start"], said)
        end = mention["end"]
    digest = blake2b("\0".join(map(str, parts)).encode("utf-8", "replace"), digest_size=8).digest()
    return Statement(int.from_bytes(digest, "big"), " … ".join(filter(None, words)))
