"""Airflow started and stopped: the real one once, and a stand-in whose processes are hard to end."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from voc.adapters import airflow
from voc.errors import InputError, OutsideError

RUN = """
import json, sys
from pathlib import Path
from voc.adapters import airflow
folder = Path(sys.argv[1])
airflow._STOP_WITHIN = float(sys.argv[2])
env = airflow.prepare(folder / "state/airflow", dags=folder / "dags", config=folder / "voc.yml",
                      state=folder / "state", timezone="Europe/Amsterdam", port=int(sys.argv[3]), as_of="2026-03-01")
print(json.dumps(env), flush=True)
airflow.standalone(folder / "state/airflow", env, lambda line: print(line, flush=True))
"""

STAND_IN = """
import http.server, json, os, signal, sys, time
what, forked = sys.argv[1], os.environ["AIRFLOW_HOME"] + "/forked"
if what in ("db", "pools"):
    sys.exit(0)
if what == "api-server":
    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            scheduler = "healthy" if os.path.exists(forked) else "unhealthy"
            health = {"metadatabase": "healthy", "scheduler": scheduler, "dag_processor": "healthy"}
            self.wfile.write(json.dumps({part: {"status": status} for part, status in health.items()}).encode())
    http.server.HTTPServer(("127.0.0.1", int(os.environ["AIRFLOW__API__PORT"])), Health).serve_forever()
if what == "scheduler":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        os.setpgid(0, 0)  # as Airflow's tasks do
        open(forked, "w").close()
    time.sleep(600)
if "DAG_PROCESSOR_ENDS" in os.environ:
    sys.exit(3)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path):
    """A project without a DAG."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "voc.yml").touch()
    return tmp_path


@pytest.fixture
def stand_in(folder):
    """An environment in which `python -m airflow` is the stand-in."""
    package = folder / "elsewhere" / "airflow"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(STAND_IN)
    return {**os.environ, "PYTHONPATH": str(package.parent)}


def command(folder, stop_within):
    return [sys.executable, "-c", RUN, folder, str(stop_within), "18080"]


@contextmanager
def started(folder, env, stop_within=15.0):
    """`standalone` in a process of its own, once it says that it is ready; the lines it has printed."""
    with subprocess.Popen(command(folder, stop_within), env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, read_until(process, "Ctrl-C")
        finally:
            process.send_signal(signal.SIGINT)


def read_until(process, word):
    """The lines up to the one that holds ``word``."""
    lines = []
    while not lines or (lines[-1] and word not in lines[-1]):
        lines.append(process.stdout.readline())
    return lines


def living(processes):
    """Those that still run."""
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def all_of(process):
    """The process and everything below it."""
    return [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]


@pytest.mark.slow
def test_airflow_runs_on_the_loopback_address_alone_and_ends_with_all_its_children(folder):
    home = folder / "state/airflow"
    with started(folder, dict(os.environ)) as (process, lines):
        env = json.loads(lines[0])
        address = env["AIRFLOW__API__BASE_URL"]
        assert f"Airflow is ready: {address}\n" in lines
        assert lines[-2] == f"Sign in as admin; its password stands in {home / airflow.PASSWORDS}\n"

        password = json.loads((home / airflow.PASSWORDS).read_text())["admin"]
        asked = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
        sign_in = json.dumps({"username": "admin", "password": password})
        asked.request("POST", "/auth/token", sign_in, {"Content-Type": "application/json"})
        assert "access_token" in json.load(asked.getresponse())

        processes = all_of(process)
        assert len(living(processes)) > 3
        connections = [connection for one in processes for connection in one.net_connections("inet")]
        listening = {one.laddr for one in connections if one.status == psutil.CONN_LISTEN}
        assert listening == {("127.0.0.1", int(env["AIRFLOW__API__PORT"]))}

        files = [path for path in home.rglob("*") if not path.is_symlink()]
        assert {path.name for path in files} >= {"airflow.db", "airflow.cfg", airflow.PASSWORDS, "scheduler.log"}
        assert [path for path in files if path.stat().st_mode & 0o077] == []
        assert [stat.S_IMODE(path.stat().st_mode) for path in (home, home.parent)] == [0o700, 0o710]
        assert [path.name for path in files if path.suffix == ".log" and password in path.read_text()] == []

        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
        assert living(processes) == []


def test_what_will_not_end_is_killed_with_its_children_even_when_asked_twice(folder, stand_in):
    with started(folder, stand_in, stop_within=1) as (process, _):
        processes = all_of(process)
        assert len(living(processes)) == 5
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert living(processes) == []


def test_when_one_part_ends_by_itself_the_others_are_ended_and_it_is_named(folder, stand_in):
    stand_in["DAG_PROCESSOR_ENDS"] = "yes"
    ended = subprocess.run(command(folder, 1), env=stand_in, capture_output=True, text=True, timeout=60)
    assert "OutsideError: Airflow's dag-processor has ended with exit code 3" in ended.stderr
    assert str(folder / "state/airflow/logs/dag-processor.log") in ended.stderr
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", 18080)) != 0


def test_it_runs_once_in_a_home(folder, stand_in):
    with started(folder, stand_in, stop_within=1) as (process, _):
        second = subprocess.run(command(folder, 1), env=stand_in, capture_output=True, text=True, timeout=60)
        assert "LockHeld" in second.stderr
        assert f"pid {process.pid}" in second.stderr
        assert process.poll() is None


def prepared(folder, monkeypatch, stand_in, **said):
    monkeypatch.setenv("PYTHONPATH", stand_in["PYTHONPATH"])
    return airflow.prepare(
        folder / "state/airflow", dags=folder / "dags", config=folder / "voc.yml", state=folder / "state",
        timezone="Europe/Amsterdam", **said,
    )  # fmt: skip


def test_a_taken_port_is_left_to_whoever_has_it(folder, monkeypatch, stand_in):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        env = prepared(folder, monkeypatch, stand_in, port=port)
    assert int(env["AIRFLOW__API__PORT"]) > port
    assert env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == f"{env['AIRFLOW__API__BASE_URL']}/execution/"


def test_a_password_is_made_once(folder, monkeypatch, stand_in):
    prepared(folder, monkeypatch, stand_in)
    path = folder / "state/airflow" / airflow.PASSWORDS
    first = path.read_text()
    prepared(folder, monkeypatch, stand_in)
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_dags_are_told_the_project_and_only_the_demo_its_day(folder, monkeypatch, stand_in):
    env = prepared(folder, monkeypatch, stand_in)
    assert (env["VOC_CONFIG"], env["VOC_STATE"]) == (str(folder / "voc.yml"), str(folder / "state"))
    assert "VOC_AS_OF" not in env
    assert prepared(folder, monkeypatch, stand_in, as_of="2026-03-01")["VOC_AS_OF"] == "2026-03-01"


def test_a_set_up_that_fails_names_its_log(folder, monkeypatch, stand_in):
    (Path(stand_in["PYTHONPATH"]) / "airflow" / "__main__.py").write_text("print('why'); raise SystemExit(4)")
    with pytest.raises(OutsideError, match="airflow db migrate ended with exit code 4") as failed:
        prepared(folder, monkeypatch, stand_in)
    assert Path(failed.value.fix.removeprefix("see ")).read_text() == "why\n"


def test_without_airflow_the_error_says_what_to_install(folder, monkeypatch, stand_in):
    monkeypatch.setattr(airflow, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"\.\[airflow\]"):
        prepared(folder, monkeypatch, stand_in)
