"""The land step on a real inbox, a real archive and a real work file."""

import random
from datetime import timedelta

import pytest
from support.inboxes import HEADER, NOW, Inbox, survey, surveys

from voc.domain.contract import Table
from voc.domain.source import Source
from voc.errors import InputError, OutsideError


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


def statuses(landed):
    return [(file.file_name, file.status) for file in landed.files]


def land_with(inbox, **options):
    inbox.sources = [inbox.source("nps", Table.SURVEYS, "surveys*", **options)]
    return inbox.land()


def rebuild(inbox):
    """Throws the work folder away."""
    inbox.close()
    for file in (inbox.state / "work").rglob("*"):
        if file.is_file():
            file.unlink()


def test_four_kinds_of_input_land_with_their_ledger(inbox):
    inbox.sources = [
        inbox.source("crm", Table.CUSTOMERS, "customers*"), inbox.source("nps", Table.SURVEYS, "surveys*"),
        inbox.source("desk", Table.TICKETS, "tickets*"), inbox.source("bi", Table.KPIS, "kpis*"),
    ]  # fmt: skip
    inbox.drop("customers.csv", "customer_id,name,monthly_revenue,updated_at\nC1,Ann,12.5,2026-02-01T00:00:00Z\n")
    inbox.drop("surveys.csv", surveys(3))
    inbox.drop("tickets.jsonl", '{"ticket_id": 1, "customer_id": "C1", "opened_at": "2026-02-02T00:00:00Z"}\n')
    inbox.drop("kpis.csv", "customer_id,kpi,measured_on,value\nC1,usage,2026-02-03,\nC1,usage,2026-02-04,2\n")
    landed = inbox.land()
    assert statuses(landed) == [
        (name, "landed") for name in ("customers.csv", "surveys.csv", "tickets.jsonl", "kpis.csv")
    ]
    assert landed.warnings == ()
    assert landed.sentence == "4 landed; 7 rows, 0 rejects"
    assert inbox.rows(
        "select batch, source, kind, status, n_read, n_landed, newest_at::varchar from raw.ledger order by 1"
    ) == [
        (1, "crm", "customers", "landed", 1, 1, "2026-02-01 00:00:00"),
        (2, "nps", "surveys", "landed", 3, 3, "2026-02-01 09:00:00"),
        (3, "desk", "tickets", "landed", 1, 1, "2026-02-02 00:00:00"),
        (4, "bi", "kpis", "landed", 2, 2, "2026-02-04 00:00:00"),
    ]
    assert inbox.rows("select value from raw.kpis order by measured_on") == [(None,), (2,)]


def test_landing_again_changes_nothing(inbox):
    inbox.drop("surveys.csv", surveys(3))
    inbox.land()
    before = inbox.raw()
    assert statuses(inbox.land(NOW + timedelta(days=1))) == [("surveys.csv", "already landed")]
    assert inbox.raw() == before


def test_deleting_the_work_folder_rebuilds_raw_exactly(inbox):
    inbox.drop("surveys1.csv", surveys(5) + survey(9, score="eleven"))
    inbox.land()
    inbox.drop("surveys0.csv", surveys(4) + survey(0, score=1))
    inbox.land(NOW + timedelta(days=1))
    inbox.drop("surveys2.csv", HEADER + "".join(survey(i, score="x") for i in range(100)))
    inbox.land(NOW + timedelta(days=2))
    raw, ledger = inbox.raw(), inbox.rows("select * from raw.ledger order by batch")
    assert len(ledger) == 3
    (inbox.folder / "surveys1.csv").unlink()
    rebuild(inbox)

    assert statuses(inbox.land(NOW + timedelta(days=9))) == [
        ("surveys1.csv", "landed"), ("surveys0.csv", "landed"), ("surveys2.csv", "quarantined"),
    ]  # fmt: skip
    assert inbox.raw() == raw
    assert inbox.rows("select * from raw.ledger order by batch") == ledger


def test_changed_options_heal_a_quarantined_file_even_when_it_has_left_the_inbox(inbox):
    rows = HEADER.replace(",", ";") + "".join(
        survey(i, score="7~5").replace(",", ";").replace("~", ",") for i in range(200)
    )
    assert inbox.land_one("surveys.csv", rows).status == "quarantined"
    assert len(inbox.rejects()) == 200
    (inbox.folder / "surveys.csv").unlink()

    inbox.sources = [inbox.source("nps", Table.SURVEYS, "surveys*", decimal=",")]
    assert statuses(inbox.land(NOW + timedelta(days=1))) == [("surveys.csv", "landed")]
    assert inbox.rejects() == []
    assert inbox.rows("select distinct score from raw.surveys") == [(7.5,)]
    assert inbox.rows("select batch, status, landed_at::varchar from raw.ledger order by batch") == [
        (1, "superseded", "2026-03-02 04:00:00"), (2, "landed", "2026-03-02 04:00:00"),
    ]  # fmt: skip
    assert list((inbox.state / "quarantine").iterdir()) == []


