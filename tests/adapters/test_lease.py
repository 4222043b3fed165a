"""The night's lease: what holds between the processes of one night."""

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from voc.adapters.lease import lease_of
from voc.adapters.lock import release_lease, take_lease, writer_lock
from voc.errors import LockHeld, OutsideError

NIGHT, OTHER = "scheduled__2026-03-02T05:00", "manual__2026-03-02T09:00"


def expire(state):
    """As if the lease had been taken long ago."""
    written = json.loads((state / "night.lease").read_text())
    written["until"] = (datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="seconds")
    (state / "night.lease").write_text(json.dumps(written))


def test_a_writer_without_the_lease_is_told_whose_it_is_and_until_when(tmp_path):
    take_lease(tmp_path, NIGHT, hours=12)
    lease = lease_of(tmp_path)
    assert lease is not None
    for name in (None, OTHER):
        with pytest.raises(LockHeld) as refused, writer_lock(tmp_path, "voc land", lease=name):
            pytest.fail("a leased folder was written")
        assert f"leased to the night {NIGHT}" in str(refused.value)
        assert f"until {lease['until']}" in str(refused.value)
        assert str(tmp_path / "night.lease") in refused.value.fix
        assert refused.value.exit_code == 75


def test_the_lock_is_free_after_a_lease_has_turned_a_writer_away(tmp_path):
    take_lease(tmp_path, NIGHT, hours=12)
    with pytest.raises(LockHeld), writer_lock(tmp_path):
        pytest.fail("a leased folder was written")
    with writer_lock(tmp_path, lease=NIGHT):
        pass


def test_a_lease_that_has_run_out_keeps_nobody_out(tmp_path):
    take_lease(tmp_path, NIGHT, hours=12)
    expire(tmp_path)
    assert lease_of(tmp_path) is None
    with writer_lock(tmp_path):
        pass
    take_lease(tmp_path, OTHER, hours=1)
    with pytest.raises(LockHeld), writer_lock(tmp_path, lease=NIGHT):
        pytest.fail("the night went on in a folder that is another's by now")


def test_its_holder_may_take_a_lease_again_and_has_it_longer(tmp_path):
    take_lease(tmp_path, NIGHT, hours=1)
    first = lease_of(tmp_path)
    take_lease(tmp_path, NIGHT, hours=12)
    again = lease_of(tmp_path)
    assert first is not None
    assert again is not None
    assert again["until"] > first["until"]


def test_a_lease_given_back_keeps_nobody_out(tmp_path):
    take_lease(tmp_path, NIGHT, hours=12)
    release_lease(tmp_path, NIGHT)
    assert [path.name for path in tmp_path.iterdir()] == ["writer.lock"]
    with writer_lock(tmp_path):
        pass


def test_only_its_holder_gives_a_lease_back(tmp_path):
    release_lease(tmp_path, NIGHT)
    take_lease(tmp_path, NIGHT, hours=12)
    release_lease(tmp_path, OTHER)
    lease = lease_of(tmp_path)
    assert lease is not None
    assert lease["holder"] == NIGHT


def test_a_lease_is_not_taken_from_another_night_nor_from_under_a_writer(tmp_path):
    take_lease(tmp_path, NIGHT, hours=12)
    with pytest.raises(LockHeld, match=NIGHT):
        take_lease(tmp_path, OTHER, hours=12)
    release_lease(tmp_path, NIGHT)
    with writer_lock(tmp_path, "voc run"), pytest.raises(LockHeld, match="voc run"):
        take_lease(tmp_path, OTHER, hours=12)
    assert lease_of(tmp_path) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"holder": 1}', b'{"holder": "a", "since": "", "until": "b"}'])
def test_a_damaged_lease_is_nobodys(tmp_path, damage):
    (tmp_path / "night.lease").write_bytes(damage)
    assert lease_of(tmp_path) is None
    with writer_lock(tmp_path):
        pass
    take_lease(tmp_path, NIGHT, hours=1)
    assert lease_of(tmp_path) is not None


def test_a_lease_is_its_owners_alone_and_what_a_crash_left_half_written_is_no_obstacle(tmp_path):
    (tmp_path / "night.lease.part").write_text("half of a le")
    take_lease(tmp_path, NIGHT, hours=1)
    assert stat.S_IMODE((tmp_path / "night.lease").stat().st_mode) == 0o600
    assert not (tmp_path / "night.lease.part").exists()


def test_a_lease_that_cannot_be_written_is_an_error_that_names_it(tmp_path):
    (tmp_path / "night.lease").mkdir()
    with pytest.raises(OutsideError, match=r"night\.lease"):
        take_lease(tmp_path, NIGHT, hours=1)
