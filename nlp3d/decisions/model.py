"""A decision: who decided what on which report, on which suggestion, with which versions. It holds no word of the report."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from ..errors import error
from ..record import Record
from ..suggestion import Suggestion
from ..text import sanitize
from .corrections import Corrections

SCHEMA: Final = "1"
Action = Literal["accept", "change", "hold", "reject"]
ACTIONS: Final[tuple[Action, ...]] = ("accept", "change", "hold", "reject")
CODE_VALUES: Final = ("76377", "76376", "none")
# The reasons a coder can give, by action; `other` needs a note.
REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "change": {
        "words_missed": "words of the report were missed",
        "words_misread": "words of the report were misread",
        "examination": "the examination is another",
        "policy": "payer or site policy",
        "other": "other (say in the note)",
    },
    "hold": {
        "query_sent": "query sent",
        "addendum": "waiting for an addendum",
        "colleague": "asking a colleague",
        "other": "other (say in the note)",
    },
    "reject": {
        "no_order": "no order for the 3D",
        "necessity": "necessity not shown",
        "not_ours": "not billed by us",
        "duplicate": "reported already",
        "words_misread": "words of the report were misread",
        "other": "other (say in the note)",
    },
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the coder chose. `code` is the final one for `change` (`none` for no code); `key` is the sender's own, recorded once;
    `follows` is the number of the earlier decision on the same report that the coder saw."""

    key: str
    action: Action
    reviewer: str
    code: str | None = None
    reason: str | None = None
    note: str = ""
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it is stored; the schema is published as nlp3d/schema/decision.schema.json."""

    key: str
    action: Action
    code: str | None
    reason: str | None
    reviewer: str
    note: str
    follows: int | None
    record: Mapping[str, str | None]
    text_sha256: str
    suggestion: Mapping[str, Any]
    given: Mapping[str, str | None]
    corrections: Mapping[str, Any]
    corrected: Mapping[str, Any] | None
    versions: Mapping[str, str]
    source: Any = None
    schema: str = field(default=SCHEMA)

    def to_dict(self) -> dict[str, Any]:
        """The decision as JSON types."""
        return asdict(self)


def decision(choice: Choice, record: Record, suggestion: Suggestion, mine: Suggestion | None, corrections: Corrections, source: Any = None) -> Decision:
    """The decision for a choice on a suggestion (`mine`: the one after the coder's corrections, if any).

    Raises `Nlp3dError` where the choice lacks something."""
    shown = mine or suggestion
    _check(choice, shown)
    code = {"accept": shown.code, "change": None if choice.code == "none" else choice.code}.get(choice.action)
    known = {name: getattr(record, name) for name in ("id", "accession", "modality", "site", "reader", "version")}
    return Decision(
        key=str(uuid.UUID(choice.key)),
        action=choice.action,
        code=code,
        reason=choice.reason,
        reviewer=" ".join(sanitize(choice.reviewer).text.split()),
        note=sanitize(choice.note).text.strip(),
        follows=choice.follows,
        record=known,
        text_sha256=sanitize(record.text).sha256,
        suggestion=_answer(suggestion),
        given={
            "title": record.title,
            "base": record.base,
            "date_of_service": record.date_of_service.isoformat() if record.date_of_service else None,
            "profile": suggestion.profile,
        },
        corrections=corrections.to_dict(),
        corrected=_answer(mine) if mine else None,
        versions={**suggestion.versions, **_data_versions()},
        source=source,
    )


def _check(choice: Choice, shown: Suggestion) -> None:
    if not choice.reviewer.strip():
        raise error("decision_reviewer")
    try:
        uuid.UUID(choice.key)
    except ValueError:
        raise error("decision_key") from None
    if choice.action == "change" and choice.code not in CODE_VALUES:
        raise error("decision_code", allowed=", ".join(CODE_VALUES))
    if choice.action == "change" and choice.code == (shown.code or "none"):
        raise error("decision_same_code")
    if choice.action == "accept":
        return
    allowed = REASONS[choice.action]
    if choice.reason not in allowed:
        raise error("decision_reason", allowed=", ".join(allowed))
    if choice.reason == "other" and not choice.note.strip():
        raise error("decision_note")


def _answer(suggestion: Suggestion) -> dict[str, Any]:
    """What was suggested, without the report's words: studies by their facts."""
    whole = suggestion.to_dict()
    names = ("status", "code", "reason", "profile", "codes", "edition", "needs_review", "flags")
    studies = [{name: value for name, value in study.items() if name not in ("name", "start", "end")} for study in whole["studies"]]
    return {**{name: whole[name] for name in names}, "studies": studies}


@lru_cache(maxsize=1)
def _data_versions() -> dict[str, str]:
    """The hash of the vocabulary; the rules are named by the edition of the answer."""
    folder = Path(str(files("nlp3d"))) / "vocabulary"
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        digest.update(f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return {"vocabulary_sha256": digest.hexdigest()}
