"""The classes of the spaCy components: one step, the facts, and the whole answer. `components.py` makes factories of them."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from spacy.tokens import Doc
from spacy.training import Example

from .annotations import KEY, Trace, record_of, register, trace_of, write_reading, write_report, write_spans, write_suggestion
from .errors import error
from .pack import Engine, Pack, engine, installed, read_pack
from .pipeline import conclude, steps
from .record import Record
from .rules.evaluate import table_of
from .rules.model import Profile
from .suggestion import unanswered

Scorer = Callable[..., dict[str, Any]]
_PACK = "pack"


class StepComponent:
    """Runs one step of the flow, and those before it that have not run on this Doc."""

    def __init__(self, step: str, engine_: Engine | None = None) -> None:
        self.engine = engine_ or engine(installed())
        self.last = [name for name, _ in self.engine.steps].index(step)

    def __call__(self, doc: Doc) -> Doc:
        """Fill the Doc's report up to this step."""
        trace = trace_of(doc, self.engine)
        report = trace.report
        if report is not None and trace.done <= self.last:
            for _, step in self.engine.steps[trace.done : self.last + 1]:
                report = step(report)
            trace.report, trace.done = report, self.last + 1
            write_report(doc, trace, report)
        return doc


class FactsComponent:
    """Adds up the mentions to facts per study and evidence."""

    def __init__(self, engine_: Engine | None = None) -> None:
        self.steps = StepComponent(steps()[-1][0], engine_)

    def __call__(self, doc: Doc) -> Doc:
        """Leave `studies` and `evidence` in the Doc's trace."""
        self.read(doc)
        return doc

    def read(self, doc: Doc) -> Trace:
        """The Doc's trace with its reading."""
        trace = trace_of(self.steps(doc), self.steps.engine)
        if trace.report is not None and trace.reading is None:
            trace.reading = self.steps.engine.gather(trace.report)
            write_report(doc, trace, trace.report)
            write_reading(trace, trace.reading)
        return trace


class Nlp3d:
    """The whole answer: `doc.spans[spans_key]` and `doc._.<extension>`; `doc.ents` is never touched.

    `profile` and `date_of_service` are those of `nlp3d.suggest` (a Doc's own date comes first). `pack` holds the rules and the
    vocabulary; it is saved and loaded with the pipeline, and the site's own vocabulary and policies travel in it. A profile that
    is not known is an error with the first Doc, since a saved pipeline brings its own only after it is built."""

    def __init__(
        self,
        profile: str = "strict",
        date_of_service: str | None = None,
        spans_key: str = KEY,
        extension: str = KEY,
        pack: Pack | None = None,
        scorer: Scorer | None = None,
    ) -> None:
        self.named, self.spans_key, self.extension, self.scorer = profile, spans_key, extension, scorer
        self.day = Record.of({"text": "", "date_of_service": date_of_service}).date_of_service
        register(extension)
        self._use(pack or installed())

    def _use(self, pack: Pack) -> None:
        path = Path(self.named)
        carried = f"policy/{path.name}" in pack.files and pack is not installed()
        if path.suffix in (".yaml", ".yml") and not carried and path.is_file():
            pack = pack.with_policy(path)
        self.pack = pack
        self.facts = FactsComponent(engine(pack))
        self._profile: Profile | None = None

    @property
    def profile(self) -> Profile:
        """The rules' profile. Raises `Nlp3dError` where the pack has none of that name."""
        if self._profile is None:
            self._profile = self.facts.steps.engine.profile(self.named)
            table_of(self._profile, self.day)
        return self._profile

    @property
    def labels(self) -> tuple[str, ...]:
        """The concepts a span can have."""
        return self.facts.steps.engine.labels

    def __call__(self, doc: Doc) -> Doc:
        """Leave the suggestion, the same that `nlp3d.suggest` gives for the text."""
        record = record_of(doc)
        trace = self.facts.read(doc)
        if self.spans_key != KEY:
            write_spans(doc, trace, self.spans_key)
        if trace.reading is None or not record.text.strip():
            suggestion = unanswered(record, "no_text", self.profile, self.day)
        else:
            suggestion = conclude(record, trace.reading, self.profile, self.day)
        write_suggestion(doc, replace(suggestion, versions=self.facts.steps.engine.versions), self.extension)
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """What the scorer of the config counts; nothing where there is none."""
        return self.scorer(examples, spans_key=self.spans_key, extension=self.extension) if self.scorer else {}

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:
        """Write the pack's files under `path/pack`."""
        if _PACK not in exclude:
            self.pack.write(Path(path) / _PACK)

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> Nlp3d:
        """Work with the pack under `path/pack`. Raises `Nlp3dError` where there is none that this release can work with."""
        if _PACK not in exclude:
            self._use(read_pack(Path(path) / _PACK))
        return self

    def to_bytes(self, *, exclude: Sequence[str] = ()) -> bytes:
        """The pack as bytes."""
        files = {} if _PACK in exclude else {name: b64encode(raw).decode() for name, raw in sorted(self.pack.files.items())}
        return json.dumps(files, separators=(",", ":")).encode()

    def from_bytes(self, data: bytes, *, exclude: Sequence[str] = ()) -> Nlp3d:
        """Work with a pack from `to_bytes`. Raises `Nlp3dError`."""
        if _PACK not in exclude:
            try:
                files = {str(name): b64decode(raw) for name, raw in json.loads(data).items()}
            except (ValueError, TypeError, AttributeError):
                raise error("pack_folder") from None
            self._use(Pack(files))
        return self

