"""scikit-learn estimators: what a report says as numbers, and the suggestions as predictions. Neither learns from data."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin

from .concepts import concepts
from .errors import error
from .facts import GROUPS, LOCATIONS, OUTPUTS, SUPERVISIONS, TECHNIQUES
from .pipeline import answer
from .record import Record
from .rules.model import Profile
from .suggestion import Suggestion

_FACTS = {"base": GROUPS, "technique": TECHNIQUES, "location": LOCATIONS, "supervision": SUPERVISIONS, "output": OUTPUTS}
_SIGNS = ("interpretation", "automatic", "outside")
_CODES = ("76376", "76377")


class _Texts(BaseEstimator):  # type: ignore[misc]
    """What both have in common: texts in, answers out, nothing to fit."""

    def __init__(self, profile: str | Profile = "strict", date_of_service: str | None = None) -> None:
        self.profile = profile
        self.date_of_service = date_of_service

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags

    def _answers(self, X: Any) -> list[Suggestion]:
        given = {"date_of_service": self.date_of_service}
        return [answer(Record.of({"text": text, **given}), self.profile) for text in _texts(X)]


class Nlp3dFeatures(TransformerMixin, _Texts):  # type: ignore[misc]
    """Reports to numbers: how many studies have each fact, and how often each concept is mentioned, counted or not.

    Takes a list, Series or array of texts, or one column of a frame; a missing text gives zeros. `date_of_service` decides which
    group an examination belongs to. The columns are the same for all texts (`get_feature_names_out`)."""

    def fit(self, X: Any, y: Any = None) -> Nlp3dFeatures:
        """Nothing is learned. Raises `Nlp3dError` for anything but texts."""
        _texts(X)
        return self

    def transform(self, X: Any) -> Any:
        """An array of floats, a row a text. Raises `Nlp3dError` for anything but texts, or an unknown profile or date."""
        names = {name: place for place, name in enumerate(_names())}
        answers = self._answers(X)
        features = numpy.zeros((len(answers), len(names)))
        for row, suggestion in zip(features, answers, strict=True):
            for name, number in _numbers(suggestion).items():
                if name in names:  # the columns are those of the installed vocabulary, whatever pack a profile brings
                    row[names[name]] = number
        return features

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """`location=workstation`, `technique.mip:counts` ..., in the order of the columns."""
        return numpy.array(_names(), dtype=object)


class Nlp3dClassifier(ClassifierMixin, _Texts):  # type: ignore[misc]
    """The suggestions of a profile as predictions: "76376", "76377", or `no_code` where there is none. There is no probability:
    an answer is given by rules. For a report with both codes it is that of `Suggestion.code`."""

    def __init__(self, profile: str | Profile = "strict", date_of_service: str | None = None, no_code: str = "none") -> None:
        super().__init__(profile, date_of_service)
        self.no_code = no_code

    @property
    def classes_(self) -> Any:
        """The labels that `predict` gives, sorted."""
        return numpy.array(sorted((*_CODES, self.no_code)), dtype=object)

    def fit(self, X: Any, y: Any = None) -> Nlp3dClassifier:
        """Nothing is learned; labels that no prediction can meet are refused. Raises `Nlp3dError`."""
        texts = _texts(X)
        if y is not None and len(y) != len(texts):
            raise error("estimator_length")
        if y is not None and not set(y) <= set(self.classes_):
            raise error("estimator_labels", allowed=", ".join((*_CODES, "`no_code`")))
        return self

    def predict(self, X: Any) -> Any:
        """An array with a label for each text. Raises `Nlp3dError` for anything but texts, or an unknown profile or date."""
        return numpy.array([suggestion.code or self.no_code for suggestion in self._answers(X)], dtype=object)


def _texts(X: Any) -> list[str]:
    """The texts of a list, a column, or a table of one column; a missing one is an empty report."""
    if isinstance(X, str):
        raise error("estimator_texts")
    values = numpy.asarray(X, dtype=object)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    texts = ["" if value is None or type(value).__name__ == "NAType" or value != value else value for value in values.tolist()]
    if values.ndim != 1 or not all(isinstance(text, str) for text in texts):
        raise error("estimator_texts")
    return texts


def _names() -> list[str]:
    facts = [f"{name}={value}" for name, values in _FACTS.items() for value in values]
    mentions = [f"{concept}:{kind}" for concept in concepts() for kind in ("counts", "seen")]
    return ["studies", *(f"code={code}" for code in _CODES), *facts, *_SIGNS, *mentions]


def _numbers(suggestion: Suggestion) -> Counter[str]:
    found: Counter[str] = Counter({f"code={code.code}": code.units for code in suggestion.codes})
    found["studies"] = len(suggestion.studies)
    for study in suggestion.studies:
        found[f"base={study.decision.base}"] += 1
        found.update(f"{name}={getattr(study.facts, name)}" for name in _FACTS if name != "base")
        found.update(name for name in _SIGNS if getattr(study.facts, name))
    found.update(f"{mention.concept}:{'counts' if mention.counts else 'seen'}" for mention in suggestion.evidence)
    return found
