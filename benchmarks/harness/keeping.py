"""Nights kept in a folder as they are finished, so that a run can be broken off, taken up again and printed."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

import voc.detection
from harness.groups import GroupSeen
from harness.measuring import Job, Night

ARRAYS = (
    "role",
    "planted",
    "answerable",
    "explained",
    "kind_right",
    "kpi_asked",
    "kpi_right",
    "judged",
    "started",
    "start_weeks",
)
BY_METHOD = ("score", "surfaced")
HERE = Path(__file__).parents[1]
OURS, ORACLE = (
    tuple(Path(voc.detection.__file__).parent.rglob("*.py")),
    (HERE / "compared" / "oracle.py", HERE / "compared" / "oracle_hypotheses.py"),
)
CODE = {
    "ours": (*OURS, HERE / "compared" / "cleaned.py"),
    "peers": (HERE / "compared" / "peers.py",),
    "oracle": ORACLE,
    "ears": (*OURS, *ORACLE, HERE / "compared" / "oracle_ears.py"),
}
"""What a word on a night depends on besides the worlds: a changed detector does not make the oracle speak again."""


def code(who: str) -> str:
    """Fingerprint of the code behind what is said of a night."""
    files = sorted((*CODE[who], *(HERE / "worlds").glob("*.py")))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def keep(folder: Path, night: Night, fingerprint: str) -> None:
    """Writes one npz file, whole or not at all."""
    arrays = {name: getattr(night, name) for name in ARRAYS}
    arrays |= {f"{name} {method}": of for name in BY_METHOD for method, of in getattr(night, name).items()}
    told = {name: getattr(night, name) for name in ("together", "peak", "seconds")}
    told |= {"job": asdict(night.job), "groups": [asdict(group) for group in night.groups], "code": fingerprint}
    path = _path(folder, night.job)
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, told=json.dumps(told), **arrays)
    unfinished.replace(path)


def kept(folder: Path, job: Job, fingerprint: str) -> Night | None:
    """The night if it is there and the same code judged it."""
    path = _path(folder, job)
    if not path.exists():
        return None
    night, of = _read(path)
    return night if of == fingerprint and night.job == job else None


def all_kept(folder: Path) -> tuple[list[Night], int]:
    """Everything there is, whatever code judged it, and how many nights other code than this judged."""
    found = [_read(path) for path in folder.glob("*.npz")]
    now = {who: code(who) for who in CODE}
    nights = sorted((night for night, _ in found), key=lambda night: (list(CODE).index(night.job.who), night.job.seed))
    return nights, sum(of != now[night.job.who] for night, of in found)


def _path(folder: Path, job: Job) -> Path:
    words = (job.who, job.world, job.variant.replace(" ", "-"), str(job.customers), str(job.seed))
    return folder / f"{'_'.join(words)}.npz"


def _read(path: Path) -> tuple[Night, str]:
    with np.load(path) as file:
        told = json.loads(str(file["told"]))
        arrays = {name: file[name] for name in file.files if name != "told"}
    by_method = {
        name: {key.removeprefix(f"{name} "): of for key, of in arrays.items() if key.startswith(f"{name} ")}
        for name in BY_METHOD
    }
    job = told["job"] | {"settings": tuple((name, value) for name, value in told["job"]["settings"])}
    night = Night(
        Job(**job),
        **{name: arrays[name] for name in ARRAYS},
        together=tuple(told["together"]),
        groups=tuple(GroupSeen(**group) for group in told["groups"]),
        peak=told["peak"],
        seconds=told["seconds"],
        **by_method,
    )
    return night, told["code"]
