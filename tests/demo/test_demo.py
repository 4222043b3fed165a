"""The made-up company: its files keep the contract, and what truth.csv says is really in them."""

import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import yaml

from voc.demo import Planted, write
from voc.demo.customers import N_LEGACY
from voc.demo.plants import COUNTS
from voc.domain.contract import CONTRACT, Table
from voc.domain.kinds import Kind

FILES = ("voc.yml", "truth.csv", "inbox/customers.csv", "inbox/surveys.csv", "inbox/tickets.jsonl", "inbox/kpis.csv")
NULL_ANSWERS = {"n/a", "-", "none", "no comment", ".", "nothing", "N/A", "x"}


class Demo(NamedTuple):
    folder: Path
    planted: Planted
    customers: pd.DataFrame
    surveys: pd.DataFrame
    tickets: pd.DataFrame
    kpis: pd.DataFrame
    weekly: dict[str, pd.DataFrame]

    def of(self, kind):
        return [row for row in self.planted.truth if row.kind == kind]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lumen")
    planted = write(folder)
    inbox = folder / "inbox"
    csv = {"keep_default_na": False, "na_values": [""]}
    surveys = pd.read_csv(inbox / "surveys.csv", **csv)
    tickets = pd.DataFrame([json.loads(line) for line in (inbox / "tickets.jsonl").read_text().splitlines()])
    surveys["week"], tickets["week"] = _monday(surveys["responded_at"]), _monday(tickets["opened_at"])
    # felt satisfaction as the score shows it, in population sd
    mid, step = np.where(surveys["survey"] == "nps", [[7.3], [1.6]], [[3.9], [0.8]])
    surveys["felt"] = (pd.to_numeric(surveys["score"], errors="coerce") - mid) / step
    kpis = pd.read_csv(inbox / "kpis.csv", parse_dates=["measured_on"])
    weekly = {kpi: _weekly(kpis, kpi) for kpi in ("on_time_rate", "first_reply_hours", "usage_gb")}
    return Demo(folder, planted, pd.read_csv(inbox / "customers.csv", **csv), surveys, tickets, kpis, weekly)


def _monday(times):
    local = pd.to_datetime(times, utc=True).dt.tz_convert("Europe/Amsterdam").dt.tz_localize(None)
    return local.dt.to_period("W-SUN").dt.start_time


def _weekly(kpis, kpi):
    """Customer x week, on the scale the noise is even on, free of what moved everybody."""
    rows = kpis[kpis["kpi"] == kpi]
    table = rows.pivot(index="customer_id", columns="measured_on", values="value")
    # the week of a strike says nothing about an ordinary week's spread
    table = np.log(table) if kpi in ("first_reply_hours", "usage_gb") else table.where(table > 0)
    return table - (table - table.median(axis=1).to_numpy()[:, None]).median(axis=0)


def _shift(demo, kpi, row, good=1):
    """How far the KPI moved at the planted start, in the customer's own weekly sd; None where it is not measured."""
    table = demo.weekly[kpi]
    if row.customer_id not in table.index:
        return None
    values, start = table.loc[row.customer_id], pd.Timestamp(row.started_week)
    before, after = values[values.index < start], values[values.index >= start]
    return good * (after.mean() - before.mean()) / before.std()


def _said(demo, rows):
    """Mean change of felt satisfaction over ``rows``, each customer weighted by what it said after the start."""
    changes, weights = [], []
    for row in rows:
        own = demo.surveys[demo.surveys["customer_id"] == row.customer_id].dropna(subset="felt")
        after = own["week"] >= pd.Timestamp(row.started_week)
        if 0 < after.sum() < len(own):
            changes.append(own["felt"][after].mean() - own["felt"][~after].mean())
            weights.append(after.sum())
    return np.average(changes, weights=weights)


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(demo, tmp_path):
    again = write(tmp_path / "again")
    write(tmp_path / "other", seed=8)
    assert again == demo.planted
    assert {str(p.relative_to(demo.folder)) for p in demo.folder.rglob("*") if p.is_file()} == set(FILES)
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (demo.folder / name).read_bytes()
        assert ((tmp_path / "other" / name).read_bytes() == (demo.folder / name).read_bytes()) == (name == "voc.yml")


@pytest.mark.parametrize("table", list(Table))
def test_every_file_has_the_columns_of_the_contract(demo, table):
    columns = set(getattr(demo, table).columns) - {"week", "felt"}
    known = {column.name for column in CONTRACT[table]}
    assert {column.name for column in CONTRACT[table] if column.required} <= columns
    assert columns - known == ({"device"} if table == Table.SURVEYS else set())
    for column in CONTRACT[table]:
        assert not column.filled or getattr(demo, table)[column.name].notna().all()


