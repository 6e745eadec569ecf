"""The scikit-learn estimators, used as its users use them; `check_estimator` tests nothing of estimators that take texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

import nlp3d
from nlp3d.errors import Nlp3dError
from nlp3d.sklearn import Nlp3dClassifier, Nlp3dFeatures

WORKSTATION = "CT FEMUR\nTECHNIQUE: Volume rendered 3D images were made on an independent workstation under my concurrent supervision."
SCANNER = WORKSTATION.replace("an independent workstation", "the scanner console")
NO_PLACE = WORKSTATION.replace(" on an independent workstation", "")
TEXTS = [WORKSTATION, SCANNER, NO_PLACE, "CT FEMUR. No fracture.", ""]
CODES = ["76377", "76376", "none", "none", "none"]
BOTH = [Nlp3dFeatures(), Nlp3dClassifier()]
SHAPES = {
    "list": list,
    "tuple": tuple,
    "series": pd.Series,
    "string series": lambda texts: pd.Series(texts, dtype="string", index=range(7, 7 + len(texts))),
    "object array": lambda texts: np.array(texts, dtype=object),
    "str array": np.array,
    "one column": lambda texts: pd.DataFrame({"report": texts}),
}


def _do(estimator: Any, texts: Any) -> Any:
    return estimator.predict(texts) if isinstance(estimator, Nlp3dClassifier) else estimator.transform(texts)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("estimator", BOTH, ids=str)
def test_any_shape_of_texts(estimator: Any, shape: str) -> None:
    np.testing.assert_array_equal(_do(estimator, SHAPES[shape](TEXTS)), _do(estimator, TEXTS))


def test_predictions_are_the_suggestions() -> None:
    assert Nlp3dClassifier().predict(TEXTS).tolist() == CODES
    assert Nlp3dClassifier("lenient").predict([NO_PLACE]).tolist() == ["76376"]
    assert Nlp3dClassifier(date_of_service="2005-01-01").predict([WORKSTATION]).tolist() == ["none"]
    assert Nlp3dClassifier(no_code="0").fit(TEXTS, ["0"] * 5).predict(TEXTS).tolist() == ["76377", "76376", "0", "0", "0"]


def test_features_are_the_facts_and_mentions() -> None:
    names = Nlp3dFeatures().get_feature_names_out().tolist()
    assert len(set(names)) == len(names)
    row = dict(zip(names, Nlp3dFeatures().transform([WORKSTATION])[0], strict=True))
    answer = nlp3d.suggest(WORKSTATION)
    assert row["studies"] == row["code=76377"] == row["location=workstation"] == row["supervision=concurrent"] == row["base=eligible"] == 1
    assert row["location=scanner"] == row["code=76376"] == 0
    assert sum(value for name, value in row.items() if name.endswith((":counts", ":seen"))) == len(answer.evidence)
    assert not Nlp3dFeatures().transform([""]).any()


def test_no_mention_of_an_annotated_report_is_lost(gold: list[dict[str, Any]]) -> None:
    texts = [report["text"] for report in gold[::3]]
    kinds = [name.endswith((":counts", ":seen")) for name in Nlp3dFeatures().get_feature_names_out()]
    found = Nlp3dFeatures().transform(texts)[:, kinds].sum(axis=1).tolist()
    assert found == [len(nlp3d.suggest(text).evidence) for text in texts]


@pytest.mark.parametrize("estimator", BOTH, ids=str)
def test_clone_and_params(estimator: Any) -> None:
    changed = clone(estimator).set_params(profile="lenient", date_of_service="2020-01-01")
    assert clone(changed).get_params() == changed.get_params() != estimator.get_params()
    assert clone(changed).get_params()["profile"] == "lenient"
    check_is_fitted(estimator)


@pytest.mark.parametrize("estimator", BOTH, ids=str)
def test_empty_missing_and_any_sign(estimator: Any) -> None:
    assert len(_do(estimator, [])) == 0
    hard = ["\U0001f600" * 3, "\ud800", "\x00", "e\u0301\r\n", None, float("nan"), pd.NA]
    assert len(_do(estimator, hard)) == len(_do(estimator, pd.Series(hard, dtype=object))) == 7


@pytest.mark.parametrize("wrong", ["CT FEMUR", [1, 2], [b"CT"], [["a", "b"]], np.zeros((2, 2)), np.array("x")], ids=repr)
@pytest.mark.parametrize("estimator", BOTH, ids=str)
def test_what_is_no_list_of_texts_is_refused(estimator: Any, wrong: Any) -> None:
    for use in (estimator.fit, lambda texts: _do(estimator, texts)):
        with pytest.raises(Nlp3dError) as caught:
            use(wrong)
        assert caught.value.code == "estimator_texts"


def test_labels_that_cannot_be_met_are_refused() -> None:
    for labels, code in ((["76377"], "estimator_length"), ([76377] * 5, "estimator_labels"), ([None] * 5, "estimator_labels")):
        with pytest.raises(Nlp3dError) as caught:
            Nlp3dClassifier().fit(TEXTS, labels)
        assert caught.value.code == code


def test_pipeline_grid_search_and_columns() -> None:
    texts, labels = TEXTS * 4, CODES * 4
    model = make_pipeline(Nlp3dFeatures(), StandardScaler(), LogisticRegression(max_iter=500))
    assert cross_val_score(model, texts, labels, cv=2).min() == 1.0
    search = GridSearchCV(Nlp3dClassifier(), {"profile": ["lenient", "strict"]}, cv=2).fit(texts, labels)
    assert search.best_params_ == {"profile": "strict"}
    assert search.best_score_ == 1.0
    inside = GridSearchCV(model, {"nlp3dfeatures__profile": ["strict", "lenient"], "logisticregression__C": [1, 10]}, cv=2)
    assert inside.fit(pd.Series(texts), labels).best_score_ == 1.0
    assert accuracy_score(labels, cross_val_predict(Nlp3dClassifier(), texts, labels, cv=2)) == 1.0
    frame = pd.DataFrame({"report": texts, "age": range(20)})
    for column in ("report", ["report"]):
        both = ColumnTransformer([("words", Nlp3dFeatures(), column), ("rest", "passthrough", ["age"])]).set_output(transform="pandas")
        table = both.fit_transform(frame)
        assert table["words__location=workstation"].tolist() == [1.0, 0, 0, 0, 0] * 4
        assert table.index.equals(frame.index)
    union = FeatureUnion([("a", Nlp3dFeatures()), ("b", Nlp3dFeatures("lenient"))])
    assert Pipeline([("u", union)]).fit_transform(texts).shape == (20, 2 * len(Nlp3dFeatures().get_feature_names_out()))
