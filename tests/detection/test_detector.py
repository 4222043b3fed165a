"""The detector on two made-up companies; seeds here were not used while it was built."""

import json
import re
from dataclasses import fields, replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from support.asking import PER_ITEM, learned, of_customers, surfaced
from support.small_worlds import KPIS, WORLDS, cut

from voc.detection.decisions.reason_text import reasons
from voc.detection.detector import ContradictionDetector
from voc.detection.evidence_rows import EvidenceRows
from voc.detection.findings import Findings, KpiMoves
from voc.detection.hypotheses import contrasts, posterior
from voc.detection.hypotheses.hypotheses import HYPOTHESES
from voc.detection.inputs.observations import Observations

CLEAR = {"n": 240, "rate": 0.8, "size": 2.6, "risk": 6.0, "share_decoys": 0.04, "noise": 0.3}
"""Contradictions so plain that so small a company is enough to see some of them."""
SMALL = {"linear": CLEAR, "bursty": {"n": 240, "rate": 1.0, "size": 3.0, "risk": 5.0}}
WEEKS = 104


@pytest.fixture(scope="module", params=WORLDS)
def world(request):
    return WORLDS[request.param](7012, **SMALL[request.param])


@pytest.fixture(scope="module")
def fitted(world):
    return learned(world.panel)


@pytest.fixture(scope="module")
def findings(world, fitted):
    return fitted.find(world.panel)


def same(a: object, b: object, tolerance: float = 0.0) -> bool:
    """Equal in every part; numbers within ``tolerance``."""
    if isinstance(a, Findings | EvidenceRows | KpiMoves | Observations):
        return all(same(getattr(a, f.name), getattr(b, f.name), tolerance) for f in fields(a))
    if isinstance(a, np.ndarray) and a.dtype.kind == "f":
        return a.shape == b.shape and np.allclose(a, b, rtol=0, atol=tolerance, equal_nan=True)
    if isinstance(a, np.ndarray) and a.dtype == object:
        return len(a) == len(b) and all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "M")
    return a == b


def test_parameters_survive_cloning():
    detector = ContradictionDetector(false_discovery_rate=0.2, min_feedback_items=6, min_metric_weeks=20)
    assert clone(detector).get_params() == detector.get_params()


def test_an_unfitted_detector_says_so(world):
    with pytest.raises(NotFittedError):
        ContradictionDetector().find(world.panel)


def test_most_of_what_surfaces_was_planted():
    """Three companies together: one alone surfaces too few to say."""
    found, planted = 0, 0
    for seed in (7010, 7011, 7012):
        company = WORLDS["linear"](seed, **CLEAR)
        prediction = learned(company.panel).predict(company.panel)
        rows = np.flatnonzero(prediction == -1)
        found, planted = found + len(rows), planted + np.isin(rows, list(company.planted)).sum()
    assert planted >= 5
    assert planted >= 0.7 * found


def test_planted_ones_rank_before_the_others(world, fitted):
    agreement = fitted.score_samples(world.panel)
    planted = [c for c in world.planted if world.answerable(c)]
    others = np.setdiff1d(np.arange(len(agreement)), list(world.planted))
    assert np.median(agreement[planted]) < np.quantile(agreement[others], 0.1)


@pytest.mark.parametrize("name", WORLDS)
def test_almost_nothing_surfaces_where_nothing_is_planted(name):
    ranks = []
    for seed in (7002, 7003, 7004):
        calm = WORLDS[name](seed, n=400, share=0.0, share_decoys=0.0)
        findings = learned(calm.panel).find(calm.panel)
        assert findings.judged.sum() > 200
        assert len(surfaced(findings)) <= 1
        ranks.append(findings.p_value[of_customers(findings)])
    # ranks are honest: about one in twenty below .05
    assert 0.01 < (np.concatenate(ranks) < 0.05).mean() < 0.09


def test_minus_one_is_a_surfaced_contradiction(world, fitted, findings):
    assert set(np.flatnonzero(fitted.predict(world.panel) == -1)) == surfaced(findings)


def test_agreement_is_known_of_everybody_and_is_minus_the_score_of_the_judged(fitted, findings):
    of = of_customers(findings)
    assert np.isfinite(findings.agreement).all()
    assert np.array_equal(findings.agreement[findings.customer[of]], -findings.score[of])


def test_every_judged_customer_has_one_entry_and_nobody_else(findings):
    assert np.array_equal(findings.customer[of_customers(findings)], np.flatnonzero(findings.judged))
    assert set(findings.why[findings.judged]) == {"judged"}
    assert "too_little_feedback" in set(findings.why[~findings.judged])


def test_every_entry_has_enough_items_and_starts_on_a_monday(world, findings):
    of = of_customers(findings)
    assert min(findings.n_items[of].min(), findings.n_items_before[of].min()) >= 4
    assert np.array_equal(findings.started_week, world.panel.weeks[WEEKS - findings.onset])
    assert (findings.started_week.astype("datetime64[D]").view("int64") % 7 == 4).all()  # 1970 began on a Thursday


