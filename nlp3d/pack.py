"""The data files that an answer depends on, rules and vocabulary, as one thing that can be carried, compared and worked with.

A saved spaCy pipeline holds them, a site's own vocabulary and policies too, so that it answers alike where these are not installed.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from . import config
from .assertion import Assert
from .attachment import Attach
from .concepts import concepts_of
from .cues import Cues
from .errors import Nlp3dError, error
from .gathering import Gather, default_gather
from .mentions import Mentions
from .participation import Participation
from .pipeline import Step, steps, versions
from .record import Record
from .report import Report
from .rules.load import load_pack, load_profile, site_profiles
from .rules.model import Pack as Rules
from .rules.model import Profile
from .sections import Sections
from .spelling import Speller
from .studies import Attribution, Studies
from .text import plain, sanitize
from .vocabulary.model import Vocabulary, load_vocabulary
from .vocabulary.site import digest_of, listed

_FOLDERS = ("rules", "rules/payers", "vocabulary")
_SINGLE = ("sources.yaml", "admission.yaml")
# These are read by the code itself, and so have to be those of the installed release.
_OF_THE_CODE = ("admission.yaml", "vocabulary/interpretation.yaml")
_RULES, _VOCABULARY, _POLICY, _ADDED = ("rules/", "sources.yaml"), ("vocabulary/", "added/"), "policy/", "added/"
_RELEASE = "release.txt"  # the release of nlp3d that the files are from
_YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class Pack:
    """Files by their names in the package (`rules/decision.yaml`). `policy/NAME.yaml` is a profile that lies elsewhere,
    `added/000/products.yaml` a site's addition to the vocabulary, from the first folder that it set."""

    files: Mapping[str, bytes]

    def __post_init__(self) -> None:
        if any("\\" in name or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in self.files):
            raise error("pack_folder")

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
    found = [path for name in _FOLDERS for path in sorted((folder / name).glob("*.yaml"))]
    found += [path for name in ("policy", "added/*") for path in sorted(folder.glob(f"{name}/*")) if path.suffix in _YAML]
    found += [folder / name for name in (*_SINGLE, _RELEASE) if (folder / name).is_file()]
    pack = Pack({path.relative_to(folder).as_posix(): path.read_bytes() for path in found})
    if "rules/decision.yaml" not in pack.files:
        raise error("pack_folder")
    return pack


@lru_cache(maxsize=1)
def installed() -> Pack:
    """The pack of the installed release, with the vocabulary and the policies that the settings of this site add.

    Raises `Nlp3dError` where the settings are at fault."""
    own = dict(read_pack(Path(str(files("nlp3d")))).files)
    for number, folder in enumerate(config.paths("vocabulary")):
        own |= {f"{_ADDED}{number:03}/{path.name}": path.read_bytes() for path in listed(folder)}
    own |= {f"{_POLICY}{path.name}": path.read_bytes() for path in site_profiles(load_pack()).values()}
    return Pack({**own, _RELEASE: versions()["nlp3d"].encode()})


class Engine:
    """The steps and the rules over one pack. `versions` are those that its answers name, `labels` the concepts of its mentions."""

    def __init__(
        self,
        steps: tuple[tuple[str, Step], ...],
        gather: Gather,
        speller: Speller | None,
        rules: Rules,
        policies: Mapping[str, Profile],
        vocabulary: Vocabulary,
        versions: Mapping[str, str],
    ) -> None:
        self.steps, self.gather, self.versions, self.labels = steps, gather, versions, concepts_of(vocabulary)
        self._speller, self._rules, self._policies = speller, rules, policies

    def report(self, record: Record) -> Report:
        """The report of a record, before the first step."""
        report = Report(sanitize(record.text).text, title=record.title or "", base=record.base)
        if self._speller is not None:
            report.copy = self._speller.repair(plain(report.text))
        return report

    def profile(self, name: str) -> Profile:
        """A profile of the pack. Raises `Nlp3dError`."""
        path = Path(name)
        if carried := self._policies.get(path.stem if path.suffix in _YAML else name):
            return carried
        return replace(load_profile(name, self._rules), pack=self._rules)


@lru_cache(maxsize=4)
def engine(pack: Pack) -> Engine:
    """What answers with a pack; with the installed one, the very steps of `pipeline`. Raises `Nlp3dError` for faults in its files."""
    own = installed().files
    # A policy of this site is looked up by its name when it is asked for; those that are carried are read at once.
    policies = [name for name, raw in pack.files.items() if name.startswith(_POLICY) and own.get(name) != raw]
    if any(pack.files.get(name) != own[name] for name in _OF_THE_CODE):
        raise error("pack_of_another_release", version=versions()["nlp3d"])
    if (release := pack.files.get(_RELEASE, own[_RELEASE])) != own[_RELEASE]:
        warnings.warn(str(error("pack_release", saved=_shown(release), version=versions()["nlp3d"])), stacklevel=2)
    same_rules, same_vocabulary = (_part(pack.files, part) == _part(own, part) for part in (_RULES, _VOCABULARY))
    with TemporaryDirectory() as folder:
        at = Path(folder)
        try:
            if not same_rules or not same_vocabulary or policies:
                pack.write(at)
            rules = load_pack() if same_rules else load_pack(at / "rules", at / "sources.yaml")
            carried = {Path(name).stem: replace(load_profile(at / name, rules), pack=rules) for name in policies}
            added = tuple(dict.fromkeys(at / name.rpartition("/")[0] for name in sorted(pack.files) if name.startswith(_ADDED)))
            vocabulary = load_vocabulary() if same_vocabulary else load_vocabulary(at / "vocabulary", added)
        except Nlp3dError as fault:
            raise Nlp3dError(fault.code, fault.what, fault.where.replace(folder, "the pack"), fault.next) from None
    if same_vocabulary:
        return Engine(steps(), default_gather(), None, rules, carried, vocabulary, versions())
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
    ordered = tuple((name, made[name]) for name, _ in steps())
    return Engine(ordered, Gather(cues, studies), Speller(vocabulary), rules, carried, vocabulary, _versions(pack))


def _versions(pack: Pack) -> dict[str, str]:
    """The versions that answers with a pack name: the release that reads, and the additions that the pack brings."""
    named = sorted((name, raw) for name, raw in pack.files.items() if name.startswith(_ADDED))
    added = digest_of((Path(name).name, hashlib.sha256(raw).hexdigest()) for name, raw in named)
    return {"nlp3d": versions()["nlp3d"], **({"site_vocabulary": added} if added else {})}


def _shown(release: bytes) -> str:
    """A release as it may be shown: only what a version number can hold."""
    return re.sub(r"[^0-9A-Za-z.+!-]", "", release.decode("ascii", "replace"))[:40] or "unknown"


def _part(files: Mapping[str, bytes], beginnings: tuple[str, ...]) -> dict[str, bytes]:
    return {name: raw for name, raw in files.items() if name.startswith(beginnings)}
