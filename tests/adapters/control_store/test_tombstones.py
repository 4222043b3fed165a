"""Tombstones: who has been forgotten is known by a key that lies elsewhere, and by nothing else."""

from datetime import UTC, datetime

import pytest

from voc.adapters.control_store import control, tombstones
from voc.errors import InputError

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def key(tmp_path):
    return tmp_path / "elsewhere" / "forget.key"


def test_where_nobody_was_forgotten_no_key_is_asked_for(state, key):
    assert tombstones.standing(state, key) is None
    with control.opened(state):
        pass
    assert tombstones.standing(state, key) is None
    assert not key.exists()


def test_a_forgotten_customer_is_known_again_however_often_it_is_laid(state, key):
    for _ in range(2):
        tombstones.lay(state, key, "C-1", NOW)
    holds = tombstones.standing(state, key)
    assert holds is not None
    assert [holds(one) for one in ("C-1", " C-1\u00a0", "c-1", "C-10", "\udcff", "")] == [True, True] + [False] * 4
    with control.opened(state) as store:
        assert len(tombstones.marks(store)) == 1


def test_the_store_does_not_hold_the_id_and_the_key_is_private_and_outside_of_it(state, key):
    tombstones.lay(state, key, "Johanna-Doe-1", NOW)
    kept = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
    assert b"Johanna" not in kept
    assert key.read_bytes().strip() not in kept
    assert key.stat().st_mode & 0o777 == 0o600


def test_without_its_key_nothing_may_land(state, key):
    tombstones.lay(state, key, "C-1", NOW)
    key.rename(key.with_suffix(".away"))
    with pytest.raises(InputError, match="could bring them back"):
        tombstones.standing(state, key)
    with pytest.raises(InputError, match="could bring them back"):
        tombstones.lay(state, key, "C-2", NOW)
    assert not key.exists()


def test_another_key_is_told_from_the_right_one(state, key, tmp_path):
    other = tmp_path / "other.key"
    tombstones.lay(state, key, "C-1", NOW)
    tombstones.lay(tmp_path / "another", other, "C-1", NOW)
    for use in (tombstones.standing, lambda state, key: tombstones.lay(state, key, "C-2", NOW)):
        with pytest.raises(InputError, match="is not the key"):
            use(state, other)


def test_a_key_in_the_state_folder_is_refused(state):
    with pytest.raises(InputError, match="lies in the state folder"):
        tombstones.lay(state, state / "keys" / "forget.key", "C-1", NOW)
