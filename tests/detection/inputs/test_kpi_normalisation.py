"""Metrics in one language: units undone, one scale, and the company's and groups' own movement taken out."""

from dataclasses import replace

import numpy as np
import pytest
from support.simulated_observations import remembered
from support.small_worlds import KPIS, WORLDS

from voc.detection.inputs.kpi_normalisation import (
    comparable,
    correct_units,
    learn_scales,
    median,
    undo_units,
    unit_jumps,
)
from voc.detection.rivals import kpi_readings
from voc.domain.kpi import Kpi

REPLY = Kpi("reply", "Time to first reply", "hours", "lower")
ON_TIME = Kpi("on_time", "On-time deliveries", "share", "higher")
DEFECTS = Kpi("defects", "Defects", "count", "lower")
QUALITY = Kpi("quality", "Quality score", "score", "higher")
SPEND = Kpi("spend", "Weekly spend", "money", "higher")
WEEKS, CHANGED = 104, 60
CHANGES = [
    (REPLY, 60), (REPLY, 3600), (ON_TIME, 100), (DEFECTS, 1000), (QUALITY, 0.1), (SPEND, 100), (SPEND, 1 / 12),
    (Kpi("age", "Age of open tickets", "days", "lower"), 24), (Kpi("wait", "Wait", "minutes", "lower"), 1 / 60),
]  # fmt: skip


@pytest.fixture(scope="module")
def company():
    """One metric's panel of 120 customers in two regions, AR(1) around a base of their own, up is good."""
    panel = WORLDS["linear"](1, n=120).panel
    rng = np.random.default_rng(1)
    z = remembered(rng, (120, 1, WEEKS), 0.5)
    values = 50 + 5 * rng.normal(size=(120, 1, 1)) + rng.uniform(1, 4, (120, 1, 1)) * z
    regions = {"levels": ("region",), "groups": (("north", "south"),), "group": (np.arange(120) % 2)[None]}
    return replace(panel, kpis=(QUALITY,), kpi_values=values, **regions)


def steady(rng, n=4):
    return 4 * np.exp(0.1 * rng.normal(size=(n, WEEKS)))


def undone_units(raw, kpi):
    return undo_units(raw, *unit_jumps(raw, kpi))


def read(panel):
    """The metric made comparable, what was taken out as common, and whose unit changed."""
    readings = correct_units(panel)
    return *comparable(panel, readings, 0, scales_of(panel)[0]), readings.unit_changed[:, 0]


def scales_of(panel):
    return learn_scales(panel, correct_units(panel))


def alone(panel, kpi, values):
    return replace(panel, kpis=(kpi,), kpi_values=values[:, None], group=np.zeros((0, 0), np.int64))


@pytest.mark.parametrize(("kpi", "factor"), CHANGES, ids=[f"{kpi.unit} {factor:.3g}" for kpi, factor in CHANGES])
def test_a_change_of_unit_is_undone(kpi, factor):
    values = steady(np.random.default_rng(2))
    raw = values.copy()
    raw[1, CHANGED:] *= factor
    undone, changed = undone_units(raw, kpi)
    assert changed.tolist() == [False, True, False, False]
    assert np.allclose(undone, values)


def test_a_change_there_and_back_is_undone():
    values = steady(np.random.default_rng(3))
    raw = values.copy()
    raw[1, CHANGED : CHANGED + 12] *= 60
    assert np.allclose(undone_units(raw, REPLY)[0], values)


@pytest.mark.parametrize("factor", [1.5, 5.0, 10.0], ids=str)
def test_a_real_rise_is_left_alone(factor):
    raw = steady(np.random.default_rng(4))
    raw[1, CHANGED:] *= factor
    undone, changed = undone_units(raw, REPLY)
    assert not changed.any()
    assert np.array_equal(undone, raw)


def test_a_single_outlier_is_no_change_of_unit():
    raw = steady(np.random.default_rng(5))
    raw[1, CHANGED] *= 60
    raw[2, CHANGED : CHANGED + 2] *= 60
    assert not undone_units(raw, REPLY)[1].any()


