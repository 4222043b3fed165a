"""Publishing: the marts of one night as an immutable file of its own, behind the symlink that analysts open.

    marts-<run_id>.duckdb   schema marts only, mode 0440, no .wal, opens with DuckDB 1.4 and later
    marts-<run_id>.json     its manifest
    current.duckdb          symlink to one of them

A file is never changed once it has its name, so an open session keeps reading what it opened and blocks nobody. The
order is copy, manifest, name, symlink: wherever a publish dies, `current` leads to a whole file, and the next publish
removes what the dead one left.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from voc.adapters.crash import crash_point
from voc.adapters.disk import sync
from voc.adapters.published.manifest import Manifest, content_of, manifest_of, read_manifest
from voc.adapters.published.marts_copy import copy_marts
from voc.errors import InputError, OutsideError

_CURRENT = "current.duckdb"
UNFINISHED = ".publishing"  # begins the name of everything that has not got its own name yet


@dataclass(frozen=True)
class Published:
    """What a publish did; ``rows`` is by table, ``pruned`` lists run ids."""

    run_id: str
    path: Path
    rows: Mapping[str, int]
    is_new: bool
    """False when this run had been published before; then its file was left as it was."""
    differs: bool
    """This run had been published before with other content: the published file stands, the work file disagrees."""
    is_current: bool
    pruned: tuple[str, ...]


def publish(
    connection: duckdb.DuckDBPyConnection,
    *,
    marts: Path,
    run_id: str,
    as_of: date,
    inputs: Mapping[str, str],
    keep: int = 14,
) -> Published:
    """Publish schema ``marts`` of the work file as the file of one run, and say what became of it.

    connection:   the work file, open for writing; only what it has committed is seen, and it stays usable.
    marts:        the folder of published files; made when missing, mode 0750 so that analysts of the group can read.
    inputs:       sha256 -> source of the landed files the run was built from.
    keep:         files that stay, newest publishing first; the current one and this one stay in any case.
    ``current`` moves here unless a newer ``as_of`` is published.

    The caller holds the writer's lock: unfinished files found in the folder are taken for those of a dead publish.
    Tables are published with their comments and their rows sorted by all columns, views as tables; constraints and
    defaults are left behind, as nothing writes to the file again. A published file that is damaged is made anew.

    Raises  InputError when there are no marts; OutsideError when copying, checking or naming failed. What was current
            before is then still current.
    """
    session = connection.cursor()  # its own settings and transaction, the same database
    try:
        _prepare(marts)
        manifest = manifest_of(run_id, as_of, content_of(session), inputs)
        if not manifest.tables:
            raise InputError("the work file has no table in schema marts", "run `voc build --layer marts` first")
        before = _sound(marts, run_id)
        if before is None:
            _write(session, marts, manifest)
        standing = before or manifest
        if (target := _target(marts, standing)) is not None:
            _point(marts, target)
            crash_point("publish:swapped")
        return Published(
            run_id=run_id,
            path=file_of(marts, run_id),
            rows={table: content.rows for table, content in standing.tables.items()},
            is_new=before is None,
            differs=before is not None and before.tables != manifest.tables,
            is_current=target == standing,
            pruned=_prune(marts, run_id, keep),
        )
    except (duckdb.Error, OSError) as error:
        # these speak of files and space; a full disk may also show as a failed commit. Others may quote a value
        is_quotable = isinstance(error, OSError | duckdb.IOException | duckdb.TransactionException)
        why = f": {error}" if is_quotable else ""
        raise OutsideError(
            f"publishing {run_id} to {marts} failed with {type(error).__name__}{why}",
            "earlier marts are untouched; see that the disk has space and the folder is writable, run again",
        ) from error
    finally:
        session.close()
        with suppress(OSError):  # what went wrong above is the error to see
            _sweep(marts)


def latest(marts: Path) -> Manifest | None:
    """The manifest of the file that ``current`` leads to; None when it leads to no published file."""
    with suppress(OSError):
        path = marts / (marts / _CURRENT).readlink()
        manifest = path.with_suffix(".json")
        if path.parent == marts and path.exists() and manifest.exists():
            return read_manifest(manifest)
    return None


def published(marts: Path) -> list[Manifest]:
    """The manifests of all published files, the one published last first."""
    files = [path for path in marts.glob("marts-*.json") if path.with_suffix(".duckdb").exists()]
    files.sort(key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return [read_manifest(path) for path in files]


def file_of(marts: Path, run_id: str) -> Path:
    """Where the file of a run is, or would be."""
    return marts / f"marts-{run_id}.duckdb"


def is_published(marts: Path, run_id: str) -> bool:
    """Whether the run has its file and its manifest; neither is opened."""
    file = file_of(marts, run_id)
    return file.exists() and file.with_suffix(".json").exists()


def is_current(marts: Path, run_id: str) -> bool:
    """Whether ``current`` leads to the run."""
    current = latest(marts)
    return current is not None and current.run_id == run_id


def started_at(marts: Path, run_id: str) -> datetime | None:
    """When a published run began (naive UTC), for building it again with equal marts; None without a sound file."""
    if _sound(marts, run_id) is None:
        return None
    with duckdb.connect(str(file_of(marts, run_id)), read_only=True) as reader:
        row = reader.execute("select started_at from marts.mart_run").fetchone()
    return row[0] if row else None


def _prepare(marts: Path) -> None:
    """Make the folder, and clear away what a killed publish or prune left in it."""
    if not marts.exists():
        marts.mkdir(parents=True)
        marts.chmod(0o750)
    _sweep(marts)
    for manifest in marts.glob("marts-*.json"):
        if not manifest.with_suffix(".duckdb").exists():
            manifest.unlink()


def _sweep(marts: Path) -> None:
    for path in marts.glob(f"{UNFINISHED}*"):
        path.unlink()


def _sound(marts: Path, run_id: str) -> Manifest | None:
    """The manifest of a run published before, if its file still holds what the manifest says."""
    if not is_published(marts, run_id):
        return None
    path = file_of(marts, run_id)
    manifest = read_manifest(path.with_suffix(".json"))
    try:
        return manifest if _content_on_disk(path) == manifest.tables else None
    except duckdb.ConnectionException:  # open in this process with other settings, which says nothing of the file
        raise
    except duckdb.Error:
        return None


def _content_on_disk(path: Path) -> object:
    with duckdb.connect(str(path), read_only=True) as reader:
        return content_of(reader)


def _write(session: duckdb.DuckDBPyConnection, marts: Path, manifest: Manifest) -> None:
    """The file and its manifest under their own names, complete and on disk."""
    copy, page = marts / f"{UNFINISHED}.duckdb", marts / f"{UNFINISHED}.json"
    copy_marts(session, copy, list(manifest.tables))
    crash_point("publish:copied")
    if copy.with_name(f"{copy.name}.wal").exists() or _content_on_disk(copy) != manifest.tables:
        raise OutsideError(
            f"the copy of {manifest.run_id} on disk does not hold what the work file holds", "check the disk, run again"
        )
    page.write_text(manifest.text(), encoding="utf-8")
    for path in (copy, page):
        path.chmod(0o440)
        sync(path)
    path = file_of(marts, manifest.run_id)
    page.replace(path.with_suffix(".json"))
    sync(marts)
    crash_point("publish:manifest")
    copy.replace(path)
    sync(marts)
    crash_point("publish:renamed")


def lead_back(marts: Path, run_id: str) -> bool:
    """Leads ``current`` to a run published before, unless a newer night is published; whether it leads there now."""
    run = read_manifest(file_of(marts, run_id).with_suffix(".json"))
    if _target(marts, run) == run:
        _point(marts, run)
    return is_current(marts, run_id)


def _target(marts: Path, run: Manifest) -> Manifest | None:
    """The night that ``current`` should lead to; the newest one when it leads nowhere."""
    newest = max(published(marts), key=lambda night: night.as_of)  # of equal ones the one published last
    return run if run.as_of >= newest.as_of else latest(marts) or newest


def _point(marts: Path, target: Manifest) -> None:
    """Lead ``current`` to the target, in one step, unless it is there already."""
    if latest(marts) != target:
        link = marts / f"{UNFINISHED}.link"
        link.symlink_to(file_of(marts, target.run_id).name)
        link.replace(marts / _CURRENT)
        sync(marts)


def _prune(marts: Path, run_id: str, keep: int) -> tuple[str, ...]:
    """Remove what is older than the last ``keep`` published; an open session keeps the file it has open."""
    current = latest(marts)
    stay = {run_id, current.run_id if current else run_id}
    old = [night.run_id for night in published(marts)[keep:] if night.run_id not in stay]
    for name in old:
        path = file_of(marts, name)
        path.unlink()  # before its manifest: a manifest alone is swept by the next publish, a file alone never
        path.with_suffix(".json").unlink()
    return tuple(old)
