"""How a command ends, as the shell sees it."""

import fcntl
import os
import subprocess
import sys

import pytest

from voc.settings import template


def voc(*words, cwd):
    return subprocess.run([sys.executable, "-m", "voc", *words], cwd=cwd, capture_output=True, text=True)


def test_a_wrong_setting_ends_with_2_and_says_what_where_and_the_fix(tmp_path):
    path = template.write(tmp_path)
    path.write_text(path.read_text().replace("timezone: Europe/Amsterdam", "timezone: Nowhere", 1))
    ended = voc("run", cwd=tmp_path)
    assert ended.returncode == 2
    assert "voc.yml: timezone" in ended.stderr
    assert "fix:" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_file_at_all_ends_with_2(tmp_path):
    template.write(tmp_path)
    ended = voc("run", "--as-of", "2026-03-01", cwd=tmp_path)
    assert ended.returncode == 2
    assert "customers" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_writer_ends_with_75_and_names_the_first(tmp_path):
    template.write(tmp_path)
    state = tmp_path / "state"
    state.mkdir()
    with (state / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(f'{{"pid": {os.getpid()}, "since": "2026-03-01T02:00:00Z", "what": "voc run"}}')
        lock.flush()
        ended = voc("run", cwd=tmp_path)
    assert ended.returncode == 75
    assert str(os.getpid()) in ended.stderr
    assert "2026-03-01T02:00:00Z" in ended.stderr


def test_a_bug_keeps_its_traceback(tmp_path, monkeypatch):
    code = "import voc.app, voc.cli.main\nvoc.app.open_project = lambda *a: 1 / 0\nvoc.cli.main.main()"
    ended = subprocess.run([sys.executable, "-c", code, "status"], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "ZeroDivisionError" in ended.stderr


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["--version"]])
def test_help_and_version_end_with_0(tmp_path, words):
    ended = voc(*words, cwd=tmp_path)
    assert ended.returncode == 0
    assert "voc" in ended.stdout.lower()


def test_why_a_file_was_refused_is_told_even_when_the_night_cannot_go_on(tmp_path):
    template.write(tmp_path)
    (tmp_path / "inbox" / "customers.csv").write_text("Account,name\nA1,Bakker\n")
    ended = voc("run", "--as-of", "2026-03-01", cwd=tmp_path)
    assert ended.returncode == 2
    assert "customers.csv: refused: " in ended.stderr
    assert "columns: {" in ended.stderr
    assert "Bakker" not in ended.stderr
