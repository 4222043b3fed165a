"""Bad input at the front door: nothing is lost silently, and one bad file never stops the others."""

import json
from datetime import date, timedelta

import pytest
from support.inboxes import HEADER, NOW, Inbox, survey, surveys

from voc.domain.contract import Table


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


def test_the_same_file_under_the_same_or_another_name_lands_once(inbox):
    inbox.drop("surveys.csv", surveys(3))
    inbox.land()
    inbox.drop("surveys_copy.csv", surveys(3))
    landed = inbox.land()
    assert [(f.file_name, f.status, f.why) for f in landed.files] == [
        ("surveys.csv", "already landed", None), ("surveys_copy.csv", "already landed", "as surveys.csv"),
    ]  # fmt: skip
    assert (landed.n_landed, inbox.rows("select count(*) from raw.surveys")) == (0, [(3,)])


def test_the_same_id_with_other_content_in_one_file_keeps_both_and_is_counted(inbox):
    file = inbox.land_one("surveys.csv", HEADER + survey(1, score=3) + survey(2) + survey(1, score=9) + survey(2))
    assert (file.n_landed, file.n_conflicts) == (4, 1)
    assert inbox.rows("select score from raw.surveys where response_id = 'R1' order by _row") == [(3,), (9,)]
    inbox.drop("surveys2.csv", HEADER + survey(7) + survey(7, score=0))
    assert "1 keys occur with different content; the later row counts" in inbox.land().warnings[0]


def test_a_restated_kpi_lands_beside_the_value_it_restates(inbox):
    inbox.sources = [inbox.source("bi", Table.KPIS, "kpis*")]
    head = "customer_id,kpi,measured_on,value,known_at\n"
    inbox.drop("kpis1.csv", head + "C1,usage,2026-02-01,5,\nC2,usage,2026-02-01,5,\n")
    inbox.land()
    inbox.drop("kpis2.csv", head + "C1,usage,2026-02-01,6,2026-02-20T08:00:00Z\nC2,usage,2026-02-01,5,\n")
    landed = inbox.land(NOW + timedelta(days=1))
    assert (landed.n_landed, landed.files[-1].n_unchanged) == (1, 1)
    assert inbox.rows("select value, _batch, measured_on from raw.kpis where customer_id = 'C1' order by _batch") == [
        (5, 1, date(2026, 2, 1)), (6, 2, date(2026, 2, 1)),
    ]  # fmt: skip


def test_one_bad_row_among_many_is_named_and_the_rest_lands(inbox):
    rows = [survey(i) for i in range(100_000)]
    rows[77_776] = survey(77_776, score="eleven")
    file = inbox.land_one("surveys.csv", HEADER + "".join(rows))
    assert (file.status, file.n_landed, file.n_rejected) == ("landed", 99_999, 1)
    assert inbox.rejects() == [(77_778, "score", "not_a_number")]


@pytest.mark.parametrize(
    ("n", "bad", "status"),
    [(2_000, 100, "quarantined"), (2_000, 99, "landed"), (10_000, 100, "landed"), (9_999, 100, "quarantined")],
)
def test_more_than_one_percent_and_at_least_a_hundred_bad_rows_put_a_file_aside(inbox, n, bad, status):
    inbox.drop("surveys_good.csv", surveys(3, first=n))
    file = inbox.land_one("surveys_x.csv", HEADER + "".join(survey(i, score="x" if i < bad else 7) for i in range(n)))
    assert (file.status, file.n_rejected, len(inbox.rejects())) == (status, bad, bad)
    assert inbox.rows("select count(*) from raw.surveys") == [(3 + (n - bad if status == "landed" else 0),)]
    assert len(inbox.sidecars("quarantine")) == (status == "quarantined")
    assert inbox.land().files[-1].status == ("already landed" if status == "landed" else "quarantined")


def test_structural_damage_counts_towards_quarantine_as_well(inbox):
    file = inbox.land_one(
        "surveys.csv", surveys(900) + "R1,C1\n" * 60 + HEADER.replace("score", "x") * 50 + survey(901)
    )
    assert (file.status, file.n_read, file.n_rejected) == ("quarantined", 1_011, 110)


def test_an_extra_column_lands_as_it_is_and_is_named_once(inbox):
    for i in (1, 2):
        inbox.drop(f"surveys{i}.csv", HEADER.strip() + ",store\n" + survey(i).strip() + f",S{i}\n")
    landed = inbox.land()
    assert landed.warnings == ("nps: columns outside the contract are kept in _extra: store",)
    assert inbox.rows("select _extra ->> 'store' from raw.surveys order by 1") == [("S1",), ("S2",)]


def test_a_renamed_required_column_refuses_its_file_and_no_other(inbox):
    inbox.drop("surveys1.csv", HEADER.replace("customer_id", "customerid") + survey(1))
    inbox.drop("surveys2.csv", HEADER + survey(2))
    landed = inbox.land()
    assert [file.status for file in landed.files] == ["refused", "landed"]
    assert "did you mean customerid for customer_id" in landed.files[0].why
    assert "put `columns: {customerid: customer_id}` under source nps" in landed.warnings[0]
    [sidecar] = inbox.sidecars("quarantine")
    assert sidecar["reason"] == landed.files[0].why
    inbox.sources = [inbox.source("nps", Table.SURVEYS, "surveys*", columns={"customerid": "customer_id"})]
    assert [file.status for file in inbox.land().files] == ["landed", "landed"]


def test_swapped_columns_land_where_their_names_say(inbox):
    inbox.land_one(
        "surveys.csv", "customer_id,comment,survey,response_id,score,responded_at\nC1,hi,nps,R1,7,2026-02-01\n"
    )
    assert inbox.rows("select response_id, customer_id, survey, comment from raw.surveys") == [
        ("R1", "C1", "nps", "hi")
    ]