@pytest.mark.parametrize("day", [1, 5, 6], ids="after {} days".format)
@pytest.mark.parametrize(("kpi", "factor"), CHANGES, ids=[f"{kpi.unit} {factor:.3g}" for kpi, factor in CHANGES])
def test_a_change_of_unit_within_a_week_is_undone_once(kpi, factor, day):
    """The week of the change is the mean of days in either unit."""
    values = steady(np.random.default_rng(6))
    raw = values.copy()
    raw[1, CHANGED:] *= factor
    raw[1, CHANGED] = values[1, CHANGED] * (day + (7 - day) * factor) / 7
    undone = undone_units(raw, kpi)[0]
    apart = np.delete(np.abs(np.log(undone[1] / values[1])), CHANGED)
    assert apart.max() < 0.01


@pytest.mark.parametrize("beside", [-2, -1, 1, 2])
def test_an_outlier_beside_a_change_of_unit_does_not_undo_it_twice(beside):
    values = steady(np.random.default_rng(7))
    raw = values.copy()
    raw[1, CHANGED:] *= 60
    raw[1, CHANGED + beside] *= 8
    undone = undone_units(raw, REPLY)[0]
    assert abs(np.log(undone[1, -1] / values[1, -1])) < 0.01


@pytest.mark.parametrize(
    ("kpi", "values", "form"),
    [
        (ON_TIME, [0.2, 0.9, 1.0], "arcsine"),
        (ON_TIME, [0.2, 0.9, 1.4], "plain"),  # "shares" beyond 1 are shares of something else
        (Kpi("nps", "Promoters", "pct", "higher"), [20, 90, 100], "arcsine"),
        (REPLY, [1, 4, 20], "log"),
        (SPEND, [-5, 4, 20], "plain"),  # refunds
        (QUALITY, [1, 4, 20], "plain"),
        (DEFECTS, [0, 4, 20], "log"),
        (DEFECTS, [0, 0, 0], "plain"),
    ],
)
def test_a_metric_is_read_in_the_form_of_its_unit(company, kpi, values, form):
    every = np.resize(np.asarray(values, float), (120, WEEKS))
    assert scales_of(alone(company, kpi, every))[0].form == form


def test_a_count_that_is_mostly_nought_makes_no_marvel_of_a_one(company):
    counts = np.random.default_rng(8).poisson(0.2, (120, WEEKS)).astype(float)
    x = read(alone(company, DEFECTS, counts))[0]
    assert np.isfinite(x).all()
    assert 0.5 < np.median(x.std(1)) < 1.5


def test_readings_are_in_own_standard_deviations_and_up_is_good(company):
    x = read(company)[0]
    assert x.std(1) == pytest.approx(np.ones(120), abs=0.35)
    turned = read(replace(company, kpis=(replace(QUALITY, better="lower"),)))[0]
    assert np.allclose(turned, -x)


def test_what_the_company_or_a_group_has_in_common_is_taken_out_and_told(company):
    calm, common_before, _ = read(company)
    own = company.kpi_values.std(2, keepdims=True)
    moved = company.kpi_values - 3 * own * (np.arange(WEEKS) >= 90)
    moved -= 2 * own * ((np.arange(WEEKS) >= 80) & (company.group[0] == 1)[:, None])[:, None]
    x, common, _ = read(replace(company, kpi_values=moved))
    assert abs((x - calm)[:, 92:].mean()) < 0.1
    assert abs((x - calm)[1::2, 80:].mean()) < 0.15
    told = (common - common_before)[:, 92:].mean(1)
    assert np.median(told[0::2]) == pytest.approx(-3, abs=0.6)
    assert np.median(told[1::2]) == pytest.approx(-5, abs=0.9)


def test_a_group_of_few_keeps_its_movement(company):
    """Its median would be its members' own."""
    few = np.where(np.arange(120) < 8, 0, 1)[None]
    moved = company.kpi_values.copy()
    moved[:8, :, 80:] -= 3 * moved[:8].std(2, keepdims=True)
    x = read(replace(company, kpi_values=moved, group=few))[0]
    assert x[:8, 82:].mean() < -1.0


def test_one_reading_is_no_trend(company):
    values = company.kpi_values.copy()
    values[3, 0, 50] = 1e9
    x, _, _ = read(replace(company, kpi_values=values))
    assert x[3, 50] == 4.0
    assert np.allclose(np.delete(x[3], 50), np.delete(read(company)[0][3], 50), rtol=0.15, atol=0.15)


