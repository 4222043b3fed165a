"""Nights with far more news than usual."""

import duckdb
import pytest
from support.hand_made_nights import hand_made


@pytest.fixture
def company(tmp_path):
    return hand_made(tmp_path / "state")


def test_held_news_stay_held_when_their_night_is_run_again_or_another_follows(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    company.finds(*({"customer_id": f"C{i}"} for i in range(1, 201)))
    company.night(1, "a", publish=False)
    company.night(1, "b")
    assert [status for *_, status in company.outbox()].count("held") == 199
    company.finds(*({"customer_id": f"C{i}"} for i in range(1, 301)))
    assert company.night(2).is_unusual
    assert [status for *_, status in company.outbox()].count("pending") == 1


def test_far_more_news_than_usual_are_held_until_somebody_has_looked(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    company.finds(*({"customer_id": f"C{i}"} for i in range(1, 61)))
    done = company.night(1)
    assert (done.is_unusual, done.n_told) == (True, 59)
    assert {status for _, _, status in company.outbox()[1:]} == {"held"}
    assert any("voc alert --held" in line for line in done.warnings)


def test_the_first_night_opens_everything_however_much(company):
    company.finds(*({"customer_id": f"C{i}"} for i in range(1, 101)))
    done = company.night(0)
    assert (done.is_unusual, done.n_told) == (False, 100)


def test_a_busy_week_end_is_the_usual_night_to_compare_with(company):
    for n, size in enumerate([0, 1, 9, 9, 30]):
        company.finds(*({"customer_id": f"C{i}"} for i in range(1, size + 1)))
        assert not company.night(n).is_unusual
    company.finds(*({"customer_id": f"C{i}"} for i in range(1, 124)))
    assert not company.night(
        5
    ).is_unusual  # 93 more: three times the 21 of the busiest night, and the 30 that are known
    company.finds(*({"customer_id": f"C{i}"} for i in range(1, 600)))
    assert company.night(6).is_unusual


def test_five_thousand_new_cases_are_opened_in_one_night(company):
    company.finds({"customer_id": "C1"})
    with duckdb.connect(str(company.work)) as work:
        work.execute(
            "insert into ml.contradictions by name select found.* exclude (subject, customer_id), other.customer_id, "
            "other.customer_id as subject from ml.contradictions as found cross join int.int_customer as other "
            "where other.customer_id <> 'C1'"
        )
    assert company.night(0).n_live == 5000
