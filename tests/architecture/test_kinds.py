"""Every place that must know a kind of contradiction knows all of them: a new row of the table fails here by name."""

import re

import pytest
import yaml
from support import ROOT

from voc.demo import plants
from voc.detection.decisions.reason_text import _KPI_WORDS
from voc.detection.hypotheses.hypotheses import HYPOTHESES
from voc.domain.kinds import CLAIMS, Kind, Metric

KINDS = {str(kind) for kind in Kind}
MODELS = sorted((ROOT / "dbt_project/models/marts").glob("fct_*.yml"))
PAGES = ["README.md", "docs/method.md", "docs/marts.md", "docs/glossary.md"]


def test_every_kind_has_its_row():
    assert set(CLAIMS) == set(Kind)


def test_every_claim_of_a_metric_has_its_sign_and_its_words():
    """Where a new `Metric` is forgotten, this fails with its name: in `Claim.metric_sign`, or in reason_text.py."""
    assert set(Metric) - {Metric.HELD} == set(_KPI_WORDS)
    assert [metric for metric in Metric if metric not in {claim.metric for claim in CLAIMS.values()}] == []
    assert {claim.metric_sign for claim in CLAIMS.values()} <= {-1, 0, 1}


def test_no_two_kinds_claim_the_same_and_every_word_of_an_owners_is_there():
    assert len({(claim.feedback, claim.metric) for claim in CLAIMS.values()}) == len(Kind)
    assert len({claim.meaning for claim in CLAIMS.values()}) == len(Kind)
    placeholders = {"since", "around", "metric", "touchpoint", "touchpoint_first"}
    for claim in CLAIMS.values():
        for words in filter(None, (claim.look_first, claim.look_first_without_metric)):
            assert set(re.findall(r"{(\w+)}", words)) <= placeholders
            assert "{since}" in words or "{around}" in words


def test_dbt_accepts_every_kind_and_no_other():
    accepted = {}
    for path in MODELS:
        (model,) = yaml.safe_load(path.read_text())["models"]
        for column in model["columns"]:
            if column["name"] == "kind":
                (values,) = [
                    test["accepted_values"]["arguments"]["values"]
                    for test in column["data_tests"]
                    if "accepted_values" in test
                ]
                assert [kind for kind in KINDS if kind not in column["description"]] == []
                accepted[model["name"]] = set(values)
    assert accepted == {"fct_cases": KINDS, "fct_contradictions": KINDS}


def test_the_door_of_the_marts_lets_every_kind_out_and_no_other():
    suite = yaml.safe_load((ROOT / "expectations/marts_fct_contradictions.yml").read_text())
    (values,) = [rule["kwargs"]["value_set"] for rule in suite["expectations"] if rule["kwargs"].get("column") == "kind"
                 and "value_set" in rule["kwargs"]]  # fmt: skip
    assert set(values) == KINDS


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", Kind, ids=str)
def test_every_page_that_tells_of_kinds_tells_of_all(page, kind):
    text = (ROOT / page).read_text().lower()
    assert kind in text or kind.replace("_", " ") in text


@pytest.mark.parametrize("kind", Kind, ids=str)
def test_detection_knows_what_makes_a_kind_likely(kind):
    assert [hypothesis.name for hypothesis in HYPOTHESES if hypothesis.kind is kind] != []


@pytest.mark.parametrize("kind", Kind, ids=str)
def test_the_demo_plants_a_kind_or_says_why_not(kind):
    assert (kind in plants.COUNTS) != (kind in plants.NOT_PLANTED)
