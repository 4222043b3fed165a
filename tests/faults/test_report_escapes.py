"""Hostile names in everything that a report shows: they must come out as words."""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from support.evidenced_night import add_evidence, add_themes, add_unheard
from support.reported_night import Page, small_night

from voc.domain.display_text import display_text
from voc.steps import report

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    '<a href="javascript:alert(1)">x</a>',
    "{{7*7}} {% raw %}",
    "]]><script>alert(1)</script>",
    "</svg><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "<!--",
    "--><svg onload=alert(1)>",
    "&lt;script&gt; &#60;b&#62;",
    "ab\u202ecod.exe\u2066 \u200f\x00\x1b[31m",
    "$x_{$; rm -rf / #",
]

# everything of a night that somebody outside has named
PLACES = {
    "dim_customer": ["customer_id", "name", "segment", "region", "plan"],
    "dim_kpi": ["kpi", "label"],
    "mart_kpi_trust": ["kpi"],
    "fct_cases": [
        "case_id", "level", "subject", "customer_id", "kpi", "owner_email", "owner_why", "reason", "held_because",
    ],
    "fct_contradictions": ["subject", "customer_id", "kpi", "presumed_wrong", "explained_by"],
    "fct_case_evidence": ["name", "sentence"],
    "fct_customer_week": ["customer_id"],
    "fct_kpi_week": ["customer_id", "kpi"],
    "mart_fell_silent": ["customer_id", "kpi", "owner_email"],
    "mart_nobody_asked": ["customer_id", "kpi", "owner_email"],
    "mart_rejects": ["source", "column_name", "reason"],
    "dim_theme": ["theme", "name"],
    "mart_theme_growth": ["theme"],
    "mart_survey_agreement": ["source", "survey"],
    "mart_run": ["run_id", "company", "timezone", "currency", "calibration_verdict"],
}  # fmt: skip


@pytest.fixture(params=PAYLOADS)
def payload(request):
    return request.param


@cache
def ordinary_night(state: str) -> bytes:
    with TemporaryDirectory() as folder:
        night = small_night(Path(folder) / "night.duckdb")
        night.add_case("a", held_because="late", state=state)
        add_evidence(night, members=[("C1", 1.0)])
        add_themes(night)
        add_unheard(night, "mart_fell_silent", "C1")
        add_unheard(night, "mart_nobody_asked", "C1")
        return night.path.read_bytes()


def hostile_page(tmp_path, payload, state="open"):
    path = tmp_path / "night.duckdb"
    path.write_bytes(ordinary_night(state))
    statements = ["delete from marts.dim_customer where customer_id <> 'C1'"]
    for table in ("dim_kpi", "mart_kpi_trust", "fct_contradictions", "fct_kpi_week"):
        statements.append(f"delete from marts.{table} where kpi <> 'on_time'")
    for table, columns in PLACES.items():
        statements.append(f"update marts.{table} set {', '.join(f'{column} = $1' for column in columns)}")
    statements.append("update marts.fct_contradictions set level = $1, agreeing_kpis = [$1, 'unknown ' || $1]")
    statements.append("update marts.dim_theme set terms = [$1]")
    statements.append("update marts.mart_theme_growth set examples = [$1]")
    statements.append(
        "update marts.mart_run set sources = [struct_update(s, source := $1, kind := $1, held_because := $1, "
        "is_held := true) for s in sources]"
    )
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        for statement in statements:
            connection.execute(statement, [payload] if "$1" in statement else [])
        connection.commit()
    return report.run(
        path, run_id="2026-03-01-5e5e5e5e", reports=tmp_path / "reports", make_latest=True, keep=None
    ).read_text()


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_hostile_name_is_only_words(tmp_path, payload, state):
    text = hostile_page(tmp_path, payload, state=state)
    page = Page(text)

    assert page.faults == []
    assert not page.all("script", "img", "iframe", "link", "object", "embed", "form", "b")
    assert len(page.all("style")) == 1
    assert len(page.all("svg")) == (2 if state == "open" else 0)  # the case and its evidence
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert not [value for value in attributes.values() if "javascript:" in value.casefold()]
    assert page.text.count(" ".join(display_text(payload).split())) >= 10


def test_nothing_turns_the_direction_of_reading(tmp_path):
    text = hostile_page(tmp_path, "ab\u202ecod.exe\u2066 \u200f\x00\x1b[31m\x85")
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_a_templates_own_signs_are_not_computed(tmp_path):
    page = Page(hostile_page(tmp_path, "{{7*7}}"))
    assert "{{7*7}}" in page.text
    assert "49" not in re.sub(r"\d{2,}\.\d+|[\d:-]{5,}", "", page.text)


def test_a_command_to_copy_holds_one_word_for_the_case(tmp_path):
    page = Page(hostile_page(tmp_path, "x'; rm -rf ~ #"))
    assert """voc case acknowledge 'x'"'"'; rm -rf ~ #'""" in page.text