def test_scores_lie_in_the_scale_of_their_row(demo):
    score = pd.to_numeric(demo.surveys["score"], errors="coerce")
    assert score.between(demo.surveys["scale_min"], demo.surveys["scale_max"])[score.notna()].all()
    assert set(zip(demo.surveys["survey"], demo.surveys["scale_max"], strict=True)) == {("nps", 10), ("csat", 5)}
    assert demo.tickets["satisfaction"].dropna().between(1, 5).all()


def test_nothing_is_later_than_the_day_to_run_as_of(demo):
    assert demo.planted.as_of == date(2026, 3, 1)
    end = pd.Timestamp("2026-03-01T23:00:00Z")  # midnight in Amsterdam
    assert (demo.kpis["measured_on"] <= pd.Timestamp(demo.planted.as_of)).all()
    for frame, column in [(demo.surveys, "responded_at"), (demo.surveys, "invited_at"), (demo.tickets, "opened_at"),
                          (demo.tickets, "solved_at")]:  # fmt: skip
        assert (pd.to_datetime(frame[column].dropna(), utc=True) < end).all()
    for column in ("signed_up_on", "churned_on"):
        assert (pd.to_datetime(demo.customers[column].dropna()) < end.tz_localize(None)).all()


def test_the_configuration_names_four_sources_and_every_kpi_in_the_files(demo):
    config = yaml.safe_load((demo.folder / "voc.yml").read_text())
    assert set(config["sources"]) == {"customers", "surveys", "tickets", "kpis"}
    for (source,) in config["sources"].values():
        assert len(list(demo.folder.glob(source["path"]))) == 1
    assert set(config["kpis"]) == set(demo.kpis["kpi"])
    assert {kpi["better"] for kpi in config["kpis"].values()} == {"higher", "lower"}
    assert any("target" not in kpi for kpi in config["kpis"].values())


def test_the_faults_of_every_company_are_in_the_files(demo):
    assert demo.surveys.duplicated().sum() == demo.surveys["response_id"].duplicated().sum() == 1
    assert (demo.surveys["score"] == "eleven").sum() == 1
    unknown = ~demo.tickets["customer_id"].isin(demo.customers["customer_id"])
    assert unknown.sum() == 6
    assert demo.tickets["ticket_id"].is_unique
    assert not demo.kpis.duplicated(["customer_id", "kpi", "measured_on"]).any()


def test_feedback_is_uneven_varied_and_often_wordless(demo):
    items = pd.concat([demo.surveys["customer_id"], demo.tickets["customer_id"]]).value_counts()
    rate = items.reindex(demo.customers["customer_id"], fill_value=0) / 78
    assert 0.8 < rate.mean() < 1.1
    assert rate.median() < 0.7 * rate.mean()
    assert (rate == 0).sum() >= 5
    assert 0.3 < demo.surveys["comment"].isna().mean() < 0.4
    assert demo.surveys["comment"].nunique() > 5_000
    assert demo.surveys["score"].isna().any()


def test_ordinary_oddities_of_metrics_are_there(demo):
    on_time = demo.kpis.loc[demo.kpis["kpi"] == "on_time_rate", "value"]
    assert (on_time == 0).any()
    assert (on_time == 1).any()
    assert on_time.between(0, 1).all()
    spread = demo.kpis[demo.kpis["kpi"] == "uptime_pct"].groupby("customer_id")["value"].std()
    assert (spread == 0).any()
    spend_days = demo.kpis.loc[demo.kpis["kpi"] == "monthly_spend", "measured_on"]
    assert spend_days.dt.is_month_end.all()


def test_every_kind_and_decoy_is_in_the_truth_and_on_a_customer_of_its_own(demo):
    kinds = pd.Series([row.kind for row in demo.planted.truth]).value_counts().to_dict()
    assert kinds == {str(k): n for k, n in COUNTS.items()} | {"kpi_unit_change": N_LEGACY, "seasonal_dip": 1}
    named = [row.customer_id for row in demo.planted.truth if row.customer_id]
    assert len(set(named)) == len(named)
    assert {row.answerable for row in demo.of(Kind.WATERMELON)} == {True, False}
    written = pd.read_csv(demo.folder / "truth.csv")
    assert written["kind"].tolist() == [row.kind for row in demo.planted.truth]


