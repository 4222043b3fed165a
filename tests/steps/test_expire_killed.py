"""Words go whole, wherever the process that removes them is killed."""

import pytest
from support.expired_inbox import NEW, OLD, expired, kept, rebuilt
from support.inboxes import HEADER, Inbox, survey
from support.killed_process import killed_at

from voc.adapters.control_store import text_retention


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


@pytest.mark.parametrize("at", ["expire:laid", "archive:linked", "land-archived", "land-committed", "expire:landed"])
@pytest.mark.parametrize("then", ["land", "rebuild"])
def test_killed_anywhere_the_next_run_ends_it(inbox, at, then):
    for i in range(2):
        inbox.drop(f"surveys{i}.csv", HEADER + survey(1, at=OLD, comment=f"zorvat{i}") + survey(i + 2, at=NEW))
        inbox.land()
    for path in inbox.folder.iterdir():
        path.unlink()
    inbox.close()
    killed_at(at, expired, inbox)
    if then == "rebuild":
        (inbox.state / "work" / "warehouse.duckdb").unlink()
        inbox.land(texts_kept_from=text_retention.before(inbox.state))
    landed = expired(inbox)
    assert then == "rebuild" or {file.status for file in landed.files} == {"landed"}
    assert inbox.rows("select response_id, comment from raw.surveys order by 1") == [
        ("R1", None),
        ("R2", "fine"),
        ("R3", "fine"),
    ]
    assert b"zorvat" not in kept(inbox)
    before, after = rebuilt(inbox)
    assert after == before