def test_what_was_not_measured_stays_unknown(company):
    values = company.kpi_values.copy()
    values[:, 0, np.arange(WEEKS) % 4 > 0] = np.nan
    values[7] = np.nan
    x, common, changed = read(replace(company, kpis=(replace(QUALITY, cadence="monthly"),), kpi_values=values))
    assert np.array_equal(np.isnan(x), np.isnan(values[:, 0]))
    assert np.isfinite(common).all()
    assert not changed.any()
    assert np.nanstd(x) == pytest.approx(1.0, abs=0.3)


def test_every_metric_of_a_company_gets_a_scale(company):
    panel = WORLDS["bursty"](1, n=60).panel
    assert [scale.form for scale in scales_of(panel)] == ["arcsine", "log", "log", "plain"]
    constant = replace(panel, kpi_values=np.ones_like(panel.kpi_values))
    never = replace(panel, kpi_values=np.full_like(panel.kpi_values, np.nan))
    for odd in (constant, never):
        for k, scale in enumerate(scales_of(odd)):
            assert scale.floor > 0
            assert not np.nan_to_num(comparable(odd, correct_units(odd), k, scale)[0]).any()
    assert len(KPIS) == len(scales_of(panel))


def test_the_median_is_of_what_is_there():
    x = np.array([[1.0, np.nan, 3.0, 9.0], [np.nan] * 4, [2.0, 4.0, np.nan, np.nan]])
    assert np.array_equal(median(x, 1), [3.0, np.nan, 3.0], equal_nan=True)
    assert np.array_equal(median(x, 0), [1.5, 4.0, 3.0, 9.0])
    assert np.isnan(median(np.zeros((2, 0)), 1)).all()


def test_a_metric_that_stood_still_gives_no_floor_by_its_rounding():
    rng = np.random.default_rng(4)
    values = np.repeat(rng.random((100, 1)), 52, axis=1)  # the mean of equal numbers is off by a rounding
    values[50:] = np.abs(rng.normal(0.1, 0.02, (50, 52)))
    scale = kpi_readings.learn_scale(Kpi("late", "Late", "share", "lower"), values)
    assert scale.floor > 0.01


def two_metrics(company, players, hours):
    kpis = (Kpi("players", "Players", "count", "higher"), Kpi("hours", "Hours played", "count", "higher"))
    return replace(company, kpis=kpis, kpi_values=np.stack([players, hours], axis=1), levels=(), groups=(),
                   group=np.zeros((0, 0), np.int64))  # fmt: skip


@pytest.fixture
def players(company):
    return 30 * np.exp(0.1 * np.random.default_rng(8).normal(size=(120, WEEKS)))


def test_a_launch_is_no_change_of_unit(company, players):
    """From 29 players to 57,346 within its first weeks."""
    launched = players.copy()
    launched[3, :40] = np.nan
    launched[3, 48:] *= 1900
    readings = correct_units(two_metrics(company, launched, players))
    assert (readings.unit_changed.any(), np.argwhere(readings.launched).tolist()) == (False, [[3, 0]])
    assert np.array_equal(readings.values[0], launched, equal_nan=True)


@pytest.mark.parametrize(("other", "is_unit"), [(1.0, True), (1.5, True), (3.0, False), (0.3, False)])
def test_where_another_metric_moves_as_well_something_happened(company, players, other, is_unit):
    jumped, hours = players.copy(), players.copy()
    jumped[3, CHANGED:] *= 1000
    hours[3, CHANGED:] *= other
    readings = correct_units(two_metrics(company, jumped, hours))
    assert (readings.unit_changed[3, 0], readings.launched[3, 0]) == (is_unit, not is_unit)


def test_what_jumps_for_many_in_one_week_is_a_new_unit_even_of_the_young(company, players):
    jumped = players.copy()
    jumped[:20, : CHANGED - 8] = np.nan
    jumped[:20, CHANGED:] *= 1000
    readings = correct_units(two_metrics(company, jumped, jumped))
    assert readings.unit_changed[:20].all()
    assert not readings.launched.any()
    assert np.allclose(readings.values[0], np.where(np.isnan(jumped), np.nan, players), equal_nan=True)
