"""Loading the rule files of a folder into a `Pack`, and policies into a `Profile`. Nothing is read on import."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import get_args

from .. import config
from ..errors import error
from ..facts import FLAGS
from ..yamlfile import Document, load_yaml
from . import read
from .checks import check_lives, check_table
from .model import Pack, Parent, Profile

HERE = Path(__file__).parent
FILES = ("decision", "bases", "contiguity", "flags", "queries")
PARENTS: tuple[Parent, ...] = get_args(Parent)
ADDRESSEES = read.ADDRESSEES


@lru_cache(maxsize=8)
def load_pack(folder: str | os.PathLike[str] = HERE, sources: str | os.PathLike[str] | None = None) -> Pack:
    """The rule files of a folder (ours unless another is named), checked. Raises `Nlp3dError` with file and line."""
    root = Path(folder)
    known = register(sources)
    files = {name: load_yaml(root / f"{name}.yaml") for name in FILES}
    queries = read.queries(files["queries"].root, known)
    decision = files["decision"].root.allow(("version", "checklist", "rows"))
    rules = tuple(read.rule(row, known, queries) for row in decision["rows"])
    check_lives([(node, rule.id, rule.in_force) for node, rule in zip(decision["rows"], rules, strict=True)])
    bases_node = files["bases"].root.allow(("checked_through", "entries"))
    bases = tuple(read.base(entry, known) for entry in bases_node["entries"])
    read.unique(bases_node["entries"])
    check_lives([(n, pattern, b.in_force) for n, b in zip(bases_node["entries"], bases, strict=True) for pattern in b.patterns])
    for group in read.DATED_GROUPS:
        if not any(base.base == group for base in bases):
            raise bases_node["entries"].fault("pack_group_missing", name=group)
    areas = files["contiguity"].root.allow(("max_units", "groups"))
    read.unique(areas["groups"])
    flags = tuple(read.flag(entry, known) for entry in files["flags"].root)
    if tuple(flag.id for flag in flags) != FLAGS:
        raise files["flags"].root.fault("pack_type", expected="each flag once, in the fixed order: " + ", ".join(FLAGS))
    payers = [load_yaml(path) for path in sorted((root / "payers").glob("*.yaml"))]
    digest = hashlib.sha256("".join(f"{d.path.name}:{d.sha256}\n" for d in (*files.values(), *payers)).encode()).hexdigest()
    pack = Pack(
        version=decision["version"].text(),
        sha256=digest,
        checked_through=bases_node["checked_through"].day(),
        rules=rules,
        bases=bases,
        contiguous=tuple(read.contiguous(entry, known) for entry in areas["groups"]),
        max_units=areas["max_units"].of(int),
        flags={flag.id: flag for flag in flags},
        queries=queries,
        checklist={name: node.text() for name, node in decision["checklist"].items()},
        profiles={parent: Profile(parent, parent, sha256=digest) for parent in PARENTS},
        sources=known,
    )
    check_table(decision["rows"], pack, pack.profiles["strict"])
    policies = {document.path.stem: policy(pack, document, digest) for document in payers}
    return replace(pack, profiles={**pack.profiles, **policies})


def register(sources: str | os.PathLike[str] | None = None) -> frozenset[str]:
    """The ids of the register of sources, checked: ours unless another file is named."""
    return read.register(load_yaml(sources or HERE.parent / "sources.yaml").root)


def site_profiles(pack: Pack) -> dict[str, Path]:
    """The site's own policies by name: the files of the setting `profiles`, and those in its folders. Raises `Nlp3dError`."""
    found: dict[str, Path] = {}
    for given in config.paths("profiles"):
        for path in sorted(given.glob("*.y*ml")) if given.is_dir() else (given,):
            if path.stem in pack.profiles:
                raise error("profile_name_taken", str(path))
            if path.stem in found:
                raise error("site_name_twice", str(path), name=path.stem)
            if not path.resolve().is_relative_to((given if given.is_dir() else given.parent).resolve()):
                raise error("site_link_outside", str(path))
            found[path.stem] = path
    return found


def load_profile(name: str | os.PathLike[str], pack: Pack | None = None) -> Profile:
    """A profile by name (`strict`, `lenient`, a file of `payers/`, a policy of the site) or by the path of a .yaml file.

    The answers of a site's file carry a hash over the pack and that file. Raises `Nlp3dError`."""
    pack = pack or load_pack()
    named = str(name)
    if named in pack.profiles:
        return pack.profiles[named]
    own = site_profiles(pack)
    path = own.get(named, Path(named))
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        raise error("profile_unknown", allowed=", ".join([*pack.profiles, *own]))
    if path.stem in pack.profiles:
        raise error("profile_name_taken", str(path))
    document = load_yaml(path)
    return policy(pack, document, hashlib.sha256(f"{pack.sha256}{document.sha256}".encode()).hexdigest())


def policy(pack: Pack, document: Document, digest: str) -> Profile:
    """A payer's or site's policy as differences from strict or lenient, checked against the pack."""
    root = document.root.allow(*read.POLICY_KEYS)
    root["payer"].text()
    root["note"].text()
    rules = {rule.id: rule for rule in pack.rules}
    rows, items = root.get("rows"), root.get("checklist")
    parent: Parent = root["parent"].choice(PARENTS)
    profile = Profile(
        name=document.path.stem,
        parent=parent,
        policy=root["policy"].text(),
        checked_through=root["checked_through"].day(),
        sources=read.sources(root, pack.sources),
        differences=tuple(read.difference(row, rules, pack.sources, parent) for row in rows) if rows else (),
        checklist={name: node.text() for name, node in items.items()} if items else {},
        sha256=digest,
    )
    if rows:
        check_lives([(node, d.row, d.in_force) for node, d in zip(rows, profile.differences, strict=True)])
        check_table(rows, pack, profile)
    return profile