def test_the_promise_is_kept_by_the_weights(findings):
    """The mean weight of harmless hypotheses among the surfaced and whatever is surer than they are."""
    contradiction = [hypothesis.kind is not None for hypothesis in HYPOTHESES]
    wrong = findings.posterior[of_customers(findings)][:, ~np.array(contradiction)].sum(1)
    q, chosen = findings.q_value[of_customers(findings)], findings.is_surfaced[of_customers(findings)]
    assert (q[chosen] <= 0.10).all()
    for i in np.argsort(wrong)[:: len(wrong) // 10]:
        assert q[i] == pytest.approx(wrong[wrong <= wrong[i]].mean())


def test_a_higher_score_is_a_smaller_p_and_q(findings):
    order = np.flatnonzero(of_customers(findings))[np.argsort(findings.score[of_customers(findings)])]
    assert (np.diff(findings.p_value[order]) <= 1e-12).all()
    assert (np.diff(findings.q_value[order]) <= 1e-12).all()


def test_the_sentence_counts_the_messages_that_the_entry_counts(world, findings):
    for i, sentence in enumerate(reasons(findings, world.panel, findings.observations)):
        counted = re.search(r" in (\d[\d,]*) messages?", sentence)
        assert counted is None or int(counted[1].replace(",", "")) == findings.n_items[i]


def test_a_unit_change_is_reported_and_is_no_evidence(world, findings):
    changed = [c for c, decoy in world.decoys.items() if decoy == "unit_change"]
    assert changed
    assert findings.unit_changed[changed, 1].all()
    assert findings.unit_changed.mean() < 0.02
    assert not surfaced(findings) & set(changed)


def test_what_comes_after_a_day_changes_nothing_found_for_it(world, fitted):
    rng = np.random.default_rng(1)
    later = world.panel.item_week >= 95
    rewritten = replace(
        world.panel,
        kpi_values=np.where(np.arange(WEEKS) >= 95, rng.random(), world.panel.kpi_values),
        sentiment=np.where(later, -1.0, world.panel.sentiment),
        respondent=np.where(later, 99, world.panel.respondent),
    )
    assert same(fitted.find(cut(world.panel, 95)), fitted.find(cut(rewritten, 95)))


def test_finding_twice_or_something_else_in_between_changes_nothing(world, fitted, findings):
    fitted.find(cut(world.panel, 90))
    assert same(fitted.find(world.panel), findings)


def test_what_was_learned_survives_json(world, fitted, findings):
    state = json.loads(json.dumps(fitted.get_state(), allow_nan=False))
    assert same(ContradictionDetector.from_state(state).find(world.panel), findings)


def test_customers_in_smaller_blocks_are_judged_alike(world, fitted, findings, monkeypatch):
    def small(n):
        return (slice(start, min(start + 37, n)) for start in range(0, n, 37))

    monkeypatch.setattr(contrasts, "blocks", small)
    monkeypatch.setattr(posterior, "blocks", small)
    assert same(fitted.find(world.panel), findings, tolerance=1e-9)


def test_the_order_of_customers_does_not_matter(world, fitted, findings):
    backwards = np.arange(len(world.panel.customers))[::-1]
    parts = [np.arange(*world.panel.offsets[c : c + 2]) for c in backwards]
    items = np.concatenate(parts)
    turned = replace(
        world.panel,
        kpi_values=world.panel.kpi_values[backwards],
        offsets=np.r_[0, np.cumsum([len(part) for part in parts])],
        **{name: getattr(world.panel, name)[items] for name in PER_ITEM},
    )
    again = fitted.find(turned)
    assert np.allclose(again.agreement, findings.agreement[backwards], rtol=0, atol=1e-6)
    assert surfaced(again) == {len(backwards) - 1 - c for c in surfaced(findings)}


def test_one_angry_item_alone_surfaces_nobody(world, fitted, findings):
    """The newest item of forty ordinary judged customers turned as bad as can be."""
    ordinary = [
        c for c in np.flatnonzero(findings.judged) if c not in {*world.planted, *world.decoys, *surfaced(findings)}
    ][:40]
    sentiment = world.panel.sentiment.copy()
    sentiment[world.panel.offsets[1:][ordinary] - 1] = -1.0
    angry = fitted.find(replace(world.panel, sentiment=sentiment))
    assert not surfaced(angry) & set(ordinary)


def test_a_customer_that_fit_never_saw_is_judged(world, findings):
    """What is learned is the company's: without the first fifty customers the others' scores hardly change."""
    later = np.arange(50, len(world.panel.customers))
    late = ContradictionDetector().fit(cut(world.panel, WEEKS - 2).of(later)).find(world.panel)
    assert np.array_equal(late.judged, findings.judged)
    newcomers = late.agreement[:50][late.judged[:50]]
    assert np.corrcoef(newcomers, findings.agreement[:50][findings.judged[:50]])[0, 1] > 0.9


def test_who_left_is_not_judged(world, fitted):
    gone = np.where(np.arange(len(world.panel.customers)) < 30, WEEKS - 2, WEEKS - 1)
    findings = fitted.find(replace(world.panel, last_week=gone))
    assert set(findings.why[:30]) == {"churned"}
    assert not findings.judged[:30].any()
    assert not (findings.kpi_moves.customer < 30).any()


def test_another_number_of_metrics_than_fitted_is_refused(world, fitted):
    panel = replace(world.panel, kpis=KPIS[:2], kpi_values=world.panel.kpi_values[:, :2])
    with pytest.raises(ValueError, match="fitted on 4 metrics"):
        fitted.find(panel)
