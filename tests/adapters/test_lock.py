"""The writer's lock between real processes."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voc.adapters.lock import holder, writer_lock
from voc.errors import LockHeld, OutsideError

HOLD = """
import sys
from pathlib import Path
from voc.adapters.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "publish 2026-03-01"):
    print("held", flush=True)
    sys.stdin.read()
"""

LEAVE_A_CHILD_BEHIND = """
import os, sys, time
from pathlib import Path
from voc.adapters.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    child = os.fork()
    if child == 0:
        sys.stdout.close()
        os.close(1)
        time.sleep(60)
        os._exit(0)
print(child)
"""


@contextmanager
def held_elsewhere(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_writer_is_told_who_holds_the_lock_and_since_when(tmp_path):
    before = datetime.now(UTC).replace(microsecond=0)
    with held_elsewhere(tmp_path) as other, pytest.raises(LockHeld) as refused, writer_lock(tmp_path):
        pytest.fail("two writers at once")

    written = json.loads((tmp_path / "writer.lock").read_text())
    assert refused.value.exit_code == 75
    assert f"publish 2026-03-01, pid {other.pid}, since {written['since']}" in str(refused.value)
    assert before <= datetime.fromisoformat(written["since"]) <= datetime.now(UTC)


def test_a_killed_holder_leaves_the_lock_free_and_is_overwritten(tmp_path):
    with held_elsewhere(tmp_path) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert json.loads((tmp_path / "writer.lock").read_text())["pid"] == other.pid

    with writer_lock(tmp_path):
        assert json.loads((tmp_path / "writer.lock").read_text())["pid"] == os.getpid()


def test_the_lock_is_free_after_the_block_even_when_the_block_failed(tmp_path):
    with pytest.raises(ZeroDivisionError), writer_lock(tmp_path):
        _ = 1 / 0
    with writer_lock(tmp_path):
        pass
    assert (tmp_path / "writer.lock").read_bytes() == b""


def test_a_child_that_outlives_the_block_does_not_keep_the_lock(tmp_path):
    left = subprocess.run(
        [sys.executable, "-c", LEAVE_A_CHILD_BEHIND, str(tmp_path)], stdout=subprocess.PIPE, text=True, check=True
    )
    try:
        with writer_lock(tmp_path):
            pass
    finally:
        os.kill(int(left.stdout), signal.SIGKILL)


def test_a_holder_that_has_not_written_itself_down_yet_still_keeps_others_out(tmp_path):
    with writer_lock(tmp_path):
        (tmp_path / "writer.lock").write_bytes(b"")
        with pytest.raises(LockHeld, match="pid is not written yet"), writer_lock(tmp_path):
            pytest.fail("two writers at once")


def test_a_new_state_folder_lets_the_group_pass_through_but_not_look_around(tmp_path):
    with writer_lock(tmp_path / "a state"):
        pass
    assert stat.S_IMODE((tmp_path / "a state").stat().st_mode) == 0o710
    assert stat.S_IMODE((tmp_path / "a state" / "writer.lock").stat().st_mode) == 0o600


def test_a_lock_that_is_a_symlink_is_not_followed(tmp_path):
    (tmp_path / "precious").write_text("keep me")
    (tmp_path / "writer.lock").symlink_to("precious")
    with pytest.raises(OutsideError, match=r"writer\.lock"), writer_lock(tmp_path):
        pytest.fail("a symlink was taken for the lock")
    assert (tmp_path / "precious").read_text() == "keep me"


def test_who_is_writing_is_known_while_it_lives_and_only_then(tmp_path):
    assert holder(tmp_path) is None
    with held_elsewhere(tmp_path) as other:
        said = holder(tmp_path)
    assert said is not None
    assert (said["pid"], said["what"]) == (other.pid, "publish 2026-03-01")
    assert holder(tmp_path) is None, "killed, though what it wrote is still there"
    with writer_lock(tmp_path):
        assert holder(tmp_path) is not None
    assert holder(tmp_path) is None