def test_items_before_and_after_can_be_recounted_from_the_files(demo):
    surveys = demo.surveys.drop_duplicates("response_id")
    words = surveys["comment"].notna() & ~surveys["comment"].isin(NULL_ANSWERS)
    read = surveys[(surveys["felt"].notna() | words) & (surveys["score"] != "eleven")]
    items = pd.concat([read[["customer_id", "week"]], demo.tickets[["customer_id", "week"]]])
    for row in demo.planted.truth:
        own = items[items["customer_id"] == row.customer_id] if row.customer_id else None
        if own is not None:
            after = (own["week"] >= pd.Timestamp(row.started_week)).sum()
            assert (len(own) - after, after) == (row.n_items_before, row.n_items_after)
            assert row.answerable == (min(len(own) - after, after) >= 4)


def test_watermelons_say_worse_by_the_planted_size_and_no_metric_moves(demo):
    rows = demo.of(Kind.WATERMELON)
    assert np.mean([row.said_sd for row in rows]) == pytest.approx(-3.5, abs=0.35)
    # a scale that ends hides part of the fall of the happiest, and few answers make a mean
    assert -4.2 < _said(demo, rows) < -2.2
    for kpi in ("on_time_rate", "first_reply_hours", "usage_gb"):
        shifts = [shift for row in rows if (shift := _shift(demo, kpi, row)) is not None]
        assert np.mean(shifts) == pytest.approx(0, abs=0.35)


def test_silent_risks_lose_the_planted_size_on_a_metric_and_speak_as_before(demo):
    rows = demo.of(Kind.SILENT_RISK)
    good = {"first_reply_hours": -1, "usage_gb": 1, "on_time_rate": 1}
    for row in rows:
        for kpi in row.kpi.split("|"):
            assert _shift(demo, kpi, row, good[kpi]) == pytest.approx(row.kpi_sd, abs=1.5)
    assert np.mean([row.kpi_sd for row in rows]) == pytest.approx(-4.5, abs=0.6)
    assert _said(demo, rows) == pytest.approx(0, abs=0.5)


def test_gamed_metrics_jump_up_while_the_customer_says_worse(demo):
    for row in demo.of(Kind.GAMED_METRIC):
        assert row.said_sd < 0 < row.kpi_sd
        assert _shift(demo, row.kpi, row, good=-1) == pytest.approx(row.kpi_sd, abs=1.5)


def test_agreed_moves_show_on_both_sides(demo):
    for kind, sign in (("agreed_decline", -1), ("agreed_rise", 1)):
        rows = demo.of(kind)
        assert sign * _said(demo, rows) > 0.3
        shifts = [_shift(demo, k, r, -1 if k == "first_reply_hours" else 1) for r in rows
                  for k in (r.kpi.split("|")[0],)]  # fmt: skip
        assert sign * np.mean(shifts) > 0.5


def test_decoys_about_volume_are_few_words_and_recovered_ones_are_over(demo):
    assert {row.n_items_after for row in demo.of("thin_feedback")} <= {1, 2}
    for row in demo.of("lone_angry_comment"):
        assert (date(2026, 3, 2) - row.started_week).days <= 21
        assert row.n_items_after >= 1
    for row in demo.of("recovered"):
        assert (date(2026, 3, 2) - row.ended_week).days >= 18 * 7


def test_the_legacy_plan_switches_from_hours_to_minutes(demo):
    hours = demo.kpis[demo.kpis["kpi"] == "first_reply_hours"]
    for row in demo.of("kpi_unit_change"):
        own = hours[hours["customer_id"] == row.customer_id]
        after = own["measured_on"] >= pd.Timestamp(row.started_week)
        assert own["value"][after].median() / own["value"][~after].median() == pytest.approx(60, rel=0.5)


def test_usage_dips_in_the_last_weeks_as_it_did_a_year_before(demo):
    usage = demo.kpis[demo.kpis["kpi"] == "usage_gb"].pivot(index="customer_id", columns="measured_on", values="value")
    level = np.log(usage).sub(np.log(usage).median(axis=1), axis=0).median(axis=0)
    for year in ("2025", "2026"):
        dip = level[(level.index >= f"{year}-02-09") & (level.index <= f"{year}-03-02")].mean()
        assert dip - level[f"{year}-01"].mean() == pytest.approx(-0.4, abs=0.1)
    (row,) = demo.of("seasonal_dip")
    assert (row.customer_id, row.started_week) == ("", date(2026, 2, 2))
