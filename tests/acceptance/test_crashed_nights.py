"""A night that dies on its way to people, run again by the command line: each owner hears once."""

import json
import os
import signal
import subprocess
import sys

import pytest
from support.small_demo import AS_OF, copy_of, voc

pytestmark = pytest.mark.slow


def outbox(config):
    return sorted(path.name for path in (config.parent / "state" / "outbox").glob("*.eml"))


def test_each_owner_hears_once_wherever_the_night_has_died(scored_company, tmp_path):
    config = copy_of(scored_company, tmp_path / "demo")
    command = [sys.executable, "-m", "voc", "run", "--config", config, "--as-of", AS_OF]
    seen = {}
    for point in ("case:committed", "alert:queued", "alert:claimed", "alert:sent"):
        ended = subprocess.run(command, env={**os.environ, "VOC_CRASH_AT": point}, capture_output=True)
        assert ended.returncode == -signal.SIGKILL
        seen[point] = outbox(config)
        current = config.parent / "state" / "marts" / "current.duckdb"
        assert current.exists() == (point != "case:committed")
    assert [len(seen[point]) for point in seen] == [0, 0, 0, 1]  # the mail that was claimed waits for its lease to end

    night = json.loads(voc(config, "run", "--as-of", AS_OF, "--json"))
    assert night["already_done"]
    cases = json.loads(voc(config, "case", "list", "--json"))["cases"]
    owners = {case["owner_email"] for case in cases}
    mails = outbox(config)
    assert seen["alert:sent"][0] in mails
    assert len(mails) in (len(owners), len(owners) - 1)  # at most the claimed one is still to come

    assert outbox(config) == mails
    voc(config, "run", "--as-of", AS_OF)
    assert outbox(config) == mails
