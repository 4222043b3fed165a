"""Step: forget a customer, wherever the state folder holds it."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from voc.adapters.control_store import control, tombstones
from voc.adapters.crash import crash_point
from voc.adapters.erasure import control_rows, customer, landed_records, leftovers, mail_parsing, published_nights
from voc.adapters.erasure.customer import Identity
from voc.adapters.erasure.landed_records import Removal
from voc.adapters.files import archive
from voc.adapters.published import publisher
from voc.adapters.work_file import warehouse
from voc.domain.forgotten import Forgotten, Person, Place, is_telling, total
from voc.domain.source import Source
from voc.errors import InputError, OutsideError
from voc.language.redaction.common_words import ordinary
from voc.sources import registry
from voc.steps import report

_SHORTEST_NAME = 4


def run(state: Path, customer_id: str, *, key_file: Path, sources: Sequence[Source], now: datetime) -> Forgotten:
    """Removes a customer from everything under ``state`` and searches every file for what is left.

    sources: how landed files are read; what lies in the inbox has landed before. now: aware, the clock's.

    Writes  a tombstone first: from then on the customer can't come back. Then mails, cases, landed files, published
            nights and their reports, in this order; all models and logs are removed. The work file is removed last, as
            it holds the customer's names; the next night rebuilds it from what is left of the landed files.
    Raises  InputError when nothing is held of the customer; OutsideError when a file can't be written. It may be killed
            and run again at any point, and run again when all is done.
    """
    work = warehouse.path_in(state)
    with warehouse.opened(work) as connection:
        identity = customer.identify(connection, customer_id)
    person, not_looked_for = _person(customer_id, identity)
    reading = _reading(sources)
    _refuse_unknown(state, person, identity, key_file, reading)
    tombstones.lay(state, key_file, customer_id, now)
    crash_point("forget:tombstone")
    places = [
        _mails(state, person),
        _cases(state, person, identity.text_ids),
        *(_files(state, folder, person, reading) for folder in (archive.LANDED, archive.QUARANTINE)),
        *_nights(state / "marts", state / "reports", person),
        _remove_all(state / "models", "scorer", "*.npz"),
        _remove_all(state / "logs", "log", "*"),
    ]
    crash_point("forget:last")
    shutil.rmtree(work.parent, ignore_errors=True)
    places.append(total("work file", "row", [identity.n_rows]))
    return Forgotten(tuple(places), tuple(_left(state, person, reading)), not_looked_for)


def _person(customer_id: str, identity: Identity) -> tuple[Person, tuple[str, ...]]:
    """The words to look for in other texts, and the names that are too common to be looked for."""
    names = [name for name in identity.names if len(name) >= _SHORTEST_NAME and name.casefold() not in ordinary()]
    words = [customer_id] if is_telling(customer_id) else []
    kept = (*identity.shared, *(name for name in identity.names if name not in names))
    return Person(customer_id, tuple(dict.fromkeys([*words, *names, *identity.addresses]))), kept


def _reading(sources: Sequence[Source]) -> leftovers.Reading:
    """How a source reads its files; one that is no longer configured is read as the contract has it."""
    by_name = {
        source.name: (source.encoding, {**registry.columns(source.preset), **source.columns}) for source in sources
    }
    return lambda source: by_name.get(source, ("utf-8", {}))


def _refuse_unknown(
    state: Path, person: Person, identity: Identity, key_file: Path, reading: leftovers.Reading
) -> None:
    holds = tombstones.standing(state, key_file)
    if identity.n_rows or (holds and holds(person.customer_id)) or _left(state, person, reading):
        return
    raise InputError(
        "nothing is held of that customer", "see that the id is written as in the files; capitals and zeros count"
    )


def _left(state: Path, person: Person, reading: leftovers.Reading) -> list[str]:
    left = leftovers.search(state, person, reading)
    with control.opened(state) as store:
        return [*left, *(["control.sqlite: a case"] if control_rows.has(store, person.customer_id) else [])]


def _mails(state: Path, person: Person) -> Place:
    """Removes mails stored as files; before the cases, which say which mails are about the customer."""
    with control.opened(state) as store:
        theirs = control_rows.mails_of(store, person.customer_id)
    found = [
        path
        for path in sorted((state / "outbox").glob("*.eml"))
        if path.stem in theirs or person.is_named_in(mail_parsing.text_of(path.read_bytes()))
    ]
    for path in found:
        path.unlink()
    return total("mails", "file", [len(found)])


def _cases(state: Path, person: Person, text_ids: Sequence[str]) -> Place:
    with control.opened(state) as store:
        n, n_worded = control_rows.forget(store, person, text_ids)
        control_rows.scrub(store)
    crash_point("forget:cases")
    return total("cases", "row", [n, n_worded])


def _files(state: Path, folder: str, person: Person, reading: leftovers.Reading) -> Place:
    """Removes the customer's records from landed files; a file that can't be read is removed entirely."""
    removal = Removal(person.customer_id.__eq__, person)
    counts = []
    for path, sidecars in archive.files_with_sidecars(state):
        if path.parent.name == folder:
            encoding, renames = reading(sidecars[0].source) if sidecars else ("utf-8", {})
            part = path.with_suffix(".part")
            removed = landed_records.rewrite(path, path.suffix, part, removal, encoding=encoding, renames=renames)
            if removed is None:
                archive.remove(path, sidecars)
            elif removed.n:
                archive.replace_bytes(path, part)
                crash_point("forget:rewritten")
            part.unlink(missing_ok=True)
            counts.append(removed.n if removed else 1)
    return total(f"{folder} files", "record", counts)


def _nights(marts: Path, reports: Path, person: Person) -> list[Place]:
    """Rewrites published nights and their reports; a report whose night is not published is removed."""
    rows, pages = [], []
    nights = {night.run_id: night for night in publisher.published(marts)}
    for night in nights.values():
        rows.append(published_nights.from_night(marts, night, person))
        crash_point("forget:night")
    for page in sorted(reports.glob("*/index.html")):
        run_id = page.parent.name
        if page.parent.is_symlink() or run_id == "docs":
            continue
        before = page.read_bytes()
        if run_id in nights:
            _write_report(publisher.file_of(marts, run_id), run_id, reports)
        else:
            shutil.rmtree(page.parent)
        pages.append(not page.exists() or page.read_bytes() != before)
    return [total("published nights", "row", rows), total("reports", "page", map(int, pages))]


def _write_report(file: Path, run_id: str, reports: Path) -> None:
    try:
        report.run(file, run_id=run_id, reports=reports, make_latest=False, keep=None)
    except OutsideError:  # an earlier version has published it, and this one can't draw it
        shutil.rmtree(reports / run_id)


def _remove_all(folder: Path, unit: str, pattern: str) -> Place:
    """Removes every file of a folder; what they hold is learned, or written, again."""
    found = [path for path in folder.rglob(pattern) if path.is_file()]
    for path in found:
        path.unlink()
    return total(folder.name, unit, [len(found)])
