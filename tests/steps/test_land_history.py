"""Full exports, night after night: what is new lands, what is known does not pile up."""

import pytest
from support.inboxes import HEADER, Inbox, survey, surveys


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


def test_a_nightly_full_export_adds_only_what_is_new(inbox):
    assert inbox.land_one("surveys1.csv", surveys(100)).n_landed == 100
    file = inbox.land_one(
        "surveys2.csv", HEADER + survey(3, score=1) + surveys(101).removeprefix(HEADER).replace(survey(3), "")
    )
    assert (file.n_read, file.n_landed, file.n_unchanged) == (101, 2, 99)
    assert inbox.rows("select response_id, score, _row from raw.surveys where _batch = 2 order by _row") == [
        ("R3", 1, 1), ("R100", 7, 101),
    ]  # fmt: skip


def test_a_value_that_goes_back_is_news(inbox):
    for night, score in enumerate((7, 8, 7)):
        assert (
            inbox.land_one(f"surveys{night}.csv", HEADER + survey(1, score=score) + survey(100 + night)).n_landed == 2
        )
    assert inbox.rows("select score from raw.surveys where response_id = 'R1' order by _batch") == [(7,), (8,), (7,)]


def test_a_conflict_that_is_exported_every_night_lands_once_and_its_last_word_stays_the_last(inbox):
    both = HEADER + survey(1, score=3) + survey(1, score=9)
    assert inbox.land_one("surveys1.csv", both).n_conflicts == 1
    file = inbox.land_one("surveys2.csv", both + survey(2))
    assert (file.n_landed, file.n_unchanged, file.n_conflicts) == (1, 2, 1)
    file = inbox.land_one("surveys3.csv", HEADER + survey(1, score=9) + survey(1, score=3))
    assert file.n_landed == 2
    assert inbox.rows("select last(score order by _batch, _row) from raw.surveys where response_id = 'R1'") == [(3,)]


def test_a_batch_that_a_door_refused_is_nothing_to_compare_with(inbox):
    inbox.land_one("surveys1.csv", surveys(3))
    inbox.connection.execute("update raw.ledger set status = 'refused' where batch = 1")
    assert inbox.land_one("surveys2.csv", surveys(3) + survey(8)).n_landed == 4
