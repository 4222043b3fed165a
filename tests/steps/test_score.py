"""The score step: what is read and learned, when, and that nothing is read or learned twice."""

from datetime import UTC, date, datetime

import duckdb
import numpy as np
import pandas as pd
import pytest
from support import dbt_views

from voc.adapters.control_store import audit_labels, control
from voc.adapters.work_file import warehouse
from voc.domain.contract import Table
from voc.domain.kpi import Kpi
from voc.domain.source import Source
from voc.errors import InputError
from voc.steps import score

AS_OF = date(2026, 3, 1)
NIGHT = warehouse.RunMeta(
    "r", AS_OF, *(datetime.fromisoformat(day) for day in ("2026-03-02", "2026-02-16", "2026-03-02"))
)
KPI, NPS = Kpi("on_time", "On time", "share", "higher"), Source("nps", Table.SURVEYS, "/inbox/nps.csv", timezone="UTC")
FOOTER = "Thank you for riding with us. Your customer care team is always there for you."
WARM, COLD, PLAIN = (
    ("zonnig", "vlotjes", "keurig"),
    ("somber", "traagjes", "slordig"),
    ("bus", "kaart", "balie", "brief"),
)


class Company:
    """A work file whose int_text is a table, and the state folder around it."""

    def __init__(self, state):
        self.state, self.path, self.rows = state, warehouse.path_in(state), []
        with warehouse.opened(self.path) as work:
            warehouse.begin(work, NIGHT)
            warehouse.configure(work, company="Lumen", timezone="UTC", currency="EUR", kpis=[KPI], sources=[NPS])
            work.execute("create schema int")
            work.execute("create table int.int_feedback (touchpoint varchar, is_known_at_block boolean)")

    def say(self, text, *, label=None, language="nl", question="nps", known=True, names=("Anna Bakker",)):
        number = len(self.rows)
        self.rows.append(
            {
                "text_id": f"t{number:05}", "source": "nps", "question": question, "customer_id": f"C{number}",
                "language": language, "text": text, "said_at": datetime(2026, 1, 1, tzinfo=UTC), "country": "NL",
                "respondent": f"C{number}", "names": list(names), "is_known_at_block": known, "label": label,
            }
        )  # fmt: skip

    def rate(self, n, *, seed=0, rated=True, **more):
        """n Dutch texts, which no list covers, three in four of them told warm or cold by one word."""
        rng = np.random.default_rng(seed)
        for _ in range(n):
            warm = rng.random() < 0.6
            words = WARM if warm == (rng.random() < 0.9) else COLD
            text = " ".join([*rng.choice(PLAIN, 3), str(rng.choice(words))])
            self.say(text, label=float(warm) if rated else None, **more)

    def score(self):
        rows = pd.DataFrame(self.rows)
        with warehouse.opened(self.path) as work:
            work.register("rows", rows)
            work.execute("create or replace table int.int_text as select * replace (label::double as label) from rows")
            dbt_views.create(work, *dbt_views.SCORED)
        return score.run(self.path, AS_OF, state=self.state)

    def ask(self, sql):
        with duckdb.connect(str(self.path), read_only=True) as work:
            return work.execute(sql).fetchall()

    @property
    def models(self):
        return sorted((self.state / "models").glob("scorer-*.npz"))


@pytest.fixture
def company(tmp_path):
    return Company(tmp_path)


def test_a_text_is_read_and_scored_once(company):
    company.say("a wonderful ride", language="en")
    first = company.score()
    company.say("an awful ride", language="en")
    second, third = company.score(), company.score()
    assert [(n.n_read, n.n_scored) for n in (first, second, third)] == [(1, 1), (1, 1), (0, 0)]
    assert company.ask("select sign(tone) from ml.text_scores order by text_id") == [(1,), (-1,)]


def test_only_what_the_customer_wrote_is_left_without_personal_data(company):
    company.say("Late again, says Anna.\n\nOn Mon, 5 Jan 2026 at 10:02, Desk wrote:\n> We are great!", language="en")
    company.say("mail me at anna@mail.example or call +31 6 12345678", language="en")
    company.score()
    assert company.ask("select safe_text from ml.texts order by text_id") == [
        ("Late again, says [name].",),
        ("mail me at [email] or call [phone]",),
    ]