@pytest.mark.parametrize(
    ("saved_as", "declared", "status"),
    [
        ("utf-8-sig", "utf-8", "landed"),
        ("utf-16", "utf-16", "landed"),
        ("cp1252", "cp1252", "landed"),
        ("cp1252", "utf-8", "quarantined"),
        ("utf-16", "utf-8", "quarantined"),
    ],
)
def test_encodings_are_declared_and_never_guessed(inbox, saved_as, declared, status):
    file = inbox.land_one(
        "surveys.csv", (HEADER + survey(1, comment="crème brûlée")).encode(saved_as), encoding=declared
    )
    assert file.status == status
    assert inbox.rows("select comment from raw.surveys") == ([("crème brûlée",)] if status == "landed" else [])
    if status == "quarantined":
        assert "byte " in file.why
        inbox.sources = [inbox.source("nps", Table.SURVEYS, "surveys*", encoding=saved_as)]
        assert inbox.land().n_landed == 1


def test_a_cut_file_lands_nothing(inbox):
    whole = HEADER + "".join(survey(i, comment=f'"said, {i}"') for i in range(2_000))
    for at in (len(whole) - 3, len(whole) - 20, len(whole) // 2, len(HEADER) + 4):
        inbox.drop(f"surveys{at}.csv", whole[:at])
    landed = inbox.land()
    assert [file.status for file in landed.files] == ["refused"] * 4
    assert inbox.rows("select count(*) from raw.surveys") == [(0,)]


def test_an_unterminated_quote_in_the_middle_lands_nothing(inbox):
    rows = [survey(i) for i in range(50_000)]
    rows[20_000] = survey(20_000, comment='"never closed')
    file = inbox.land_one("surveys.csv", HEADER + "".join(rows))
    assert (file.status, file.why.split(";")[0]) == ("refused", "a quote opened on line 20,002 is never closed")


def test_no_bytes_are_refused_and_a_header_alone_is_a_quiet_day(inbox):
    assert inbox.land_one("surveys1.csv", "").status == "refused"
    file = inbox.land_one("surveys2.csv", HEADER)
    assert (file.status, file.n_read) == ("landed", 0)


def test_values_that_are_no_finite_number_never_reach_an_average(inbox):
    rows = [survey(i, score=score) for i, score in enumerate(["NaN", "inf", "1e400", '"1,5"', "", "7"])]
    inbox.land_one("surveys.csv", HEADER + "".join(rows))
    assert [reason for *_, reason in inbox.rejects()] == ["not_finite"] * 3 + ["not_a_number"]
    assert inbox.rows("select avg(score), count(*) from raw.surveys") == [(7, 2)]


def test_zones_gaps_and_folds(inbox):
    at = ["2026-02-01T10:00:00+05:30", "2026-02-01T10:00:00", "2025-03-30T02:30:00", "2025-10-26T02:30:00"]
    inbox.land_one("surveys.csv", HEADER + "".join(survey(i, at=a) for i, a in enumerate(at)))
    assert inbox.rows("select responded_at::varchar from raw.surveys order by _row") == [
        ("2026-02-01 04:30:00",), ("2026-02-01 09:00:00",), ("2025-10-26 00:30:00",),
    ]  # fmt: skip
    assert inbox.rejects() == [(4, "responded_at", "dst_gap")]


def test_the_future_is_judged_by_the_landing_clock_also_when_the_file_is_read_again(inbox):
    inbox.land_one("surveys.csv", HEADER + survey(1, at="2026-03-05T00:00:00Z") + survey(2, at="2026-03-03T00:00:00Z"))
    assert inbox.rejects() == [(2, "responded_at", "future")]
    inbox.sources = [inbox.source("nps", Table.SURVEYS, "surveys*", null_values=("-",))]
    inbox.land(NOW + timedelta(days=30))
    assert inbox.rejects() == [(2, "responded_at", "future")]


def test_a_comment_of_ten_megabytes_is_cut_and_a_line_beyond_sixteen_is_rejected(inbox):
    inbox.land_one(
        "surveys.csv", HEADER + survey(1, comment="é" * 5_000_000) + survey(2, comment="x" * 17_000_000) + survey(3)
    )
    assert inbox.rows("select response_id, length(comment) from raw.surveys order by _row") == [
        ("R1", 65_536),
        ("R3", 4),
    ]
    assert inbox.rejects() == [(3, None, "line_too_long")]
    assert inbox.rows("select max(length(record)) <= 65536 from raw.rejects") == [(True,)]


def test_odd_characters_land_as_they_are_but_for_nul(inbox):
    odd = "\u202eevil\u202c 😀 e\u0301 \u200bzero\u200b <script> =cmd|' /C calc'!A0"
    inbox.land_one("surveys.csv", HEADER + survey(1, comment=odd.replace("zero", "ze\0ro")))
    assert inbox.rows("select comment from raw.surveys") == [(odd,)]


def test_a_lone_surrogate_is_no_text_in_any_format(inbox):
    file = inbox.land_one("surveys1.csv", (HEADER + survey(1, comment="x\ud800")).encode("utf-8", "surrogatepass"))
    assert (file.status, "byte " in file.why) == ("quarantined", True)
    answer = {"response_id": "R1", "customer_id": "C1", "responded_at": "2026-02-01", "survey": "nps", "score": 1}
    lines = [json.dumps({**answer, "comment": "\ud800"}), json.dumps(answer)]
    file = inbox.land_one("surveys2.jsonl", "\n".join(lines))
    assert (file.n_landed, inbox.rejects()) == (1, [(1, None, "not_an_object")])
