"""The entries of the rule files, read one by one into the types of `model`; anything doubtful is refused, with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template
from typing import Any, get_args

from ..facts import ASSERTIONS, FLAGS, GROUPS
from ..yamlfile import Node
from .checks import check_code, check_words
from .model import (
    ALWAYS,
    CODES,
    DOMAIN,
    REASONS,
    UNSETTLED,
    Addressee,
    Base,
    Contiguous,
    Difference,
    FlagMeaning,
    InForce,
    Outcome,
    Parent,
    QueryPart,
    QueryWords,
    Rule,
)

ADDRESSEES: tuple[Addressee, ...] = get_args(Addressee)
DATED_GROUPS = tuple(group for group in GROUPS if group not in ("eligible", *UNSETTLED))
GRADES = ("P", "T", "C", "R", "M", "E")
# What a policy must hold, and what it may hold.
POLICY_KEYS = (("payer", "policy", "parent", "checked_through", "source", "note"), ("rows", "checklist"))
FAMILIES = ("technique", "location", "supervision", "base", "reformat", "acquisition", "performer")


def rule(node: Node, known: frozenset[str], queries: QueryWords) -> Rule:
    """One row of the answer table."""
    required = ("id", "says", "strict", "lenient", "in_force", "source", "checked")
    node.allow(required, ("when", "query", "blocked", "skippable", "note"))
    node["checked"].day()
    when: dict[str, frozenset[Any]] = {}
    for fact, wanted in node["when"].items() if "when" in node.value else ():
        values = list(wanted) if isinstance(wanted.value, list) else [wanted]
        if fact not in DOMAIN:
            raise wanted.fault("pack_value_unknown", value=fact, allowed=", ".join(DOMAIN))
        when[fact] = frozenset(value.choice(DOMAIN[fact]) for value in values)
    said = {name: sentence.text() for name, sentence in node["blocked"].items()} if "blocked" in node.value else {}
    for fact in when:
        if fact not in said:
            raise node.fault("pack_blocked_missing", name=fact)
    if len(said) > len(when):
        extra = next(fact for fact in said if fact not in when)
        raise node["blocked"][extra].fault("pack_key_unknown", name=extra, allowed=", ".join(when))
    strict = outcome(node["strict"])
    lenient = strict
    if isinstance(node["lenient"].value, dict):
        lenient = Outcome(node["lenient"].allow(("code",))["code"].choice(CODES), strict.reason)
    else:
        node["lenient"].choice(("same",))
    ask: tuple[Addressee, str] | None = None
    if asked := node.get("query"):
        part = queries.parts[asked.allow(("to", "ask"))["ask"].choice(tuple(queries.parts))]
        ask = (asked["to"].choice((part.to,)), part.id)
    rule = Rule(
        id=node["id"].text(),
        says=node["says"].text(),
        when=when,
        blocked=said,
        strict=strict,
        lenient=lenient,
        query=ask,
        skippable="skippable" in node.value and node["skippable"].of(bool),
        in_force=in_force(node),
        sources=sources(node, known),
    )
    check_code(node, rule, strict, "strict")
    check_code(node, rule, lenient, "lenient")
    return rule


def outcome(node: Node) -> Outcome:
    """A code (or null) and its reason."""
    node.allow(("code", "reason"))
    return Outcome(node["code"].choice((*CODES, None)), node["reason"].choice(REASONS))


def base(node: Node, known: frozenset[str]) -> Base:
    """Examinations that contain 3D work, and when."""
    node.allow(("id", "base", "says", "procedures", "source", "checked"), ("in_force", "note"))
    node["checked"].day()
    if "in_force" in node.value and node["in_force"].allow(("from",), ("to",))["from"].value == "unknown" and "note" not in node.value:
        raise node["in_force"].fault("pack_key_missing", name="note")
    patterns = tuple(pattern.text() for pattern in node["procedures"])
    return Base(node["id"].text(), node["base"].choice(DATED_GROUPS), node["says"].text(), patterns, in_force(node), sources(node, known))


def contiguous(node: Node, known: frozenset[str]) -> Contiguous:
    """Regions that are one unit."""
    node.allow(("id", "says", "regions", "in_force", "source", "checked"), ("note",))
    node["checked"].day()
    sources(node, known)
    return Contiguous(node["id"].text(), frozenset(region.text() for region in node["regions"]), in_force(node))


def flag(node: Node, known: frozenset[str]) -> FlagMeaning:
    """The meaning of a flag."""
    node.allow(("id", "title", "says", "review", "source"))
    return FlagMeaning(node["id"].choice(FLAGS), node["title"].text(), node["says"].text(), node["review"].of(bool), sources(node, known))


def queries(root: Node, known: frozenset[str]) -> QueryWords:
    """The questions, with their forbidden and compulsory words checked."""
    root.allow(("version", "source", "checked", "opening", "closing", "closing_coder", "quote", "no_quotes", "parts"))
    sources(root, known)
    root["checked"].day()
    unique(root["parts"])
    parts = {}
    for node in root["parts"]:
        node.allow(("id", "to", "asks", "shows", "words"))
        asks = tuple(one.choice(FAMILIES) for one in node["asks"])
        shows = tuple(one.choice(ASSERTIONS) for one in node["shows"])
        words = template(node["words"], ("study", "quotes"))
        check_words(node["words"], options=True)
        parts[node["id"].text()] = QueryPart(node["id"].value, node["to"].choice(ADDRESSEES), asks, shows, words)
    for name in ("opening", "closing", "closing_coder", "no_quotes"):
        check_words(root[name], options=False)
    closing: Mapping[Addressee, str] = {"physician": root["closing"].text(), "coder": root["closing_coder"].text()}
    quote = template(root["quote"], ("section", "words"))
    return QueryWords(root["version"].text(), root["opening"].text(), closing, quote, root["no_quotes"].text(), parts)


def template(node: Node, keys: tuple[str, ...]) -> Template:
    """Template words with no keys but `keys`."""
    words = Template(node.text())
    for name in words.get_identifiers():
        if name not in keys:
            raise node.fault("pack_template_key", name=name, allowed=", ".join(f"${key}" for key in keys))
    if not words.is_valid():
        raise node.fault("pack_template_key", name="", allowed=", ".join(f"${key}" for key in keys))
    return words


def in_force(node: Node) -> InForce:
    """The days of an entry; an entry without them is always in force."""
    days = node.get("in_force")
    if days is None:
        return ALWAYS
    days.allow(("from",), ("to",))
    start = None if days["from"].value == "unknown" else days["from"].day()
    end = days["to"].day() if "to" in days.value else None
    if start and end and end < start:
        raise days.fault("pack_dates_reversed")
    return InForce(start, end)


def register(root: Node) -> frozenset[str]:
    """The ids of the register of sources."""
    for name in root.of(dict):
        entry = root[name]
        entry.allow(("title", "grade"), ("date", "url", "note"))["grade"].choice(GRADES)
        entry["title"].text()
    return frozenset(root.value)


def sources(node: Node, known: frozenset[str]) -> tuple[str, ...]:
    """The cited sources, each in the register."""
    for one in node["source"]:
        if one.text() not in known:
            raise one.fault("pack_source_unknown", value=one.value)
    return tuple(node["source"].value)


def unique(nodes: Node) -> None:
    """Ids that stand once."""
    seen: set[str] = set()
    for node in nodes:
        name = node.allow(("id",), node.value)["id"].text()
        if name in seen:
            raise node.fault("pack_duplicate_id", name=name)
        seen.add(name)


def difference(node: Node, rules: Mapping[str, Rule], known: frozenset[str], parent: Parent) -> Difference:
    """What a policy changes in a row that exists."""
    node.allow(("id", "says", "source"), ("skip", "outcome", "in_force"))
    row = node["id"].text()
    if row not in rules:
        raise node["id"].fault("pack_row_unknown", name=row)
    changed = None
    if "outcome" in node.value:
        changed = outcome(node["outcome"])
        check_code(node["outcome"], rules[row], changed, parent)
    elif "skip" not in node.value or not node["skip"].of(bool):
        raise node.fault("pack_type", expected="`skip: true` or an `outcome`")
    elif not rules[row].skippable:
        raise node["skip"].fault("pack_row_not_skippable", name=row)
    return Difference(row, changed, node["says"].text(), in_force(node), sources(node, known))
