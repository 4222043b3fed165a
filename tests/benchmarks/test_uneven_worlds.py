"""The made-up companies of very unequal sizes and loudness: what they are said to do, they do."""

from functools import cache

import numpy as np
import pytest
from worlds import WORLDS, World

from voc.domain.kinds import Kind

UNEVEN = ("retail", "service")
pytestmark = pytest.mark.parametrize("name", UNEVEN)


@cache
def company(name: str) -> World:
    """An ordinary one."""
    return WORLDS[name](seed=1, n=3000)


@cache
def eventful(name: str) -> World:
    """One where half of the customers are planted and a fifth are decoys."""
    return WORLDS[name](seed=2, n=1500, share=0.5, decoys=0.2)


def rows(world: World, kind: str) -> list[int]:
    """Customers planted as a kind, or decoys of a name."""
    return [i for i, p in world.planted.items() if p.kind == kind] + [i for i, d in world.decoys.items() if d == kind]


def rise(series: np.ndarray, onset: int) -> float:
    """Mean since the onset less the mean of the half year before, in standard deviations of that half year."""
    before = series[max(onset - 26, 0) : onset]
    return float((np.nanmean(series[onset:]) - np.nanmean(before)) / max(np.nanstd(before), 1e-9))


def kpi_rises(world: World, kind: str) -> np.ndarray:
    """Of each customer's named metric that was read at least four times on both sides, up is good."""
    out = []
    for row in rows(world, kind):
        planted = world.planted[row]
        values, sign = world.panel.kpi_values[row, planted.kpi], world.panel.kpis[planted.kpi].sign
        read = np.isfinite(values)
        if min(read[max(planted.onset - 26, 0) : planted.onset].sum(), read[planted.onset :].sum()) >= 4:
            out.append(sign * rise(values, planted.onset))
    return np.array(out)


def mood_rises(world: World, kind: str) -> np.ndarray:
    return np.array([rise(world.mood[row], world.planted[row].onset) for row in rows(world, kind)])


def test_the_same_seed_is_the_same_world_and_another_is_not(name):
    one, again, other = (WORLDS[name](seed=seed, n=200) for seed in (7, 7, 8))
    for field, value in vars(one.panel).items():
        same = getattr(again.panel, field)
        assert (
            np.array_equal(value, same, equal_nan=field == "kpi_values")
            if isinstance(value, np.ndarray)
            else value == same
        )
    assert (one.planted, one.decoys) == (again.planted, again.decoys)
    assert one.panel.item_week.size != other.panel.item_week.size


@pytest.mark.parametrize(("n", "weeks"), [(60, 160), (61, 30), (400, 52), (6000, 104)])
def test_any_size_and_length_makes_a_whole_panel(name, n, weeks):
    world = WORLDS[name](seed=3, n=n, weeks=weeks)
    panel = world.panel
    assert panel.kpi_values.shape == (n, len(panel.kpis), weeks)
    assert world.mood.shape == (n, weeks)
    assert panel.offsets[-1] == panel.item_week.size == np.unique(panel.item_id).size
    assert (np.diff(panel.weeks) == np.timedelta64(7, "D")).all()
    assert (panel.weeks.astype(int) % 7 == 4).all()  # day 4 was a Monday
    assert np.abs(panel.sentiment).max() <= 1
    assert (panel.sentiment_se > 0).all()
    in_order = np.lexsort((panel.item_week, panel.item_customer))
    np.testing.assert_array_equal(in_order, np.arange(panel.item_week.size))
    assert (panel.item_week >= panel.first_week[panel.item_customer]).all()
    assert (panel.item_week <= panel.last_week[panel.item_customer]).all()


def test_a_planted_customer_is_no_decoy_and_is_there_at_the_end(name):
    world = company(name)
    assert len(world.planted) == 120
    assert len(world.decoys) == 360
    assert not set(world.planted) & set(world.decoys)
    special = [*world.planted, *world.decoys]
    assert (world.panel.last_week[special] == 159).all()
    assert {planted.kind for planted in world.planted.values()} == set(Kind)
    for row, planted in world.planted.items():
        assert 134 <= planted.onset <= 156
        assert planted.onset > world.panel.first_week[row]
        assert (planted.kpi >= 0) == (planted.kind in (Kind.SILENT_RISK, Kind.GAMED_METRIC))
        assert (planted.touchpoint >= 0) == (planted.kind is Kind.SPLIT_BY_TOUCHPOINT)


def test_moods_fall_by_little_and_by_much(name):
    world = eventful(name)
    fallen = -mood_rises(world, Kind.WATERMELON)
    assert np.quantile(fallen, 0.95) > 2 * np.median(fallen) > 0


