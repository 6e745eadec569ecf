"""How spaCy's own tools score the component: `spacy benchmark accuracy MODEL GOLD.spacy --spans-key nlp3d`.

The gold Docs hold the mentions in `doc.spans["nlp3d"]`. With `doc.user_data["nlp3d_gold"] = {"code": ..., "reason": ...}` the code
is scored too: how many are right, how many of the gold's codes were found, and how many false ones were given.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from spacy.scorer import Scorer
from spacy.tokens import Doc, Span
from spacy.training import Example

By = Literal["concept", "family"]
GOLD = "nlp3d_gold"


def make_scorer(by: By = "concept") -> Any:
    """`nlp3d.scorer.v1`: precision, recall and F of the mentions, exact to the token, by concept or by family."""

    def score(examples: Iterable[Example], spans_key: str, extension: str = "nlp3d", **_: Any) -> dict[str, Any]:
        """The scores as `spans_<key>_p`, `_r`, `_f` and `_per_type`, and those of the code where gold has one."""
        known = list(examples)

        def spans(doc: Doc, _: str) -> list[Span]:
            return [_labelled(span, by) for span in doc.spans.get(spans_key, ())]

        name = f"spans_{spans_key}"
        scores: dict[str, Any] = Scorer.score_spans(
            known, name, getter=spans, has_annotation=lambda doc: spans_key in doc.spans, labeled=True, allow_overlap=True
        )
        scores.update(_codes([(e.reference.user_data[GOLD], e.predicted._.get(extension)) for e in known if GOLD in e.reference.user_data]))
        return scores

    return score


def _labelled(span: Span, by: By) -> Span:
    return span if by == "concept" else Span(span.doc, span.start, span.end, label=span.label_.split(".", 1)[0])


def _codes(pairs: list[tuple[Any, Any]]) -> dict[str, Any]:
    """Figures of the codes; without gold, none."""
    if not pairs:
        return {}
    right = sum(gold["code"] == (given or {}).get("code") for gold, given in pairs)
    wanted = [(gold["code"], (given or {}).get("code")) for gold, given in pairs if gold["code"]]
    false = sum(bool((given or {}).get("code")) and gold["code"] != given["code"] for gold, given in pairs)
    return {
        "nlp3d_code_acc": right / len(pairs),
        "nlp3d_code_r": sum(gold == given for gold, given in wanted) / len(wanted) if wanted else None,
        "nlp3d_false_codes": false,
    }