def test_a_footer_that_a_source_repeats_is_left_out(company):
    rng = np.random.default_rng(0)
    for _ in range(60):
        own = "".join(rng.choice(list("abcdefgh"), 8))
        company.say(f"An awful ride with {own}\n\n{FOOTER}", language="en")
    company.score()
    assert company.ask("select count(*) from ml.texts where safe_text like '%care team%'") == [(0,)]
    assert company.ask("select max(tone) < 0 from ml.text_scores") == [(True,)]


def test_own_ratings_teach_a_language_without_a_list(company):
    company.rate(400)
    company.rate(50, rated=False, seed=1)
    scored = company.score()
    assert scored.newly_trained == ("nps nps",)
    assert company.ask("select basis, is_in_force, n_labels, auc > 0.8, lexicon_auc from ml.scorers") == [
        ("ratings", True, 400, True, 0.5)
    ]
    assert company.ask("select count(*), count(tone), count(lexicon) from ml.text_scores") == [(450, 450, 0)]


def test_what_was_learned_is_not_learned_again_and_new_texts_alone_are_scored(company):
    company.rate(300)
    company.score()
    (model,) = company.models
    written = model.stat().st_mtime_ns
    company.rate(5, seed=2, known=False)
    scored = company.score()
    assert (scored.n_read, scored.n_scored, scored.newly_trained) == (5, 5, ())
    assert company.models[0].stat().st_mtime_ns == written


def test_what_was_said_since_the_block_began_teaches_nothing(company):
    company.rate(300)
    company.score()
    before = company.ask("select * from ml.text_scores order by text_id")
    company.rate(300, seed=3, known=False)
    company.score()
    assert company.ask("select * from ml.text_scores order by text_id limit 300") == before


def test_another_block_scores_history_again_and_says_so(company):
    company.rate(300)
    company.score()
    company.rate(200, seed=3)
    scored = company.score()
    assert "300 earlier texts scored again" in scored.sentence
    assert len(company.models) == 1, "the file of the scorer before is gone"


def test_a_lost_or_damaged_model_is_learned_again_to_the_same_scores(company):
    company.rate(300)
    company.score()
    before = company.ask("select * from ml.text_scores order by text_id")
    company.models[0].write_bytes(b"PK\x03\x04 torn")
    with duckdb.connect(str(company.path)) as work:
        work.execute("delete from ml.text_scores")
    company.score()
    assert company.ask("select * from ml.text_scores order by text_id") == before


def test_audit_labels_count_from_the_block_after_them(company):
    company.rate(300, rated=False)
    with control.opened(company.state) as store:
        for number, row in enumerate(company.rows[:80]):
            warm = any(word in row["text"] for word in WARM)
            day = 1 if number < 60 else 20  # the block began on 16 February
            at = datetime.fromisoformat(f"2026-02-{day:02}")
            audit_labels.add(store, row["text_id"], float(warm), by="ada", at=at)
    company.score()
    assert company.ask("select basis, n_labels from ml.scorers where is_in_force") == [("audit labels", 60)]


def test_nothing_is_praise_where_a_question_asks_for_faults(company):
    company.say("Nothing.", language="en", question="What could we improve?")
    company.say("Nothing.", language="en", question="nps")
    company.score()
    assert company.ask("select tone > 0.9, unscored_reason from ml.text_scores order by text_id") == [
        (True, None),
        (None, "null_answer"),
    ]


def test_a_short_text_takes_the_language_of_its_question(company):
    for i in range(5):
        company.say(f"Der Bus kam an Tag {i} wieder viel zu spät und niemand hat uns geholfen", language="")
    company.say("gut", language="")
    company.score()
    assert company.ask("select distinct language from ml.scorers") == [("de",)]


def test_another_night_than_the_one_in_hand_is_refused(company):
    with pytest.raises(InputError, match="2026-03-01"):
        score.run(company.path, date(2026, 3, 2), state=company.state)
