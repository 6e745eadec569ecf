"""The data files that an answer depends on, rules and vocabulary, as one thing that can be carried, compared and worked with.

A saved spaCy pipeline holds them, so that it answers alike where another release, or no addition of the site's, is installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from .assertion import Assert
from .attachment import Attach
from .cues import Cues
from .errors import Nlp3dError, error
from .gathering import Gather, default_gather
from .mentions import Mentions
from .participation import Participation
from .pipeline import Step, steps, versions
from .record import Record
from .report import Report
from .rules.load import load_pack, load_profile
from .rules.model import Pack as Rules
from .rules.model import Profile
from .sections import Sections
from .spelling import Speller
from .studies import Attribution, Studies
from .text import plain, sanitize
from .vocabulary.model import load_vocabulary

_FOLDERS = ("rules", "rules/payers", "vocabulary")
_SINGLE = ("sources.yaml", "admission.yaml")
# These are read by the code itself, and so have to be those of the installed release.
_OF_THE_CODE = ("admission.yaml", "vocabulary/interpretation.yaml")
_RULES, _VOCABULARY, _POLICY = ("rules/", "sources.yaml"), ("vocabulary/",), "policy/"


@dataclass(frozen=True)
class Pack:
    """Files by their names in the package (`rules/decision.yaml`); `policy/NAME.yaml` is a profile that lies elsewhere."""

    files: Mapping[str, bytes]

    @property
    def sha256(self) -> str:
        """Hash over names and bytes."""
        listed = "".join(f"{name}:{hashlib.sha256(raw).hexdigest()}\n" for name, raw in sorted(self.files.items()))
        return hashlib.sha256(listed.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pack) and dict(self.files) == dict(other.files)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def write(self, folder: Path) -> None:
        """Write the files; folders are made."""
        for name, raw in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)

    def with_policy(self, path: Path) -> Pack:
        """The pack with a site's own policy file in it."""
        return Pack({**self.files, f"{_POLICY}{path.name}": path.read_bytes()})


def read_pack(folder: Path) -> Pack:
    """The pack that lies in a folder. Raises `Nlp3dError` where there is none."""
    found = [path for name in (*_FOLDERS, "policy") for path in sorted((folder / name).glob("*.yaml"))]
    found += [folder / name for name in _SINGLE if (folder / name).is_file()]
    pack = Pack({path.relative_to(folder).as_posix(): path.read_bytes() for path in found})
    if "rules/decision.yaml" not in pack.files:
        raise error("pack_folder")
    return pack


@lru_cache(maxsize=1)
def installed() -> Pack:
    """The pack of the installed release."""
    return read_pack(Path(str(files("nlp3d"))))


class Engine:
    """The steps and the rules over one pack: `read`, then `conclude`."""

    def __init__(
        self, steps: tuple[tuple[str, Step], ...], gather: Gather, speller: Speller | None, rules: Rules, policies: Mapping[str, Profile]
    ) -> None:
        self.steps, self.gather = steps, gather
        self._speller, self._rules, self._policies = speller, rules, policies

    def report(self, record: Record) -> Report:
        """The report of a record, before the first step."""
        report = Report(sanitize(record.text).text, title=record.title or "", base=record.base)
        if self._speller is not None:
            report.copy = self._speller.repair(plain(report.text))
        return report

    def profile(self, name: str) -> Profile:
        """A profile of the pack. Raises `Nlp3dError`."""
        if carried := self._policies.get(Path(name).name):
            return carried
        return replace(load_profile(name, self._rules), pack=self._rules)


@lru_cache(maxsize=4)
def engine(pack: Pack) -> Engine:
    """What answers with a pack; with the installed one, the very steps of `pipeline`. Raises `Nlp3dError` for faults in its files."""
    own = installed().files
    policies = [name for name in pack.files if name.startswith(_POLICY)]
    if any(pack.files.get(name) != own[name] for name in _OF_THE_CODE):
        raise error("pack_of_another_release", version=versions()["nlp3d"])
    same_rules, same_vocabulary = (_part(pack.files, part) == _part(own, part) for part in (_RULES, _VOCABULARY))
    with TemporaryDirectory() as folder:
        at = Path(folder)
        try:
            if not same_rules or not same_vocabulary or policies:
                pack.write(at)
            rules = load_pack() if same_rules else load_pack(at / "rules", at / "sources.yaml")
            carried = {Path(name).name: replace(load_profile(at / name, rules), pack=rules) for name in policies}
            vocabulary = load_vocabulary(None if same_vocabulary else at / "vocabulary")
        except Nlp3dError as fault:
            raise Nlp3dError(fault.code, fault.what, fault.where.replace(folder, "the pack"), fault.next) from None
    if same_vocabulary:
        return Engine(steps(), default_gather(), None, rules, carried)
    cues, studies = Cues(vocabulary), Studies(vocabulary)
    made: dict[str, Step] = {
        "mentions": Mentions(vocabulary),
        "sections": Sections(vocabulary),
        "studies": studies,
        "assertion": Assert(cues),
        "attachment": Attach(cues),
        "participation": Participation(cues),
        "attribution": Attribution(studies),
    }
    return Engine(tuple((name, made[name]) for name, _ in steps()), Gather(cues, studies), Speller(vocabulary), rules, carried)


def _part(files: Mapping[str, bytes], beginnings: tuple[str, ...]) -> dict[str, bytes]:
    return {name: raw for name, raw in files.items() if name.startswith(beginnings)}