def test_changed_options_read_every_file_of_the_source_again_in_the_old_order(inbox):
    for day, score in enumerate((1, 2, 1)):
        inbox.drop(f"surveys{9 - day}.csv", HEADER + survey(1, score=score) + survey(2 + day))
        inbox.land(NOW + timedelta(days=day))
    history = (
        "select score, landed_at from raw.surveys join raw.ledger on _batch = batch where response_id = 'R1' order by 2"
    )
    before = inbox.rows(history)
    inbox.sources = [inbox.source("nps", Table.SURVEYS, "surveys*", null_values=("fine",))]
    inbox.land(NOW + timedelta(days=5))
    assert inbox.rows(history) == before
    assert inbox.rows("select distinct _batch, comment from raw.surveys order by 1") == [
        (4, None),
        (5, None),
        (6, None),
    ]
    raw = inbox.raw()
    rebuild(inbox)
    inbox.land(NOW + timedelta(days=6))
    assert inbox.raw() == raw


def test_a_source_no_longer_configured_keeps_its_archive_untouched(inbox):
    inbox.drop("surveys.csv", surveys(3))
    inbox.land()
    rebuild(inbox)
    kept, inbox.sources = inbox.sources, []
    assert inbox.land().files == ()
    assert len(inbox.sidecars("landed")) == 1
    inbox.sources = kept
    assert statuses(inbox.land()) == [("surveys.csv", "landed")]


def test_two_sources_may_offer_the_same_bytes(inbox):
    inbox.sources += [inbox.source("csat", Table.SURVEYS, "surveys*", timezone="UTC")]
    inbox.drop("surveys.csv", surveys(3))
    inbox.land()
    assert inbox.rows("select _source, count(*) from raw.surveys group by all order by all") == [
        ("csat", 3),
        ("nps", 3),
    ]
    rebuild(inbox)
    (inbox.folder / "surveys.csv").unlink()
    assert inbox.land().n_landed == 6


def test_a_promise_in_a_done_file_is_kept_or_the_file_is_refused(inbox):
    inbox.drop("surveys1.csv.done", "3")
    inbox.drop("surveys2.csv.done", "4")
    inbox.drop("surveys3.csv.done", "")
    for i in (1, 2, 3):
        inbox.drop(f"surveys{i}.csv", surveys(3, first=10 * i))
    landed = inbox.land()
    assert [file.status for file in landed.files] == ["landed", "refused", "landed"]
    assert landed.files[1].why.startswith("it has 3 rows, its .done file says 4")
    (inbox.folder / "surveys2.csv.done").unlink()
    rebuild(inbox)
    assert [file.status for file in inbox.land().files].count("refused") == 1


def test_a_damaged_archive_is_named_and_the_inbox_still_lands(inbox):
    inbox.drop("surveys.csv", surveys(3))
    inbox.land()
    [kept] = (inbox.state / "landed").glob("*.csv")
    kept.write_text(surveys(2))
    rebuild(inbox)
    landed = inbox.land()
    assert [(file.status, file.n_landed) for file in landed.files] == [("left", 0), ("landed", 3)]
    assert "has changed" in landed.warnings[0] or "have changed" in landed.warnings[0]
    assert kept.read_text() == surveys(3)


def test_an_impossible_option_is_an_error_of_the_settings(inbox):
    for bad in (
        {"timezone": "Mars/Base"},
        {"encoding": "klingon"},
        {"scale": (5, 5)},
        {"columns": {"a": "scroe"}},
        {"preset": "x"},
    ):
        with pytest.raises(InputError):
            land_with(inbox, **bad)
    inbox.drop("surveys.csv", surveys(1))
    with pytest.raises(InputError, match="time_format"):
        land_with(inbox, time_format="%Q")


def test_the_fingerprint_changes_with_what_changes_the_reading_and_with_nothing_else():
    def of(currency="EUR", table=Table.SURVEYS, **options):
        return Source("nps", table, options.pop("path", "a"), **{"timezone": "UTC", **options}).fingerprint(currency)

    changes = [
        {"timezone": "Europe/Paris"}, {"encoding": "cp1252"}, {"decimal": ","}, {"scale": (1, 5)},
        {"null_values": ("-",)}, {"time_format": "%d"}, {"columns": {"a": "score"}}, {"table": Table.TICKETS},
    ]  # fmt: skip
    assert len({of(), *(of(**change) for change in changes)}) == len(changes) + 1
    assert of() == of(path="b") == of(fresh_within_hours=3.0) == of(encoding="UTF8") == of("CHF")
    assert of("EUR", Table.KPIS) != of("CHF", Table.KPIS)


def test_a_full_disk_is_a_clean_failure_and_the_next_run_lands_everything(inbox, monkeypatch):
    from voc.adapters.files import archive

    inbox.drop("surveys.csv", surveys(3))

    def full(path):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(archive, "sync", full)
        with pytest.raises(OutsideError, match="No space left"):
            inbox.land()
    assert inbox.rows("select count(*) from raw.surveys") == [(0,)]
    assert inbox.land().n_landed == 3


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_how_rows_are_spread_over_files_does_not_matter(tmp_path, seed):
    rng = random.Random(seed)
    lines = [survey(i, score=rng.randrange(11)) for i in range(60)]

    def landed(name, parts):
        inbox = Inbox(tmp_path / name)
        for i, part in enumerate(parts):
            inbox.drop(f"surveys{i}.csv", HEADER + "".join(part))
        inbox.land()
        rows = inbox.rows("select * exclude (_batch, _row) from raw.surveys order by all")
        inbox.close()
        return rows

    shuffled = rng.sample(lines, len(lines))
    cut = rng.randrange(60)
    assert landed("whole", [lines]) == landed("parts", [shuffled[cut:], [], shuffled[:cut]])
