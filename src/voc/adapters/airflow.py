"""Airflow on this machine alone: what it needs to run the DAGs, started and stopped with everything it starts.

`airflow standalone` does nearly this, but serves logs on every network interface and, ended by a signal, leaves
processes behind (Airflow 3.3.2). So its parts are started here: the API server with the pages, the scheduler and the
DAG processor; the triggerer isn't, for no task is ever deferred.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from voc.adapters.lock import writer_lock
from voc.errors import InputError, OutsideError

POOL = "duckdb_writer"
PASSWORDS = "simple_auth_manager_passwords.json.generated"

_OPTIONS = {"scheduler": ["--skip-serve-logs"]}
_HEALTH = {"api-server": "metadatabase", "scheduler": "scheduler", "dag-processor": "dag_processor"}
_START_WITHIN = 180.0  # seconds; on two cores it takes about 30
_STOP_WITHIN = 15.0  # seconds until what is left is killed: every step survives that

Say = Callable[[str], None]


def prepare(
    home: Path, *, dags: Path, config: Path, state: Path, timezone: str, port: int = 8080, as_of: str | None = None
) -> dict[str, str]:
    """Makes ``home`` Airflow's home, with its tables, the pool and a password; the environment to run it in.

    dags, config, state: the folder of DAGs, the voc.yml and the state folder that they work on.
    timezone: the company's, of the hours in the DAGs. as_of: the day that nights judge instead of the last whole one.
    port:     of the pages, or the next free one.
    Writes  ``home`` (mode 0700, files 0600). Running twice changes nothing.
    Raises  InputError when Airflow isn't installed, OutsideError when it can't be set up or no port is free.
    """
    if find_spec("airflow") is None:
        raise InputError(
            "Airflow is not installed", "install voc with its extra: pip install '.[airflow]' in a checkout of voc"
        )
    if not state.exists():
        state.mkdir(parents=True)
        state.chmod(0o710)  # as the writer's lock makes it
    for folder in (home, home / "logs"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    address = f"http://127.0.0.1:{_free_port(port)}"
    env = {
        **{name: value for name, value in os.environ.items() if name != "VOC_AS_OF"},  # a left-over would freeze nights
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": address.rpartition(":")[2],
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags.resolve()),
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": timezone,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "VOC_CONFIG": str(config.resolve()),
        "VOC_STATE": str(state.resolve()),
        **({"VOC_AS_OF": as_of} if as_of else {}),
    }
    _write_password(home / PASSWORDS)
    _set_up(home, env, "db", "migrate")
    _set_up(home, env, "pools", "set", POOL, "1", "DuckDB lets one process write")
    return env


def standalone(home: Path, env: Mapping[str, str], say: Say = print) -> None:
    """Runs Airflow until Ctrl-C or SIGTERM, then ends it with all of its children; says where to look meanwhile.

    env: what `prepare` gave back.
    Raises  LockHeld when it runs in this home already; OutsideError when a part doesn't start, or ends by itself.
    """
    address = env["AIRFLOW__API__BASE_URL"]
    parts: dict[str, subprocess.Popen[bytes]] = {}
    with writer_lock(home, f"Airflow on {address}"), _interruptible():
        try:
            say("Airflow is starting: half a minute or so")
            parts["api-server"] = _start(home, env, "api-server")
            _wait_until_healthy(home, address, parts)  # first: a task that cannot speak to it has failed
            for name in ("scheduler", "dag-processor"):
                parts[name] = _start(home, env, name)
            _wait_until_healthy(home, address, parts)
            say(f"Airflow is ready: {address}")
            say(f"Sign in as admin; its password stands in {home / PASSWORDS}")
            say(f"Logs are in {home / 'logs'}; Ctrl-C stops everything")
            while True:
                _raise_if_one_ended(home, parts)
                time.sleep(1)
        except KeyboardInterrupt:
            say("Airflow is stopping")
        finally:
            _ignore_interrupts()  # impatience must not break off the stopping and leave orphans
            _stop(parts.values())


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM interrupts as Ctrl-C does, also where a shell has made the process deaf to it; once."""
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    _ignore_interrupts()
    raise KeyboardInterrupt


def _ignore_interrupts() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _free_port(first: int) -> int:
    for port in range(first, min(first + 20, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OutsideError(f"no port from {first} to {first + 19} is free", "name another: --port 9000")


def _write_password(path: Path) -> None:
    """Before Airflow makes one, for it would print it into a log."""
    if not path.exists():
        with open(path, "x", opener=_private) as file:
            json.dump({"admin": secrets.token_urlsafe(12)}, file)


def _set_up(home: Path, env: Mapping[str, str], *command: str) -> None:
    log = _log(home, "setup")
    with open(log, "ab", opener=_private) as file:
        ended = subprocess.run(  # noqa: S603  # our own words only
            [sys.executable, "-m", "airflow", *command], env=env, umask=0o077, stdout=file, stderr=file
        )
    if ended.returncode:
        raise OutsideError(f"airflow {' '.join(command)} ended with exit code {ended.returncode}", f"see {log}")


def _start(home: Path, env: Mapping[str, str], name: str) -> subprocess.Popen[bytes]:
    """A part in a session of its own: Ctrl-C reaches only us, and whatever it starts can be found again."""
    with open(_log(home, name), "wb", opener=_private) as file:
        return subprocess.Popen(  # noqa: S603  # our own words only
            [sys.executable, "-m", "airflow", name, *_OPTIONS.get(name, [])],
            env=env, umask=0o077, start_new_session=True, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
        )  # fmt: skip


def _wait_until_healthy(home: Path, address: str, parts: Mapping[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + _START_WITHIN
    while not _are_healthy(address, parts):
        _raise_if_one_ended(home, parts)
        if time.monotonic() > deadline:
            raise OutsideError(f"Airflow was not ready after {_START_WITHIN:.0f} s", f"see {home / 'logs'}")
        time.sleep(0.5)


def _are_healthy(address: str, names: Iterable[str]) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/v2/monitor/health", timeout=5) as answer:  # noqa: S310  # ours
            health = json.load(answer)
    except (OSError, ValueError):
        return False
    return all(health[_HEALTH[name]]["status"] == "healthy" for name in names)


def _raise_if_one_ended(home: Path, parts: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, part in parts.items():
        if part.poll() is not None:
            raise OutsideError(
                f"Airflow's {name} has ended with exit code {part.returncode}", f"see {_log(home, name)}"
            )


def _stop(parts: Collection[subprocess.Popen[bytes]]) -> None:
    """Ends the parts and everything in their sessions: politely, then not."""
    sessions = {part.pid for part in parts}
    for part in parts:
        part.terminate()
    asked = time.monotonic()
    while left := _members(sessions):
        if (waited := time.monotonic() - asked) > _STOP_WITHIN:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if waited > 2 * _STOP_WITHIN:
            raise OutsideError(f"processes {left} can't be ended", "see what they wait for, then end them by hand")
        time.sleep(0.2)
    for part in parts:
        part.wait()


def _members(sessions: Collection[int]) -> list[int]:
    """The processes that live in these sessions; the tasks' own process groups are no hiding place."""
    import psutil  # type: ignore[import-untyped]  # comes with Airflow

    found = []
    for process in psutil.process_iter(["status"]):
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(process.pid) in sessions and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _log(home: Path, name: str) -> Path:
    return home / "logs" / f"{name}.log"
