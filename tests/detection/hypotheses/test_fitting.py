"""What is learned of a company, and from whom."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student
from support.small_worlds import WORLDS, cut

from voc.detection.hypotheses import fitting
from voc.detection.hypotheses.fitting import learn_company
from voc.detection.hypotheses.hypotheses import Null

WEEKS_BEFORE, LEAST = 12, 4


@pytest.fixture(scope="module")
def panel():
    return WORLDS["linear"](7200, n=250, rate=0.6, share=0.0, share_decoys=0.0).panel


@pytest.fixture(scope="module")
def learned(panel):
    return learn_company(panel, WEEKS_BEFORE, LEAST)


def width(null):
    """Ninth decile of its size."""
    return null.scale * student.ppf(0.95, null.freedom)


def test_shares_sum_to_one_and_calm_ascends(learned):
    company, calm = learned
    assert sum(company.priors) == pytest.approx(1)
    assert (np.diff(calm) >= 0).all()
    assert np.isfinite(calm).all()
    assert 200 < calm.size <= 2 * 250


def test_steps_of_a_calm_company_are_as_wide_as_they_say(learned):
    nulls = learned[0].nulls
    for null in (nulls.sentiment, nulls.residual, *(null for of in nulls.kpis for null in of)):
        assert width(null) == pytest.approx(1.645, abs=0.35)


def test_what_began_within_half_a_year_is_not_taken_for_calm(panel, learned):
    """A third of all customers fell twenty weeks ago, a metric of each of them too."""
    fallen = np.arange(250) % 3 == 0
    since = np.arange(104) >= 84
    values = panel.kpi_values.copy()
    values[fallen, 3] -= 4 * np.nanstd(values[fallen, 3], axis=1, keepdims=True) * since
    down = fallen[panel.item_customer] & (panel.item_week >= 84)
    spoiled = replace(panel, kpi_values=values, sentiment=np.clip(panel.sentiment - np.where(down, 0.5, 0), -1, 1))
    calm, nulls = learned[0].nulls, learn_company(spoiled, WEEKS_BEFORE, LEAST)[0].nulls
    assert width(nulls.sentiment) < 1.1 * width(calm.sentiment)
    assert all(width(now) < 1.1 * width(then) for now, then in zip(nulls.kpis[3], calm.kpis[3], strict=True))


def test_without_half_a_year_of_history_nothing_is_known_to_be_calm(panel):
    company, calm = learn_company(cut(panel, 38), WEEKS_BEFORE, LEAST)
    assert calm.size == 0
    assert company.nulls.sentiment == company.nulls.residual == Null()
    assert sum(company.priors) == pytest.approx(1)


def test_a_large_company_is_learned_from_some_of_its_customers(panel, learned, monkeypatch):
    monkeypatch.setattr(fitting, "FIT_CUSTOMERS", 125)
    monkeypatch.setattr(fitting, "FIT_ITEMS", 1)
    monkeypatch.setattr(fitting, "ENOUGH_PAST", 0)
    some, calm = learn_company(panel, WEEKS_BEFORE, LEAST)
    whole, all_calm = learned
    assert 0.4 * all_calm.size < calm.size < 0.6 * all_calm.size
    assert some.process.trust == pytest.approx(whole.process.trust, rel=0.2)
    assert some.sd == pytest.approx(whole.sd, rel=0.1)


def test_a_company_a_little_larger_than_that_is_not_learned_from_half_of_it(panel, learned, monkeypatch):
    monkeypatch.setattr(fitting, "FIT_CUSTOMERS", 240)
    monkeypatch.setattr(fitting, "FIT_ITEMS", 1)
    assert learn_company(panel, WEEKS_BEFORE, LEAST)[1].size > 0.8 * learned[1].size


def test_customers_with_many_items_between_them_are_enough(panel, learned, monkeypatch):
    """Where few speak, more customers are learned from: here all, as their items are fewer than wanted."""
    monkeypatch.setattr(fitting, "FIT_CUSTOMERS", 50)
    assert len(panel.item_id) < fitting.FIT_ITEMS
    assert learn_company(panel, WEEKS_BEFORE, LEAST)[1].size == learned[1].size
