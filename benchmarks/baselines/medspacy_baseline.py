"""medspaCy: PyRuSH sentences, target matcher, ConText, sections; then the shared answer table."""

import medspacy
from medspacy.context import ConTextRule
from medspacy.ner import TargetRule
from medspacy.section_detection import SectionRule

try:
    from loguru import logger
except ImportError:  # PyRuSH before 1.0.13
    logger = None

from common import VOCAB, Mention, base_of, combine, decide

SECTIONS = {
    "title": r"(?:exam(?:ination)?|study|order)",
    "history": r"(?:clinical (?:history|indication|information|details)|indications?|history|hx|reason(?: for (?:exam|study))?)",
    "comparison": r"(?:comparisons?|prior(?:s| studies)?)",
    "technique": r"(?:techniques?|protocol|procedure|proc|method|tech)",
    "post_processing": r"(?:(?:3-?d )?post-?\s?processing|3d)",
    "findings": r"(?:findings?|report)",
    "impression": r"(?:impressions?|conclusions?|opinion)",
    "recommendation": r"(?:recommendations?|follow-?up)",
    "addendum": r"addend(?:um|a)",
}
NEGATED = [
    ("not performed", "BACKWARD"),
    ("not done", "BACKWARD"),
    ("were not", "BACKWARD"),
    ("was not", "BACKWARD"),
    ("none was done", "BACKWARD"),
    ("not needed", "BACKWARD"),
    ("not obtained", "BACKWARD"),
    ("unavailable", "BACKWARD"),
    ("no", "FORWARD"),
    ("without", "FORWARD"),
    ("not", "FORWARD"),
    ("rather than", "FORWARD"),
    ("instead of", "FORWARD"),
]
FUTURE = [
    ("can be", "BACKWARD"),
    ("could be", "BACKWARD"),
    ("may be", "BIDIRECTIONAL"),
    ("as needed", "BACKWARD"),
    ("if needed", "BIDIRECTIONAL"),
    ("on request", "BACKWARD"),
    ("recommend", "FORWARD"),
    ("recommended", "BIDIRECTIONAL"),
    ("consider", "FORWARD"),
    ("requested", "BIDIRECTIONAL"),
    ("would", "BIDIRECTIONAL"),
    ("should", "BIDIRECTIONAL"),
    ("if", "FORWARD"),
]
PAST = [
    ("prior", "FORWARD"),
    ("previous", "FORWARD"),
    ("outside", "FORWARD"),
    ("compared with", "FORWARD"),
    ("compared to", "FORWARD"),
    ("last year", "BIDIRECTIONAL"),
    ("ago", "BACKWARD"),
]


def build():
    """The pipeline."""
    if logger:
        logger.remove()  # else PyRuSH 1.0.13 writes the report's tokens to stderr, loguru's default level being DEBUG
    nlp = medspacy.load(medspacy_enable=["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context", "medspacy_sectionizer"])
    nlp.get_pipe("medspacy_target_matcher").add(
        [TargetRule(f"{concept}:{i}", concept, pattern=p) for concept, patterns in VOCAB.items() for i, p in enumerate(patterns)]
    )
    nlp.get_pipe("medspacy_context").add(
        [ConTextRule(w, "NEGATED_EXISTENCE", direction=d) for w, d in NEGATED]
        + [ConTextRule(w, "HYPOTHETICAL", direction=d) for w, d in FUTURE]
        + [ConTextRule(w, "HISTORICAL", direction=d) for w, d in PAST]
    )
    nlp.get_pipe("medspacy_sectionizer").add(
        [SectionRule(category=name, literal=name, pattern=rf"(?m)^[ \t*]*{p}[ \t]*(?::|-{{1,2}}|\n)") for name, p in SECTIONS.items()]
    )
    return nlp


def mentions(doc):
    """What the pipeline found, in the form of the shared table."""
    sents = list(doc.sents)
    number = {t.i: n for n, s in enumerate(sents) for t in s}
    for e in doc.ents:
        n = number[e.start]
        yield Mention(
            e.label_,
            e._.target_rule.literal,
            n,
            e._.section_category,
            e._.is_negated,
            e._.is_historical or e._.is_hypothetical or e._.is_uncertain,
            sents[n].text,
        )


def answerer():
    """A function from a report's text to its code and reason."""
    nlp = build()

    def answer(text):
        seen, denied = combine(list(mentions(nlp(text))))
        return decide(base_of(text), seen, denied)

    return answer
