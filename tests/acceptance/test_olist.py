"""The whole night on real orders and reviews: 26 customers, Portuguese comments."""

from datetime import date, timedelta

import duckdb
import pytest

from voc import app

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("as_of", [date(2017, 12, 3), date(2018, 1, 14)])
def test_real_reviews_are_read_in_portuguese_and_26_customers_are_too_few_to_calibrate(real_data, tmp_path, as_of):
    project = app.open_project(real_data / "olist" / "voc.yml", tmp_path / "state")
    outcome = app.run(project, as_of)
    with duckdb.connect(str(outcome.path), read_only=True) as marts:
        ((feedback, scored, late),) = marts.execute(
            "select count(*), count(sentiment), count(*) filter (where said_at >= ?) from marts.fct_feedback",
            [str(as_of + timedelta(days=2))],
        ).fetchall()
        ((surfaced, with_p),) = marts.execute(
            "select count(*) filter (where is_surfaced), count(p_value) from marts.fct_contradictions "
            "where level = 'customer'"
        ).fetchall()
        groups = marts.execute(
            "select distinct level from marts.fct_contradictions where p_value is not null order by level"
        ).fetchall()
        states = marts.execute("select count(*) from marts.fct_coverage where state = 'judged'").fetchall()
        ((verdict,),) = marts.execute("select calibration_verdict from marts.mart_run").fetchall()
    assert feedback > 1000
    assert scored > 0.95 * feedback
    assert late == 0
    assert (surfaced, with_p) == (0, 0)
    assert groups == []  # within a year of history no season can be ruled out
    assert "26 customers are too few to calibrate" in verdict
    assert "groups are judged from 20" in verdict
    assert states == [(0,)]
