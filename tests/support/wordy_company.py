"""A work file whose customers write much and are never asked for a score, as it stands after a night: what to label."""

from datetime import date
from pathlib import Path

import duckdb

from support import dbt_views
from voc.adapters.work_file import warehouse
from voc.domain import weeks
from voc.steps import score

AS_OF = date(2026, 3, 1)
NIGHT = weeks.start_of(AS_OF, "UTC")
"""An instant of that day, naive UTC."""
MAIL = "ada.byron@lumen.example"
WARM, COLD = "zorvat plimo", "grumbel snok"
"""Words that no list knows, so that only labels can tell what they mean."""
THINGS = ["garden", "river", "window", "paper", "street", "market", "bridge", "island", "letter", "season"]

Row = tuple[str, str, str, str, str, bool]
"""source, question, customer_id, respondent, text and whether a customer wrote it."""


def rows() -> list[Row]:
    """80 tickets of as many people, half of them warm; four of equal words; a second one of somebody; one by an agent;
    one that holds no answer; and ten answers to a survey."""
    pairs = [f"{a} {b}" for a in THINGS for b in THINGS][:80]
    said: list[Row] = [
        ("desk", "", f"C{i}", f"P{i}", f"The {pair} was {COLD if i % 2 else WARM}", True)
        for i, pair in enumerate(pairs)
    ]
    for i in range(4):
        said.append(
            ("desk", "", f"E{i}", f"E{i}", "as usual, nothing new" if i % 2 else " As usual,  nothing NEW", True)
        )
    return [
        *said,
        ("desk", "", "C1", "P1", f"Once more, write to {MAIL}", True),
        ("desk", "", "C2", "P2", "Dear customer, it is solved", False),
        ("desk", "", "C3", "C3", "n/a", True),
        *(("nps", "nps", f"C{i}", f"P{i}", f"My {thing}, as ever", True) for i, thing in enumerate(THINGS)),
    ]


def path(state: Path) -> Path:
    """Where the work file of a state folder lies."""
    return warehouse.path_in(state)


def write(state: Path, as_of: date = AS_OF) -> Path:
    """The work file of a state folder, its texts read and scored by the night of ``as_of``; again for another night."""
    known_before, learn_before = weeks.end_of(as_of, "UTC"), weeks.start_of(weeks.block_start(as_of), "UTC")
    with warehouse.opened(path(state)) as work:
        warehouse.begin(work, warehouse.RunMeta("r", as_of, known_before, learn_before, known_before))
        work.execute("create schema if not exists int; create or replace table said (source varchar, question varchar, "
                     "customer_id varchar, respondent varchar, text varchar, is_customer boolean)")  # fmt: skip
        work.executemany("insert into said values (?, ?, ?, ?, ?, ?)", rows())
        work.execute("""
            create or replace table int.int_text as
            select md5(concat_ws('|', source, question, customer_id, text)) as text_id, * exclude (is_customer),
                'en' as language, timestamp '2026-01-05 09:00' as said_at, is_customer as is_known_at_block,
                null::double as label, '' as country, [customer_id] as names
            from said;
            create or replace table int.int_feedback_scored as
            select text_id, true as has_customer, if(is_known_at_block, null, 'not_the_customer') as unscored_reason
            from int.int_text;
            create or replace table int.int_feedback as
            select is_known_at_block, null::varchar as touchpoint from int.int_text;
            drop table said;
            delete from raw.config_company;
            insert into raw.config_company values ('Lumen', 'UTC', 'EUR');
        """)
        dbt_views.create(work, *dbt_views.SCORED, *dbt_views.LABELLED)
    score.run(path(state), as_of, state=state)
    return path(state)


def scorers(work_file: Path) -> dict[str, tuple[str, int]]:
    """Of each source: what its texts are scored by and from how many labels."""
    with duckdb.connect(str(work_file), read_only=True) as work:
        found = work.execute("select source, basis, n_labels from ml.scorers where is_in_force").fetchall()
    return {source: (basis, n) for source, basis, n in found}


def label_of(text: str) -> float:
    """How a person would read a text."""
    return 1.0 if WARM in text else 0.0 if COLD in text else 0.5
