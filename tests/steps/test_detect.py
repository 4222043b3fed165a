"""The detect step: the panel it judges, and the rows it leaves in the work file."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest
from support import dbt_views

from voc.adapters.work_file import warehouse
from voc.adapters.work_file.panels import PanelColumns
from voc.domain.contract import Table
from voc.domain.kpi import Kpi
from voc.domain.source import Source
from voc.errors import InputError
from voc.steps import detect

AS_OF, WEEKS = date(2026, 3, 1), 80
NIGHT = warehouse.RunMeta(
    "r", AS_OF, *(datetime.fromisoformat(day) for day in ("2026-03-02", "2026-02-16", "2026-03-02"))
)
KPIS = [Kpi("on_time", "On time", "share", "higher"), Kpi("reply", "Reply", "hours", "lower", touchpoint="support")]
FELL, NEW_UNIT, WORSE = 7, 20, 33
FELT = f"subject = 'K{FELL:03}'"
"""One who is unhappy of late, one whose replies are in minutes of late, one whose deliveries are late of late."""


def company(folder, customers):
    """The work file of a company in which little happens."""
    rng = np.random.default_rng(5)
    weeks = np.datetime64(AS_OF - timedelta(days=7 * WEEKS - 1)) + 7 * np.arange(WEEKS)
    of_late = np.arange(WEEKS) >= WEEKS - 12
    on_time, reply = 0.9 + 0.02 * rng.normal(size=(customers, WEEKS)), 4 * rng.lognormal(0, 0.2, (customers, WEEKS))
    row, week = np.nonzero(rng.random((customers, WEEKS)) < 0.7)
    sentiment = 0.3 + 0.2 * rng.normal(size=customers)[row] + 0.2 * rng.normal(size=row.size)
    if customers > WORSE:
        sentiment[(row == FELL) & of_late[week]] -= 0.9
        on_time[FELL, of_late] += 0.01
        reply[FELL, of_late] *= 0.9
        reply[NEW_UNIT, WEEKS - 30 :] *= 60
        on_time[WORSE, of_late] -= 0.1
    ids = np.array([f"K{i:03}" for i in range(customers)])
    path = folder / "work" / "warehouse.duckdb"
    with warehouse.opened(path) as work:
        warehouse.begin(work, NIGHT)
        nps = Source("nps", Table.SURVEYS, "/inbox/nps.csv", timezone="UTC")
        warehouse.configure(work, company="Lumen", timezone="UTC", currency="EUR", kpis=KPIS, sources=[nps])
        said = {"customer_id": ids[row], "week": weeks[week], "sentiment": np.clip(sentiment, -1, 1)}
        work.register("said", pd.DataFrame(said))
        measured = {"customer_id": np.repeat(ids, WEEKS), "week": np.tile(weeks, customers)}
        work.register("measured", pd.DataFrame(measured | {"on_time": on_time.ravel(), "reply": reply.ravel()}))
        work.execute("""
            create schema int;
            create table int.int_kpi_week as
                select *, value as value_at_block, false as is_imputed, true as is_complete
                from (unpivot measured on on_time, reply into name kpi value value);
            create table int.int_feedback_scored as
                select *, row_number() over (order by customer_id, week) as n, 'nps:' || n as feedback_id,
                    'nps' as source, 'nps' as channel, if(n % 2 = 0, 'support', null) as touchpoint,
                    null::varchar as respondent, md5(feedback_id) as words_id, null::varchar as text_id,
                    week + interval 12 hour as said_at, 3 + 2 * sentiment as score, 1 as scale_min, 5 as scale_max,
                    0.1 as sentiment_se, sentiment as sentiment_at_block, 0.1 as sentiment_se_at_block,
                    true as is_known_now, week < '2026-02-16' as is_known_at_block
                from said;
            create table int.int_feedback_theme (
                feedback_id varchar, customer_id varchar, week date, touchpoint varchar, theme varchar, weight double,
                is_nearest boolean
            );
            create table int.int_spine as select customer_id, week from measured;
            create table int.int_customer as
                select distinct customer_id, if(customer_id < 'K060', 'north', 'south') as region,
                    null::varchar as segment, '' as plan
                from measured;
        """)
        dbt_views.create(work, *dbt_views.PANEL, *dbt_views.COMPARED)
    return path


def night(path):
    return detect.run(path, AS_OF, kpis=KPIS, false_discovery_rate=0.1, min_feedback_items=4)


def ask(path, query):
    with duckdb.connect(str(path), read_only=True) as work:
        return work.execute(query).fetchall()


@pytest.fixture(scope="module")
def detected(tmp_path_factory):
    path = company(tmp_path_factory.mktemp("a company"), 130)
    return path, night(path)


def test_what_happened_is_surfaced_and_its_sentence_says_what(detected):
    path, _ = detected
    ((kind, reason, presumed_wrong),) = ask(
        path, "select kind, reason, presumed_wrong from ml.contradictions where is_surfaced and level = 'customer'"
    )
    assert (kind, presumed_wrong) == ("watermelon", "metric")
    assert "what this customer says fell from" in reason


def test_every_entry_has_a_sentence_an_interval_and_a_subject_of_its_level(detected):
    path, done = detected
    odd = ask(
        path,
        """
        select level, subject from ml.contradictions
        where reason not like '%.' or subject = ''
            or sentiment_change not between sentiment_change_low and sentiment_change_high
            or kpi_change not between kpi_change_low and kpi_change_high
            or (level = 'customer') <> coalesce(customer_id = subject, false)
            or started_week not between '2025-08-25' and '2026-02-23'
        """,
    )
    assert odd == []
    assert ask(path, "select count(*) from ml.contradictions where level = 'customer'") == [(done.n_judged,)]


def test_groups_are_named_and_belong_to_no_customer(detected):
    path, done = detected
    groups = ask(path, "select level, subject, customer_id from ml.contradictions where level <> 'customer'")
    assert {("company", "Lumen", None), ("region", "north", None), ("region", "south", None)} <= set(groups)
    assert {customer for _, _, customer in groups} == {None}
    assert done.n_groups == len(groups)


def test_evidence_is_kept_of_what_is_surfaced_or_explained_and_of_nothing_else(detected):
    path, _ = detected
    who = "level, subject, kpi, kind"
    shown = ask(path, f"select {who} from ml.contradictions where is_surfaced or explained_by is not null order by all")
    assert ask(path, f"select distinct {who} from ml.evidence order by all") == shown
    ((weight, weeks),) = ask(path, f"select sum(value), count(week) from ml.evidence where part = 'story' and {FELT}")
    assert (weight, weeks) == (pytest.approx(1), 0)
    ((first, last, n_wide),) = ask(
        path, f"select min(week), max(week), count(high > low) from ml.evidence where part = 'sentiment' and {FELT}"
    )
    assert date(2024, 8, 26) <= first < last <= date(2026, 2, 23)
    assert n_wide > 40
    items = ask(path, f"select name, value from ml.evidence where part = 'item' and {FELT} order by position")
    known = ask(path, f"select feedback_id from int.int_feedback_scored where customer_id = 'K{FELL:03}'")
    assert len(items) == 8
    assert {(name,) for name, _ in items} <= set(known)


def test_a_metric_that_worsened_unnoticed_is_among_the_moves(detected):
    path, _ = detected
    ((moved, before, after, started),) = ask(
        path,
        f"""
        select moved, kpi_before, kpi_after, started_week from ml.kpi_moves
        where customer_id = 'K{WORSE:03}' and kpi = 'on_time'
        """,
    )
    assert moved <= -2
    assert before == pytest.approx(0.9, abs=0.02)
    assert after == pytest.approx(0.8, abs=0.03)
    assert abs(started - date(2025, 12, 8)) <= timedelta(weeks=4)


def test_a_changed_unit_is_told_and_opens_nothing(detected):
    path, done = detected
    assert done.unit_changed == {"reply": 1}
    assert done.sentence.endswith("; the unit of reply changed for 1 customer and was undone")
    assert ask(path, f"select is_surfaced from ml.contradictions where subject = 'K{NEW_UNIT:03}'") == [(False,)]


def test_the_same_night_again_leaves_the_same_rows(detected):
    path, done = detected
    tables = ("contradictions", "evidence", "kpi_moves", "judgements", "calibration")
    before = [ask(path, f"from ml.{table} order by all") for table in tables]
    assert night(path) == done
    assert [ask(path, f"from ml.{table} order by all") for table in tables] == before
    assert all(before)


def test_too_small_a_company_is_told_so_and_nothing_is_surfaced(tmp_path):
    path = company(tmp_path, 12)
    few = "12 customers are too few to calibrate (100 are needed)"
    sentence = night(path).sentence
    assert sentence.startswith("0 contradictions among 0 customers")
    assert sentence.endswith(f" compared; {few}")
    asked = (
        "select bool_or(is_surfaced), count(p_value), count(q_value) from ml.contradictions where level = 'customer'"
    )
    assert ask(path, asked) == [(False, 0, 0)]
    assert ask(path, "select distinct state, why from ml.judgements") == [("not_calibrated_yet", few)]
    assert ask(path, "from ml.evidence") == []


def test_another_night_than_the_one_in_hand_is_refused(detected):
    with pytest.raises(InputError, match="holds the night of 2026-03-01"):
        detect.run(detected[0], date(2026, 3, 8), kpis=KPIS, false_discovery_rate=0.1, min_feedback_items=4)


def test_levels_of_which_nothing_is_said_are_left_out():
    columns = PanelColumns(
        company="Lumen",
        customers={
            "customer_id": np.array(["a", "b", "c"]), "first_week": np.zeros(3, np.int16),
            "last_week": np.ones(3, np.int16), "region": np.array(["", "", ""]),
            "segment": np.array(["smb", "", "large"]), "plan": np.array(["gold"] * 3),
        },
        weeks=np.array(["2026-02-16", "2026-02-23"], "datetime64[D]"),
        kpi_values=np.zeros((3, 2, 2)),
        items={
            "customer": np.array([0, 0, 2]), "week": np.array([0, 1, 1]), "item_id": np.array(["i", "j", "k"]),
            "sentiment": np.zeros(3), "sentiment_se": np.ones(3), "channel": np.zeros(3, np.int32),
            "touchpoint": np.array([-1, 0, -1]), "respondent": np.array([-1, 2**40, -1]),
            "text": np.array([2**50, -1, 2**50]),
        },
        channels=("nps/nps",),
        touchpoints=("support",),
    )  # fmt: skip
    panel = detect.to_panel(columns, KPIS)
    assert panel.levels == ("segment", "plan")
    assert panel.groups == (("large", "smb"), ("gold",))
    assert panel.group.tolist() == [[1, -1, 0], [0, 0, 0]]
    assert panel.offsets.tolist() == [0, 2, 2, 3]
    assert panel.respondent.tolist() == [-1, 0, -1]
    assert panel.item_text.tolist() == [0, -1, 0]
    nobody = replace(
        columns,
        customers={name: column[:0] for name, column in columns.customers.items()},
        items={name: column[:0] for name, column in columns.items.items()},
    )
    assert detect.to_panel(nobody, KPIS).group.shape == (0, 0)


def test_what_was_answered_is_told_on_the_scale_on_which_it_was_asked(detected):
    path, _ = detected
    ((reason, scale, before, after),) = ask(
        path,
        f"""
        select reason, sentence_scale, sentence_scale_before, sentence_scale_after
        from ml.contradictions where is_surfaced and {FELT}
        """,
    )
    assert scale == "1 to 5"
    assert after < before - 1
    assert f"fell from {before:.1f} to {after:.1f} of 5 in " in reason
    assert ask(
        path,
        "select count(sentence_scale) from ml.contradictions where not is_surfaced and explained_by is null",
    ) == [(0,)]
