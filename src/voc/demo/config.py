"""The `voc.yml` of the made-up company, as a person would write it."""

VOC_YML = """\
# Lumen Broadband, a company that does not exist. Paths are relative to this file.
# Every key is explained in docs/configuration.md; what is planted, in docs/demo.md and truth.csv.
version: 1
company: Lumen Broadband
timezone: Europe/Amsterdam   # weeks and days are cut on this clock
currency: EUR                # one currency; mixed ones are refused
state: state                 # everything that voc writes

sources:                     # files are mapped by column name; more columns than the contract's are kept
  customers: [{name: crm,  preset: canonical, path: "inbox/customers*.csv"}]
  surveys:   [{name: nps,  preset: canonical, path: "inbox/surveys*.csv"}]
  # the desk rates solved tickets from 1 to 5 and does not say so in its rows
  tickets:   [{name: desk, preset: canonical, path: "inbox/tickets*.jsonl", scale: [1, 5]}]
  kpis:      [{name: bi,   preset: canonical, path: "inbox/kpis*.csv"}]

kpis:
  on_time_rate:
    label: Technician visits on time
    unit: share              # share | pct | count | money | days | hours | minutes | score
    better: higher           # higher | lower
    cadence: weekly          # daily | weekly | monthly
    combine: mean            # mean | sum | last within a week
    target: 0.95             # without one, "fine" means not below the customer's own past
    owner: field-service@lumen.example
    touchpoint: installation
  uptime_pct:
    label: Uptime of dedicated lines
    unit: pct
    better: higher
    cadence: daily
    combine: mean
    target: 99.8
    owner: network@lumen.example
    touchpoint: outage
  first_reply_hours:
    label: Hours to first reply
    unit: hours
    better: lower
    cadence: weekly
    combine: mean
    target: 8
    owner: support-lead@lumen.example
    touchpoint: support
  usage_gb:
    label: Traffic in GB
    unit: count
    better: higher
    cadence: weekly
    combine: sum
    owner: product@lumen.example
  invoice_disputes:
    label: Invoice lines in dispute
    unit: count
    better: lower
    cadence: weekly
    combine: last
    owner: finance@lumen.example
    touchpoint: billing
  monthly_spend:
    label: Invoiced a month
    unit: money
    better: higher
    cadence: monthly
    combine: last            # a monthly sum is refused
    owner: finance@lumen.example

detection: {false_discovery_rate: 0.10, min_feedback_items: 4}

owners:                      # first route all of whose keys match, else the customer's owner, else the KPI's
  routes:
    - {segment: enterprise, owner: key-accounts@lumen.example}
    - {touchpoint: billing, owner: billing-cx@lumen.example}
  fallback: cx-lead@lumen.example

cases: {due_days: 14, max_per_mail: 10}
alerts: {from: voc@lumen.example, smtp: null, allowed_domains: [lumen.example], report_url: null}  # no smtp: to files
privacy: {keep_text_days: 730}
"""
