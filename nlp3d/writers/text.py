"""The answer for the terminal: the decision, the report's own words, what is missing, whom to ask, and why."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from ..facts import Evidence
from ..layout import sentences_of
from ..record import Record
from ..rules.load import load_pack
from ..sources import lines
from ..suggestion import Study, Suggestion
from ..text import plain, sanitize
from ._console import console, taken, visible

_STATUS = {
    "no_text": "There is no text. Paste the report, or give a file.",
    "not_a_report": "This does not look like a radiology report: no word of an examination was found. Check what was pasted.",
    "unsupported_language": "This does not look like English; only English reports are read.",
    "error": "The record could not be read.",
}
_UNCOUNTED_FAMILIES = ("technique", "location", "supervision", "reformat", "acquisition", "performer")


def write(suggestion: Suggestion, record: Record | None, explain: bool) -> str:
    """The answer; in colour only where standard output is a terminal. `explain` adds every rule with its sources."""
    out = console()
    for line in _lines(suggestion, record, explain):
        out.print(line, soft_wrap=line.no_wrap)
    return taken(out)


def _lines(suggestion: Suggestion, record: Record | None, explain: bool) -> Iterator[Text]:
    if record is None or suggestion.status != "answered":
        yield Text("NO ANSWER", style="bold") + Text("  " + _STATUS[suggestion.status])
        return
    yield from _decision(suggestion, record)
    yield from _words(suggestion, record)
    for study in suggestion.studies:
        yield from _study(study)
    yield from _open_points(suggestion)
    yield from _queries(suggestion)
    yield from _rules(suggestion, explain)
    yield Text()
    yield Text("A suggestion from the text alone. A human coder decides. CPT is a trademark of the American Medical Association.", style="dim")


def _head(title: str) -> Iterator[Text]:
    yield Text()
    yield Text(title.upper(), style="bold")


def _words_of(name: str | None) -> str:
    return (name or "").replace("_", " ").replace("3d", "3D")


def _decision(suggestion: Suggestion, record: Record) -> Iterator[Text]:
    units = sum(c.units for c in suggestion.codes)
    code = f"CPT {suggestion.code}" if suggestion.code else "NO CODE"
    line = Text(code, style="bold green" if suggestion.code else "bold yellow") + Text(f"  {_words_of(suggestion.reason)}")
    if units > 1:
        line += Text(f"  ({units} units)")
    yield line
    edition = suggestion.edition.date.isoformat() if suggestion.edition.date else "before the first"
    day = f"date of service {suggestion.date_of_service} (given)" if suggestion.date_of_service else "no date of service given: newest edition"
    yield Text(f"profile {suggestion.profile}, rules edition {edition}, {day}", style="dim")
    if record.title:
        yield Text(f"title given by the caller: {visible(record.title)}", style="dim")
    if record.base:
        yield Text(f"examination group given by the caller: {record.base}", style="dim")


def _words(suggestion: Suggestion, record: Record) -> Iterator[Text]:
    """The sentences with evidence: what counts stands in [brackets], what does not in (round ones) with a number for the reason."""
    text = sanitize(record.text).text
    spans = [e for e in suggestion.evidence if e.field == "text" and e.start is not None and (e.counts or _family(e) in _UNCOUNTED_FAMILIES)]
    if not spans:
        return
    yield from _head("The report's words")
    reasons: list[str] = []
    for sentence in sentences_of(plain(text)):
        inside = [e for e in spans if e.start is not None and sentence.start <= e.start < sentence.end]
        if inside:
            yield Text("  ") + _marked(text, sentence.start, sentence.end, inside, reasons)
    if reasons:
        yield Text()
    for number, reason in enumerate(reasons, 1):
        yield Text(f"  ({number}) does not count: {reason}", style="dim")


def _family(mention: Evidence) -> str:
    return mention.concept.split(".", 1)[0]


def _apart(spans: list[Evidence]) -> list[Evidence]:
    """Mentions that do not overlap, in text order: those that count come before those that do not, longer ones before shorter."""
    kept: list[Evidence] = []
    for mention in sorted(spans, key=lambda e: (not e.counts, (e.start or 0) - (e.end or 0))):
        if not any((mention.start or 0) < (k.end or 0) and (k.start or 0) < (mention.end or 0) for k in kept):
            kept.append(mention)
    return sorted(kept, key=lambda e: e.start or 0)


def _marked(text: str, start: int, end: int, spans: list[Evidence], reasons: list[str]) -> Text:
    line, at = Text(), start
    for mention in _apart(spans):
        first, last = mention.start or 0, min(mention.end or 0, end)
        line.append(visible(text[at:first]))
        last = first + len(text[first:last].rstrip())
        words = visible(text[first:last])
        if mention.counts:
            line.append(f"[{words}]", style="bold underline")
        else:
            why = f'"{words}": {mention.why or _words_of(mention.assertion)}'
            if why not in reasons:
                reasons.append(why)
            line.append(f"({words})", style="dim")
            line.append(f"({reasons.index(why) + 1})", style="dim")
        at = last
    line.append(visible(text[at:end]).rstrip())
    return line


def _study(study: Study) -> Iterator[Text]:
    facts, decision = study.facts, study.decision
    answer = decision.code or f"no code, {_words_of(decision.reason)}"
    yield from _head(f"Study {facts.index + 1}: {visible(facts.name) or 'not named'}")
    yield Text(f"  answer          {answer}")
    yield Text(f"  examination     {_words_of(decision.base)} ({facts.procedure})")
    for name in ("technique", "location", "supervision"):
        yield Text(f"  {name:15s} {_words_of(getattr(facts, name))}")
    yield Text(f"  interpretation  {'3D is used in the findings' if facts.interpretation else '3D is not described in the findings'}")
    for said, words in ((facts.output != "display", f"output {facts.output}"), (facts.automatic, "made automatically"), (facts.outside, "outside or earlier dataset")):
        if said:
            yield Text(f"  also            {words}")


def _open_points(suggestion: Suggestion) -> Iterator[Text]:
    pack = load_pack()
    fired = [row.rule for row in suggestion.rules if row.rule.outcome == "fired" and row.rule.id.startswith("query.")]
    if fired or suggestion.flags:
        yield from _head("Missing or to be looked at")
    for rule in fired:
        yield Text(f"  - {rule.because}")
    for flag in suggestion.flags:
        meaning = pack.flags[flag.flag]
        where = "" if flag.study is None else f" (study {flag.study + 1})"
        yield Text(f"  - {meaning.title}{where}: {meaning.says}")
    if suggestion.code and suggestion.checklist:
        yield from _head("Not in any report: check before billing")
        for item in suggestion.checklist:
            yield Text(f"  - {pack.checklist.get(item, item)}")


def _queries(suggestion: Suggestion) -> Iterator[Text]:
    for query in suggestion.queries:
        yield from _head(f"Question to the {query['to']}")
        for line in query["text"].splitlines():
            yield Text(f"  {line}")


def _rules(suggestion: Suggestion, explain: bool) -> Iterator[Text]:
    yield from _head("Why")
    cited: list[str] = []
    for row in suggestion.rules:
        rule = row.rule
        if rule.outcome != "fired" and not explain:
            continue
        life = f"{rule.in_force.start or 'always'} to {rule.in_force.end or 'now'}"
        blocked = f" by {rule.blocked_by}" if rule.blocked_by else ""
        yield Text(f"  study {row.study + 1}  {rule.id}: {_words_of(rule.outcome)}{blocked}. {rule.because or ''} [{life}; {', '.join(rule.sources)}]")
        cited += [source for source in rule.sources if source not in cited]
    for line in lines(cited):
        yield Text(f"    {line}", style="dim", no_wrap=True)  # an address that is broken cannot be opened
    if not explain:
        yield Text("  --explain shows every rule with what blocked it.", style="dim")
