"""How far metrics moved, and how surely, on series whose memory is known."""

import numpy as np
import pytest
from support.simulated_observations import remembered

from voc.detection.process.kpi_steps import Memory, estimate_kpi_steps, kpi_means, learn_memory
from voc.detection.process.onsets import ONSETS, Onset

WEEKS, LOOKBACK, BEFORE = 104, 78, 12
TRUTH = Memory(white=0.4, slow=0.6, persistence=0.8)
STEP = Onset(13)


@pytest.fixture(scope="module")
def calm():
    rng = np.random.default_rng(1)
    return (
        np.sqrt(TRUTH.white) * rng.normal(size=(1500, WEEKS))
        + np.sqrt(TRUTH.slow) * remembered(rng, (1500, WEEKS), TRUTH.persistence)
    )  # fmt: skip


def moved(x, onsets=(STEP,), cadence="weekly", memory=TRUTH, end=WEEKS):
    return estimate_kpi_steps(x, memory, cadence, end, onsets, LOOKBACK, BEFORE)


def test_the_memory_of_a_metric_is_recovered(calm):
    learned = learn_memory(calm)
    assert learned.white == pytest.approx(TRUTH.white, abs=0.08)
    assert learned.slow == pytest.approx(TRUTH.slow, abs=0.08)
    assert learned.persistence == pytest.approx(TRUTH.persistence, abs=0.05)


def test_too_little_to_learn_a_memory_from_is_white_noise():
    assert learn_memory(np.full((50, WEEKS), np.nan)) == Memory(1.0, 0.0, 0.5)
    assert learn_memory(np.zeros((0, WEEKS))) == Memory(1.0, 0.0, 0.5)
    assert learn_memory(np.zeros((300, WEEKS))).white > 0


@pytest.mark.parametrize("start", [Onset(4), STEP, Onset(26), Onset(10, ramp=6), Onset(26, ramp=6)], ids=str)
def test_a_step_is_measured_without_bias(calm, start):
    found = moved(calm - 2.0 * start.height(np.arange(WEEKS), WEEKS), (start,))
    error = found.se.mean() / np.sqrt(len(calm))
    assert found.size.mean() == pytest.approx(-2.0, abs=4 * error)


@pytest.mark.parametrize("missing", [0.0, 0.3], ids="missing {}".format)
def test_the_standard_error_is_the_scatter_of_calm_series(calm, missing):
    there = np.random.default_rng(2).random(calm.shape) >= missing
    found = moved(np.where(there, calm, np.nan), ONSETS)
    z = found.size / found.se
    assert (np.abs(np.nanstd(z, axis=0) - 1) < 0.15).all()
    assert (np.abs(np.nanmean(z, axis=0)) < 0.1).all()


def test_a_metric_that_scatters_more_since_a_start_moved_less_surely(calm):
    wild = calm.copy()
    wild[:, -13:] *= 4
    assert np.median(moved(wild).se) > 1.5 * np.median(moved(calm).se)


def test_too_few_readings_on_either_side_are_no_answer(calm):
    x = calm[:6].copy()
    x[1, -13:] = np.nan  # nothing since
    x[2, -13:-5] = np.nan  # five of thirteen since: less than half
    x[3, : WEEKS - 13 - 11] = np.nan  # eleven before
    x[4, : WEEKS - 13 - 12] = np.nan  # twelve before
    x[5, -13:-6] = np.nan  # six of thirteen since
    found = moved(x)
    assert np.isfinite(found.size[:, 0]).tolist() == [True, False, False, False, True, True]
    assert np.array_equal(np.isfinite(found.size), np.isfinite(found.se))


def test_a_monthly_metric_needs_a_quarter_of_the_readings(calm):
    monthly = np.where(np.arange(WEEKS) % 4 == 3, calm[:300], np.nan)
    assert np.isfinite(moved(monthly, cadence="monthly").size).all()
    assert np.isnan(moved(monthly).size).all()


def test_a_start_before_all_history_is_no_answer(calm):
    assert np.isnan(moved(calm[:5, :10]).size).all()
    assert np.isnan(moved(calm[:5, :0], end=0).size).all()


def test_readings_after_the_end_change_nothing(calm):
    changed = calm[:50].copy()
    changed[:, 80:] = 9.0
    then, now = (moved(x, ONSETS, end=80) for x in (calm[:50], changed))
    assert np.array_equal(then.size, now.size, equal_nan=True)
    assert np.array_equal(then.se, now.se, equal_nan=True)


def test_levels_are_plain_means_in_the_metrics_own_unit():
    raw = np.full((3, WEEKS), 70.0)
    raw[:, ::2] += 2
    raw[0, -10:] -= 6
    raw[1, -10:] = np.nan
    raw[2, : WEEKS - 10 : 3] = np.nan
    before, after, se = kpi_means(raw, WEEKS, 10, LOOKBACK)
    assert before[:2] == pytest.approx([71, 71])
    assert after[[0, 2]] == pytest.approx([65, 71])
    assert np.isnan(after[1])
    assert np.isnan(se[1])
    assert se[0] == pytest.approx(np.sqrt(1.0 * 68 / 67 / 68 + 1.0 * 10 / 9 / 10))


def test_a_metric_with_few_readings_is_measured_alike_at_neighbouring_starts(calm):
    """Weights made for every week, cut down to the weeks that were read, would jump between them."""
    neighbours = tuple(Onset(weeks) for weeks in (11, 13, 14))
    found = moved(np.where(np.arange(WEEKS) % 4 == 3, calm, np.nan), neighbours, "monthly")
    assert (np.ptp(found.size, axis=1) < 3 * found.se.max(1)).all()
    z = found.size / found.se
    assert (np.abs(np.std(z, axis=0) - 1) < 0.15).all()


def test_readings_of_other_weeks_have_weights_of_their_own(calm):
    """As if each pattern of readings had been asked about alone."""
    x = np.where((np.arange(WEEKS) + np.arange(40)[:, None]) % 4 == 3, calm[:40], np.nan)
    together = moved(x, ONSETS, "monthly")
    for row in range(0, 40, 7):
        alone = moved(x[[row]], ONSETS, "monthly")
        assert np.allclose(together.size[row], alone.size[0], equal_nan=True)
        assert np.allclose(together.se[row], alone.se[0], equal_nan=True)


def test_the_noise_of_readings_is_a_part_of_the_error(calm):
    found = moved(calm[:200], ONSETS)
    assert (found.noise < found.se).all()
    still = moved(calm[:200], ONSETS, memory=Memory(white=1.0, slow=0.0, persistence=0.5))
    assert np.allclose(still.noise, still.se)
