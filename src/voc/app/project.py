"""A project: a `voc.yml`, its state folder, and what the settings say as the plain values that steps take."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from voc import __version__
from voc.adapters import places
from voc.adapters.control_store import audit_labels, cases, control, tombstones
from voc.adapters.published import publisher
from voc.adapters.work_file import ledger, warehouse
from voc.domain import weeks
from voc.domain.cases.owners import ROUTE_KEYS, Owners, Route
from voc.domain.contract import Table
from voc.domain.kpi import Kpi
from voc.domain.source import Source
from voc.errors import InputError
from voc.settings import loading
from voc.settings.model import Settings


@dataclass(frozen=True)
class Project:
    """A `voc.yml` and the state folder that belongs to it."""

    config: Path
    settings: Settings
    state: Path
    lease: str | None = None
    """The name under which a scheduler has leased the state folder for a night of several processes."""

    @property
    def work(self) -> Path:
        """The work file; nobody but the writer opens it."""
        return warehouse.path_in(self.state)

    @property
    def marts(self) -> Path:
        """The folder of published marts."""
        return self.state / "marts"

    @property
    def key_file(self) -> Path:
        """Where the key of the tombstones lies."""
        return self.config.parent / self.settings.privacy.key_file.expanduser()

    @property
    def current(self) -> Path:
        """The file that analysts open: a link to the newest night's, there once one is published."""
        return self.marts / "current.duckdb"

    @property
    def reports(self) -> Path:
        """The folder of reports, one a run."""
        return self.state / "reports"

    @property
    def latest_report(self) -> Path:
        """The report of the newest night."""
        return self.reports / "latest" / "index.html"

    @property
    def last_whole_day(self) -> date:
        """Yesterday by the company's calendar."""
        return weeks.last_whole_day(datetime.now(UTC), self.settings.timezone)


def open_project(config: Path, state: Path | None = None, lease: str | None = None) -> Project:
    """The project of a `voc.yml`, its state where ``state`` says or else the file does. Raises InputError."""
    settings = loading.load(config)
    home = config.resolve().parent
    return Project(config.resolve(), settings, (state or home / settings.state).resolve(), lease)


def sources(project: Project) -> tuple[Source, ...]:
    """The sources of `voc.yml` with everything filled in, in a fixed order."""
    return tuple(
        Source(
            name=source.name,
            table=table,
            path=str(project.config.parent / source.path),
            preset=source.preset,
            columns=source.columns,
            timezone=source.timezone or project.settings.timezone,
            encoding=source.encoding,
            decimal=source.decimal,
            scale=source.scale,
            null_values=source.null_values,
            time_format=source.time_format,
            fresh_within_hours=source.fresh_within.total_seconds() / 3600 if source.fresh_within else None,
        )
        for table in Table
        for source in getattr(project.settings.sources, table)
    )


def kpis(project: Project) -> tuple[Kpi, ...]:
    """The catalogue of metrics, in the order of `voc.yml`."""
    return tuple(Kpi(name=name, **kpi.model_dump()) for name, kpi in project.settings.kpis.items())


def owners(project: Project) -> Owners:
    """The routing rules, first to last."""
    owner_settings = project.settings.owners
    routes = [
        Route(route.owner, {key: value for key in ROUTE_KEYS if (value := getattr(route, key)) is not None})
        for route in owner_settings.routes
    ]
    allowed = frozenset(domain.casefold() for domain in project.settings.alerts.allowed_domains)
    return Owners(routes, owner_settings.fallback, allowed)


def next_run_id(project: Project, as_of: date) -> str:
    """What a night of ``as_of`` would be called now: the day and a short hash of what goes in.

    That is: files and what became of them, configuration, people's verdicts up to that day, audit labels up to its
    four-week block, who has been forgotten, code.
    """
    learn_before = weeks.start_of(weeks.block_start(as_of), project.settings.timezone)
    with warehouse.opened(project.work) as connection, control.opened(project.state) as store:
        went_in = [
            ledger.inputs(connection),
            project.settings.fingerprint(),
            cases.verdicts(store, as_of),
            audit_labels.known(store, learn_before),
            tombstones.marks(store),
            __version__,
            places.code_hash(),
        ]
    return f"{as_of}-{warehouse.fingerprint(went_in)}"


def words_from(project: Project, as_of: date) -> datetime:
    """The first instant whose words a night of ``as_of`` may use, naive UTC."""
    first = weeks.words_from(as_of, project.settings.privacy.keep_text_days)
    return weeks.start_of(first, project.settings.timezone)


def configure(project: Project, connection: warehouse.Connection) -> None:
    """Tells the work file what the settings say: doors and SQL read it there."""
    warehouse.configure(
        connection,
        company=project.settings.company,
        timezone=project.settings.timezone,
        currency=project.settings.currency,
        kpis=kpis(project),
        sources=sources(project),
    )


def begin(project: Project, as_of: date) -> None:
    """Makes the night of ``as_of`` the night in hand. Running twice changes nothing.

    Raises  InputError for a day to come: as the newest night it would keep every real one from moving cases.
    """
    zone, today = project.settings.timezone, project.last_whole_day + timedelta(days=1)
    if as_of > today:
        raise InputError(f"{as_of} lies ahead: by the company's calendar today is {today}", "name a day that has been")
    run = next_run_id(project, as_of)
    with warehouse.opened(project.work) as connection:
        configure(project, connection)
        warehouse.begin(
            connection,
            warehouse.RunMeta(
                run_id=run,
                as_of=as_of,
                known_before=weeks.end_of(as_of, zone),
                learn_before=weeks.start_of(weeks.block_start(as_of), zone),
                # the first start of a run stays its start, so that building it again gives the same marts
                started_at=publisher.started_at(project.marts, run) or datetime.now(UTC).replace(tzinfo=None),
                words_from=words_from(project, as_of),
            ),
        )
