"""What only the made-up business service does: contracts, mergers, weekly means and few people an account."""

from functools import cache

import numpy as np
import pytest
from worlds import World
from worlds.service import holidays, service
from worlds.service_answers import QUARTERLY_SURVEY, SURVEY, TICKET, WEEKLY_MEAN
from worlds.service_metrics import INVOICED, SEATS, SOLVED, UPTIME


@cache
def company() -> World:
    return service(seed=4, n=3000)


def test_an_account_is_invoiced_by_the_month_or_by_the_quarter():
    panel = company().panel
    whole = (panel.first_week == 0) & (panel.last_week == 159)
    invoices = np.isfinite(panel.kpi_values[whole, INVOICED]).sum(1)
    by_quarter = invoices <= 13
    assert 0.3 < by_quarter.mean() < 0.5
    assert invoices[~by_quarter].min() > 28


def test_most_seats_stay_as_they_were_from_month_to_month():
    seats = company().panel.kpi_values[:, SEATS]
    stayed = [np.diff(of[np.isfinite(of)]) == 0 for of in seats]
    assert np.concatenate(stayed).mean() > 0.5


def test_hours_are_known_only_where_there_were_tickets():
    read = np.isfinite(company().panel.kpi_values[:, [UPTIME, SOLVED]]).sum(2)
    share = read[:, 1] / read[:, 0]
    assert np.quantile(share, 0.1) < 0.5
    assert np.quantile(share, 0.9) > 0.95


def test_uptime_is_mostly_nearly_whole_and_now_and_then_far_from_it():
    uptime = company().panel.kpi_values[:, UPTIME]
    uptime = uptime[uptime <= 1]
    assert np.median(uptime) > 0.999
    assert uptime.min() < 0.9


def test_a_merger_silences_one_account_and_brings_its_people_to_another():
    world = company()
    panel = world.panel
    people = panel.respondent // 12  # of each account there are up to six and their successors
    guests = (panel.respondent >= 0) & (people != panel.item_customer)
    hosts = np.unique(panel.item_customer[guests])
    assert hosts.size > 5
    assert {world.decoys[int(host)] for host in hosts} == {"merger"}
    gone = np.unique(people[guests])
    assert (panel.last_week[gone] < 159).all()
    assert np.isnan(panel.kpi_values[gone, :, -1]).all()


def test_a_weekly_mean_stands_for_many_and_its_error_says_so():
    panel = company().panel
    is_mean = panel.channel == WEEKLY_MEAN
    assert set(np.unique(panel.channel)) == {SURVEY, QUARTERLY_SURVEY, TICKET, WEEKLY_MEAN}
    cell = panel.item_customer[is_mean] * 160 + panel.item_week[is_mean]
    assert np.unique(cell).size == cell.size
    assert panel.sentiment_se[is_mean].min() < 0.1 < panel.sentiment_se[panel.channel == SURVEY].min()
    assert (panel.respondent[is_mean] == -1).all()


def test_surveys_have_the_points_that_people_can_give():
    panel = company().panel
    np.testing.assert_allclose(np.unique(panel.sentiment[panel.channel == SURVEY]), np.linspace(-1, 1, 5))
    points = np.unique(panel.sentiment[panel.channel == QUARTERLY_SURVEY]).round(6)
    np.testing.assert_allclose(points, np.linspace(-1, 1, 11), atol=1e-6)


def test_few_people_speak_for_an_account():
    panel = company().panel
    known = panel.respondent >= 0
    owner = panel.respondent[known] // 12
    pairs = np.unique(np.stack([owner, panel.respondent[known]]), axis=1)
    assert np.bincount(pairs[0]).max() <= 7
    assert np.bincount(pairs[0])[np.unique(owner)].mean() < 4


def test_a_new_contact_is_harsher_though_the_mood_is_the_same():
    world = service(seed=5, n=1500, decoys=0.5, rate=4)
    panel, change = world.panel, []
    for row in (i for i, name in world.decoys.items() if name == "new_contact"):
        mine = slice(*panel.offsets[row : row + 2])
        since = panel.item_week[mine] >= 156
        if since.sum() > 3:
            change.append(
                panel.sentiment[mine][since].mean() - panel.sentiment[mine][panel.item_week[mine] < 134].mean()
            )
    assert len(change) > 20
    assert np.mean(change) < -0.2


def test_most_are_away_in_summer_and_some_at_christmas():
    calendar = np.datetime64("2024-01-01") + 7 * np.arange(104)
    away = dict(zip(calendar.astype(str), holidays(calendar), strict=True))
    assert away["2024-07-29"] == 1
    assert away["2024-12-23"] == pytest.approx(0.8)
    assert away["2024-05-06"] == away["2025-10-06"] == 0
