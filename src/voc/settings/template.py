"""The `voc.yml` that `voc init` writes: every part with a word on what it is for."""

from pathlib import Path

from voc.errors import InputError

_TEMPLATE = """\
# What voc reads, what its metrics mean and who answers for what. Every key: docs/configuration.md
version: 1
company: My company
timezone: Europe/Amsterdam     # weeks and days are cut here
currency: EUR                  # one currency; mixed ones are refused
state: state                   # everything voc writes; paths here are relative to this file

sources:                       # CSV, JSON lines or Parquet, mapped by column name
  customers: [{name: crm,  preset: canonical, path: "inbox/customers*.csv"}]
  surveys:   [{name: nps,  preset: canonical, path: "inbox/surveys*.csv"}]
  tickets:   [{name: desk, preset: canonical, path: "inbox/tickets*.csv"}]
  kpis:      [{name: bi,   preset: canonical, path: "inbox/kpis*.csv"}]
  # for any source:
  #   columns: {Account: customer_id}   theirs: ours
  #   timezone: America/New_York        of times without an offset; the company's unless said
  #   time_format: "%d/%m/%Y"           when times are not ISO 8601
  #   encoding: cp1252    decimal: ","    null_values: ["-", "n/a"]
  #   scale: [1, 5]                     of scores, where the rows do not say; [5, 1] is reversed
  #   fresh_within: 2d                  older than this it counts as stale

kpis:                          # the metrics in kpis*.csv, by the name they have there
  on_time_rate:
    label: Deliveries on time
    unit: share                # share | pct | count | money | days | hours | minutes | score
    better: higher             # higher | lower
    cadence: weekly            # daily | weekly | monthly
    combine: mean              # mean | sum | last, within a week
    target: 0.95               # optional; without one "fine" means not below the customer's own past
    owner: logistics@example.com
    touchpoint: delivery

detection:
  false_discovery_rate: 0.10   # the promised share of false cases among those surfaced
  min_feedback_items: 4        # needed before and after a suspected start

owners:                        # first route all of whose keys match, else the customer's, else the KPI's, else this
  fallback: cx-lead@example.com
  routes: []                   # for example: [{segment: enterprise, owner: key-accounts@example.com}]

cases: {due_days: 14, max_per_mail: 10}
alerts:
  from: voc@example.com
  allowed_domains: [example.com]   # mail goes nowhere else
  smtp: null                   # {host: smtp.example.com, user: voc, password_env: VOC_SMTP_PASSWORD}
  report_url: null             # where state/reports/latest is served, for links
  operator: null               # who is told of late data and failed nights
privacy: {keep_text_days: 730}
"""


def write(folder: Path) -> Path:
    """The path of a new `voc.yml` in ``folder``, beside an empty inbox.

    Raises  InputError when there is one already: nothing of the user's is overwritten.
    """
    path = folder / "voc.yml"
    if path.exists():
        raise InputError(f"{path} is there already", "edit it, or name another folder: voc init FOLDER")
    (folder / "inbox").mkdir(parents=True, exist_ok=True)
    path.write_text(_TEMPLATE, encoding="utf-8")
    return path
