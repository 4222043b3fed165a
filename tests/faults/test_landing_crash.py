"""A process that dies while landing: nothing is lost, nothing lands twice, and the next run heals."""

import pytest
from support.inboxes import HEADER, Inbox, survey, surveys
from support.killed_process import killed_at


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


def land_and_die(inbox, at):
    inbox.close()
    killed_at(at, inbox.land)


@pytest.mark.parametrize("at", ["land-taken", "land-archived", "land-committed"])
@pytest.mark.parametrize(
    "content", [surveys(3), HEADER + "R1,C1\n" * 200 + survey(1), ""], ids=["good", "bad", "empty"]
)
def test_killed_at_any_point_the_next_run_ends_as_if_nothing_had_happened(inbox, tmp_path, at, content):
    inbox.drop("surveys1.csv", content)
    inbox.drop("surveys2.csv", surveys(5))
    land_and_die(inbox, at)
    inbox.land()

    calm = Inbox(tmp_path / "calm")
    calm.drop("surveys1.csv", content)
    calm.drop("surveys2.csv", surveys(5))
    calm.land()
    assert inbox.raw() == calm.raw()
    ledger = "select * from raw.ledger order by batch"
    assert inbox.rows(ledger) == calm.rows(ledger)
    for folder in ("landed", "quarantine"):
        mine, theirs = (sorted(p.name for p in (i.state / folder).glob("*")) for i in (inbox, calm))
        assert mine == theirs
    assert list((inbox.state / "work" / "incoming").iterdir()) == []
    calm.close()


@pytest.mark.parametrize("at", ["land-taken", "land-archived", "land-committed"])
def test_killed_while_reading_everything_anew_the_old_order_stays(inbox, at):
    for i, score in enumerate((1, 2, 1)):
        inbox.drop(f"surveys{i}.csv", HEADER + survey(1, score=score) + survey(i + 2))
        inbox.land()
    inbox.sources = [inbox.source("nps", "surveys", "surveys*", null_values=("fine",))]
    land_and_die(inbox, at)
    inbox.land()
    assert inbox.rows("select score, comment from raw.surveys where response_id = 'R1' order by _batch") == [
        (1, None), (2, None), (1, None),
    ]  # fmt: skip
    assert inbox.rows("select count(*) from raw.ledger where status = 'landed'") == [(3,)]


def test_an_archive_that_outlived_its_work_file_is_enough(inbox):
    inbox.drop("surveys.csv", surveys(3))
    land_and_die(inbox, "land-archived")
    for file in (inbox.folder / "surveys.csv", *(inbox.state / "work").glob("*.duckdb*")):
        file.unlink()
    assert inbox.land().n_landed == 3
