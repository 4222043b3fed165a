"""Settings: what `voc.yml` may say, checked once; secrets come from the environment."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from voc.domain.kpi import Better, Cadence, Combine, Unit

_DURATION = re.compile(r"^(\d+)\s*([hd])$")
_NAME = r"^[a-z_][a-z0-9_]{0,62}$"


def _duration(value: object) -> object:
    match = _DURATION.match(value) if isinstance(value, str) else None
    if not match:
        raise ValueError("write hours or days, as in 36h or 2d")
    return timedelta(hours=int(match[1]) * (24 if match[2] == "d" else 1))


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("not a time zone name; write one like Europe/Amsterdam or UTC")
    ZoneInfo(value)
    return value


def _encoding(value: str) -> str:
    try:
        "".encode(value)
    except LookupError:
        raise ValueError("not an encoding that Python knows; write one like utf-8, utf-16 or cp1252") from None
    return value


Name = Annotated[str, Field(pattern=_NAME, description="lower-case letters, digits and _, as in an SQL name")]
Email = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$")]
Zone = Annotated[str, AfterValidator(_zone)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt setting must not pass for a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SourceSettings(Strict):
    """Where one kind of file comes from and how its bytes are to be read; see docs/configuration.md."""

    name: Name
    path: str = Field(min_length=1)
    """A file or a glob, relative to voc.yml."""
    preset: Literal["canonical"] = "canonical"
    columns: dict[str, str] = {}
    """Renames, theirs to ours."""
    timezone: Zone | None = None
    """Of times without an offset; the company's unless said."""
    time_format: str | None = None
    """strptime format of times and dates that are not ISO 8601."""
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    decimal: Literal[".", ","] = "."
    scale: tuple[float, float] | None = None
    """[min, max] of its scores where the rows do not say; min > max means reversed."""
    null_values: tuple[str, ...] = ()
    fresh_within: Duration | None = None
    """Older than this at the end of the judged day, a source counts as stale."""

    @model_validator(mode="after")
    def _scale_has_a_span(self) -> "SourceSettings":
        if self.scale and self.scale[0] == self.scale[1]:
            raise ValueError("scale: its two ends are the same")
        return self


class Sources(Strict):
    """The inputs by kind; tickets may be absent altogether."""

    customers: tuple[SourceSettings, ...] = Field(min_length=1)
    surveys: tuple[SourceSettings, ...] = ()
    tickets: tuple[SourceSettings, ...] = ()
    kpis: tuple[SourceSettings, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Sources":
        names = [s.name for s in (*self.customers, *self.surveys, *self.tickets, *self.kpis)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two sources are called {twice[0]}; every name is used once")
        return self


class KpiSetting(Strict):
    """One metric of the catalogue."""

    label: str
    unit: Unit
    better: Better
    cadence: Cadence
    combine: Combine = "mean"
    target: float | None = None
    """In the metric's own unit. Without one, "fine" means not below the customer's own past."""
    owner: Email | None = None
    touchpoint: str | None = None

    @model_validator(mode="after")
    def _a_month_is_not_summed_into_weeks(self) -> "KpiSetting":
        if self.cadence == "monthly" and self.combine == "sum":
            raise ValueError("combine: a monthly sum cannot be told by the week; use mean or last")
        return self


class Detection(Strict):
    """The promise that is made to owners."""

    false_discovery_rate: float = Field(0.10, gt=0, lt=0.5)
    """Promised share of false cases among those surfaced."""
    min_feedback_items: int = Field(4, ge=2)
    """Items needed before and after a suspected start; see docs/method.md."""


class RouteSettings(Strict):
    """The owner of whatever matches all of its keys."""

    owner: Email
    segment: str | None = None
    region: str | None = None
    plan: str | None = None
    touchpoint: str | None = None
    kpi: str | None = None


class OwnerSettings(Strict):
    """Who answers for a case: first route that matches, else the customer's, else the KPI's, else the fallback."""

    fallback: Email
    routes: tuple[RouteSettings, ...] = ()


class Cases(Strict):
    """Habits of the case list."""

    due_days: int = Field(14, ge=1)
    max_per_mail: int = Field(10, ge=1)


_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class SmtpSettings(Strict):
    """A mail server; the password is read from the environment variable named here."""

    host: str
    port: int = 587
    starttls: bool = True
    user: str | None = None
    password_env: str | None = None

    @model_validator(mode="after")
    def _a_password_travels_encrypted(self) -> "SmtpSettings":
        if self.user and not (self.starttls or self.port == 465) and self.host not in _THIS_MACHINE:
            raise ValueError("starttls: a user and its password are only sent in clear to this very machine")
        if (self.user is None) != (self.password_env is None):
            raise ValueError("user and password_env: name both, or neither for a server that asks for none")
        return self


class Alerts(Strict):
    """Where mail comes from and may go to; without ``smtp`` it lands as files in state/outbox."""

    sender: Email = Field(alias="from")
    smtp: SmtpSettings | None = None
    allowed_domains: tuple[str, ...] = Field(min_length=1)
    report_url: str | None = Field(None, pattern=r"^https?://[^\s<>\"']+$")
    """Where the report can be seen; mails link to it."""
    operator: Email | None = None
    """Who is told of late data, held mails and failed nights."""


class Privacy(Strict):
    """How long customers' words are kept."""

    keep_text_days: int = Field(730, ge=28)
    """At least a four-week block: words go where a block begins, and none may be older than this on its last day."""
    key_file: Path = Path("~/.config/voc/forget.key")
    """With which `voc forget` marks whom it has forgotten: kept apart from the state folder and its backups."""


class Marts(Strict):
    """How many published files are kept."""

    keep: int = Field(14, ge=1)


def _values_of_env_keys(values: Any) -> Iterator[str]:
    if isinstance(values, list):
        for value in values:
            yield from _values_of_env_keys(value)
    elif isinstance(values, dict):
        for key, value in values.items():
            if key.endswith("_env") and isinstance(value, str):
                yield value
            else:
                yield from _values_of_env_keys(value)


class Settings(Strict):
    """The whole of `voc.yml`."""

    version: Literal[1]
    company: str = Field(min_length=1)
    timezone: Zone
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    state: Path = Path("state")
    sources: Sources
    kpis: dict[Name, KpiSetting] = Field(min_length=1)
    owners: OwnerSettings
    alerts: Alerts
    detection: Detection = Detection()
    cases: Cases = Cases()
    privacy: Privacy = Privacy()
    marts: Marts = Marts()

    @model_validator(mode="after")
    def _routes_name_known_kpis(self) -> "Settings":
        for route in self.owners.routes:
            if route.kpi is not None and route.kpi not in self.kpis:
                raise ValueError(f"owners.routes: there is no KPI called {route.kpi}")
        return self

    def secret_variables(self) -> set[str]:
        """The environment variables that settings name for a secret: the values of all keys that end in ``_env``."""
        return set(_values_of_env_keys(self.model_dump(mode="json")))

    def fingerprint(self) -> dict[str, Any]:
        """What of the settings decides a night's result: not where it lies, what is kept, nor how mail leaves."""
        delivery = {"smtp", "report_url", "operator"}
        return self.model_dump(
            mode="json", exclude={"state": True, "marts": True, "alerts": delivery, "privacy": {"key_file"}}
        )