def test_the_mood_of_a_planted_fall_changes_in_its_week_and_not_before(name):
    world = eventful(name)
    falls = rows(world, Kind.WATERMELON) + rows(world, Kind.GAMED_METRIC)
    at = np.array([world.planted[row].onset for row in falls])[:, None] + np.arange(-12, 4)
    around = world.mood[np.array(falls)[:, None], at].mean(0) / world.mood.std()
    assert np.ptp(around[:12]) < 0.4
    assert around[12:].max() < around[:12].min() - 0.3


def test_metrics_of_a_planted_change_move_in_its_week_and_others_do_not(name):
    world = eventful(name)
    silent, gamed = kpi_rises(world, Kind.SILENT_RISK), kpi_rises(world, Kind.GAMED_METRIC)
    assert (silent < 0).mean() > 0.75
    assert (gamed > 0).mean() > 0.8
    weekly = [k for k, kpi in enumerate(world.panel.kpis) if kpi.cadence == "weekly"]
    unmoved = [
        world.panel.kpis[k].sign * rise(world.panel.kpi_values[row, k], world.planted[row].onset)
        for row in rows(world, Kind.WATERMELON)
        for k in weekly
        if np.isfinite(world.panel.kpi_values[row, k, world.planted[row].onset - 8 :]).sum() > 8
    ]
    assert abs(np.nanmedian(unmoved)) < 0.25
    assert abs(np.median(mood_rises(world, Kind.SILENT_RISK))) < 0.4


def test_a_few_customers_say_hundreds_of_times_as_much_as_most(name):
    panel = company(name).panel
    a_week = np.diff(panel.offsets) / (panel.last_week - panel.first_week + 1)
    assert np.quantile(a_week, 0.1) < 0.15
    assert a_week.max() > 50
    loudest = np.sort(a_week)[-30:].sum() / a_week.sum()
    assert loudest > 0.15


def test_histories_are_short_and_long(name):
    panel = company(name).panel
    weeks = panel.last_week - panel.first_week + 1
    assert 30 <= weeks.min() < 40
    assert weeks.max() == 160
    assert (weeks < 104).mean() > 0.2


def test_some_metrics_are_read_by_the_week_some_by_the_month_and_some_by_the_quarter(name):
    panel = company(name).panel
    whole = (panel.first_week == 0) & (panel.last_week == 159)
    readings = np.isfinite(panel.kpi_values[whole]).sum(2)
    weekly = np.array([kpi.cadence == "weekly" for kpi in panel.kpis])
    assert readings[:, weekly].max() > 140
    months = readings[:, ~weekly]
    assert 30 <= months.max() <= 37
    assert (months <= 13).any()


def test_a_launch_grows_a_metric_from_nothing(name):
    world = eventful(name)
    launched = rows(world, "launch")
    counts = world.panel.kpi_values[launched, 0]
    assert launched
    assert np.median(np.nanmax(counts, 1) / np.nanmedian(counts, 1)) > 100


def test_customers_hardly_differ_in_level(name):
    world = company(name)
    ordinary = np.setdiff1d(np.arange(3000), [*world.planted, *world.decoys])
    assert world.mood[ordinary].mean(1).var() < 0.5 * world.mood[ordinary].var()


def test_a_drift_falls_far_but_never_at_once(name):
    world = eventful(name)
    mean = world.mood[rows(world, "slow_drift")].mean(0) / world.mood.std()
    quarters = mean[4:].reshape(-1, 13).mean(1)
    fallen = quarters[:4].mean() - quarters[-1]
    assert fallen > 0.3
    assert np.diff(quarters).min() > -0.6 * fallen


def test_one_season_comes_again_for_all(name):
    panel = company(name).panel
    whole = (panel.first_week == 0) & (panel.last_week == 159)
    everybody = np.nanmedian(np.log1p(panel.kpi_values[whole, 0]), 0)
    assert np.corrcoef(everybody[:104], everybody[52:156])[0, 1] > 0.6


def test_a_new_unit_multiplies_a_metric_for_good(name):
    world = eventful(name)
    changed, usual = (
        np.nanmax(np.abs(np.log(_ratios(world, np.array(some)))), 1)
        for some in (rows(world, "unit_change"), rows(world, "agreed_rise"))
    )
    assert (changed > np.log(9)).mean() > 0.6
    assert (usual > np.log(9)).mean() < 0.2


def _ratios(world: World, some: np.ndarray) -> np.ndarray:
    """Last reading of each metric to the median of those before the last half year."""
    values = world.panel.kpi_values[some[world.panel.first_week[some] == 0]]
    last = np.array([[of[np.isfinite(of)][-1:].sum() for of in customer] for customer in values])
    return np.maximum(last, 1e-6) / np.maximum(np.nanmedian(values[:, :, :134], 2), 1e-6)


def test_a_merger_makes_a_customer_larger(name):
    world = eventful(name)
    merged = rows(world, "merger")
    counts = world.panel.kpi_values[merged, 0]
    assert merged
    assert np.median(np.nanmedian(counts[:, -4:], 1) / np.nanmedian(counts[:, :134], 1)) > 1.3
