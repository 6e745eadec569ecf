"""EDS-NLP: matcher, sentences, sections, negation, hypothesis and history with English terms; then the shared answer table."""

import edsnlp
import edsnlp.pipes as eds
from common import VOCAB, Mention, base_of, combine, decide

SECTIONS = {
    "title": ["exam", "examination", "study", "order"],
    "comparison": ["comparison", "comparisons", "prior studies", "priors"],
    "history": [
        "clinical history",
        "clinical indication",
        "clinical information",
        "clinical details",
        "indication",
        "history",
        "hx",
        "reason",
        "reason for exam",
    ],
    "technique": ["technique", "protocol", "tech", "procedure"],
    "post_processing": ["post-processing", "3d post-processing"],
    "findings": ["findings", "report"],
    "impression": ["impression", "conclusion", "opinion"],
    "recommendation": ["recommendation", "recommendations", "follow-up"],
    "addendum": ["addendum"],
}
ENDS = ["but", "however", "although", "though", "except", "whereas", ";", "which", "then"]
HEADING = r"(?i)(?:(?<=\n)|^)[ \t*]*(?:{})[ \t]*(?=:|\n)"  # the shipped add_patterns wants a heading on its own line
ROUTINE = {
    "negation": {
        "attr": "LOWER",
        "pseudo": ["not only", "no change", "no increase", "without difficulty"],
        "verbs": [],
        "preceding_regex": [],
        "preceding": [
            "no",
            "not",
            "without",
            "without any",
            "none of",
            "never",
            "denies",
            "lack of",
            "absence of",
            "rather than",
            "instead of",
            "no need for",
            "did not",
            "neither",
        ],
        "following": [
            "not performed",
            "not done",
            "were not",
            "was not",
            "none was done",
            "not needed",
            "not used",
            "not obtained",
            "not required",
            "unavailable",
            "declined",
            ": no",
            ": none",
            ": not done",
        ],
        "termination": ENDS,
    },
    "hypothesis": {
        "attr": "LOWER",
        "pseudo": [],
        "verbs_eds": [],
        "verbs_hyp": [],
        "termination": ENDS,
        "preceding": ["if", "consider", "recommend", "may be", "might", "could", "would", "should", "possible", "request for", "requested"],
        "following": ["can be", "could be", "may be", "as needed", "if needed", "on request", "recommended", "if clinically", "requested"],
    },
    "history": {
        "attr": "LOWER",
        "history": ["prior", "previous", "previously", "outside", "ago", "last year", "compared with", "compared to", "earlier", "old"],
        "termination": ENDS,
        "use_sections": False,
        "use_dates": False,
    },
}


def build():
    """The pipeline."""
    nlp = edsnlp.blank("eds")
    nlp.add_pipe(eds.sentences())
    nlp.add_pipe(
        eds.matcher(
            terms={},
            regex={f"{concept}:{i}": "(?i)" + p for concept, patterns in VOCAB.items() for i, p in enumerate(patterns)},
            attr="TEXT",
            span_setter={"hits": True},
        )
    )
    nlp.add_pipe(eds.sections(sections={k: [HEADING.format("|".join(v))] for k, v in SECTIONS.items()}, add_patterns=False, attr="TEXT"))
    for name in ("negation", "hypothesis", "history"):
        nlp.add_pipe(getattr(eds, name)(**ROUTINE[name], span_getter={"hits": True}))
    return nlp


def mentions(doc):
    """What the pipeline found, in the form of the shared table."""
    sents = list(doc.sents)
    number = {t.i: n for n, s in enumerate(sents) for t in s}
    section = {t.i: s.label_ for s in doc.spans["sections"] for t in s}
    for e in edsnlp.utils.filter.filter_spans(doc.spans["hits"]):
        n = number[e.start]
        yield Mention(e.label_.split(":")[0], e.label_, n, section.get(e.start), e._.negation, e._.hypothesis or e._.history, sents[n].text)


def answerer():
    """A function from a report's text to its code and reason."""
    nlp = build()

    def answer(text):
        seen, denied = combine(list(mentions(nlp(text))))
        return decide(base_of(text), seen, denied)

    return answer
